"""The executions pages, with a mouse and a keyboard, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import shop
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

GOOD_RUNS = 130


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the flows of the shop, and a page and a half of executions."""
    need()
    with site(tmp_path_factory.mktemp("shop"), shop.PROJECTS) as opened:
        for _ in range(GOOD_RUNS):
            opened.start("orders", shop.GOOD)
        opened.run("orders", shop.GOOD)
        yield opened


def opened(page: Page, shown: Site, path: str, heading: str | re.Pattern[str]) -> None:
    page.goto(shown.page(path))
    page.get_by_role("heading", name=heading, level=1).wait_for()


def rows(page: Page) -> Locator:
    """Return the rows of the list that are drawn."""
    return page.locator(".executions tbody tr[aria-rowindex]")


def test_the_list_is_live_and_a_row_follows_its_execution(page: Page, shown: Site) -> None:
    opened(page, shown, "/executions?flow=approval", "Executions")
    page.get_by_text("No execution fits.").wait_for()
    execution_id = shown.start("approval", {"who": "Ann"})
    row = page.get_by_role("row").filter(has_text=execution_id)
    row.get_by_text("Waiting").wait_for()
    shown.call("POST", f"executions/{execution_id}/cancel", {})
    row.get_by_text("Cancelled").wait_for()


def test_filters_are_in_the_address(page: Page, shown: Site) -> None:
    failed = shown.run("orders", shop.DECLINED)
    opened(page, shown, "/executions", "Executions")
    page.get_by_label("Text in input, output or error").fill('"declined"')
    page.get_by_role("link", name=failed).wait_for()
    rows(page).nth(1).wait_for(state="detached")
    page.get_by_label("Status").first.click()
    page.get_by_role("option", name="Failed").click()
    page.wait_for_url(re.compile("status=faulted"))
    assert "text=%22declined%22" in page.url
    address = page.url
    page.reload()
    page.get_by_role("link", name=failed).wait_for()
    assert page.url == address
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear filters").click()
    rows(page).nth(5).wait_for()
    assert "?" not in page.url


def test_scrolling_brings_the_rest_and_draws_only_what_is_in_sight(page: Page, shown: Site) -> None:
    opened(page, shown, "/executions?flow=orders&status=completed", "Executions")
    rows(page).first.wait_for()
    page.locator(".executions").evaluate("list => list.scrollTo({top: list.scrollHeight})")
    page.get_by_text(re.compile(r"That is all: 1\d\d executions")).wait_for()
    page.locator(".executions").evaluate("list => list.scrollTo({top: list.scrollHeight})")
    page.locator(f".executions tr[aria-rowindex='{GOOD_RUNS}']").wait_for()
    assert rows(page).count() < 60


def test_many_are_deleted_at_once_and_refusals_say_why(page: Page, shown: Site) -> None:
    kept = shown.start("approval", {"who": "Bo"})
    gone = [shown.run("orders", shop.DECLINED) for _ in range(2)]
    opened(page, shown, "/executions", "Executions")
    for execution_id in (kept, *gone):
        page.get_by_label(f"Select {execution_id}").check()
    page.get_by_text("3 selected").wait_for()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete").click()
    dialog.get_by_text("2 done, 1 refused.").wait_for()
    dialog.get_by_text("the execution is waiting").wait_for()
    dialog.get_by_role("button", name="Close").last.click()
    page.get_by_role("link", name=gone[0]).wait_for(state="detached")
    assert page.get_by_role("link", name=kept).count() == 1
    shown.call("POST", f"executions/{kept}/cancel", {})


def test_all_that_fit_are_cancelled_and_the_report_stays_when_none_fits_any_more(
    page: Page, shown: Site
) -> None:
    for _ in range(3):
        shown.start("approval", {"who": "Eve"})
    opened(page, shown, "/executions?flow=approval&status=waiting", "Executions")
    rows(page).nth(2).wait_for()
    page.get_by_label("Select all that are shown").check()
    page.get_by_role("button", name="All that fit the filters").click()
    page.get_by_role("toolbar").get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").last.click()
    rows(page).first.wait_for(state="detached")
    page.get_by_role("dialog").get_by_text("3 done, 0 refused.").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    page.get_by_text("No execution fits.").wait_for()


def test_a_second_click_does_not_stop_what_the_first_began(page: Page, shown: Site) -> None:
    waiting = [shown.start("approval", {"who": "Kim"}) for _ in range(2)]
    opened(page, shown, "/executions?flow=approval&text=Kim&status=waiting", "Executions")
    for execution_id in waiting:
        page.get_by_label(f"Select {execution_id}").check()
    page.get_by_role("toolbar").get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").last.dblclick()
    page.get_by_role("dialog").get_by_text("2 done, 0 refused.").wait_for()
    assert not page.get_by_role("dialog").get_by_text("Stopped").is_visible()


def test_words_that_are_too_long_are_cut(page: Page, shown: Site) -> None:
    opened(page, shown, f"/executions?text={'x' * 600}&key={'k' * 300}", "Executions")
    page.get_by_text("No execution fits.").wait_for()
    assert page.get_by_label("Text in input, output or error").input_value() == "x" * 500


def test_a_failed_step_is_found_and_rerun_from_there_with_another_input(page: Page, shown: Site) -> None:
    failed = shown.run("orders", shop.DECLINED)
    opened(page, shown, f"/executions/{failed}", "Execution of orders")
    page.get_by_text("Failed in chargeCard").wait_for()
    page.get_by_text("402 the bank declined the card").wait_for()
    page.locator(".canvas-status[data-status=faulted]").first.wait_for()
    page.get_by_role("button", name="Show the task run").click()
    panel = page.get_by_role("region", name="Task runs of chargeCard")
    panel.get_by_text('"Card declined"').wait_for()
    assert re.search(r"[?&]run=\d+", page.url)
    panel.get_by_role("button", name="Rerun from here").click()
    editor = page.get_by_role("dialog").get_by_role("textbox", name="Input")
    editor.wait_for()
    editor.press("Control+A")
    page.keyboard.insert_text('{"total": 12, "card": ')
    page.get_by_text("This is no JSON").wait_for()
    page.keyboard.insert_text('"good"}')
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    page.get_by_text("Rerun of").first.wait_for()
    page.locator(".facts").get_by_text("Completed").first.wait_for()
    rerun = shown.call("GET", f"executions?rerun_of={failed}")["items"]
    assert [each["status"] for each in rerun] == ["completed"]
    page.get_by_role("tab", name="Compare").click()
    page.get_by_text("/output", exact=True).wait_for()


def test_an_iteration_is_chosen_and_a_link_shows_the_same(page: Page, shown: Site, browser: Browser) -> None:
    large = shown.run("orders", shop.LARGE)
    opened(page, shown, f"/executions/{large}", "Execution of orders")
    loop = page.get_by_role("group", name="Iteration of eachLine")
    loop.get_by_role("button", name="All 2").wait_for()
    page.get_by_test_id("rf__node-/do/1/eachLine/do/0/price").click()
    panel = page.get_by_role("region", name="Task runs of price")
    panel.get_by_text("Run 2 of 2").wait_for()
    loop.get_by_role("button", name="Next iteration").click()
    panel.get_by_text("1 x machine is 1500").wait_for()
    panel.get_by_text("Run 1 of 2").wait_for(state="detached")
    context = browser.new_context(locale="zh-CN", color_scheme="dark")
    other = context.new_page()
    other.goto(f"{page.url}#token={shop_token(shown)}")
    other.get_by_text("1 x machine is 1500").wait_for()
    other.get_by_role("heading", name="orders 的执行").wait_for()
    context.close()


def shop_token(shown: Site) -> str:
    return shown.page("").partition("#token=")[2]


def test_the_timeline_goes_by_keyboard_and_shows_attempts(page: Page, shown: Site) -> None:
    large = shown.run("orders", shop.LARGE)
    opened(page, shown, f"/executions/{large}?view=timeline", "Execution of orders")
    page.get_by_role("option", name=re.compile("^thanks: Completed")).wait_for()
    page.get_by_role("listbox").focus()
    page.keyboard.press("Home")
    page.get_by_role("region", name="Task runs of begin").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("region", name="Task runs of price").get_by_text('"machine"').first.wait_for()
    page.get_by_text("Failed", exact=True).click()
    page.get_by_role("option", name=re.compile("^chargeCard: Failed")).click()
    page.get_by_role("region", name="Task runs of chargeCard").get_by_text(
        "the bank is busy"
    ).first.wait_for()


def test_it_says_why_it_waits_and_is_suspended_resumed_and_cancelled(page: Page, shown: Site) -> None:
    waits = shown.start("approval", {"who": "Cy"})
    opened(page, shown, f"/executions/{waits}", "Execution of approval")
    page.get_by_text(re.compile("waits for an event: com.example.approved")).wait_for()
    page.get_by_role("button", name="Suspend").click()
    page.get_by_text("The execution is suspended; it goes on when somebody resumes it").wait_for()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Suspend").wait_for()
    page.get_by_role("button", name="Cancel it").click()
    page.get_by_label("Reason").fill("not needed")
    page.get_by_role("dialog").get_by_role("button", name="Cancel it").click()
    page.locator(".facts").get_by_text("Cancelled").first.wait_for()
    page.get_by_role("button", name="Rerun").wait_for()


def test_what_happens_shows_while_it_happens(page: Page, shown: Site) -> None:
    waits = shown.start("approval", {"who": "Di"})
    opened(page, shown, f"/executions/{waits}", "Execution of approval")
    page.locator(".canvas-status[data-status=waiting]").first.wait_for()
    event = {"specversion": "1.0", "id": waits, "source": "/tests", "type": "com.example.approved"}
    shown.call(
        "POST", f"executions/{waits}/signal", event, headers={"content-type": "application/cloudevents+json"}
    )
    page.locator(".facts").get_by_text("Completed").first.wait_for()
    page.locator("[data-id='/do/2/done'] .canvas-status[data-status=completed]").wait_for()


def test_lines_show_while_they_are_written(page: Page, shown: Site, tmp_path: Path) -> None:
    works = shown.start("work", {"go": str(tmp_path / "go")})
    opened(page, shown, f"/executions/{works}", "Execution of work")
    page.get_by_text(re.compile(r"waits for the answer of work \(attempt 1\)")).wait_for()
    page.locator("[data-id='/do/0/work']").click()
    panel = page.get_by_role("region", name="Task runs of work")
    panel.get_by_text("begun").wait_for()
    panel.get_by_text("What goes in and comes out shows when the task run has ended.").wait_for()
    (tmp_path / "go").touch()
    panel.get_by_text("ended", exact=True).wait_for()
    panel.get_by_text('"worked": true').wait_for()


def test_a_rerun_on_the_latest_version_does_what_that_says(page: Page, shown: Site) -> None:
    def deploy(version: str, greeting: str) -> None:
        text = shop.GREETING.replace("VERSION", version).replace("GREETING", greeting)
        shown.call("POST", "flowapps", text.encode(), headers={"content-type": "application/yaml"})

    deploy("1.0.0", "Hello")
    first = shown.run("greeting", {"name": "Ann"})
    deploy("1.1.0", "Good morning")
    opened(page, shown, f"/executions/{first}", "Execution of greeting")
    page.get_by_text('"Hello, Ann"').wait_for()
    page.get_by_role("button", name="Rerun").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("On version").first.click()
    page.get_by_role("option", name="the latest").click()
    dialog.get_by_role("button", name="Start").click()
    page.get_by_text('"Good morning, Ann"').wait_for()
    page.locator(".facts").get_by_text("1.1.0").wait_for()


def test_the_lines_of_all_task_runs_are_searched(page: Page, shown: Site) -> None:
    large = shown.run("orders", shop.LARGE)
    opened(page, shown, f"/executions/{large}?view=lines", "Execution of orders")
    page.get_by_text("charged 1548").wait_for()
    page.get_by_label("Search the lines").fill("machine")
    page.get_by_text("charged 1548").wait_for(state="detached")
    page.get_by_role("log").get_by_role("button", name="price").click()
    page.get_by_role("region", name="Task runs of price").wait_for()


def test_an_execution_with_many_task_runs_draws_those_in_sight(page: Page, shown: Site) -> None:
    many = shown.run("many", {"count": 400})
    opened(page, shown, f"/executions/{many}?view=timeline", "Execution of many")
    page.get_by_text("801 task runs").first.wait_for()
    assert page.get_by_role("option").count() < 80
    page.get_by_role("listbox").focus()
    page.keyboard.press("End")
    page.get_by_role("option", name="second #399").wait_for()
    page.get_by_role("region", name="Task runs of second").get_by_text('"number": 400').first.wait_for()


def test_an_execution_that_is_not_there_says_so(browser: Browser, shown: Site) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(shown.page("/executions/none"))
    page.get_by_text("There is no such execution in this namespace.").wait_for()
    page.get_by_role("link", name="All executions").click()
    page.get_by_role("heading", name="Executions", level=1).wait_for()
    context.close()


def test_a_viewer_is_offered_nothing_that_changes(page: Page, shown: Site) -> None:
    execution_id = shown.run("orders", shop.GOOD)
    token = shown.call("POST", "/api/v1/tokens", {"name": "looks", "roles": {"default": "viewer"}})["token"]
    page.goto(f"{shown.url}/n/default/executions/{execution_id}#token={token}")
    page.get_by_role("heading", name="Execution of orders", level=1).wait_for()
    page.get_by_text("8 task runs").first.wait_for()
    assert page.get_by_role("button", name="Rerun").count() == 0
    page.get_by_role("link", name="Executions").click()
    rows(page).first.wait_for()
    assert page.get_by_role("checkbox").count() == 0


def test_an_execution_is_saved_as_a_test(page: Page, shown: Site) -> None:
    execution_id = shown.run("orders", shop.GOOD)
    opened(page, shown, f"/executions/{execution_id}", re.compile("orders"))
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Save as a test").click()
    dialog = page.get_by_role("dialog", name="Save as a test")
    dialog.get_by_role("textbox", name="Name of the test").fill("beans and more")
    dialog.get_by_text("Letters, digits, dots").wait_for()
    dialog.get_by_role("textbox", name="Name of the test").fill("beans")
    dialog.get_by_role("region", name="tests/beans.test.yaml").get_by_text("sku: beans").first.wait_for()
    with page.expect_download() as saved:
        dialog.get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "beans.test.yaml"
    assert "sku: beans" in saved.value.path().read_text("utf-8")
