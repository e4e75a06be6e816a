"""Many pages of one browser: those that nobody sees take no connection from the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browser.conftest import watched
from browser.site import TOKEN, Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: steps}
spec:
  version: 1.0.0
  steps:
    - first: {set: {a: 1}}
"""
# More than the six that a browser connects to one server (HTTP/1.1).
TABS = 8
# Without a window all pages count as seen: here the test says which is, and notes the streams that are open.
SEEN = """
window.seen = true;
window.streams = new Set();
Object.defineProperty(document, "hidden", {get: () => !window.seen});
window.see = (seen) => { window.seen = seen; document.dispatchEvent(new Event("visibilitychange")); };
window.EventSource = class extends EventSource {
  constructor(...given) { super(...given); window.streams.add(this); }
  close() { super.close(); window.streams.delete(this); }
};
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a flow."""
    need()
    with site(tmp_path_factory.mktemp("tabs"), {"steps": {"config/flowapp.yaml": TEXT}}) as opened:
        yield opened


def streams(page: Page, count: int) -> None:
    """Wait until a page has so many streams."""
    page.wait_for_function(f"() => window.streams.size === {count}")


def test_more_tabs_than_a_browser_has_connections(page: Page, shown: Site) -> None:
    context = page.context
    assert context.request.post(f"{shown.url}/api/v1/session", data={"token": TOKEN}).ok
    context.add_init_script(SEEN)
    tabs: list[Page] = []
    complaints: list[list[str]] = []
    for number in range(TABS):
        tab = page if number == 0 else context.new_page()
        complaints.append(watched(tab))
        tab.goto(f"{shown.url}/n/default/executions")
        tab.get_by_role("heading", name="Executions", level=1).wait_for()
        streams(tab, 1)
        tabs.append(tab)
        if number < TABS - 1:
            tab.evaluate("window.see(false)")
    for tab in tabs[:-1]:
        streams(tab, 0)
    # The last one is live; the first one is when it is seen again, and has missed nothing.
    first, last = tabs[0], tabs[-1]
    execution_id = shown.run("steps", {})
    last.locator(f"a[href*='{execution_id}']").wait_for()
    assert first.locator(f"a[href*='{execution_id}']").count() == 0
    first.evaluate("window.see(true)")
    first.locator(f"a[href*='{execution_id}']").wait_for()
    streams(first, 1)
    assert [each for each in complaints if each] == []


def test_a_tab_that_is_opened_in_the_background_begins_when_it_is_seen(page: Page, shown: Site) -> None:
    assert page.context.request.post(f"{shown.url}/api/v1/session", data={"token": TOKEN}).ok
    page.add_init_script(SEEN.replace("window.seen = true", "window.seen = false"))
    before = shown.run("steps", {})
    page.goto(f"{shown.url}/n/default/executions")
    page.locator(f"a[href*='{before}']").wait_for()
    streams(page, 0)
    after = shown.run("steps", {})
    page.evaluate("window.see(true)")
    page.locator(f"a[href*='{after}']").wait_for()
    streams(page, 1)
