"""What a mouse does on the canvas of the editor, and what its text then says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from browser.site import Site

WAIT_SECONDS = 10.0


def opened(page: Page, shown: Site, flow: str) -> Page:
    """Open the editor of a flow with its text beside the canvas."""
    page.goto(shown.page(f"/flows/{flow}"))
    page.get_by_role("tab", name="Text").click()
    page.locator(".cm-content").wait_for()
    page.locator(".react-flow__node").first.wait_for()
    return page


def text_of(page: Page) -> str:
    """Return the text as the text side has it."""
    lines = page.locator(".cm-line").evaluate_all("lines => lines.map((line) => line.textContent)")
    return "\n".join(lines)


def says(page: Page, expected: str) -> None:
    """Wait until the text is exactly this."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (found := text_of(page)) != expected:
        assert time.monotonic() < deadline, found
        page.wait_for_timeout(30)


def undone(page: Page, text: str) -> None:
    """Take the last edit back: the text is what it was, to the byte."""
    page.get_by_role("button", name="Undo").click()
    says(page, text)


def node(page: Page, name: str) -> Locator:
    """Return a step (or trigger) on the canvas."""
    return page.locator(f'.react-flow__node[aria-label="{name}"]')


def middle(page: Page, name: str) -> tuple[float, float]:
    """Return the middle of a step, or of the head of a container, on the screen."""
    box = node(page, name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"], 40) / 2


def on_way(page: Page, edge: str) -> tuple[float, float]:
    """Return a point in the middle of a way, on the screen."""
    x, y = page.locator(f'.react-flow__edge[data-id="{edge}"] path.react-flow__edge-path').evaluate(
        """(path) => {
          const middle = path.getPointAtLength(path.getTotalLength() / 2);
          const {x, y} = middle.matrixTransform(path.getScreenCTM());
          return [x, y];
        }"""
    )
    return float(x), float(y)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag what is at one point of the screen to another one."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def drop(page: Page, name: str, at: tuple[float, float]) -> None:
    """Drag something out of the palette."""
    canvas = page.locator(".editor__canvas")
    box = canvas.bounding_box()
    assert box is not None
    page.get_by_role("button", name=f"Add {name}", exact=True).drag_to(
        canvas, target_position={"x": at[0] - box["x"], "y": at[1] - box["y"]}
    )


def onto(page: Page, name: str, edge: str) -> None:
    """Drag a step onto a way, which shows that it would be taken."""
    start, end = middle(page, name), on_way(page, edge)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    # A straight line has no width: it counts as hidden.
    page.locator(f'.react-flow__edge[data-target][data-id="{edge}"]').wait_for(state="attached")
    page.mouse.up()
    page.locator("[data-target]").wait_for(state="detached")
