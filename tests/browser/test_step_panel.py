"""The step panel: a form of what is selected, whose expressions are tried on what really ran."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

FLOW = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: cart}   # the shop's
spec:
  version: 1.0.0
  triggers:
    - name: web
      http: {path: /cart, reply: output}
  functions:
    price: {source: cmd/price}
  steps:
    # what the customer sent
    - begin:
        set: {lines: '${ .lines }', customer: "${ .customer }"}
    - ask:
        call: price   # by article
        with:
          sku: '${ .lines[0].sku }'  # of the first line
          x-ours: {kept: true}
    - route:
        switch:
          - large: {when: .amount > 100, then: end}
          - other: {then: continue}
    - thanks:
        set: {amount: "${ .amount }"}
        metadata: {owner: team-a}
"""
WATCHED = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: watched}
spec:
  version: 1.0.0
  alerts:
    # the shop's chat
    - name: fails
      faulted: true
      webhook: {url: 'https://chat.example.test/{{ secrets.chat }}'}   # ours
  use:
    extensions:
      - audit:   # who did what
          extend: call
          before:
            - note: {set: {begun: true}}
  steps:
    - done: {set: {done: true}}
"""
PRICE = """\
from headrace.function import function


@function
def price(line: dict) -> dict:
    return {"sku": line["sku"], "amount": 12}
"""
INPUT = {"customer": "Ada", "lines": [{"sku": "beans", "quantity": 2}, {"sku": "filter", "quantity": 1}]}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a flow that ran once."""
    need()
    projects = {
        "cart": {"config/flowapp.yaml": FLOW, "cmd/price/main.py": PRICE},
        "watched": {"config/flowapp.yaml": WATCHED},
    }
    with site(tmp_path_factory.mktemp("cart"), projects) as opened:
        opened.run("cart", INPUT)
        yield opened


def select(page: Page, shown: Site, step: str) -> Locator:
    """Open the flow with a step selected; return the panel."""
    page.goto(shown.page("/flows/cart"))
    page.locator(".react-flow__node").filter(has_text=step).last.click()
    panel = page.get_by_role("tabpanel", name="Step")
    panel.get_by_label("Name", exact=True).first.wait_for()
    return panel


def text_of(page: Page) -> str:
    """Return the text beside the canvas, as far as it is drawn."""
    page.get_by_role("tab", name="Text").click()
    lines = page.get_by_role("tabpanel", name="Text").locator(".cm-line")
    lines.first.wait_for()
    return "\n".join(line.strip("\n") for line in lines.all_inner_texts())


def test_cases_have_their_order_names_conditions_and_ways(page: Page, shown: Site) -> None:
    panel = select(page, shown, "route")
    panel.get_by_role("button", name="Add a case").click()
    added = panel.get_by_role("group", name="case", exact=True)
    added.get_by_label("Name of case").fill("free")
    added.get_by_label("Name of case").press("Enter")
    free = panel.get_by_role("group", name="free", exact=True)
    when = free.get_by_role("textbox", name="free: When")
    when.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(".amount == 0")
    panel.get_by_test_id("tried").get_by_role("region", name="Gives").get_by_text("false").wait_for()
    page.keyboard.press("Enter")
    free.get_by_role("combobox", name="free: Then").click()
    page.get_by_role("option", name="end the flow").click()
    free.get_by_role("button", name="Move free up").click()
    page.locator(".canvas-way").filter(has_text="free").get_by_text(".amount == 0").wait_for()
    expected = FLOW.replace(
        "          - large: {when",
        "          - free:\n              when: .amount == 0\n              then: end\n"
        "          - large: {when",
    )
    assert text_of(page) == expected
    for _ in range(5):
        page.get_by_role("button", name="Undo").click()
    assert text_of(page) == FLOW


def test_what_the_form_does_not_know_is_edited_as_it_is_written(page: Page, shown: Site) -> None:
    panel = select(page, shown, "ask")
    # A panel with much in it scrolls, and cuts nothing off.
    parts = page.locator(".editor__step > *")
    assert (
        parts.evaluate_all(
            "parts => parts.filter((each) => each.scrollHeight > each.clientHeight + 1).length"
        )
        == 0
    )
    field = panel.get_by_label("x-ours (YAML)")
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("{kept: true, more: [1, 2]}")
    panel.get_by_label("Name", exact=True).first.click()
    kept = FLOW.replace("{kept: true}", "{kept: true, more: [1, 2]}")
    assert text_of(page) == kept
    # What is no property of the language at all, as it may stand in a text that is not saved yet.
    page.get_by_role("tabpanel", name="Text").get_by_text("# by article").click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("ours/owner: team-a")
    page.get_by_role("tab", name="Step").click()
    panel.get_by_role("button", name="Other properties").wait_for()
    field = panel.get_by_label("ours/owner (YAML)")
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("team-b")
    panel.get_by_label("Name", exact=True).first.click()
    assert text_of(page) == kept.replace("# by article\n", "# by article\n        ours/owner: team-b\n")


def test_a_trigger_is_tried_on_what_came_and_a_flow_has_settings(page: Page, shown: Site) -> None:
    panel = select(page, shown, "web")
    panel.get_by_role("textbox", name="Input").click()
    page.keyboard.type("{lines: .body.lines}")
    # No execution of this trigger yet: it is only checked.
    panel.get_by_text("Correct. There is no data to try it on yet.").wait_for()
    panel.get_by_role("combobox", name="Try on").click()
    page.get_by_role("option", name="Data of my own").click()
    own = panel.get_by_label("Data of my own").and_(panel.locator("[contenteditable]"))
    own.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text('{"body": {"lines": [4711]}}')
    panel.get_by_role("textbox", name="Input").click()
    panel.get_by_test_id("tried").get_by_role("region", name="Gives").get_by_text("4711").wait_for()
    page.keyboard.press("Enter")
    panel.get_by_role("combobox", name="Method").click()
    page.get_by_role("option", name="PUT").click()
    expected = FLOW.replace("reply: output}", "reply: output, input: '{lines: .body.lines}', method: PUT}")
    assert text_of(page).replace('"', "'") == expected.replace('"', "'")
    page.get_by_role("tab", name="Step").click()
    page.locator(".react-flow__pane").click(position={"x": 5, "y": 5})
    panel.get_by_label("Title").fill("The cart")
    panel.get_by_label("Title").press("Enter")
    assert "  title: The cart\n" in text_of(page)


def test_alerts_are_added_changed_and_removed_in_fields(page: Page, shown: Site) -> None:
    page.goto(shown.page("/flows/watched"))
    panel = page.get_by_role("tabpanel", name="Step")
    fails = panel.get_by_role("group", name="Alerts 1")
    fails.get_by_role("combobox", name="Tells of").click()
    page.get_by_role("option", name="Slow executions").click()
    fails.get_by_label("Longer than", exact=True).fill("5")
    page.keyboard.press("Tab")
    slower = WATCHED.replace("faulted: true", "slower: PT5M")
    assert text_of(page) == slower
    # A new one is a problem until it says whom it tells.
    page.get_by_role("tab", name="Step").click()
    panel.get_by_role("button", name="Add: Alerts").click()
    added = panel.get_by_role("group", name="Alerts 2")
    assert added.get_by_label("Name", exact=True).input_value() == "alert"
    page.get_by_role("tab", name=re.compile("Problems.*1")).wait_for()
    # What lacks something that it needs is not written.
    added.get_by_role("combobox", name="Tells of").click()
    page.get_by_role("option", name="A queue that waits long").click()
    added.get_by_role("status").get_by_text("Written into the text when").wait_for()
    assert "queueOlder" not in text_of(page)
    # It is still there, half-written, until it is finished or something else is chosen.
    page.get_by_role("tab", name="Step").click()
    added.get_by_role("status").get_by_text("Written into the text when").wait_for()
    added.get_by_role("combobox", name="Tells of").click()
    page.get_by_role("option", name="Failed executions").click()
    added.get_by_label("Webhook address").fill("https://b.example.test/x")
    page.keyboard.press("Enter")
    new = '    - name: alert\n      faulted: true\n      webhook:\n        url: "https://b.example.test/x"\n'
    assert text_of(page) == slower.replace("  use:\n", new + "  use:\n")
    page.get_by_role("tab", name="Step").click()
    panel.get_by_role("button", name="Move 2 up").click()
    panel.get_by_role("button", name="Remove 1").click()
    assert text_of(page) == slower


def test_what_is_half_written_stays_until_it_is_finished_or_thrown_away(page: Page, shown: Site) -> None:
    panel = select(page, shown, "route")
    large = panel.get_by_role("group", name="large")
    name = large.get_by_label("Name of large")
    name.fill("other")
    name.press("Tab")
    large.get_by_text("Not a name yet").wait_for()
    panel.get_by_role("button", name="As YAML").click()
    whole = panel.get_by_label("route (YAML)")
    whole.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("switch: [")
    text = text_of(page)
    page.get_by_role("tab", name="Step").click()
    # Another tab, and another step: both are as they were left, and say what is wrong.
    page.locator(".react-flow__node").filter(has_text="thanks").last.click()
    panel.get_by_label("Name", exact=True).and_(page.locator("[value=thanks]")).wait_for()
    page.locator(".react-flow__node").filter(has_text="route").last.click()
    large.get_by_text("Not a name yet").wait_for()
    assert name.input_value() == "other"
    assert whole.inner_text().strip() == "switch: ["
    panel.get_by_text("Line 1").wait_for()
    assert text_of(page) == text
    page.get_by_role("tab", name="Step").click()
    name.press("Escape")
    large.get_by_text("Not a name yet").wait_for(state="detached")
    name.fill("huge")
    name.press("Enter")
    assert text_of(page) == text.replace("large:", "huge:")


def test_extensions_are_a_form_and_their_steps_a_text(page: Page, shown: Site) -> None:
    page.goto(shown.page("/flows/watched"))
    panel = page.get_by_role("tabpanel", name="Step")
    audit = panel.get_by_role("group", name="audit", exact=True)
    audit.get_by_role("combobox", name="Extends").click()
    page.get_by_role("option", name="emit").click()
    steps = audit.get_by_label("Steps before (YAML)")
    steps.get_by_text("begun").wait_for()
    steps.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("- note: {set: {begun: false}}")
    audit.get_by_label("Name of audit").fill("trail")
    page.keyboard.press("Enter")
    changed = (
        WATCHED.replace("audit:", "trail:")
        .replace("extend: call", "extend: emit")
        .replace("true}}\n  steps", "false}}\n  steps")
    )
    assert text_of(page) == changed
    page.get_by_role("tab", name="Step").click()
    panel.get_by_role("button", name="Add: Extensions").click()
    panel.get_by_role("group", name="extension", exact=True).wait_for()
    assert "      - extension:\n          extend: call\n" in text_of(page)
    page.get_by_role("tab", name="Step").click()
    panel.get_by_role("button", name="Remove extension", exact=True).click()
    assert text_of(page) == changed


# The last of those that look at the text: it saves another one.
def test_an_argument_is_written_with_completion_and_tried_on_the_last_execution(
    page: Page, shown: Site
) -> None:
    panel = select(page, shown, "ask")
    field = panel.get_by_role("textbox", name="sku", exact=True)
    field.click()
    tried = panel.get_by_test_id("tried")
    tried.get_by_role("region", name="Gives").get_by_text('"beans"').wait_for()
    tried.get_by_text("As it was when the step ran").wait_for()
    tried.get_by_role("region", name="Sees").get_by_text('"customer": "Ada"').wait_for()

    # An error in words, while it is written.
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("${ .lines + 1")
    tried.get_by_role("alert").get_by_text("cannot be added").wait_for()

    # The keys that are really there.
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("${ .lines[1].")
    keys = page.locator(".cm-tooltip-autocomplete")
    keys.get_by_text("quantity").wait_for()
    page.keyboard.type("s")
    keys.locator("[aria-selected=true]").get_by_text("sku").wait_for()
    page.keyboard.press("Enter")
    tried.get_by_role("region", name="Gives").get_by_text('"filter"').wait_for()
    page.keyboard.press("Enter")

    # Only its own characters changed.
    assert text_of(page) == FLOW.replace("${ .lines[0].sku }", "${ .lines[1].sku}")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Saved").wait_for()
    saved = shown.call("GET", "flowapps/cart")["text"]
    assert saved == FLOW.replace("${ .lines[0].sku }", "${ .lines[1].sku}")


@pytest.mark.parametrize(
    ("locale", "scheme"),
    [("en-GB", "light"), pytest.param("zh-CN", "dark", marks=pytest.mark.long)],
)
def test_is_clean_for_everybody(browser: Browser, shown: Site, locale: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        locale=locale,
        color_scheme=scheme,
        viewport={"width": 1440, "height": 900},  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(shown.page("/flows/cart"))
    for step in ("ask", "route", "thanks", "web"):
        page.locator(".react-flow__node").filter(has_text=step).last.click()
        page.locator(".step-form .cm-content").first.click()
        page.get_by_test_id("tried").first.or_(page.locator(".cm-focused").first).first.wait_for()
        found = Axe().run(page, context=".editor__side", options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert found.violations_count == 0, re.sub(r"\n\s*\n", "\n", found.generate_report())
    context.close()
