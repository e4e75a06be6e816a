"""What a page needs is fetched while its first files are read, once; an edit draws only what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

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
    - second: {set: {b: 2}}
    - third: {set: {c: 3}}
"""
API = "/api/v1/namespaces/default"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a flow."""
    need()
    with site(tmp_path_factory.mktemp("ahead"), {"steps": {"config/flowapp.yaml": TEXT}}) as opened:
        yield opened


@pytest.fixture
def known(page: Page, shown: Site) -> Page:
    """A page of somebody who is logged in."""
    assert page.context.request.post(f"{shown.url}/api/v1/session", data={"token": TOKEN}).ok
    return page


def asked(page: Page) -> Counter[str]:
    """Count what the page asks of the API from now on."""
    paths: Counter[str] = Counter()

    def on_request(request: object) -> None:
        _, host, path = request.url.partition("/api/")  # type: ignore[attr-defined]
        if host:
            paths["/api/" + path] += 1

    page.on("request", on_request)
    return paths


def test_a_flow_is_asked_for_once_and_before_its_page_is_drawn(known: Page, shown: Site) -> None:
    paths = asked(known)
    known.goto(f"{shown.url}/n/default/flows/steps", wait_until="commit")
    known.locator(".react-flow__node").first.wait_for()
    for path in ("/api/v1/session/visitor", f"{API}/flowapps/steps", f"{API}/flowapps/steps/layout"):
        assert paths[path] == 1, paths
    # Longer than a browser waits before it complains of what nobody took (`page` looks at the console).
    known.wait_for_timeout(4_000)


def test_an_execution_is_asked_for_once(known: Page, shown: Site) -> None:
    execution = shown.run("steps", {})
    paths = asked(known)
    known.goto(f"{shown.url}/n/default/executions/{execution}", wait_until="commit")
    known.locator(".canvas-status").first.wait_for()
    own = f"{API}/executions/{execution}"
    for path in (own, f"{own}/definition", f"{own}/history?limit=500"):
        assert paths[path] == 1, paths
    known.wait_for_timeout(4_000)


def test_a_link_with_a_token_logs_in_who_was_logged_in(known: Page, shown: Site) -> None:
    known.goto(shown.page("/flows/steps"))
    known.locator(".react-flow__node").first.wait_for()
    known.wait_for_timeout(4_000)


def test_nodes_behind_an_edit_are_not_made_anew(known: Page, shown: Site) -> None:
    known.goto(f"{shown.url}/n/default/flows/steps")
    known.locator('.react-flow__node[aria-label="third"]').wait_for()
    known.evaluate(
        """() => {
          for (const node of document.querySelectorAll(".react-flow__node")) node.headraceSeen = true;
          for (const edge of document.querySelectorAll(".react-flow__edge")) edge.headraceSeen = true;
        }"""
    )
    known.locator('.react-flow__node[aria-label="first"]').click()
    known.keyboard.press("Control+d")
    known.locator('.react-flow__node[data-id="/do/3/third"]').wait_for()
    made = """(kind) => [...document.querySelectorAll(`.react-flow__${kind}`)]
      .filter((each) => !each.headraceSeen).map((each) => each.dataset.id)"""
    assert len(known.evaluate(made, "node")) == 1
    # From the copy on, and to it.
    assert len(known.evaluate(made, "edge")) <= 2
