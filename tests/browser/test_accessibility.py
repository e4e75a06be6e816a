"""Every page for everybody: nothing that axe finds wrong, one heading, and no need of a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.axe import COLOURS, DRAWN, TAGS, in_the_dark, violations
from browser.conftest import ACTION_MS
from browser.dialogs import ALL, OPENED, OPENED_NOW, Openings, Visit, each_opened
from browser.places import PLACES, SECTION, Place, routes, sections, settled
from browser.scene import Scene, scene
from browser.site import NAMESPACE, TOKEN, need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
WIDTH, HEIGHT = 1280, 800
NARROW = (820, 390)
FITS = Path(__file__).with_name("fits.js").read_text("utf-8")
STOPS_MAX = 80
# Dialogs whose last button cannot be undone, wherever they open.
LOSING = {"delete", "delete-items", "revoke", "cancel"}
BACKGROUND = "(element) => getComputedStyle(element).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
FOCUSED = "(element) => element === document.activeElement"
# Of an element that has the focus: whether something shows it.
SHOWN = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = element.getBoundingClientRect();
  return {
    what: element.outerHTML.slice(0, 160),
    seen: box.width > 0 && box.height > 0,
    marked: outlined || style.boxShadow !== "none" || element.matches("input, textarea, [contenteditable]"),
  };
}
"""
# Of what a page asks, all but who looks at it: that is asked before there is a page.
ASKED = re.compile(r"/api/v1/(?!session/)")
LOADING = "[aria-busy=true] .mantine-Skeleton-root"
# What moves on a page while nobody does anything (Layout Instability API): how much of it how far.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((found) => {
  for (const { value, hadRecentInput, sources } of found.getEntries()) {
    const of = sources.map(({ node }) => String(node?.outerHTML ?? node?.textContent).slice(0, 140));
    if (!hadRecentInput) window.shifts.push({ value, of });
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# What counts as good (web.dev, Cumulative Layout Shift).
SHIFT_MAX = 0.1


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    need()
    with scene(tmp_path_factory.mktemp("scene")) as found:
        yield found


@pytest.fixture(scope="module")
def visitors(browser: Browser, played: Scene) -> Iterator[dict[tuple[str, bool], Page]]:
    """A page for each language, of somebody who is logged in and of somebody who is not."""
    made: list[BrowserContext] = []
    pages: dict[tuple[str, bool], Page] = {}
    for language, locale in LANGUAGES.items():
        for signed_in in (True, False):
            context = browser.new_context(
                locale=locale,
                color_scheme="light",
                reduced_motion="reduce",
                viewport={"width": WIDTH, "height": HEIGHT},
                timezone_id="UTC",
            )
            context.set_default_timeout(ACTION_MS)
            made.append(context)
            page = pages[language, signed_in] = context.new_page()
            page.add_init_script(WATCH_SHIFTS)
            if signed_in:
                page.goto(played.site.page("/"))
                page.get_by_role("heading", level=1).wait_for()
    yield pages
    for context in made:
        context.close()


def test_every_route_of_the_dashboard_is_looked_at() -> None:
    assert {place.route for place in PLACES} - {""} == routes()


def test_every_part_of_operations_is_looked_at() -> None:
    assert sections() <= {place.name for place in PLACES if place.route == SECTION}


# `make test` looks at a page in one language and theme: in the others its names and colours differ.
SPOKEN = [pytest.param("en"), pytest.param("zh", marks=pytest.mark.long)]


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
def test_a_page_is_for_everybody(
    place: Place, language: str, visitors: dict[tuple[str, bool], Page], played: Scene
) -> None:
    """One opening, three looks: nothing jumps as it comes, axe finds nothing, and it fits narrow windows."""
    page = visitors[language, place.signed_in]
    shifts = arriving(page, place, played)
    assert sum(each["value"] for each in shifts) < SHIFT_MAX, shifts
    assert violations(page, TAGS) == []
    assert page.locator("h1:visible").count() == 1
    assert page.locator("main:visible").count() == 1
    assert page.locator("html").get_attribute("lang") == LANGUAGES[language].replace("en-GB", "en")
    assert {width: too_wide(page, width) for width in NARROW} == {width: [] for width in NARROW}


def arriving(page: Page, place: Place, played: Scene) -> list[Any]:
    """Open a page, with the answers held back until it shows that it waits for them; return what jumped."""
    held: list[Route] = []
    holding = True

    def on_route(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    page.emulate_media(color_scheme="light")
    page.goto("about:blank")
    page.route(ASKED, on_route)
    page.goto(place.url(played))
    page.locator(place.ready).or_(page.locator(LOADING)).first.wait_for()
    holding = False
    for route in held:
        route.continue_()
    settled(page, place)
    page.evaluate(DRAWN)
    shifts: list[Any] = page.evaluate("() => window.shifts")
    page.unroute(ASKED)
    return shifts


def too_wide(page: Page, width: int) -> list[Any]:
    """Return what is wider than a narrow window, and what to act with is cut off."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(DRAWN)
    wrong: list[Any] = page.evaluate(FITS)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    return wrong


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
def test_a_page_is_legible_in_the_dark(
    place: Place, language: str, visitors: dict[tuple[str, bool], Page], played: Scene
) -> None:
    """Its colours alone: nothing else is another in the dark."""
    page = visitors[language, place.signed_in]
    shown(page, place, played)
    in_the_dark(page)
    assert violations(page, COLOURS) == []


def test_a_page_that_jumps_would_be_noticed(visitors: dict[tuple[str, bool], Page], played: Scene) -> None:
    page = visitors["en", True]
    flows = next(place for place in PLACES if place.name == "flows")
    shown(page, flows, played)
    page.evaluate("() => document.querySelector('main').style.setProperty('padding-top', '400px')")
    page.wait_for_function("(most) => window.shifts.some(({ value }) => value > most)", arg=SHIFT_MAX)


def shown(page: Page, place: Place, played: Scene) -> None:
    """Open a page in the light, with all that it has."""
    page.emulate_media(color_scheme="light")
    page.goto("about:blank")
    page.goto(place.url(played))
    settled(page, place)


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("openings", ALL, ids=[each.page for each in ALL])
def test_dialogs_have_nothing_that_axe_finds_wrong(
    openings: Openings, language: str, visitors: dict[tuple[str, bool], Page], played: Scene
) -> None:
    page = visitors[language, True]
    page.emulate_media(color_scheme="light")
    for name in each_opened(openings, Visit(page, language, played)):
        assert violations(page, TAGS, OPENED_NOW) == [], name
        if name in LOSING:
            no, yes = page.locator(f"{OPENED} button").all()[-2:]
            assert no.inner_text() != yes.inner_text(), name
            red, green, blue = yes.evaluate(BACKGROUND)
            assert red > 2 * max(green, blue), f"{name} cannot be undone and is not red"


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("openings", ALL, ids=[each.page for each in ALL])
def test_dialogs_are_legible_in_the_dark(
    openings: Openings, language: str, visitors: dict[tuple[str, bool], Page], played: Scene
) -> None:
    page = visitors[language, True]
    page.emulate_media(color_scheme="dark")
    for name in each_opened(openings, Visit(page, language, played)):
        assert violations(page, COLOURS, OPENED_NOW) == [], name


def test_the_main_things_are_done_by_keyboard(browser: Browser, played: Scene) -> None:
    """Menus, the namespace, many executions at once, a decision; the focus shows wherever it goes."""
    context = browser.new_context(
        locale="en-GB", color_scheme="light", viewport={"width": 1280, "height": 800}
    )
    context.set_default_timeout(ACTION_MS)
    page = context.new_page()
    page.goto(f"{played.site.url}/n/quiet/#token={TOKEN}")
    page.get_by_role("heading", level=1).or_(page.get_by_role("heading", level=2)).first.wait_for()
    reach(page, page.get_by_role("button", name="Light or dark"))
    page.keyboard.press("Enter")
    dark = page.get_by_role("menuitem", name="Dark")
    dark.wait_for()
    for _ in range(3):
        if not dark.evaluate(FOCUSED):
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("html[data-mantine-color-scheme=dark]").wait_for()
    reach(page, page.get_by_role("combobox", name="Namespace"), back=True)
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name=NAMESPACE).wait_for()
    page.keyboard.type(NAMESPACE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{played.site.url}/n/{NAMESPACE}**")
    bulk_by_keyboard(page, played)
    decided_by_keyboard(page, played)
    context.close()


def bulk_by_keyboard(page: Page, played: Scene) -> None:
    """Rerun an execution out of the list."""
    before = len(played.site.call("GET", f"executions?rerun_of={played.failed}")["items"])
    page.goto(f"{played.site.url}/n/{NAMESPACE}/executions?status=faulted")
    row = page.locator(".executions tbody tr[aria-rowindex]").filter(has_text=played.failed)
    row.wait_for()
    reach(page, row.get_by_role("checkbox"))
    page.keyboard.press("Space")
    reach(page, page.get_by_role("button", name=re.compile("^Rerun")))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    reach(page, dialog.get_by_role("button", name=re.compile("^Rerun")))
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("1 .*(rerun|started)", re.IGNORECASE)).first.wait_for()
    after = len(played.site.call("GET", f"executions?rerun_of={played.failed}")["items"])
    assert after == before + 1


def decided_by_keyboard(page: Page, played: Scene) -> None:
    """Approve what waits for a person."""
    page.goto(f"{played.site.url}/n/{NAMESPACE}/inbox/{played.claim}/{played.claim_run}")
    page.get_by_role("button", name="Approve").wait_for()
    reach(page, page.get_by_role("combobox", name="Cost centre"))
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="travel").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Approve"))
    page.keyboard.press("Enter")
    page.get_by_text("Decided: Approve").wait_for()


def reach(page: Page, target: Locator, *, back: bool = False) -> None:
    """Go to something with Tab alone, and see at each stop that it shows."""
    for _ in range(STOPS_MAX):
        if target.evaluate(FOCUSED):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
        found = page.evaluate(SHOWN)
        assert found is None or (found["seen"] and found["marked"]), found
    raise AssertionError(f"Tab does not reach {target}")
