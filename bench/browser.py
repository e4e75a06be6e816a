"""Chromium as it is measured: what a page shows when, frames of its trace, CPU seconds of its renderer."""

from __future__ import annotations

import itertools
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench import server_process

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTH, HEIGHT = 1440, 900
WAIT_SECONDS = 30.0
POLL_MS = 20.0
# A page that has done nothing long for this time has settled.
QUIET_SECONDS = 0.5
_TRACED = ("devtools.timeline", "disabled-by-default-devtools.timeline.frame", "devtools.timeline.frame")

# Notes when something is first painted: the frame after the one in which it is there has been drawn.
_WATCH = """
window.headraceBench = {seen: {}, wanted: {}, long: []};
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.headraceBench.long.push(each.startTime + each.duration);
}).observe({type: "longtask", buffered: true});
window.headraceBench.look = () => {
  const {seen, wanted} = window.headraceBench;
  for (const [name, selector] of Object.entries(wanted)) {
    if (name in seen || !document.querySelector(selector)) continue;
    seen[name] = null;
    requestAnimationFrame(() => requestAnimationFrame((now) => { seen[name] = performance.now(); }));
  }
};
new MutationObserver(() => window.headraceBench.look())
  .observe(document, {subtree: true, childList: true, attributes: true});
"""


@dataclass(slots=True)
class Look:
    """How long something took to be seen, and what it cost."""

    painted_ms: float
    """From the beginning until the first frame that shows it."""
    settled_ms: float
    """Until the last long task behind it had ended: then clicks are answered at once."""
    renderer_seconds: float


@dataclass(slots=True)
class Frames:
    """Frames that were drawn while something went on."""

    count: int
    seconds: float
    slowest_ms: float
    renderer_seconds: float

    @property
    def per_second(self) -> float:
        """Frames on the clock."""
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """What one frame cost the renderer."""
        return self.renderer_seconds / self.count * 1000


class Measured:
    """A page with its measures."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self.page = page
        self._system: CDPSession = browser.new_browser_cdp_session()
        self.own: CDPSession = page.context.new_cdp_session(page)

    def renderer_seconds(self) -> float:
        """CPU seconds of all renderers so far."""
        processes = self._system.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(float(each["cpuTime"]) for each in processes if each["type"] == "renderer")

    def open(self, address: str, selector: str) -> Look:
        """Open an address, and wait until a selector is painted."""
        before = self.renderer_seconds()
        self.page.add_init_script(f"window.headraceBench.wanted = {json.dumps({'it': selector})};")
        self.page.goto(address, wait_until="commit")
        return self._look(0.0, before)

    def click(self, target: str, selector: str) -> Look:
        """Click something, and wait until a selector is painted that was not there."""
        before = self.renderer_seconds()
        self.page.evaluate(
            """([target, selector]) => {
              const bench = window.headraceBench;
              bench.seen = {}; bench.wanted = {};
              document.querySelector(target).addEventListener("click", (event) => {
                bench.began = event.timeStamp;
                bench.wanted = {it: selector};
              }, {capture: true, once: true});
            }""",
            [target, selector],
        )
        self.page.click(target)
        self._until("bench.began !== undefined")
        return self._look(float(self.page.evaluate("window.headraceBench.began")), before)

    def _look(self, began: float, before: float) -> Look:
        self._until("bench.seen.it > 0")
        painted = float(self.page.evaluate("window.headraceBench.seen.it"))
        self.settle()
        last_long = float(self.page.evaluate("Math.max(0, ...window.headraceBench.long)"))
        return Look(painted - began, max(painted, last_long) - began, self.renderer_seconds() - before)

    def settle(self) -> None:
        """Wait until there has been no long task for a while."""
        self._until(f"performance.now() - Math.max(0, ...bench.long) > {QUIET_SECONDS * 1000}")

    def until(self, condition: str) -> float:
        """Wait for a condition of the page; return when it was found, in milliseconds since it was opened."""
        self._until(condition)
        return float(self.page.evaluate("performance.now()"))

    def _until(self, condition: str) -> None:
        """Wait for a condition on what was noted. The page's policy forbids Playwright's own way to wait."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.page.evaluate(f"() => {{ const bench = window.headraceBench; return {condition}; }}"):
            if time.monotonic() > deadline:
                raise SystemExit(f"after {WAIT_SECONDS:.0f} s it is not so that {condition}")
            self.page.wait_for_timeout(POLL_MS)

    @contextmanager
    def frames(self) -> Iterator[list[Frames]]:
        """Count the frames that are drawn inside: the list has them afterwards."""
        found: list[Frames] = []
        events: list[dict[str, Any]] = []
        done: list[bool] = []
        self.own.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
        self.own.once("Tracing.tracingComplete", lambda _: done.append(True))
        self.own.send(
            "Tracing.start",
            {"traceConfig": {"includedCategories": list(_TRACED)}, "transferMode": "ReportEvents"},
        )
        before, started = self.renderer_seconds(), time.perf_counter()
        yield found
        seconds, used = time.perf_counter() - started, self.renderer_seconds() - before
        self.own.send("Tracing.end")
        while not done:
            self.page.wait_for_timeout(20)
        drawn = sorted(float(each["ts"]) / 1000 for each in events if each["name"] == "DrawFrame")
        gaps = [later - earlier for earlier, later in itertools.pairwise(drawn)]
        found.append(Frames(len(drawn), seconds, max(gaps, default=0.0), used))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser, with nothing kept from before."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if path is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield browser
        browser.close()


@contextmanager
def page(browser: Browser, url: str) -> Iterator[Measured]:
    """A page of a browser that knows who looks but has none of the dashboard's files."""
    context = browser.new_context(
        locale="en-GB", color_scheme="light", viewport={"width": WIDTH, "height": HEIGHT}, timezone_id="UTC"
    )
    answer = context.request.post(f"{url}/api/v1/session", data={"token": server_process.TOKEN})
    if not answer.ok:
        raise SystemExit(f"the log-in is answered with {answer.status}: {answer.text()}")
    opened = context.new_page()
    opened.add_init_script(_WATCH)
    yield Measured(browser, opened)
    context.close()
