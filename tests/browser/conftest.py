"""One server and one browser for a module; a page of its own for each test, which must not complain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from browser.site import CHROMIUM_OPTIONS, chromium, need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ACTION_MS = 15_000.0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    need()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_OPTIONS))
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in English, in the light; at its end the console is empty and no request has failed."""
    context = browser.new_context(
        locale="en-GB", color_scheme="light", viewport={"width": 1440, "height": 900}, timezone_id="UTC"
    )
    context.set_default_timeout(ACTION_MS)
    opened = context.new_page()
    complaints = watched(opened)
    yield opened
    context.close()
    assert complaints == []


def watched(page: Page) -> list[str]:
    """Return a list that gets whatever goes wrong on a page."""
    complaints: list[str] = []

    def on_console(message: Any) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text}")

    def on_response(response: Any) -> None:
        if response.status >= 400:
            complaints.append(f"{response.status}: {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("response", on_response)
    return complaints
