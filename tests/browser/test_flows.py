"""The list of flows, and new ones: with a mouse and a keyboard, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browser import shop
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the flows of the shop."""
    need()
    with site(tmp_path_factory.mktemp("flows"), shop.PROJECTS) as opened:
        yield opened


def opened(page: Page, shown: Site, path: str, heading: str | re.Pattern[str]) -> None:
    page.goto(shown.page(path))
    page.get_by_role("heading", name=heading, level=1).wait_for()


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
