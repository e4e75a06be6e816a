"""The queue pages, with a mouse and a keyboard, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from browser import album
from browser.site import Site, need, site

if TYPE_CHECKING:
    from playwright.sync_api import Page

ITEMS_OF_BATCH = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("album")


@pytest.fixture(scope="module")
def shown(folder: Path) -> Iterator[Site]:
    need()
    with site(folder, album.PROJECTS) as opened:
        yield opened


def opened(page: Page, shown: Site, path: str, heading: str) -> None:
    page.goto(shown.page(path))
    page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()


def put(shown: Site, queue: str, *data: Any) -> None:
    shown.call("POST", f"queues/{queue}/items", {"items": [{"data": each} for each in data]})


def lease(shown: Site, queue: str, count: int, worker: str = "") -> list[dict[str, Any]]:
    asked = {"max_items": count, "lease_seconds": 600, "worker": worker}
    leased: list[dict[str, Any]] = shown.call("POST", f"queues/{queue}/lease", asked)["items"]
    return leased


def held(item: dict[str, Any]) -> dict[str, Any]:
    return {"id": item["id"], "token": item["token"]}


def test_the_first_item_of_a_queue_shows_in_the_list_by_itself(page: Page, shown: Site) -> None:
    opened(page, shown, "/queues", "Queues")
    page.get_by_role("heading", name="No queues yet").or_(page.get_by_role("table")).first.wait_for()
    put(shown, "arrivals", 1, 2, 3)
    row = page.get_by_role("row").filter(has_text="arrivals")
    row.get_by_role("img", name="3 ready, 0 leased, 0 delayed, 0 dead letters").wait_for()
    row.get_by_role("link", name="arrivals").click()
    page.get_by_role("heading", name="arrivals", level=1).wait_for()


def test_items_are_put_leased_completed_and_looked_at(page: Page, shown: Site) -> None:
    put(shown, "letters", {"to": "ada"})
    opened(page, shown, "/queues/letters", "letters")
    page.get_by_role("button", name="Put items").click()
    dialog = page.get_by_role("dialog", name="Put items")
    dialog.get_by_role("textbox", name="Items").fill('{"to": "grace"}\n\njust text')
    dialog.get_by_role("button", name="Put 2 items").click()
    dialog.wait_for(state="detached")
    page.get_by_text('{"to":"grace"}').wait_for()
    page.get_by_text("just text").wait_for()
    (item,) = lease(shown, "letters", 1, "mailer at home")
    page.get_by_text("Leased", exact=True).last.click()
    row = page.get_by_role("row").filter(has_text=item["id"])
    row.get_by_text("mailer at home").wait_for()
    row.get_by_role("link").click()
    drawer = page.get_by_role("dialog", name="Item")
    drawer.get_by_text('"to": "ada"').wait_for()
    drawer.get_by_text("mailer at home · attempt 1").wait_for()
    assert f"/items/{item['id']}" in page.url
    shown.call("POST", "queues/letters/complete", {"items": [{**held(item), "data": {"sent": True}}]})
    drawer.get_by_text('"sent": true').wait_for()
    page.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    assert "/items/" not in page.url


def test_an_array_that_is_none_is_not_put(page: Page, shown: Site) -> None:
    put(shown, "arrays", 0)
    opened(page, shown, "/queues/arrays", "arrays")
    page.get_by_role("button", name="Put items").click()
    dialog = page.get_by_role("dialog", name="Put items")
    dialog.get_by_text("JSON array", exact=True).click()
    dialog.get_by_role("textbox", name="Items").fill('{"to": "ada"}')
    dialog.get_by_text("This is no JSON array").wait_for()
    assert dialog.get_by_role("button", name="Put 0 items").is_disabled()
    dialog.get_by_role("textbox", name="Items").fill("[1, 2, 3]")
    dialog.get_by_role("button", name="Put 3 items").click()
    dialog.wait_for(state="detached")
    assert shown.call("GET", "queues/arrays")["ready"] == 4


def test_dead_letters_are_redriven_one_some_and_all(page: Page, shown: Site) -> None:
    put(shown, "lost", *range(6))
    failed = [{**held(item), "error": "no such mailbox", "final": True} for item in lease(shown, "lost", 6)]
    shown.call("POST", "queues/lost/fail", {"items": failed})
    opened(page, shown, "/queues", "Queues")
    page.get_by_role("row").filter(has_text="lost").get_by_role("link", name="6").click()
    page.get_by_text("no such mailbox").nth(5).wait_for()
    page.get_by_text("failed for good").first.wait_for()
    page.get_by_role("button", name=f"Redrive {failed[0]['id']}").click()
    page.get_by_text("1 item is ready again.").wait_for()
    for each in failed[1:3]:
        page.get_by_label(f"Choose {each['id']}").check()
    page.get_by_role("button", name="Redrive chosen (2)").click()
    page.get_by_text("2 items are ready again.").wait_for()
    page.get_by_role("button", name="Redrive all").click()
    page.get_by_role("dialog").get_by_role("button", name="Redrive all").click()
    page.get_by_text("3 items are ready again.").wait_for()
    page.get_by_text("No dead letters.").wait_for()
    assert shown.call("GET", "queues/lost")["ready"] == 6


def test_dead_letters_of_one_reason_are_redriven(page: Page, shown: Site) -> None:
    put(shown, "mixed", *({"to": name} for name in ("ada", "grace", "小林", "joan")))
    failed = [{**held(item), "error": "no such mailbox", "final": True} for item in lease(shown, "mixed", 4)]
    for place in (1, 2):
        failed[place]["error"] = "connection refused"
    shown.call("POST", "queues/mixed/fail", {"items": failed})
    opened(page, shown, "/queues/mixed?show=dead-letters", "mixed")
    search = page.get_by_label("Search errors and payloads")
    search.fill("refused")
    page.get_by_text("no such mailbox").first.wait_for(state="detached")
    # What is not to be seen is not redriven.
    assert page.get_by_role("button", name="Redrive all").count() == 0
    page.get_by_label("Choose all that are shown").check()
    page.get_by_role("button", name="Redrive chosen (2)").click()
    page.get_by_text("2 items are ready again.").wait_for()
    page.get_by_text("No dead letter has this").wait_for()
    search.fill("joan")
    page.get_by_role("link", name=failed[3]["id"]).wait_for()
    ready = shown.call("GET", "queues/mixed/items")["items"]
    assert sorted(each["id"] for each in ready) == sorted(each["id"] for each in failed[1:3])


def test_what_is_chosen_stays_while_the_queue_goes_on(page: Page, shown: Site) -> None:
    """Dead letters that are chosen, through an item that is looked at and through what comes and goes."""
    put(shown, "busy", *range(4))
    failed = [{**held(item), "error": "no route", "final": True} for item in lease(shown, "busy", 4)]
    shown.call("POST", "queues/busy/fail", {"items": failed[:3]})
    opened(page, shown, "/queues/busy?show=dead-letters", "busy")
    for each in failed[:2]:
        page.get_by_label(f"Choose {each['id']}").check()
    page.get_by_role("link", name=failed[2]["id"]).click()
    drawer = page.get_by_role("dialog", name="Item")
    drawer.get_by_text("no route").first.wait_for()
    shown.call("POST", "queues/busy/fail", {"items": failed[3:]})
    page.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    page.get_by_label(f"Choose {failed[3]['id']}").wait_for()
    page.get_by_role("button", name="Delete chosen (2)").click()
    question = page.get_by_role("dialog", name="Delete chosen (2)")
    question.get_by_text("2 items are deleted").wait_for()
    question.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_text("2 items were deleted.").wait_for()
    letters = shown.call("GET", "queues/busy/dead-letters")["items"]
    assert [each["id"] for each in letters] == [each["id"] for each in failed[2:]]
    assert page.get_by_role("button", name="Redrive chosen (0)").is_disabled()


def test_a_queue_is_made_and_an_item_is_found_and_withdrawn(page: Page, shown: Site) -> None:
    """By the first item, whose page says who put it; an item is opened by its id, wherever it stands."""
    opened(page, shown, "/queues", "Queues")
    page.get_by_role("button", name="Put items on a queue").first.click()
    dialog = page.get_by_role("dialog", name="Put items on a queue")
    dialog.get_by_role("textbox", name="Items").fill("1\n2")
    assert dialog.get_by_role("button", name="Put 2 items").is_disabled()
    dialog.get_by_label("Queue").fill("出库通知")
    dialog.get_by_role("button", name="Put 2 items").click()
    page.get_by_role("heading", name="出库通知", level=1).wait_for()
    first, second = shown.call("GET", f"queues/{quote('出库通知')}/items")["items"]
    page.get_by_label("Open an item by its id").fill(f" {second['id']} ")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Item")
    drawer.get_by_role("row", name="Put by administrator (given) token:given").wait_for()
    drawer.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete").last.get_by_role("button", name="Delete", exact=True).click()
    drawer.wait_for(state="detached")
    page.get_by_role("link", name=second["id"]).wait_for(state="detached")
    assert page.get_by_role("link", name=first["id"]).is_visible()
    assert shown.call("GET", f"queues/{quote('出库通知')}")["ready"] == 1


def test_the_state_that_is_looked_at_is_there_after_a_reload(page: Page, shown: Site) -> None:
    put(shown, "rounds", 1)
    [item] = lease(shown, "rounds", 1, "mailer")
    opened(page, shown, "/queues/rounds", "rounds")
    page.get_by_role("radiogroup", name="State").get_by_text("Leased", exact=True).click()
    page.wait_for_url(re.compile("state=leased"))
    page.reload()
    row = page.get_by_role("row").filter(has_text=item["id"])
    row.get_by_text("mailer").wait_for()
    row.get_by_role("link").click()
    page.get_by_role("dialog", name="Item").get_by_text("mailer · attempt 1").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Item").wait_for(state="detached")
    assert row.get_by_text("mailer").is_visible()


def test_a_queue_is_paused_resumed_and_emptied(page: Page, shown: Site) -> None:
    put(shown, "reports", 1, 2)
    opened(page, shown, "/queues/reports", "reports")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("dialog").get_by_role("button", name="Pause the queue").click()
    page.get_by_text("Paused", exact=True).wait_for()
    assert lease(shown, "reports", 1) == []
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("Paused", exact=True).wait_for(state="detached")
    page.get_by_role("button", name="Delete items").click()
    page.get_by_label("Ready ones (2)").check()
    page.get_by_role("button", name="Delete them").click()
    page.get_by_text("Drained").wait_for()
    assert shown.call("GET", "queues/reports")["ready"] == 0


def test_a_batch_shows_how_far_it_is_until_its_end(page: Page, shown: Site, folder: Path) -> None:
    execution_id = shown.start("album", {"count": ITEMS_OF_BATCH})
    opened(page, shown, "/queues", "Queues")
    batch = page.get_by_role("region", name="Batches under way")
    batch.get_by_text("all of album").wait_for()
    batch.get_by_text(re.compile(r"^20 of 200 items done, 0 failed$")).wait_for()
    batch.get_by_role("link", name=re.compile(r"^album\.resize\.batch-")).click()
    page.get_by_role("heading", name=re.compile(r"^album\.resize\.batch-"), level=1).wait_for()
    page.get_by_role("region", name="Batches under way").get_by_role("link", name=execution_id).wait_for()
    (folder / album.HOLD).unlink()
    assert shown.ended(execution_id)["status"] == "completed"
    page.get_by_role("link", name="All queues").click()
    page.get_by_role("heading", name="Queues", level=1, exact=True).wait_for()
    batch.wait_for(state="detached")
    past = page.get_by_role("region", name="Past batches")
    row = past.get_by_role("row").filter(has_text="all of album")
    row.get_by_text("Completed").wait_for()
    row.get_by_text("200 of 200").wait_for()
    assert row.get_by_role("link", name="all of album").get_attribute("href") == (
        f"/n/default/executions/{execution_id}"
    )
    row.get_by_role("link", name=re.compile(r"^album\.resize\.batch-")).click()
    page.get_by_role("heading", name=re.compile(r"^album\.resize\.batch-"), level=1).wait_for()


def test_a_queue_that_is_not_there_says_so(browser: Any, shown: Site) -> None:
    page = browser.new_page(locale="en-GB")
    page.goto(shown.page("/queues/nobody"))
    page.get_by_role("heading", name="There is no such queue").wait_for()
    page.get_by_role("link", name="All queues").click()
    page.get_by_role("heading", name="Queues", level=1, exact=True).wait_for()
    page.close()


def test_a_viewer_is_offered_nothing_to_change(page: Page, shown: Site) -> None:
    put(shown, "looked-at", 1)
    made = shown.call("POST", "/api/v1/tokens", {"name": "eyes", "roles": {"default": "viewer"}})
    page.goto(f"{shown.url}/n/default/queues/looked-at#token={made['token']}")
    page.get_by_role("heading", name="looked-at", level=1).wait_for()
    page.get_by_role("cell", name="1", exact=True).first.wait_for()
    page.get_by_role("cell").get_by_role("link").first.click()
    page.get_by_role("dialog", name="Item").get_by_text("Put by").wait_for()
    for name in ("Put items", "Pause", "Delete items", "Delete"):
        assert page.get_by_role("button", name=name).count() == 0
