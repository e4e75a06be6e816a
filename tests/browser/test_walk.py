"""The guide's first page (docs/dashboard.md), with the mouse: draw, write code, run, break, mend, rerun."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.screenshots import save
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PRICE = """\
from headrace.function import Context, function

PRICES = {"tea": 6.5, "machine": 1500}


@function
def price(order: dict, context: Context) -> dict:
    total = PRICES[order["item"]] * order["quantity"]
    context.logger.info("%s costs %s", order["item"], total)
    return {**order, "total": total}
"""
BROKEN = PRICE.replace("return {", 'raise RuntimeError("the price list is lost")\n    return {')

# A flow like the one that the guide draws, for those who come when it is there.
SALES = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata:
  name: sales
spec:
  version: 0.1.0
  triggers:
    - name: api
      http: {path: /sales, method: POST}
  functions:
    price: {source: cmd/price}
    discount: {source: cmd/discount}
  steps:
    - price: {call: price}
    - choose:
        switch:
          - large: {when: .total > 100, then: discount}
          - otherwise: {then: end}
    - discount: {call: discount}
"""
DISCOUNT = """\
from headrace.function import function


@function
def discount(order: dict) -> dict:
    return {**order, "total": order["total"] * 0.9}
"""

MAILING = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata:
  name: mailing
spec:
  version: 0.2.0
  functions:
    send: {source: cmd/send}
  steps:
    - letters:
        call: batch
        with: {items: "${ [range(.count)] }", function: send, concurrency: 8, collect: {as: none}}
"""


# Pictures show a folder that anybody could have.
ELSEWHERE = """([here, there]) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.nodeValue.includes(here)) text.nodeValue = text.nodeValue.replaceAll(here, there);
  }
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("walk")


@pytest.fixture(scope="module")
def shown(folder: Path) -> Iterator[Site]:
    """A server on an empty folder, as `headrace up` runs it."""
    need()
    with site(folder, {}, watch=True) as opened:
        yield opened


def made_sales(shown: Site) -> None:
    """Have the flow `sales` on the server, with the code of its functions."""
    shown.call("POST", "flowapps", SALES.encode(), headers={"content-type": "application/yaml"})
    for name, text in (("price", PRICE), ("discount", DISCOUNT)):
        shown.call("PUT", f"flowapps/sales/functions/{name}/code", {"text": text})


def new_flow(page: Page, name: str) -> None:
    """Make a flow, from the navigation on."""
    page.get_by_role("link", name="Flows").first.click()
    page.get_by_role("link", name="New flow").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("button", name="Create and edit").click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    page.get_by_role("navigation", name="What can be added").wait_for()


def drag(page: Page, name: str, height: int) -> None:
    """Drag something from the palette onto the canvas."""
    offer = page.get_by_role("button", name=f"Add {name}", exact=True)
    offer.drag_to(page.locator(".react-flow__pane"), target_position={"x": 60, "y": height})


def node(page: Page, pointer: str) -> Locator:
    return page.get_by_test_id(f"rf__node-{pointer}")


def state(page: Page, pointer: str, status: str) -> None:
    """Wait until a node of the canvas shows a state."""
    node(page, pointer).locator(f".canvas-status[data-status={status}]").wait_for()


def choose(page: Page, field: str, option: str) -> None:
    """Choose where a case of a `switch` leads."""
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=option).click()


def type_over(page: Page, editor: Locator, text: str) -> None:
    """Put a text in the place of all that an editor has."""
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def picture(page: Page, folder: Path, name: str) -> None:
    """Keep what the page shows for the guide, where that is asked for."""
    where = os.environ.get("HEADRACE_PICTURES")
    if where:
        page.evaluate(ELSEWHERE, [str(folder / "projects"), "/srv/flows"])
        save(page, Path(where) / f"walk-{name}.png")


def write_code(page: Page, folder: Path, name: str, text: str) -> None:
    """Put a text in the place of what the dialog with a function's code shows, and save it."""
    dialog = page.get_by_role("dialog", name=f"Code of {name}")
    editor = dialog.get_by_role("textbox")
    type_over(page, editor, text)
    dialog.get_by_role("button", name="Save the code").click()
    dialog.get_by_text("It runs.").wait_for()
    picture(page, folder, "2-code")
    dialog.get_by_role("button", name="Close").last.click()
    dialog.wait_for(state="detached")


def begin_code(page: Page, name: str) -> None:
    """Keep what the dialog offers to begin with."""
    dialog = page.get_by_role("dialog", name=f"Code of {name}")
    dialog.get_by_role("button", name="Save the code").click()
    dialog.get_by_text("It runs.").wait_for()
    dialog.get_by_role("button", name="Close").last.click()
    dialog.wait_for(state="detached")


def run(page: Page, input: str, button: str = "Run") -> None:
    page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog", name=re.compile("^Run "))
    type_over(page, dialog.get_by_role("textbox", name="Input"), input)
    dialog.get_by_role("button", name=button, exact=True).click()
    dialog.wait_for(state="hidden")


def test_from_nothing_to_a_flow_that_failed_and_went_on(page: Page, shown: Site, folder: Path) -> None:
    page.goto(shown.page("/"))
    new_flow(page, "orders")
    # Draw: what starts it, two calls of functions that are not there yet, and a choice between them.
    drag(page, "http", 60)
    for name in ("price", "discount"):
        page.get_by_role("textbox", name="New function").fill(name)
        page.keyboard.press("Enter")
    drag(page, "price", 120)
    drag(page, "switch", 180)
    drag(page, "discount", 240)
    node(page, "/do/2/discount").wait_for()
    node(page, "trigger/api").wait_for()
    node(page, "/do/1/choose").click()
    type_over(page, page.get_by_role("textbox", name="yes: When"), ".total > 100")
    choose(page, "otherwise: Then", "End the flow")
    picture(page, folder, "1-drawn")
    # Save; then there is a folder, and code is written into it.
    node(page, "/do/0/price").click()
    page.get_by_role("tab", name="Step").click()
    page.get_by_text("Save the flow: that makes the folder of price.").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("textbox").fill("prices")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Write the code").click()
    write_code(page, folder, "price", PRICE)
    project = folder / "projects" / "orders"
    code = project / "cmd" / "price" / "main.py"
    assert code.read_text() == PRICE
    assert "then: end" in (project / "config" / "flowapp.yaml").read_text()
    # Run, and watch the nodes light up. One function has no code: the dialog says so, and leads there.
    run(page, '{"item": "tea", "quantity": 2}')
    state(page, "/do/0/price", "completed")
    state(page, "/do/1/choose", "completed")
    panel = page.get_by_role("tabpanel", name="Run")
    panel.get_by_text("Completed").first.wait_for()
    panel.get_by_text('"total": 13').first.wait_for()
    node(page, "/do/0/price").click()
    panel.get_by_text("tea costs 13.0").wait_for()
    picture(page, folder, "3-run")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Write the code: discount").click()
    begin_code(page, "discount")
    page.get_by_role("dialog", name="Run orders").get_by_role("button", name="Cancel").click()
    # Break the function in its folder, with an editor of one's own, and see why it fails.
    change_code(shown, code, BROKEN)
    run(page, '{"item": "machine", "quantity": 1}')
    state(page, "/do/0/price", "faulted")
    panel.get_by_text("Failed in price").wait_for()
    panel.get_by_text(re.compile("the price list is lost")).first.wait_for()
    panel.get_by_role("button", name="Show the task run").click()
    panel.get_by_role("region", name="Task runs of price").wait_for()
    picture(page, folder, "4-failed")
    # Mend it from here, and go on from that node.
    panel.get_by_role("button", name="Open the code").click()
    write_code(page, folder, "price", PRICE)
    failed = page.url
    panel.get_by_role("button", name="Rerun from here").click()
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    page.wait_for_url(lambda url: url != failed)
    state(page, "/do/0/price", "completed")
    state(page, "/do/2/discount", "completed")
    picture(page, folder, "5-mended")
    panel.get_by_role("link", name="Open its page").click()
    page.get_by_role("heading", name="Execution of orders", level=1).wait_for()
    page.get_by_text("Rerun of").first.wait_for()


def host_of_price(shown: Site) -> tuple[int, str]:
    """Return how often the host has started `price` again, and whether what it started answers: `ready`."""
    found = shown.call("GET", "functions?flow=orders")["items"]
    price = next(each for each in found if each["name"] == "price")
    return int(price["restarts"]), str(price["state"])


def change_code(shown: Site, code: Path, text: str) -> None:
    """Write the code of `price`, and wait until it answers: until then the code before it does."""
    before, _ = host_of_price(shown)
    code.write_text(text)
    while True:
        restarts, state = host_of_price(shown)
        if restarts > before and state == "ready":
            return
        time.sleep(0.05)


def test_a_careless_visitor_loses_nothing(page: Page, shown: Site) -> None:
    made_sales(shown)
    page.goto(shown.page("/flows/sales"))
    page.get_by_role("navigation", name="What can be added").wait_for()
    editing = page.url
    # Input that is none; the second time it is still there.
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Run sales")
    editor = dialog.get_by_role("textbox", name="Input")
    type_over(page, editor, '{"item": "tea", "quantity": ')
    dialog.get_by_text("This is not JSON").wait_for()
    assert dialog.get_by_role("button", name="Run", exact=True).is_disabled()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.get_by_role("button", name="Run", exact=True).click()
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text('"two"}')
    page.keyboard.press("Control+Enter")
    # The function does not know what to do with that, and the page says which one and why.
    panel = page.get_by_role("tabpanel", name="Run")
    panel.get_by_text("Failed in price").wait_for()
    # In the middle of it the page is loaded again: the same run is shown. Back is back to editing.
    page.reload()
    panel.get_by_text("Failed in price").wait_for()
    state(page, "/do/0/price", "faulted")
    page.go_back()
    page.wait_for_url(editing)
    node(page, "/do/0/price").locator(".canvas-status").wait_for(state="detached")
    # The same input again, from a past run; as the trigger would bring it.
    page.keyboard.press("Control+Enter")
    dialog.get_by_text("A past input").click()
    dialog.get_by_role("radio", name=re.compile("Failed")).first.check()
    dialog.get_by_text('"quantity": "two"').wait_for()
    dialog.get_by_text("As a trigger").click()
    type_over(page, dialog.get_by_role("textbox", name="What comes"), '{"item": "tea", "quantity": 1}')
    dialog.get_by_role("button", name="Run", exact=True).click()
    panel.get_by_text("Completed").first.wait_for()
    # What is drawn and not saved does not stop the version that is deployed.
    page.get_by_role("button", name="Add wait", exact=True).click()
    page.keyboard.press("Control+Enter")
    dialog.get_by_role("radio", name=re.compile("As deployed")).check()
    dialog.get_by_text("JSON", exact=True).click()
    run_button = dialog.get_by_role("button", name="Run", exact=True)
    run_button.click()
    page.get_by_text("The flow was changed since this run.").wait_for()
    # Nor is it lost when other pages are looked at.
    page.get_by_role("link", name="Executions").first.click()
    page.get_by_role("heading", name="Executions", level=1).wait_for()
    page.get_by_role("link", name="Flows").first.click()
    page.get_by_role("link", name="sales", exact=True).click()
    page.get_by_text("There are changes that are not saved.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("There are changes that are not saved.").wait_for(state="detached")


def test_the_queue_page_while_a_batch_of_10000_runs(page: Page, shown: Site, folder: Path) -> None:
    page.goto(shown.page("/"))
    new_flow(page, "mailing")
    page.get_by_role("tab", name="Text").click()
    type_over(page, page.get_by_role("textbox", name="Text", exact=True), MAILING)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    node(page, "/do/0/letters").click()
    page.get_by_role("tab", name="Step").click()
    page.get_by_role("button", name="Write the code").click()
    begin_code(page, "send")
    run(page, '{"count": 10000}')
    state(page, "/do/0/letters", "running")
    page.get_by_role("link", name="Queues").first.click()
    page.get_by_role("link", name=re.compile("mailing")).first.click()
    page.get_by_text(re.compile("10,000")).first.wait_for()
    picture(page, folder, "6-queue")
    running = shown.call("GET", "executions?flow=mailing&limit=1")["items"][0]
    assert running["status"] in ("running", "waiting", "completed")
    if running["status"] != "completed":
        shown.call("POST", f"executions/{running['id']}/cancel", {})
