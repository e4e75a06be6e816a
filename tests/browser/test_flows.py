"""The list of flows, and new ones: with a mouse and a keyboard, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import shop
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


# Waits for somebody, then calls code of its own.
PARTING = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: parting}
spec:
  version: 1.0.0
  triggers:
    - name: api
      http: {path: /parting}
  functions:
    count: {source: cmd/count, retries: 0}
    elsewhere: {url: "http://127.0.0.1:9/"}
  steps:
    - word: {listen: {to: {one: {with: {type: com.example.parted}}}}}
    - count: {call: count, with: {number: 1}}
"""
GREET = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: greet}
spec:
  version: 1.0.0
  steps: [{greeting: {set: {text: '${ "Hello " + .name }'}}}]
"""
ASKING = GREET.replace(
    "version: 1.0.0",
    """version: 2.0.0
  input:
    schema:
      document:
        type: object
        required: [name]
        properties:
          name: {type: string, title: 您的姓名}
          times: {type: integer}""",
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the flows of the shop, and one that is deleted."""
    need()
    parting = {"config/flowapp.yaml": PARTING, "cmd/count/main.py": shop.COUNT}
    with site(tmp_path_factory.mktemp("flows"), {**shop.PROJECTS, "parting": parting}) as opened:
        yield opened


def opened(page: Page, shown: Site, path: str, heading: str | re.Pattern[str]) -> None:
    page.goto(shown.page(path))
    page.get_by_role("heading", name=heading, level=1).wait_for()


def comes_to(shown: Site, execution_id: str, status: str) -> None:
    """Return when an execution has a status."""
    for _ in range(1000):
        if shown.call("GET", f"executions/{execution_id}")["status"] == status:
            return
    raise AssertionError(f"{execution_id} is not {status}")


def test_a_new_flow_is_named_and_opens_in_the_editor(page: Page, shown: Site) -> None:
    opened(page, shown, "/flows", "Flows")
    page.get_by_role("link", name="New flow").click()
    page.get_by_role("heading", name="New flow", level=1).wait_for()
    create = page.get_by_role("button", name="Create and edit")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill("orders")
    page.get_by_role("link", name="Open orders").wait_for()
    assert create.is_disabled()
    name.fill("First Flow")
    page.get_by_role("button", name="Use first-flow").click()
    page.get_by_text("This name is free.").wait_for()
    page.keyboard.press("Tab")
    name.press("Enter")
    page.get_by_role("heading", name="first-flow", level=1).wait_for()
    page.get_by_role("button", name="Add set").wait_for()
    made = shown.call("GET", "flowapps/first-flow")
    assert made["generation"] == 1
    assert made["text"].startswith("apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\n")


def test_the_list_shows_how_each_went_live_and_filters_in_the_address(page: Page, shown: Site) -> None:
    tagged = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: tagged}
spec:
  version: 1.0.0
  tags: {team: shop}
  triggers:
    - name: nightly
      cron: {schedule: "0 3 * * *"}
  steps: [{done: {set: {done: true}}}]
"""
    shown.call("POST", "flowapps", tagged.encode(), headers={"content-type": "application/yaml"})
    shown.run("orders", shop.GOOD)
    shown.run("orders", shop.DECLINED)
    opened(page, shown, "/flows", "Flows")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="orders", exact=True))
    bars = row.get_by_role("group", name="Last executions of orders").get_by_role("link")
    bars.nth(1).wait_for()
    row.get_by_text("50% failed").wait_for()
    latest = shown.run("orders", shop.GOOD)
    bars.nth(2).wait_for()
    row.get_by_text("33.3% failed").wait_for()
    bars.nth(2).click()
    page.get_by_role("heading", name="Execution of orders", level=1).wait_for()
    assert latest in page.url
    page.go_back()
    page.get_by_role("group", name="Tags").get_by_role("button", name="Only flows with team=shop").click()
    page.wait_for_url(re.compile("tag=team%3Dshop"))
    page.get_by_text("0 3 * * *").wait_for()
    page.get_by_role("link", name="orders", exact=True).wait_for(state="detached")


def test_a_flow_is_paused_resumed_and_run_from_the_list(page: Page, shown: Site) -> None:
    opened(page, shown, "/flows?search=approval", "Flows")
    page.get_by_role("button", name="Pause approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause", exact=True).click()
    page.get_by_text("Paused", exact=True).wait_for()
    assert shown.call("GET", "flowapps/approval")["paused"]
    page.get_by_role("button", name="Resume approval").click()
    page.get_by_text("Active", exact=True).wait_for()
    page.get_by_role("button", name="Run approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("heading", name="Execution of approval", level=1).wait_for()
    page.get_by_text("Waiting", exact=True).first.wait_for()


def test_deleting_a_flow_says_what_becomes_of_its_open_executions(page: Page, shown: Site) -> None:
    opened(page, shown, "/flows/parting", "parting")
    page.get_by_role("button", name="Delete parting").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("None of its executions is open.").wait_for()
    dialog.get_by_role("button", name="Cancel").click()
    waiting = [shown.start("parting", {}) for _ in range(2)]
    for execution_id in waiting:
        comes_to(shown, execution_id, "waiting")
    shown.call("POST", f"executions/{waiting[0]}/suspend", {})
    # It is counted when it is asked, not before.
    page.get_by_role("button", name="Delete parting").click()
    left = dialog.get_by_role("group", name="Executions that are still open")
    left.get_by_text("2 of its executions are still open:").wait_for()
    left.get_by_text("Waiting").wait_for()
    left.get_by_text("Suspended").wait_for()
    left.get_by_text("Until the last of them has ended, the functions (count) are served.").wait_for()
    left.get_by_role("link", name="Show them").click()
    page.get_by_role("link", name=waiting[0]).wait_for()
    page.get_by_role("link", name=waiting[1]).wait_for()
    page.go_back()
    page.get_by_role("button", name="Delete parting").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("heading", name="Flows", level=1).wait_for()
    # And so it is: it goes on, and what it calls is there.
    event = {"specversion": "1.0", "id": "1", "source": "/test", "type": "com.example.parted"}
    shown.call("POST", "events", event, headers={"content-type": "application/cloudevents+json"})
    assert shown.ended(waiting[1])["status"] == "completed"
    assert shown.call("GET", f"executions/{waiting[0]}")["status"] == "suspended"


def test_a_flow_is_run_from_the_list_with_the_form_of_its_input(page: Page, shown: Site) -> None:
    for text in (GREET, ASKING):
        shown.call("POST", "flowapps", text.encode(), headers={"content-type": "application/yaml"})
    opened(page, shown, "/flows?search=greet", "Flows")
    page.get_by_role("button", name="Run greet").click()
    dialog = page.get_by_role("dialog", name="Run greet")
    name = dialog.get_by_role("textbox", name="您的姓名")
    name.wait_for()
    dialog.get_by_role("button", name="Run", exact=True).click()
    dialog.get_by_text("This has to be filled in.").wait_for()
    assert name.evaluate("field => field === document.activeElement")
    name.fill("Ada")
    # What was filled in is what the JSON begins with; a mistake in it is told, and not sent.
    dialog.get_by_text("JSON", exact=True).click()
    text = dialog.get_by_role("textbox", name="Input")
    text.get_by_text('"Ada"').wait_for()
    text.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('{"name": ')
    dialog.get_by_role("alert").get_by_text("This is not JSON").wait_for()
    assert dialog.get_by_role("button", name="Run", exact=True).is_disabled()
    page.keyboard.insert_text('"Grace"}')
    page.keyboard.press("ControlOrMeta+Enter")
    page.get_by_role("heading", name="Execution of greet", level=1).wait_for()
    page.get_by_text("Completed").first.wait_for()
    ran = shown.call("GET", "executions?flow=greet")["items"]
    assert [shown.call("GET", f"executions/{each['id']}")["input"] for each in ran] == [{"name": "Grace"}]
    # An earlier version has the input that it had: any JSON.
    opened(page, shown, "/flows/greet/versions", re.compile("greet"))
    page.get_by_role("button", name=re.compile(r"Run .*1\.0\.0")).click()
    text = page.get_by_role("dialog").get_by_role("textbox", name="Input")
    text.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('{"name": "Bo"}')
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("heading", name="Execution of greet", level=1).wait_for()
    assert shown.call("GET", "executions?flow=greet&version=1.0.0")["items"]


def test_all_bars_are_reached_by_the_keyboard(page: Page, shown: Site) -> None:
    before = [shown.run("many", {"count": 1}) for _ in range(3)]
    opened(page, shown, "/flows?search=many", "Flows")
    bars = page.get_by_role("group", name="Last executions of many")
    bars.get_by_role("link").nth(2).wait_for()
    bars.get_by_role("link").nth(2).focus()
    page.get_by_role("tooltip").get_by_text("Completed").wait_for()

    def focused() -> str:
        return str(page.evaluate("document.activeElement.getAttribute('href') ?? ''").rpartition("/")[2])

    assert focused() == before[2]
    page.keyboard.press("ArrowLeft")
    assert focused() == before[1]
    page.keyboard.press("Home")
    assert focused() == before[0]
    page.keyboard.press("ArrowLeft")
    assert focused() == before[0]
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.fullmatch(r"Completed, .*\d.*, .+", name)
    # One that comes meanwhile moves nothing, and the way out and back in is one stop.
    shown.run("many", {"count": 1})
    bars.get_by_role("link").nth(3).wait_for()
    assert focused() == before[0]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Run many"
    page.keyboard.press("Shift+Tab")
    assert focused() == before[0]
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Execution of many", level=1).wait_for()
    assert before[0] in page.url


def test_two_clicks_start_one_execution(page: Page, shown: Site) -> None:
    opened(page, shown, "/flows?search=approval", "Flows")
    before = len(shown.call("GET", "executions?flow=approval&limit=500")["items"])
    page.get_by_role("button", name="Run approval").click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).dblclick()
    page.get_by_role("heading", name="Execution of approval", level=1).wait_for()
    # From the editor, too.
    opened(page, shown, "/flows/approval", "approval")
    page.get_by_role("button", name="Run", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).dblclick()
    page.wait_for_url(re.compile("run="))
    # What was asked for twice would have been taken before this is.
    last = shown.start("approval", {})
    after = shown.call("GET", "executions?flow=approval&limit=500")["items"]
    assert len(after) == before + 3
    assert after[0]["id"] == last


def test_an_address_of_nothing_says_so(browser: Browser, shown: Site) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    for path in ("/flows/nothing", "/flows/nothing/versions", "/flows/%E0%A4%A"):
        page.goto(shown.page(path))
        page.get_by_role("heading", name=re.compile("There is no flow .* in this namespace")).wait_for()
    page.goto(shown.page("/executions/%E0%A4%A"))
    page.get_by_text("There is no such execution in this namespace.").wait_for()
    page.goto(shown.page("/flows?search=" + "x" * 300))
    page.get_by_text("No flow is named like").wait_for()
    page.get_by_role("searchbox").fill("y" * 300)
    page.get_by_text("yyyy").wait_for()
    assert page.get_by_role("searchbox").input_value() == "y" * 200
    context.close()


def test_the_search_is_what_the_address_says(page: Page, shown: Site) -> None:
    opened(page, shown, "/flows", "Flows")
    search = page.get_by_role("searchbox")
    search.fill("appro")
    page.get_by_role("link", name="orders", exact=True).wait_for(state="detached")
    page.wait_for_url(re.compile("search=appro"))
    page.get_by_role("navigation").get_by_role("link", name="Flows").click()
    page.get_by_role("link", name="orders", exact=True).wait_for()
    assert search.input_value() == ""


def test_a_flow_that_somebody_deletes_meanwhile_is_told(browser: Browser, shown: Site) -> None:
    text = GREET.replace("name: greet", "name: fleeting")
    shown.call("POST", "flowapps", text.encode(), headers={"content-type": "application/yaml"})
    context = browser.new_context(locale="en-GB")  # what is not there is an error in the console
    page = context.new_page()
    opened(page, shown, "/flows/fleeting", "fleeting")
    page.get_by_role("button", name="Add set").wait_for()
    shown.call("DELETE", "flowapps/fleeting")
    page.get_by_role("alert").get_by_text("Somebody deleted this flow meanwhile").wait_for()
    page.get_by_role("tab", name="Text").click()
    page.get_by_role("tabpanel", name="Text").get_by_text("fleeting").wait_for()
    context.close()


def test_a_server_that_is_gone_is_told_and_everything_goes_on_when_it_is_back(
    browser: Browser, tmp_path: Path
) -> None:
    need()
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    gone = page.get_by_role("alert").filter(has_text="the page tries again by itself")
    with site(tmp_path, shop.PROJECTS) as first:
        opened(page, first, "/flows", "Flows")
        page.get_by_role("link", name="orders", exact=True).wait_for()
        page.get_by_role("button", name="Pause orders").click()
        page.get_by_role("dialog").get_by_text("Its triggers start nothing").wait_for()
        others = [context.new_page() for _ in range(3)]
        opened(others[0], first, "/executions", "Executions")
        others[0].get_by_text("No executions yet").wait_for()
        opened(others[1], first, "/flows/approval", "approval")
        others[1].get_by_role("button", name="Add set").wait_for()
        waits = first.start("approval", {})
        opened(others[2], first, f"/executions/{waits}", "Execution of approval")
        others[2].get_by_role("button", name="Cancel it").click()
        others[2].get_by_role("dialog").get_by_role("textbox", name="Reason").wait_for()
    # What was to be done is not done, and says so at once.
    page.get_by_role("dialog").get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("dialog").get_by_text("Nothing is known to have been done.").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").wait_for(state="detached")
    others[2].get_by_role("dialog").get_by_role("button", name="Cancel it").click()
    others[2].get_by_role("dialog").get_by_text("Nothing is known to have been done.").wait_for()
    # What was read stays, and a question goes out until it is answered.
    page.get_by_role("button", name="Run orders").click()
    gone.wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="orders", exact=True).wait_for()
    others[0].get_by_role("link", name="Flows").click()
    others[0].get_by_role("alert").get_by_text("The server does not answer.").first.wait_for()
    with site(tmp_path, {}, port=int(first.url.rpartition(":")[2])) as second:
        gone.wait_for(state="detached")
        others[0].get_by_role("link", name="orders", exact=True).wait_for()
        # The editor hears again of what others do.
        approval = second.call("GET", "flowapps/approval")["text"].replace("1.0.0", "1.1.0")
        second.call("POST", "flowapps", approval.encode(), headers={"content-type": "application/yaml"})
        others[1].get_by_text("1.1.0").first.wait_for()
        assert page.get_by_role("heading", name="Flows", level=1).is_visible()
    context.close()


def test_a_text_is_checked_at_its_lines_before_it_is_kept(page: Page, shown: Site) -> None:
    head = "# Mine\nkind: FlowApp\napiVersion: headrace.dev/v1alpha1\nmetadata: {name: pasted}\n"
    text = head + "spec:\n  version: 1.0.0\n"
    opened(page, shown, "/flows/new?from=text", "New flow")
    page.locator(".cm-content").click()
    page.keyboard.insert_text(text + "  steps: [{a: {sett: 1}}]\n")
    page.get_by_role("button", name="Line 7:").first.wait_for()
    create = page.get_by_role("button", name="Create and edit")
    assert create.is_disabled()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text + "  steps: [{a: {set: {b: 1}}}]\n")
    create.click()
    page.get_by_role("heading", name="pasted", level=1).wait_for()
    assert shown.call("GET", "flowapps/pasted")["text"].startswith("# Mine\n")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as got:
        page.get_by_role("link", name="OWS document").click()
    assert got.value.suggested_filename == "pasted.ows.yaml"
    assert got.value.path().read_text().startswith("document:")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Duplicate").click()
    create.click()
    page.get_by_role("heading", name="pasted-copy", level=1).wait_for()
    page.get_by_role("button", name="Delete pasted-copy").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("heading", name="Flows", level=1).wait_for()
    assert "pasted-copy" not in {each["name"] for each in shown.call("GET", "flowapps")["items"]}


def test_a_template_is_looked_at_named_and_opens_in_the_editor(page: Page, shown: Site) -> None:
    opened(page, shown, "/flows/new", "New flow")
    page.get_by_role("tab", name="From a template").click()
    page.get_by_role("list", name="Its steps").nth(5).wait_for()
    page.get_by_role("link", name="Ask a person").click()
    name = page.get_by_role("textbox", name="Name", exact=True)
    assert name.input_value() == "ask-a-person"
    name.fill("holidays")
    page.get_by_text("path: /holidays").wait_for()
    page.get_by_role("button", name="Create and edit").click()
    page.get_by_role("heading", name="holidays", level=1).wait_for()
    page.get_by_role("button", name="Add set").wait_for()
    made = shown.call("GET", "flowapps/holidays")
    assert made["text"].startswith("# A person decides")
    assert made["problems"] == []
    # The next one of the same template is called otherwise.
    shown.call("POST", "flowapps", made["text"].replace("holidays", "ask-a-person").encode())
    opened(page, shown, "/flows/new?from=template&template=ask-a-person", "New flow")
    page.get_by_text("path: /ask-a-person-2").wait_for()
    assert name.input_value() == "ask-a-person-2"
