"""A real server with the dashboard, in a thread of its own, and a browser to look at it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from headrace.api import assets
from headrace.main.server import Server, ServerOptions
from headrace.runtime.clock import Clock

TOKEN = "a-token-of-the-browser-tests-0123456789"
NAMESPACE = "default"
START_SECONDS = 60.0
# The shell is Chromium without a browser's own windows, which nobody sees here: half of the CPU.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# A browser that asks nobody for anything but our server.
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing() -> str | None:
    """Return what these tests lack, or None when all is there."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "Playwright is not installed: pip install playwright"
    if chromium() is None:
        return "Chromium is not installed: apt-get install chromium-headless-shell"
    if not (dashboard() / "index.html").is_file():
        return "the dashboard is not built: npm ci && npm run build in ui/"
    return None


def need() -> None:
    """Skip where something is missing; in CI that is a failure."""
    lacks = missing()
    if lacks is None:
        return
    if os.environ.get("CI"):
        pytest.fail(lacks)
    pytest.skip(lacks)


def chromium() -> str | None:
    """Return the path of the browser."""
    return next((found for name in CHROMIUM if (found := shutil.which(name))), None)


def dashboard() -> Path:
    """Return the folder with the built dashboard: where Vite was told to put it, or the package's."""
    told = os.environ.get("HEADRACE_UI_OUT")
    return Path(told) if told else assets.FOLDER


@dataclass
class Site:
    """A server that runs. Paths of calls without a leading slash begin in the namespace `default`."""

    url: str

    def call(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Ask the API; return the JSON of its answer. Raises `HTTPError` for a refusal."""
        request = urllib.request.Request(
            self.url + (path if path.startswith("/") else f"/api/v1/namespaces/{NAMESPACE}/{path}"),
            method=method,
            data=body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode(),
            headers={
                "authorization": f"Bearer {TOKEN}",
                **({} if body is None or isinstance(body, bytes) else {"content-type": "application/json"}),
                **(headers or {}),
            },
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def start(self, flow: str, input: Any) -> str:
        """Start an execution and return its id."""
        return str(self.call("POST", f"flowapps/{flow}/executions", input)["id"])

    def run(self, flow: str, input: Any) -> str:
        """Start an execution, wait for its end, and return its id."""
        execution_id = self.start(flow, input)
        self.ended(execution_id)
        return execution_id

    def ended(self, execution_id: str) -> Any:
        """Wait for the end of an execution and return its outcome."""
        outcome = self.call("GET", f"executions/{execution_id}/wait?seconds=60")
        assert outcome["ended"], outcome
        return outcome

    def page(self, path: str) -> str:
        """Return the address of a page, which logs in."""
        return f"{self.url}/n/{NAMESPACE}{path}#token={TOKEN}"


@contextmanager
def site(
    folder: Path,
    projects: Mapping[str, Mapping[str, str]],
    *,
    watch: bool = False,
    port: int = 0,
    clock: Clock | None = None,
) -> Iterator[Site]:
    """Serve projects: each a folder of files by their paths. With `watch` changed files are taken up.

    `port`: that of a server that was stopped, to be there again. `clock`: other than the machine's.
    """
    (folder / "projects").mkdir(exist_ok=True)
    for name, files in projects.items():
        for path, text in files.items():
            target = folder / "projects" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    options = ServerOptions(
        store=folder / "headrace.db",
        projects=[folder / "projects"],
        port=port,
        token=TOKEN,
        watch=watch,
        grace_seconds=1.0,
    )
    loop = asyncio.new_event_loop()
    ready: threading.Event = threading.Event()
    found: list[str] = []
    failures: list[BaseException] = []
    stop = asyncio.Event()

    async def serve() -> None:
        server = Server(options, clock=clock)
        await server.start()
        found.append(server.url)
        ready.set()
        await stop.wait()
        await server.stop()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:
            failures.append(error)
        finally:
            ready.set()
            loop.close()

    defaults = assets.Assets.__init__.__defaults__
    assets.Assets.__init__.__defaults__ = (dashboard(),)
    thread = threading.Thread(target=run, name="site")
    thread.start()
    try:
        assert ready.wait(START_SECONDS), "the server does not start"
        if failures:
            raise failures[0]
        yield Site(found[0])
    finally:
        if not failures:
            loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)
        assets.Assets.__init__.__defaults__ = defaults
