"""The dashboard's pages with much on them, in Chromium: opened cold, as often as asked, and used.

Each opening is of a browser page that has none of the dashboard's files. `latency_ms` is what it took until
the page showed what it is about; `notes` have what it cost the renderer, and the page's other figures.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
import urllib.request
from array import array
from pathlib import Path
from typing import Any

from bench import api_lists, api_store, browser, browser_flows, server_process, services, workload
from bench.browser import Look, Measured
from bench.tree import Meter, stop_descendants

DRAGS = 150
EDITS = 5
DEFAULT = "/n/default"
NODE = '.react-flow__node[data-id="/do/0/load0"]'


class Figures:
    """What was measured, by name; the median counts."""

    def __init__(self) -> None:
        self._all: dict[str, list[float]] = {}
        self.painted = array("d")

    def opened(self, look: Look) -> None:
        """Note an opening."""
        self.painted.append(look.painted_ms / 1000)
        self.note("settled_ms", look.settled_ms)
        self.note("open_cpu_ms", look.renderer_seconds * 1000)

    def note(self, name: str, value: float) -> None:
        """Note one value of a figure."""
        self._all.setdefault(name, []).append(value)

    def medians(self) -> dict[str, float]:
        """Return the median of every figure."""
        return {name: round(statistics.median(values), 2) for name, values in self._all.items()}


def flow(folder: Path, times: int, figures: Figures) -> None:
    """A flow of 500 tasks: open it, drag a step about, edit it."""
    server_process.project(folder, browser_flows.LARGE, browser_flows.large())
    server = server_process.start(folder)
    with browser.chromium() as chromium:
        for _ in range(times):
            with browser.page(chromium, server.url) as page:
                figures.opened(page.open(f"{server.url}{DEFAULT}/flows/{browser_flows.LARGE}", NODE))
                _drag(page, figures)
                _edit(page, figures)
    server.stop()


def _drag(measured: Measured, figures: Figures) -> None:
    page = measured.page
    box = page.locator(NODE).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10)
    measured.settle()
    with measured.frames() as frames:
        for step in range(DRAGS):
            # Each is sent when the page has taken the one before: as fast as it can follow.
            page.mouse.move(x + step % 100, y + step % 70)
    page.mouse.move(x, y)
    page.mouse.up()
    figures.note("frames_per_second", frames[0].per_second)
    figures.note("frame_cpu_ms", frames[0].cpu_ms)
    figures.note("slowest_frame_ms", frames[0].slowest_ms)


def _edit(measured: Measured, figures: Figures) -> None:
    """From the key that duplicates a step until the text beside the canvas has it, and has been painted."""
    page = measured.page
    page.get_by_role("tab", name="Text").click()
    page.locator(".cm-content").wait_for()
    page.locator(NODE).click()
    measured.settle()
    for _ in range(EDITS):
        before = measured.renderer_seconds()
        there, painted = page.evaluate(_TIMED_EDIT)
        figures.note("edit_ms", float(there))
        figures.note("edit_painted_ms", float(painted))
        measured.settle()
        figures.note("edit_cpu_ms", (measured.renderer_seconds() - before) * 1000)
        page.keyboard.press("Control+z")
        measured.settle()
        page.locator(NODE).click()
        measured.settle()


_TIMED_EDIT = """() => new Promise((resolve) => {
  const node = document.querySelector('.react-flow__node[data-id="/do/0/load0"]');
  const text = document.querySelector(".cm-content");
  let began = 0;
  const watcher = new MutationObserver(() => {
    // The step is written twice.
    if (text.textContent.split(".total + 0 }").length < 3) return;
    watcher.disconnect();
    const there = performance.now() - began;
    // What a frame's callbacks schedule runs when that frame has been painted.
    requestAnimationFrame(() => setTimeout(() => resolve([there, performance.now() - began])));
  });
  watcher.observe(text, {subtree: true, childList: true, characterData: true});
  began = performance.now();
  const pressed = {key: "d", ctrlKey: true, bubbles: true, cancelable: true};
  node.dispatchEvent(new KeyboardEvent("keydown", pressed));
})"""


def execution(folder: Path, times: int, figures: Figures) -> None:
    """An execution with 5,000 task runs, done by real functions: its steps, then its timeline."""
    urls = {name: f"http://127.0.0.1:{port}" for name, port in services.start().items()}
    server_process.project(folder, browser_flows.LOOP, browser_flows.loop(urls))
    server = server_process.start(folder)
    execution_id = _run(server.url, browser_flows.ITERATIONS)
    with browser.chromium() as chromium:
        for _ in range(times):
            with browser.page(chromium, server.url) as page:
                where = f"{server.url}{DEFAULT}/executions/{execution_id}"
                figures.opened(page.open(where, ".canvas-status"))
                figures.note("complete_ms", page.until("document.body.textContent.includes('5,00')"))
                timeline = page.click("[role=tab][id$=timeline]", ".timeline [role=option]")
                figures.note("timeline_ms", timeline.painted_ms)
    server.stop()


def _run(url: str, iterations: int) -> str:
    """Run the loop to its end; return the execution's id."""

    def ask(method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{url}{api_lists.NAMESPACE}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "authorization": f"Bearer {server_process.TOKEN}",
                "content-type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)

    started = ask("POST", f"flowapps/{browser_flows.LOOP}/executions", {"count": iterations})
    deadline = time.monotonic() + 300
    while not (outcome := ask("GET", f"executions/{started['id']}/wait?seconds=60"))["ended"]:
        if time.monotonic() > deadline:
            raise SystemExit(f"the execution has not ended: {outcome}")
    return str(started["id"])


def listed(folder: Path, times: int, figures: Figures, executions: int) -> None:
    """The list of so many executions: from the click in the menu to its first page."""
    digest = asyncio.run(api_lists.make(folder / "headrace.db"))
    api_store.fill(folder / "headrace.db", executions, digest)
    server = server_process.start(folder)
    with browser.chromium() as chromium:
        for _ in range(times):
            with browser.page(chromium, server.url) as page:
                page.open(f"{server.url}{DEFAULT}/", "h1")
                look = page.click(f"a[href='{DEFAULT}/executions']", ".executions tbody tr[aria-rowindex]")
                figures.opened(look)
    server.stop()


def main() -> None:
    """Open one of the pages as often as asked."""
    chosen = workload.options(page="flow")
    figures = Figures()
    meter = Meter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        meter.start()
        try:
            if chosen.page == "flow":
                flow(folder, chosen.alone, figures)
            elif chosen.page == "execution":
                execution(folder, chosen.alone, figures)
            else:
                listed(folder, chosen.alone, figures, chosen.executions)
        finally:
            usage = meter.stop()
            stop_descendants()
    painted = workload.percentiles_ms(figures.painted)
    workload.Outcome(len(figures.painted), usage, painted, painted, figures.medians()).print()


if __name__ == "__main__":
    main()
