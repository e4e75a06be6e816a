"""Takes the pictures of the guide: `make screenshots`.

Each page of `places.py`, of the scene of `scene.py`, in both languages, in the light and in the dark, into
docs/images/dashboard/<page>-<en|zh>-<light|dark>.png. Names after the command take only those pages.
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from browser.places import PLACES, Place, settled
from browser.scene import Scene, scene
from browser.site import CHROMIUM_OPTIONS, chromium, missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Elsewhere, to look at them before they take the place of those that are there.
ELSEWHERE = os.environ.get("HEADRACE_PICTURES")
IMAGES = Path(ELSEWHERE or Path(__file__).parents[2] / "docs" / "images" / "dashboard")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZE = {"width": 1280, "height": 800}
ACTION_MS = 30_000.0

SMALLER = Path(__file__).with_name("smaller.js")


def main(names: list[str]) -> int:
    """Take the pictures; return 0, or 2 where something is missing."""
    lacks = missing()
    if lacks is not None:
        print(lacks, file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    wanted = [place for place in PLACES if place.pictured and (not names or place.name in names)]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_OPTIONS))
        with scene(Path(folder)) as played:
            for language in LANGUAGES:
                for theme in THEMES:
                    take(browser, played, wanted, language, theme)
        browser.close()
    sizes = [path.stat().st_size for path in IMAGES.glob("*.png")]
    print(f"{len(sizes)} pictures in {IMAGES}, {sum(sizes) / 1e6:.1f} MB")
    return 0


def take(
    browser: Browser, played: Scene, places: list[Place], language: str, theme: Literal["light", "dark"]
) -> None:
    """Take the pictures of one language and theme."""
    inside = context(browser, language, theme)
    signed_in = inside.new_page()
    signed_in.goto(f"{played.site.page('/')}")
    signed_in.get_by_role("heading", level=1).wait_for()
    outside = context(browser, language, theme)
    for place in places:
        page = signed_in if place.signed_in else outside.new_page()
        page.goto("about:blank")
        page.goto(place.url(played))
        settled(page, place)
        save(page, IMAGES / f"{place.name}-{language}-{theme}.png")
    inside.close()
    outside.close()


def context(browser: Browser, language: str, theme: Literal["light", "dark"]) -> BrowserContext:
    """Return a browser's context in which each picture comes out the same."""
    made = browser.new_context(
        locale=LANGUAGES[language],
        color_scheme=theme,
        viewport=SIZE,
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    made.set_default_timeout(ACTION_MS)
    return made


def save(page: Page, path: Path) -> None:
    """Write what a page shows, small."""
    page.wait_for_timeout(400)  # charts and canvases draw after their data came
    taken = page.screenshot(animations="disabled", caret="hide")
    smaller = page.evaluate(SMALLER.read_text("utf-8"), base64.b64encode(taken).decode())
    path.write_bytes(base64.b64decode(smaller))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
