"""Looks at a page, or at what is open on it, with axe: what it finds wrong, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

# WCAG 2.2, levels A and AA.
TAGS: dict[str, Any] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# In the dark nothing else is another.
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Colours change over by transitions: looked at when they have. Where motion is reduced everything has one,
# however short, and what inherits a colour begins its own when that around it has ended: inwards, in turn.
DRAWN = """
async () => {
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const changing = () => document.getAnimations().filter((each) => each instanceof CSSTransition);
  await frames();
  for (let turn = 0; turn < 200 && changing().length > 0; turn++) {
    await Promise.all(changing().map((each) => each.finished.catch(() => null)));
    await frames();
  }
}
"""


def violations(page: Page, options: dict[str, Any], within: str | None = None) -> list[str]:
    """Return what axe finds wrong on a page, or in what a selector names."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(DRAWN)
    answer = Axe().run(page, context=within, options={**options, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in answer.response["violations"]
        for node in each["nodes"]
    ]


def in_the_dark(page: Page) -> None:
    """Make it dark, and wait until it is."""
    page.emulate_media(color_scheme="dark")
    page.locator("html[data-mantine-color-scheme=dark]").wait_for()
