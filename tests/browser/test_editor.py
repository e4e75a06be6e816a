"""The canvas of the editor, with a mouse and a keyboard, on a real server; the text says what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.drawing import (
    WAIT_SECONDS,
    drag,
    drop,
    middle,
    node,
    on_way,
    onto,
    opened,
    says,
    text_of,
    undone,
)
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

TEXT = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: draw}
spec:
  version: 1.0.0
  triggers:
    - name: api   # where it begins
      http: {path: /draw}
  steps:
    - first: {set: {a: 1}} # one
    - group:
        do:
          - inner: {set: {b: 2}}
    - choose:
        switch:
          - large: {when: .a > 1000, then: last}
          - other: {then: middle}
    - middle: {set: {c: 3}}
    - last: {set: {d: 4}} # the last one
"""
OTHER = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: other}
spec:
  version: 1.0.0
  steps:
    - only: {set: {z: 0}}
"""
NEST = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: nest}
spec:
  version: 1.0.0
  steps:
    # at first
    - one: {set: {a: 1}} # one
    - box:
        do:
          - left: {set: {b: 2}} # the left one
          - right: {set: {c: 3}}
    - two: {set: {d: 4}}
"""
TURNS = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: turns}
spec:
  version: 1.0.0
  steps:
    - each:
        for: {in: .numbers}
        do:
          - double: {set: {twice: "${ $item * 2 }"}}
"""
EVENTS = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: events}
spec:
  version: 1.0.0
  steps:
    - hear:
        listen:
          to:
            any:
              - with: {type: com.example.paid} # the money
                correlate: {order: {from: .data.id}}
"""
FLOWS = {"draw": TEXT, "other": OTHER, "nest": NEST, "turns": TURNS, "events": EVENTS}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with flows to draw."""
    need()
    files = {name: {"config/flowapp.yaml": text} for name, text in FLOWS.items()}
    with site(tmp_path_factory.mktemp("draw"), files) as opened:
        yield opened


@pytest.fixture
def editor(page: Page, shown: Site) -> Page:
    """The editor of the flow, with its text beside the canvas."""
    return opened(page, shown, "draw")


def test_what_is_dropped_on_a_way_or_into_a_container_is_written_there(editor: Page) -> None:
    drop(editor, "wait", on_way(editor, "next:/do/0/first>/do/1/group"))
    says(
        editor,
        TEXT.replace("    - group:", "    - wait:\n        wait:\n          seconds: 5\n    - group:"),
    )
    undone(editor, TEXT)
    drop(editor, "raise", middle(editor, "inner"))
    inside = "          - inner: {set: {b: 2}}\n"
    raised = (
        "          - fail:\n              raise:\n                error:\n"
        "                  type: https://example.com/errors/failed\n"
        "                  status: 500\n                  title: Failed\n"
    )
    says(editor, TEXT.replace(inside, inside + raised))
    undone(editor, TEXT)
    drop(editor, "cron", middle(editor, "last"))
    editor.get_by_text("nightly").first.wait_for()
    undone(editor, TEXT)


def test_ways_are_drawn_by_the_mouse_and_pointed_elsewhere(editor: Page) -> None:
    out = node(editor, "first").locator('.react-flow__handle[data-handleid="out"]').bounding_box()
    into = node(editor, "middle").locator('.react-flow__handle[data-handleid="in"]').bounding_box()
    assert out and into
    drag(editor, (out["x"] + 4, out["y"] + 4), (into["x"] + 4, into["y"] + 4))
    says(editor, TEXT.replace("{set: {a: 1}} # one", "{set: {a: 1}, then: middle} # one"))
    undone(editor, TEXT)
    other = editor.locator('.react-flow__edge[data-id="case:/do/2/choose/switch/1/other>/do/3/middle"]')
    end = other.locator(".react-flow__edgeupdater-target").bounding_box()
    last = node(editor, "last").locator('.react-flow__handle[data-handleid="in"]').bounding_box()
    assert end and last
    drag(
        editor,
        (end["x"] + end["width"] / 2, end["y"] + end["height"] / 2),
        (last["x"] + 4, last["y"] + 4),
    )
    says(editor, TEXT.replace("other: {then: middle}", "other: {then: last}"))
    undone(editor, TEXT)


def test_a_step_that_is_dragged_into_a_container_is_written_there(editor: Page) -> None:
    x, y = middle(editor, "inner")
    drag(editor, middle(editor, "first"), (x, y + 6))
    moved = TEXT.replace("    - first: {set: {a: 1}} # one\n", "").replace(
        "{set: {b: 2}}\n", "{set: {b: 2}}\n          - first: {set: {a: 1}} # one\n"
    )
    says(editor, moved)
    undone(editor, TEXT)
    start = middle(editor, "last")
    drag(editor, start, (start[0] - 120, start[1] + 10))
    assert abs(middle(editor, "last")[0] - (start[0] - 120)) < 30
    says(editor, TEXT)
    editor.get_by_role("button", name="Undo").click()
    editor.get_by_role("button", name="Undo").and_(editor.locator(":disabled")).wait_for()


def test_a_step_that_is_dragged_onto_a_way_goes_there(editor: Page) -> None:
    onto(editor, "last", "next:/do/0/first>/do/1/group")
    # What went to it goes where it went: out of the flow.
    line = "    - last: {set: {d: 4}} # the last one\n"
    moved = TEXT.replace(line, "").replace("then: last}", "then: exit}")
    says(editor, moved.replace("    - group:", line + "    - group:"))
    editor.locator('.react-flow__node.selected[aria-label="last"]').wait_for()
    assert middle(editor, "first")[1] < middle(editor, "last")[1] < middle(editor, "group")[1]
    undone(editor, TEXT)
    editor.get_by_role("button", name="Undo").and_(editor.locator(":disabled")).wait_for()
    # A way that is its own is none to go to: it is only moved.
    start = middle(editor, "last")
    drag(editor, start, (start[0], start[1] - 40))
    says(editor, TEXT)
    editor.get_by_role("button", name="Undo").and_(editor.locator(":enabled")).wait_for()


def test_onto_a_way_out_of_and_into_a_container(page: Page, shown: Site) -> None:
    opened(page, shown, "nest")
    onto(page, "one", "next:/do/1/box/do/0/left>/do/1/box/do/1/right")
    one = "# at first\n{}- one: {{set: {{a: 1}}}} # one\n"
    left = "{}- left: {{set: {{b: 2}}}} # the left one\n"
    outer, inner = "    ", "          "
    says(
        page,
        NEST.replace(outer + one.format(outer), "").replace(
            inner + "- right", inner + one.format(inner) + inner + "- right"
        ),
    )
    undone(page, NEST)
    onto(page, "left", "next:/do/1/box>/do/2/two")
    says(page, NEST.replace(left.format(inner), "").replace("    - two", left.format(outer) + "    - two"))
    undone(page, NEST)
    page.get_by_role("button", name="Undo").and_(page.locator(":disabled")).wait_for()


def test_what_is_put_on_the_first_arrow_is_the_first_step(editor: Page) -> None:
    arrow = "start:trigger/api>/do/0/first"
    drop(editor, "set", on_way(editor, arrow))
    first = "    - first:"
    says(editor, TEXT.replace(first, "    - set:\n        set:\n          value: ${ . }\n" + first))
    undone(editor, TEXT)
    onto(editor, "last", arrow)
    line = "    - last: {set: {d: 4}} # the last one\n"
    moved = TEXT.replace(line, "").replace("then: last}", "then: exit}")
    says(editor, moved.replace(first, line + first))
    undone(editor, TEXT)
    # With the keyboard: what is added behind the trigger comes first.
    node(editor, "api").click()
    editor.get_by_role("button", name="Add wait", exact=True).focus()
    editor.keyboard.press("Enter")
    says(editor, TEXT.replace(first, "    - wait:\n        wait:\n          seconds: 5\n" + first))
    undone(editor, TEXT)


def test_what_is_put_on_the_head_of_a_container_is_first_in_it(page: Page, shown: Site) -> None:
    opened(page, shown, "nest")
    left, right = "          - left:", "          - right: {set: {c: 3}}\n"
    drop(page, "wait", middle(page, "box"))
    waits = "          - wait:\n              wait:\n                seconds: 5\n"
    says(page, NEST.replace(left, waits + left))
    undone(page, NEST)
    # A step of its own as well, which says so while it is over the head.
    start, (x, y) = middle(page, "right"), middle(page, "box")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(x, (start[1] + y) / 2, steps=4)
    page.mouse.move(x, y, steps=4)
    page.locator('.react-flow__node[data-target="beginning"][aria-label="box"]').wait_for()
    page.mouse.up()
    says(page, NEST.replace(right, "").replace(left, right + left))
    undone(page, NEST)


def test_several_are_selected_put_in_line_and_removed(editor: Page) -> None:
    start = middle(editor, "last")
    drag(editor, start, (start[0] - 90, start[1]))
    node(editor, "middle").click()
    node(editor, "last").click(modifiers=["Shift"])
    editor.get_by_role("toolbar", name="Put the 2 selected steps in line").wait_for()
    editor.get_by_role("button", name="Left sides in line").click()
    editor.wait_for_timeout(50)
    lefts = [(node(editor, name).bounding_box() or {"x": -1})["x"] for name in ("middle", "last")]
    assert abs(lefts[0] - lefts[1]) < 1
    says(editor, TEXT)
    editor.keyboard.press("Delete")
    gone = TEXT.replace("    - middle: {set: {c: 3}}\n", "").replace(
        "    - last: {set: {d: 4}} # the last one\n", ""
    )
    deadline = time.monotonic() + WAIT_SECONDS
    while "middle: {set" in text_of(editor) or "last: {set" in text_of(editor):
        assert time.monotonic() < deadline
        editor.wait_for_timeout(30)
    assert text_of(editor).startswith(gone.split("    - choose")[0])
    for _ in range(3):
        editor.get_by_role("button", name="Undo").click()
    says(editor, TEXT)
    box = editor.locator(".editor__canvas").bounding_box()
    assert box
    editor.keyboard.down("Shift")
    # Not at the border, where the canvas begins to move along; as far as the lower side of `first`.
    editor.get_by_role("button", name="Zoom out").click()
    editor.wait_for_timeout(300)
    drag(
        editor,
        (box["x"] + 60, box["y"] + 50),
        (box["x"] + box["width"] - 60, middle(editor, "first")[1] + 35),
    )
    editor.keyboard.up("Shift")
    editor.locator('.react-flow__node.selected[aria-label="first"]').wait_for()
    editor.locator('.react-flow__node.selected[aria-label="api"]').wait_for()


def test_steps_are_copied_in_a_flow_and_to_another(editor: Page, browser: Browser, shown: Site) -> None:
    node(editor, "first").click()
    editor.keyboard.press("Control+c")
    node(editor, "inner").click()
    editor.keyboard.press("Control+v")
    inner = "          - inner: {set: {b: 2}}\n"
    says(editor, TEXT.replace(inner, inner + "          - first: {set: {a: 1}} # one\n"))
    undone(editor, TEXT)
    node(editor, "last").click()
    editor.keyboard.press("Control+x")
    says(
        editor,
        TEXT.replace("    - last: {set: {d: 4}} # the last one\n", "").replace("then: last}", "then: exit}"),
    )
    undone(editor, TEXT)
    second = editor.context.new_page()
    opened(second, shown, "other")
    node(second, "only").click()
    second.keyboard.press("Control+v")
    says(second, OTHER + "    - last: {set: {d: 4}} # the last one\n")
    second.close()


def test_the_keyboard_finds_walks_opens_adds_and_folds(editor: Page) -> None:
    node(editor, "api").click()
    for name in ("first", "group", "inner"):
        editor.keyboard.press("ArrowDown")
        editor.locator(f'.react-flow__node.selected[aria-label="{name}"]:focus').wait_for()
    editor.keyboard.press("Control+f")
    editor.get_by_role("search").get_by_role("textbox").fill("1000")
    editor.get_by_text("1 of 1").wait_for()
    editor.locator('.react-flow__node.selected[aria-label="choose"]').wait_for()
    editor.keyboard.press("Escape")
    editor.keyboard.press("Enter")
    editor.locator("[role='tabpanel'] input:focus").first.wait_for()
    editor.get_by_role("tab", name="Text").click()
    node(editor, "last").click()
    editor.get_by_role("button", name="Add emit", exact=True).focus()
    editor.keyboard.press("Enter")
    node(editor, "notify").wait_for()
    assert "    - notify:\n        emit:" in text_of(editor)
    undone(editor, TEXT)
    editor.get_by_role("button", name="Hide what is inside group").click()
    node(editor, "inner").wait_for(state="detached")
    says(editor, TEXT)
    editor.get_by_role("button", name="Undo").click()
    node(editor, "inner").wait_for()


def test_keys_are_heard_where_what_had_the_focus_is_gone(editor: Page) -> None:
    node(editor, "last").click()
    editor.keyboard.press("Delete")
    gone = TEXT.replace("    - last: {set: {d: 4}} # the last one\n", "").replace(
        "then: last}", "then: exit}"
    )
    says(editor, gone)
    editor.keyboard.press("Control+z")
    says(editor, TEXT)
    # Nor is a button heard that cannot be pressed any more.
    editor.keyboard.press("Control+y")
    says(editor, gone)
    undone(editor, TEXT)
    editor.get_by_role("button", name="Undo").and_(editor.locator(":disabled")).wait_for()
    editor.keyboard.press("Control+y")
    says(editor, gone)
    editor.keyboard.press("Control+z")
    says(editor, TEXT)
    # What is found in something folded is shown as that.
    editor.get_by_role("button", name="Hide what is inside group").click()
    node(editor, "inner").wait_for(state="detached")
    editor.locator(".canvas__frame:focus").wait_for()
    editor.keyboard.press("Control+f")
    editor.get_by_role("search").get_by_role("textbox").fill("inner")
    editor.get_by_text("1 of 1").wait_for()
    editor.keyboard.press("Escape")
    editor.get_by_role("tab", name="Step").click()
    panel = editor.get_by_role("tabpanel", name="Step")
    panel.get_by_label("Name", exact=True).and_(editor.locator("[value=inner]")).wait_for()


def test_notes_and_places_are_kept_beside_the_text(editor: Page, shown: Site) -> None:
    editor.get_by_role("button", name="Add Note", exact=True).click()
    editor.get_by_role("textbox", name="Note", exact=True).fill("Ask Ann first")
    editor.keyboard.press("Escape")
    editor.get_by_text("Ask Ann first").wait_for()
    says(editor, TEXT)
    # Saving can be left; what was written is there when one comes back.
    editor.get_by_role("button", name="Save", exact=True).click()
    saving = editor.get_by_role("dialog")
    saving.get_by_role("textbox", name="What changed, and why").fill("for Ann")
    saving.get_by_role("button", name="Cancel").click()
    saving.wait_for(state="hidden")
    assert shown.call("GET", "flowapps/draw/layout").get("notes", []) == []
    editor.get_by_role("button", name="Save", exact=True).click()
    assert saving.get_by_role("textbox", name="What changed, and why").input_value() == "for Ann"
    saving.get_by_role("button", name="Save").click()
    editor.get_by_role("button", name="Saved").wait_for()
    layout = shown.call("GET", "flowapps/draw/layout")
    assert [note["text"] for note in layout["notes"]] == ["Ask Ann first"]
    editor.reload()
    editor.get_by_text("Ask Ann first").wait_for()
    editor.get_by_text("Ask Ann first").click()
    editor.keyboard.press("Delete")
    editor.get_by_text("Ask Ann first").wait_for(state="detached")


def test_a_new_note_is_wholly_in_sight(editor: Page) -> None:
    canvas = editor.locator(".editor__canvas")
    for _ in range(2):
        editor.get_by_role("button", name="Zoom in").click()
    editor.get_by_role("button", name="Add Note", exact=True).click()
    inside(editor, canvas)
    box = canvas.bounding_box()
    assert box
    editor.keyboard.press("Escape")
    # Dropped in the corner it comes in as well.
    drop(editor, "Note", (box["x"] + box["width"] - 8, box["y"] + 8))
    inside(editor, canvas)


def inside(page: Page, canvas: Locator) -> None:
    """Wait until the last note is in sight, and nothing but the drawing was moved for that."""
    canvas.evaluate(
        """(canvas) => new Promise((done) => {
          const look = () => {
            const room = canvas.getBoundingClientRect();
            const notes = [...canvas.querySelectorAll('.react-flow__node-note')];
            const note = notes.at(-1)?.getBoundingClientRect();
            const across = note && note.left >= room.left && note.right <= room.right;
            if (across && note.top >= room.top && note.bottom <= room.bottom) done();
            else requestAnimationFrame(look);
          };
          look();
        })"""
    )
    assert page.locator(".react-flow").evaluate("(each) => each.scrollLeft + each.scrollTop") == 0


def test_everything_is_arranged_by_a_worker_that_the_policy_lets_run(editor: Page) -> None:
    before = middle(editor, "choose")
    start = middle(editor, "choose")
    drag(editor, start, (start[0] + 150, start[1]))
    with editor.expect_worker():
        editor.get_by_role("button", name="Arrange all").click()
    deadline = time.monotonic() + WAIT_SECONDS
    while abs(middle(editor, "choose")[0] - before[0]) > 100:
        assert time.monotonic() < deadline
        editor.wait_for_timeout(50)
    says(editor, TEXT)


def test_screens_of_the_editor_fit(page: Page, shown: Site, tmp_path: Path) -> None:
    """A narrow window shows the canvas whole: nothing is wider than it."""
    page.set_viewport_size({"width": 480, "height": 900})
    opened(page, shown, "draw")
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= 480


def test_an_expression_in_a_loop_is_tried_on_the_iteration_that_is_chosen(page: Page, shown: Site) -> None:
    shown.run("turns", {"numbers": [10, 20, 40]})
    page.goto(shown.page("/flows/turns"))
    node(page, "double").click()
    panel = page.get_by_role("tabpanel", name="Step")
    panel.get_by_role("textbox", name="twice", exact=True).click()
    gives = panel.get_by_test_id("tried").get_by_role("region", name="Gives")
    gives.get_by_text("80", exact=True).wait_for()
    chosen = panel.get_by_role("combobox", name="Run", exact=True)
    assert chosen.input_value() == "Last: 3 of 3 · iteration 2 · Completed"
    chosen.click()
    page.get_by_role("option", name="1 of 3 · iteration 0").click()
    gives.get_by_text("20", exact=True).wait_for()
    # A step that ran once has nothing to choose.
    node(page, "each").click(position={"x": 60, "y": 20})
    panel.get_by_role("textbox", name="Name", exact=True).and_(page.locator("[value=each]")).wait_for()
    assert chosen.count() == 0


def test_a_form_in_a_form_has_what_can_be_added_at_its_head_and_no_frame_twice(
    page: Page, shown: Site
) -> None:
    page.goto(shown.page("/flows/events"))
    node(page, "hear").click()
    panel = page.get_by_role("tabpanel", name="Step")
    panel.get_by_role("button", name="More properties: Attributes").click()
    page.get_by_role("menuitem", name="subject").click()
    subject = panel.get_by_role("textbox", name="Subject")
    subject.click()
    page.keyboard.type("orders")
    page.keyboard.press("Enter")
    # Lines of their own have the step and the row only; five frames around the field would be 70 pixels.
    assert panel.get_by_role("button", name="More properties", exact=True).count() == 2
    box, field = panel.bounding_box(), subject.bounding_box()
    assert box and field
    assert field["x"] - box["x"] < 64
    page.get_by_role("tab", name="Text").click()
    says(page, EVENTS.replace("com.example.paid}", "com.example.paid, subject: orders}"))
