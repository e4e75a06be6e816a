"""Expressions of a trigger are tried on what really came, and its page says why a request was refused."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest

from browser.conftest import watched
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, LocatorAssertions, Page

FLOW = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  triggers:
    - name: web
      http: {path: "/orders/{id}", input: ".body.amount + 1", reply: output, response: {body: "${ .sum }"}}
    - name: paid
      event: {with: {type: paid, data: "${ .total > 100 }"}}
  steps:
    - add: {set: {sum: "${ . }"}}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    need()
    with site(tmp_path_factory.mktemp("orders"), {"orders": {"config/flowapp.yaml": FLOW}}) as opened:
        yield opened


@pytest.fixture
def shown(served: Site) -> Site:
    """The server with the flow as it is written here, to which nothing came."""
    with contextlib.suppress(HTTPError):
        served.call("DELETE", "flowapps/orders")
    served.call("POST", "flowapps", FLOW.encode())
    return served


def post(shown: Site, number: int, amount: Any) -> int:
    """Send an order to the trigger; return the status of the answer."""
    try:
        shown.call(
            "POST", f"/hooks/default/orders/{number}", {"amount": amount}, headers={"x-api-key": "of-mine"}
        )
    except HTTPError as error:
        with error:
            return error.code
    return 200


def select(page: Page, shown: Site, trigger: str) -> Locator:
    """Open the flow with a trigger selected; return the panel."""
    page.goto(shown.page("/flows/orders"))
    page.locator(".react-flow__node").filter(has_text=trigger).last.click()
    panel = page.get_by_role("tabpanel", name="Step")
    panel.get_by_label("Name", exact=True).first.wait_for()
    return panel


def typed(page: Page, field: Locator, text: str) -> None:
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def expect(locator: Locator) -> LocatorAssertions:
    from playwright.sync_api import expect as expecting

    return expecting(locator)


def test_a_request_that_fails_its_expression_is_seen_and_the_expression_mended(
    page: Page, shown: Site
) -> None:
    assert post(shown, 7, {"value": 41}) == 422
    panel = select(page, shown, "web")
    # What came is there with its reason, before anything is typed.
    picker = panel.get_by_role("combobox", name="Try on")
    expect(picker).to_have_value(re.compile("^Came .* · failed$"))
    panel.get_by_text("the mapping failed").wait_for()
    panel.get_by_text("Hidden, because it says who somebody is: headers.x-api-key").wait_for()
    field = panel.get_by_role("textbox", name="Input")
    field.click()
    tried = panel.get_by_test_id("tried")
    tried.get_by_text("As it really came").wait_for()
    sees = tried.get_by_role("region", name="Sees")
    sees.get_by_text('"id": "7"').wait_for()
    assert "of-mine" not in sees.inner_text()
    gives = tried.get_by_role("region", name="Gives")
    gives.get_by_role("alert").get_by_text("cannot be added").wait_for()
    typed(page, field, ".body.amount.value + 1")
    gives.get_by_text("42", exact=True).wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    # The next one that comes is what is tried on, without a reload; the refusal can still be taken.
    assert post(shown, 8, {"value": 1}) == 200
    panel.get_by_role("textbox", name="Input").click()
    gives.get_by_text("2", exact=True).wait_for()
    expect(picker).to_have_value(re.compile("^Came .* · started$"))
    picker.click()
    page.get_by_role("option", name="failed").click()
    panel.get_by_role("textbox", name="Input").click()
    gives.get_by_text("42", exact=True).wait_for()


def test_the_page_of_a_trigger_shows_what_came_and_what_was_refused(page: Page, shown: Site) -> None:
    assert post(shown, 3, 1) == 200
    assert post(shown, 4, "text") == 422
    page.goto(shown.page("/operations/triggers/orders/web"))
    last = page.get_by_role("region", name="The last that came")
    last.get_by_text("An expression failed on it").wait_for()
    last.get_by_text('"amount": "text"').wait_for()
    assert page.get_by_role("region", name="The last that was refused").count() == 0
    assert post(shown, 5, 2) == 200
    last.get_by_text("started", exact=True).wait_for()
    refused = page.get_by_role("region", name="The last that was refused")
    refused.get_by_text('"amount": "text"').wait_for()
    last.get_by_role("link", name="See the execution").click()
    page.wait_for_url("**/executions/*")


def test_a_filter_is_tried_on_its_attribute_and_an_answer_on_the_output(page: Page, shown: Site) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/till", "type": "paid", "data": {"total": 7}}
    shown.call(
        "POST", "events", json.dumps(event).encode(), headers={"content-type": "application/cloudevents+json"}
    )
    panel = select(page, shown, "paid")
    picker = panel.get_by_role("combobox", name="Try on")
    expect(picker).to_have_value(re.compile("^Came .* · not taken by the filters$"))
    panel.get_by_role("textbox", name="Data").click()
    tried = page.get_by_test_id("tried")
    expect(tried.get_by_role("region", name="Sees")).to_contain_text('{ "total": 7 }')
    tried.get_by_role("region", name="Gives").get_by_text("false").wait_for()
    assert post(shown, 9, 5) == 200
    panel = select(page, shown, "web")
    panel.get_by_role("textbox", name="Body", exact=True).click()
    tried.get_by_role("region", name="Gives").get_by_text("6", exact=True).wait_for()


def test_in_chinese_on_a_small_screen(browser: Browser, shown: Site) -> None:
    assert post(shown, 3, 1) == 200
    assert post(shown, 4, "text") == 422
    context = browser.new_context(locale="zh-CN", viewport={"width": 1100, "height": 700}, timezone_id="UTC")
    page = context.new_page()
    complaints = watched(page)
    page.goto(shown.page("/operations/triggers/orders/web"))
    page.get_by_role("region", name="最近一次到来").get_by_text("表达式对它求值失败").wait_for()
    page.goto(shown.page("/flows/orders"))
    page.locator(".react-flow__node").filter(has_text="web").last.click()
    panel = page.get_by_role("tabpanel", name="步骤")
    panel.get_by_role("textbox", name="输入").click()
    panel.get_by_test_id("tried").get_by_text("实际到来的内容").wait_for()
    context.close()
    assert complaints == []
