"""Versions of a flow, and two people who edit it at once, each in an own browser, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browser import shop
from browser.conftest import ACTION_MS, watched
from browser.site import NAMESPACE, TOKEN, Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

FLOW = """\
# What is bought.
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: NAME}
spec:
  version: 1.0.0
  steps:
    - begin: # at first
        set: {stage: one}
    - middle:
        set: {stage: two}
    - last:
        set: {stage: three}
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the flows of the shop."""
    need()
    with site(tmp_path_factory.mktemp("versions"), shop.PROJECTS) as opened:
        yield opened


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """The page of somebody else."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(ACTION_MS)
    opened = context.new_page()
    complaints = watched(opened)
    yield opened
    context.close()
    assert complaints == []


def text_of(name: str, *changes: tuple[str, str]) -> str:
    text = FLOW.replace("NAME", name)
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def made(shown: Site, name: str) -> None:
    put(shown, name, text_of(name))


def put(shown: Site, name: str, text: str, message: str = "") -> None:
    shown.call(
        "PUT",
        f"flowapps/{name}" + (f"?message={message}" if message else ""),
        text.encode(),
        headers={"content-type": "application/yaml"},
    )


def edit(page: Page, shown: Site, name: str, *, token: str = TOKEN) -> None:
    page.goto(f"{shown.url}/n/{NAMESPACE}/flows/{name}#token={token}")
    page.get_by_role("heading", name=name, level=1).wait_for()
    page.get_by_role("tab", name="Text").click()
    page.get_by_label("Text", exact=True).last.wait_for()


def write(page: Page, text: str) -> None:
    """Write a text in the editor in the place of what is there."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.get_by_text("There are changes that are not saved.").wait_for()


def save(page: Page) -> None:
    # The one before may still be closing.
    page.get_by_role("dialog").wait_for(state="hidden")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()


def current(shown: Site, name: str) -> str:
    return str(shown.call("GET", f"flowapps/{name}")["text"])


def test_two_who_edit_different_places_are_put_together(page: Page, other: Page, shown: Site) -> None:
    made(shown, "together")
    for each in (page, other):
        edit(each, shown, "together")
    write(page, text_of("together", ("stage: one", "stage: first")))
    write(other, text_of("together", ("{stage: three}", "{stage: 3} # counted")))
    save(other)
    other.get_by_role("button", name="Saved", exact=True).wait_for()
    # Told while editing, without having asked.
    page.get_by_text("while you edit. Yours is not lost.").wait_for()
    save(page)
    dialog = page.get_by_role("dialog", name="Somebody saved this flow meanwhile")
    dialog.get_by_text("both changes are put together").wait_for()
    dialog.get_by_role("listitem").filter(has_text="begin").wait_for()
    assert current(shown, "together") == text_of("together", ("{stage: three}", "{stage: 3} # counted"))
    dialog.get_by_role("button", name="Save both").click()
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert current(shown, "together") == text_of(
        "together", ("stage: one", "stage: first"), ("{stage: three}", "{stage: 3} # counted")
    )


def test_what_both_changed_is_shown_side_by_side_and_decided(page: Page, other: Page, shown: Site) -> None:
    made(shown, "apart")
    for each in (page, other):
        edit(each, shown, "apart")
    write(page, text_of("apart", ("stage: one", "stage: mine"), ("stage: two", "stage: middle")))
    write(other, text_of("apart", ("stage: one", "stage: theirs"), ("stage: three", "stage: end")))
    save(other)
    other.get_by_role("button", name="Saved", exact=True).wait_for()
    page.get_by_role("button", name="Put together").click()
    dialog = page.get_by_role("dialog", name="Somebody saved this flow meanwhile")
    keep = dialog.get_by_role("button", name="Save both")
    keep.wait_for()
    assert keep.is_disabled()
    place = dialog.get_by_role("region", name="spec › steps › begin › set")
    place.get_by_text("{stage: mine}").wait_for()
    place.get_by_text("{stage: theirs}").wait_for()
    place.get_by_label("Theirs").check()
    place.get_by_label("Written by hand").check()
    place.get_by_role("textbox").fill("{stage: ours}")
    keep.click()
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert current(shown, "apart") == text_of(
        "apart",
        ("stage: one", "stage: ours"),
        ("stage: two", "stage: middle"),
        ("stage: three", "stage: end"),
    )
    page.get_by_role("button", name="Undo").click()
    assert "stage: mine" in page.locator(".cm-content").inner_text()


def test_who_is_quicker_by_a_moment_is_not_overwritten(browser: Browser, shown: Site) -> None:
    made(shown, "race")
    # A page of its own: the refusal is what is tested, and browsers report every refusal as an error.
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(ACTION_MS)
    page = context.new_page()
    edit(page, shown, "race")
    write(page, text_of("race", ("stage: one", "stage: first")))
    others = text_of("race", ("stage: three", "stage: end"))

    def meanwhile(route: Route) -> None:
        if route.request.method == "PUT" and "stage: end" not in current(shown, "race"):
            put(shown, "race", others)
        route.continue_()

    page.route(re.compile(r"/flowapps/race(\?.*)?$"), meanwhile)
    save(page)
    page.get_by_role("dialog").get_by_text("both changes are put together").wait_for()
    assert current(shown, "race") == others
    page.get_by_role("button", name="Save both").click()
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    both = text_of("race", ("stage: one", "stage: first"), ("stage: three", "stage: end"))
    assert current(shown, "race") == both
    context.close()


def node(page: Page, name: str) -> Locator:
    """Return a step on the canvas."""
    return page.locator(f'.react-flow__node[aria-label="{name}"]')


def move(page: Page, name: str, across: float) -> None:
    """Drag a step aside."""
    before = node(page, name).bounding_box()
    assert before is not None
    x, y = before["x"] + before["width"] / 2, before["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across / 2, y, steps=4)
    page.mouse.move(x + across, y, steps=4)
    page.mouse.up()
    page.get_by_text("There are changes that are not saved.").wait_for()


def places(shown: Site, name: str) -> dict[str, dict[str, float]]:
    nodes: dict[str, dict[str, float]] = shown.call("GET", f"flowapps/{name}/layout").get("nodes", {})
    return nodes


def test_what_two_people_move_stays_where_each_put_it(page: Page, other: Page, shown: Site) -> None:
    made(shown, "moved")
    for each in (page, other):
        edit(each, shown, "moved")
    move(page, "begin", -150)
    move(other, "last", 160)
    for each in (other, page):
        save(each)
        each.get_by_role("button", name="Saved", exact=True).wait_for()
    assert set(places(shown, "moved")) == {"begin", "last"}
    # The one who saved later sees both.
    begin, last = node(page, "begin").bounding_box(), node(page, "last").bounding_box()
    assert begin and last and last["x"] - begin["x"] > 250


def test_of_a_step_that_both_moved_the_later_place_stays_and_the_other_can_be_had(
    page: Page, other: Page, shown: Site
) -> None:
    made(shown, "contested")
    joan = shown.call("POST", "/api/v1/tokens", {"name": "Joan", "roles": {NAMESPACE: "editor"}})["token"]
    edit(page, shown, "contested")
    edit(other, shown, "contested", token=joan)
    move(other, "middle", 160)
    move(page, "middle", -150)
    save(other)
    other.get_by_role("button", name="Saved", exact=True).wait_for()
    theirs = places(shown, "contested")["middle"]
    save(page)
    page.get_by_text("Joan saved “middle” in another place than you. What you did is kept.").wait_for()
    assert places(shown, "contested")["middle"]["x"] < theirs["x"]
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_role("button", name="Use theirs").click()
    save(page)
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert places(shown, "contested") == {"middle": theirs}
    assert page.get_by_text("Joan saved").count() == 0


def test_theirs_is_taken_whole_and_ones_own_comes_back(page: Page, other: Page, shown: Site) -> None:
    made(shown, "taken")
    mine = text_of("taken", ("stage: one", "stage: mine"), ("stage: two", "stage: middle"))
    theirs = text_of("taken", ("stage: one", "stage: theirs"))
    for each, text in ((page, mine), (other, theirs)):
        edit(each, shown, "taken")
        write(each, text)
    move(other, "middle", 160)
    move(page, "middle", -150)
    own = across(page)
    save(other)
    other.get_by_role("button", name="Saved", exact=True).wait_for()
    place = places(shown, "taken")
    page.get_by_role("button", name="Put together").click()
    dialog = page.get_by_role("dialog", name="Somebody saved this flow meanwhile")
    dialog.get_by_text(re.compile("saved “middle” in another place than you")).wait_for()
    dialog.get_by_role("button", name="Take theirs").click()
    dialog.wait_for(state="detached")
    # Text and places are theirs, and nothing is left to save or to be told.
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert written(page) == theirs
    assert across(page) - own > 250
    assert page.get_by_text(re.compile("Somebody|in another place")).count() == 0
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("There are changes that are not saved.").wait_for()
    assert written(page) == mine
    assert abs(across(page) - own) < 2
    assert (current(shown, "taken"), places(shown, "taken")) == (theirs, place)
    # What came back is saved over theirs, which has been seen.
    save(page)
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert current(shown, "taken") == mine
    assert places(shown, "taken")["middle"]["x"] < place["middle"]["x"]


def test_of_text_put_together_the_place_of_a_step_can_still_be_theirs(
    page: Page, other: Page, shown: Site
) -> None:
    made(shown, "both")
    for each, change in ((page, ("stage: one", "stage: first")), (other, ("stage: three", "stage: end"))):
        edit(each, shown, "both")
        write(each, text_of("both", change))
    move(other, "middle", 160)
    move(page, "middle", -150)
    save(other)
    other.get_by_role("button", name="Saved", exact=True).wait_for()
    theirs = places(shown, "both")
    page.get_by_role("button", name="Put together").click()
    page.get_by_role("dialog").get_by_role("button", name="Save both").click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_text(re.compile("saved “middle” in another place than you. What you did is kept")).wait_for()
    page.get_by_role("button", name="Use theirs").click()
    save(page)
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert places(shown, "both") == theirs
    assert current(shown, "both") == text_of(
        "both", ("stage: one", "stage: first"), ("stage: three", "stage: end")
    )


def across(page: Page) -> float:
    """Return where the step `middle` is, from the left of the screen."""
    box = node(page, "middle").bounding_box()
    assert box is not None
    return float(box["x"])


def written(page: Page) -> str:
    """Return the text in the editor."""
    lines = page.locator(".cm-line").evaluate_all("lines => lines.map((line) => line.textContent)")
    return "\n".join(lines)


def test_who_moves_something_a_moment_earlier_is_not_overwritten(browser: Browser, shown: Site) -> None:
    made(shown, "moment")
    context = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(ACTION_MS)
    page = context.new_page()
    edit(page, shown, "moment")
    move(page, "begin", -150)
    refused: list[int] = []
    page.on("response", lambda answer: refused.append(answer.status) if answer.status >= 400 else None)

    def meanwhile(route: Route) -> None:
        if route.request.method == "PUT" and "last" not in places(shown, "moment"):
            body = {"version": 1, "nodes": {"last": {"x": 300, "y": 400}}, "collapsed": [], "notes": []}
            shown.call("PUT", "flowapps/moment/layout", body)
        route.continue_()

    page.route(re.compile(r"/flowapps/moment/layout$"), meanwhile)
    save(page)
    page.get_by_role("button", name="Saved", exact=True).wait_for()
    assert refused == [412]
    assert places(shown, "moment")["last"] == {"x": 300, "y": 400}
    assert set(places(shown, "moment")) == {"begin", "last"}
    context.close()


def test_two_versions_are_compared_on_the_canvas_in_words_and_as_text(page: Page, shown: Site) -> None:
    made(shown, "history")
    put(
        shown,
        "history",
        text_of(
            "history",
            ("stage: two", "stage: second"),
            ("    - last:\n", "    - extra:\n        wait: {seconds: 1}\n    - last:\n"),
        ),
        "slower",
    )
    page.goto(shown.page("/flows/history"))
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("heading", name="Versions of history", level=1).wait_for()
    page.get_by_role("cell", name="slower").wait_for()
    after = page.get_by_role("region", name=re.compile("^After"))
    after.locator('.diff-changed[data-id="/do/1/middle"]').wait_for()
    after.locator('.diff-added[data-id="/do/2/extra"]').wait_for()
    assert page.get_by_role("region", name=re.compile("^Before")).locator(".diff-added").count() == 0
    changes = page.get_by_role("region", name="What changed")
    changes.get_by_role("button", name="middle").click()
    changes.get_by_text("second", exact=True).wait_for()
    after.locator('.react-flow__node.selected[data-id="/do/1/middle"]').wait_for()
    page.get_by_role("tab", name="As text").click()
    page.get_by_text("stage: second").wait_for()


def test_an_earlier_version_is_restored_as_a_new_one_and_run(page: Page, shown: Site) -> None:
    made(shown, "back")
    put(shown, "back", text_of("back", ("stage: two", "stage: second")))
    page.goto(shown.page("/flows/back/versions"))
    page.get_by_role("button", name="Restore 1.0.0 (no. 1)").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore", exact=True).click()
    page.get_by_role("cell", name="Restores 1.0.0 (no. 1)").wait_for()
    assert current(shown, "back") == text_of("back")
    assert shown.call("GET", "flowapps/back/versions")["items"][0]["generation"] == 3
    page.get_by_role("button", name=re.compile(r"^Run .*\(no\. 2\)")).click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("heading", name="Execution of back", level=1).wait_for()
    run = page.url.partition("/executions/")[2].partition("?")[0].partition("#")[0]
    assert shown.ended(run)["output"] == {"stage": "three"}
