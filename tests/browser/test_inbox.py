"""The inbox and the page of a link, with a mouse and a keyboard, on a real server with the example flow."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from browser.conftest import ACTION_MS, watched
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

EXAMPLE = Path(__file__).parents[2] / "examples" / "expenses"
CLAIM = {"employee": "Ada", "amount": 120, "purpose": "Train to Delft"}
FORMS = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: forms}
spec:
  version: 1.0.0
  steps:
    - ask:
        listen: {to: {one: {with: {type: com.example.answered}}}}
        metadata:
          approval:
            title: "Order ${ .number }"
            choices: [{name: go, title: Go, tone: positive}]
            form:
              type: object
              required: [name, count]
              properties:
                name: {type: string, title: Name, minLength: 2}
                count: {type: integer, title: Count, minimum: 1}
                urgent: {type: boolean, title: Urgent, default: true}
                level: {title: Level, oneOf: [{const: 1, title: Low}, {const: 2, title: High}]}
                address:
                  type: object
                  title: Address
                  required: [city]
                  properties: {city: {type: string, title: City}}
                lines:
                  type: array
                  title: Lines
                  items:
                    type: object
                    required: [sku]
                    properties: {sku: {type: string, title: Article}, amount: {type: number, title: Amount}}
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the example, in the namespace `default`, and a flow with a form of everything."""
    need()
    files = {
        path: (EXAMPLE / path).read_text("utf-8").replace("namespace: shop", "namespace: default")
        for path in ("config/flowapp.yaml", "cmd/pay/main.py")
    }
    projects = {"expenses": files, "forms": {"config/flowapp.yaml": FORMS}}
    with site(tmp_path_factory.mktemp("inbox"), projects) as opened:
        yield opened


def submitted(shown: Site, employee: str) -> str:
    """Claim expenses of somebody, and return the execution when it waits for a decision."""
    return waiting(shown, shown.start("expenses", {**CLAIM, "employee": employee}))


def waiting(shown: Site, execution_id: str) -> str:
    for _ in range(600):
        found = shown.call("GET", "decisions")["items"]
        if any(each["execution_id"] == execution_id for each in found):
            return execution_id
    raise AssertionError(f"{execution_id} asks nobody")


def link_to(shown: Site, execution_id: str, label: str = "Joan") -> str:
    [row] = [each for each in shown.call("GET", "decisions")["items"] if each["execution_id"] == execution_id]
    made = shown.call("POST", f"decisions/{execution_id}/{row['run_id']}/links", {"label": label})
    return str(made["url"])


def stranger(browser: Browser, locale: str = "en-GB") -> tuple[BrowserContext, Page, list[str]]:
    """Return a page of somebody without a session."""
    context = browser.new_context(locale=locale, viewport={"width": 420, "height": 860}, timezone_id="UTC")
    context.set_default_timeout(ACTION_MS)
    page = context.new_page()
    return context, page, watched(page)


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_submit_inbox_approve_and_the_execution_completes(page: Page, shown: Site) -> None:
    execution_id = submitted(shown, "Ada")
    page.goto(shown.page("/inbox"))
    page.get_by_label(re.compile("wait for your decision")).wait_for()
    page.get_by_role("link", name="Expenses of Ada: 120").click()
    page.get_by_role("heading", name="Expenses of Ada: 120", level=1).wait_for()
    assert page.get_by_role("row", name="purpose Train to Delft").is_visible()
    # What is missing is said at its field, which gets the focus; nothing is sent.
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Fill this in.").wait_for()
    assert page.evaluate("document.activeElement.id") == "field/account"
    choose(page, "Cost centre", "travel")
    page.get_by_label("Note").fill("Second class")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Decided: Approve").wait_for()
    assert page.get_by_role("button", name="Approve").count() == 0
    outcome = shown.ended(execution_id)
    assert outcome["status"] == "completed"
    assert outcome["output"]["receipt"] == "PAID-ADA-120"
    page.get_by_role("link", name="Inbox").first.click()
    page.get_by_text("Done", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Expenses of Ada")
    assert "Approve · administrator" in row.inner_text()
    assert "show=ended" in page.url


def test_by_a_link_without_a_session(page: Page, shown: Site, browser: Browser) -> None:
    execution_id = submitted(shown, "Grace")
    page.goto(shown.page("/inbox"))
    page.get_by_role("link", name="Expenses of Grace: 120").click()
    page.get_by_role("button", name="Make a link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("For whom").fill("Joan of accounting")
    dialog.get_by_role("button", name="Make a link").click()
    page.get_by_text("This link is shown only now. Send it to Joan of accounting.").wait_for()
    url = page.locator("code", has_text="/decide#").inner_text()
    context, theirs, complaints = stranger(browser)
    theirs.goto(url)
    theirs.get_by_role("heading", name="Expenses of Grace: 120", level=1).wait_for()
    assert theirs.get_by_role("navigation").count() == 0
    assert theirs.evaluate("document.cookie") == ""
    choose(theirs, "Cost centre", "office")
    theirs.get_by_role("button", name="Send back").click()
    theirs.get_by_text("Thank you: Send back").wait_for()
    assert shown.ended(execution_id)["output"]["paid"] is False
    theirs.reload()
    theirs.get_by_role("heading", name="It has been decided").wait_for()
    assert complaints == []
    context.close()
    page.get_by_text("Decided: Send back").wait_for()
    assert page.get_by_text(re.compile("Joan of accounting")).first.is_visible()


def test_a_link_in_chinese_and_one_that_is_no_good(shown: Site, browser: Browser) -> None:
    url = link_to(shown, submitted(shown, "Lin"), "小林")
    context, theirs, complaints = stranger(browser, "zh-CN")
    theirs.goto(url)
    theirs.get_by_role("heading", name="Expenses of Lin: 120", level=1).wait_for()
    theirs.get_by_text("收件人：小林。").wait_for()
    assert theirs.evaluate("document.documentElement.lang") == "zh-CN"
    theirs.get_by_text("English").click()
    theirs.get_by_text(re.compile("The link is good until")).wait_for()
    assert complaints == []
    theirs.goto(url[:-4] + "AAAA")
    theirs.get_by_text("This link does not open anything").wait_for()
    context.close()


def test_who_is_second_is_told_so(page: Page, shown: Site, browser: Browser) -> None:
    execution_id = submitted(shown, "Mary")
    context, theirs, _ = stranger(browser)
    theirs.goto(link_to(shown, execution_id))
    choose(theirs, "Cost centre", "office")
    [row] = [each for each in shown.call("GET", "decisions")["items"] if each["execution_id"] == execution_id]
    answer = {"choice": "reject", "answer": {"account": "office"}}
    shown.call("POST", f"decisions/{execution_id}/{row['run_id']}/answer", answer)
    theirs.get_by_role("button", name="Approve").click()
    theirs.get_by_role("heading", name="It has been decided").wait_for()
    context.close()
    assert shown.ended(execution_id)["output"]["paid"] is False


def test_a_form_of_everything_by_keyboard(page: Page, shown: Site) -> None:
    execution_id = waiting(shown, shown.start("forms", {"number": 7}))
    page.goto(shown.page("/inbox?flow=forms"))
    page.get_by_role("link", name="Order 7").press("Enter")
    page.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("Widget")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    assert page.get_by_role("checkbox", name="Urgent").is_checked()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="High").wait_for()
    page.keyboard.press("Enter")
    page.get_by_label("City").fill("Delft")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Article").first.fill("CUP-6")
    page.get_by_label("Amount").first.fill("2.5")
    page.get_by_role("button", name="Remove no. 2").click()
    page.get_by_role("button", name="Go").press("Enter")
    page.get_by_text("Decided: Go").wait_for()
    [output] = shown.ended(execution_id)["output"]
    assert output["answer"] == {
        "name": "Widget",
        "count": 3,
        "urgent": False,
        "level": output["answer"]["level"],
        "address": {"city": "Delft"},
        "lines": [{"sku": "CUP-6", "amount": 2.5}],
    }
    assert output["answer"]["level"] in (1, 2)


def test_what_is_typed_is_there_after_a_reload_and_gone_when_it_is_decided(
    page: Page, shown: Site, browser: Browser
) -> None:
    execution_id = submitted(shown, "Rosa")
    page.goto(shown.page("/inbox"))
    page.get_by_role("link", name="Expenses of Rosa: 120").click()
    choose(page, "Cost centre", "travel")
    page.get_by_label("Note").fill("以后再说")
    page.reload()
    page.wait_for_function("() => document.getElementById('field/note')?.value === '以后再说'")
    page.get_by_role("link", name="Home").click()
    page.go_back()
    assert page.get_by_label("Note").input_value() == "以后再说"
    page.get_by_role("button", name="Approve").dblclick()
    page.get_by_text("Decided: Approve").wait_for()
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.includes('decision'))") == []
    assert shown.ended(execution_id)["output"]["receipt"] == "PAID-ROSA-120"
    # Of a link nothing that opens it is kept.
    link = link_to(shown, submitted(shown, "Ines"))
    context, theirs, complaints = stranger(browser)
    theirs.goto(link)
    theirs.get_by_label("Note").fill("by and by")
    theirs.reload()
    theirs.wait_for_function("() => document.getElementById('field/note')?.value === 'by and by'")
    assert link.rpartition("#")[2] not in theirs.evaluate("JSON.stringify(sessionStorage)")
    assert complaints == []
    context.close()


def test_data_of_any_size_is_decided_on_and_nothing_of_it_is_rounded(page: Page, shown: Site) -> None:
    """A megabyte: what is drawn of it at first is bounded, the rest comes when it is asked for."""
    lines = [{"sku": f"CUP-{number}", "amount": number / 8, "note": "x" * 60} for number in range(9_000)]
    data = {"number": 20240131, "rate": 0.123456789, "lines": lines, "letter": "long " * 2_000}
    execution_id = waiting(shown, shown.start("forms", data))
    page.goto(shown.page("/inbox?flow=forms"))
    page.get_by_role("link", name="Order 20240131").click()
    about = page.get_by_role("region", name="What it is about")
    for exact in ("20240131", "0.123456789", "3.625"):
        about.get_by_text(exact, exact=True).wait_for()
    assert page.locator("td").count() < 500
    about.get_by_role("button", name="30 of 9,000 are shown: show more").click()
    about.get_by_text("CUP-79", exact=True).wait_for()
    about.get_by_role("button", name="80 of 9,000 are shown: show more").wait_for()
    about.get_by_role("button", name="Show all 10,000 characters").click()
    about.get_by_text("long " * 2_000).wait_for()
    page.get_by_role("textbox", name="Name").fill("Widget")
    page.get_by_role("textbox", name="Count").fill("1")
    page.get_by_label("City").fill("Delft")
    page.get_by_role("button", name="Go").click()
    page.get_by_text("Decided: Go").wait_for()
    assert shown.ended(execution_id)["status"] == "completed"


def test_what_the_server_refuses_is_said_at_the_field(shown: Site, browser: Browser) -> None:
    url = link_to(shown, waiting(shown, shown.start("forms", {"number": 8})))
    context, theirs, _ = stranger(browser)
    theirs.goto(url)
    theirs.get_by_label("Name").fill("W")
    theirs.get_by_label("Count").fill("0")
    theirs.get_by_role("button", name="Go").click()
    name = theirs.get_by_label("Name")
    theirs.wait_for_function("document.activeElement.id === 'field/name'")
    assert name.get_attribute("aria-invalid") == "true"
    assert theirs.get_by_label("Count").get_attribute("aria-invalid") == "true"
    assert theirs.get_by_text("City").is_visible()
    context.close()


@pytest.mark.parametrize(
    ("locale", "scheme"),
    [("en-GB", "light"), pytest.param("zh-CN", "dark", marks=pytest.mark.long)],
)
def test_axe_finds_nothing(
    shown: Site, browser: Browser, locale: str, scheme: Literal["light", "dark"]
) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("axe is not installed: pip install axe-playwright-python")
        pytest.skip("axe is not installed: pip install axe-playwright-python")
    claim, form = submitted(shown, "Axel"), waiting(shown, shown.start("forms", {"number": 9}))
    link = link_to(shown, claim)
    rows = {each["execution_id"]: each["run_id"] for each in shown.call("GET", "decisions")["items"]}
    context = browser.new_context(locale=locale, color_scheme=scheme)
    context.set_default_timeout(ACTION_MS)
    page = context.new_page()
    page.goto(shown.page("/inbox?show=open"))
    places = [
        (f"{shown.url}/n/default/inbox?show=open", page.get_by_role("link", name="Axel")),
        (f"{shown.url}/n/default/inbox/{claim}/{rows[claim]}", page.get_by_label("Note")),
        (f"{shown.url}/n/default/inbox/{form}/{rows[form]}", page.get_by_label("City")),
        (link, page.get_by_label("Note")),
        (f"{shown.url}/decide#nothing", page.get_by_role("alert")),
    ]
    page.get_by_role("heading", level=1).wait_for()
    for address, sign in places:
        page.goto("about:blank")
        page.goto(address)
        sign.first.wait_for()
        if page.get_by_label("Note").count():
            page.get_by_role("button").filter(has_text=re.compile("Approve|批准")).click()
            page.get_by_text(re.compile("Fill this in|请填写此项")).wait_for()
        found = Axe().run(page).response["violations"]
        assert found == [], (address, found)
    context.close()


def test_what_teaches_where_nothing_waits(page: Page, shown: Site) -> None:
    page.goto(shown.page("/inbox?show=overdue"))
    page.get_by_text("Nothing to decide").wait_for()
