"""The port of what people are asked to decide."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any

import pytest

from headrace.store.access import AuditEntry, AuditQuery
from headrace.store.decisions import DecisionAnswer, DecisionFilter, LinkRow
from headrace.store.port import AskedDecision, ExecutionRow, Retention, Transition
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.access import SqliteAccess
from headrace.store.sqlite.decisions import SqliteDecisions


def anybody(role: str | None, users: Sequence[str]) -> bool:
    return True


def entry(action: str = "decision.answer") -> AuditEntry:
    return AuditEntry(
        at=1.0, principal="u", name="ada", kind="user", address=None, action=action, namespace="shop",
        object="e/1", before=None, after=None, request_id=None,
    )  # fmt: skip


async def ask(store: SqliteStore, execution_id: str, **values: Any) -> None:
    facts: dict[str, Any] = {
        "run_id": 1, "namespace": "shop", "flow": "claims", "pointer": "/do/0/ask", "event_type": "decided",
        "title": f"Title of {execution_id}", "role": "operator", "users": (), "asked_at": 1.0,
        "due_at": None, "shown": b'{"title":"x"}',
    }  # fmt: skip
    asked = AskedDecision(**{**facts, **values})
    row = ExecutionRow(
        id=execution_id,
        namespace=asked.namespace,
        name=asked.flow,
        workflow_version="1",
        definition_digest="d",
        status="waiting",
        created_at=asked.asked_at,
    )
    await store.commit(
        Transition(
            execution_id=execution_id,
            expected_version=0,
            state=b"{}",
            create=row,
            subscribe=[(1, ("decided",))],
            asked=[asked],
        )
    )


async def end(store: SqliteStore, execution_id: str, answered: bool) -> None:
    await store.commit(
        Transition(
            execution_id=execution_id,
            expected_version=1,
            state=None,
            status="completed",
            ended_at=9.0,
            unsubscribe=[1],
            ended=[(1, answered)],
        )
    )


def given(execution_id: str, choice: str = "approve", link: str | None = None) -> DecisionAnswer:
    event = b'{"specversion":"1.0","id":"%s.1","source":"/headrace/decisions","type":"decided"}'
    return DecisionAnswer(
        execution_id=execution_id,
        run_id=1,
        choice=choice,
        answer=b"{}",
        by="ada",
        via="user",
        at=5.0,
        event=event % execution_id.encode(),
        entry=entry(),
        link=link,
    )


def link(link_id: str = "l1", **values: Any) -> LinkRow:
    facts: dict[str, Any] = {
        "id": link_id, "execution_id": "e1", "run_id": 1, "label": "Joan", "created_at": 2.0,
        "created_by": "ada", "expires_at": 100.0,
    }  # fmt: skip
    return LinkRow(**{**facts, **values})


async def ids(decisions: SqliteDecisions, after: Any = None, limit: int = 50, **wanted: Any) -> list[str]:
    page = await decisions.page(DecisionFilter(namespace="shop", **wanted), after=after, limit=limit)
    return [row.execution_id for row in page.rows]


async def test_open_ones_are_listed_in_the_order_of_asking(store: SqliteStore) -> None:
    decisions = SqliteDecisions(store)
    await ask(store, "e2", asked_at=2.0, due_at=10.0, role="admin", users=("joan",))
    await ask(store, "e1", asked_at=1.0, flow="other")
    await ask(store, "e3", asked_at=2.0, due_at=90.0)
    await ask(store, "elsewhere", namespace="bank")
    assert await ids(decisions) == ["e1", "e2", "e3"]
    assert await ids(decisions, flow="claims") == ["e2", "e3"]
    assert await ids(decisions, due_before=50.0) == ["e2"]
    assert await ids(decisions, may=lambda role, users: "joan" in users) == ["e2"]
    counts = await decisions.counts("shop", lambda role, users: role == "operator", 50.0)
    assert (counts.open, counts.late, counts.mine, counts.more) == (3, 1, 2, False)
    page = await decisions.page(DecisionFilter(namespace="shop"), limit=2)
    assert page.next is not None
    assert await ids(decisions, after=page.next) == ["e3"]
    row = page.rows[1]
    assert (row.title, row.users, row.status, row.shown) == ("Title of e2", ["joan"], "open", b"")
    whole = await decisions.get("e2", 1)
    assert whole is not None
    assert whole.shown == b'{"title":"x"}'
    assert await decisions.get("e2", 2) is None


async def test_an_answer_is_taken_once_with_its_event_and_its_entry(store: SqliteStore) -> None:
    decisions = SqliteDecisions(store)
    await ask(store, "e1")
    answers = await asyncio.gather(
        *(decisions.answer(given("e1", choice)) for choice in ("approve", "reject") * 5)
    )
    taken = [each for each in answers if each is not None and each.sequence is not None]
    assert len(taken) == 1
    assert {each.why_not for each in answers if each is not None} == {None, "not-open"}
    assert len({each.row.choice for each in answers if each is not None}) == 1
    [event] = await store.undelivered(10)
    assert event.sequence == taken[0].sequence
    assert len(await SqliteAccess(store).entries(AuditQuery())) == 1
    assert await decisions.answer(given("nobody")) is None
    assert await ids(decisions) == []
    assert await ids(decisions, open=False) == ["e1"]


@pytest.mark.parametrize(
    ("answer_first", "answered", "status"),
    [
        (True, True, "decided"),
        (True, False, "overtaken"),
        (False, False, "ended"),
        (False, True, "decided"),
    ],
)
async def test_how_it_ends(store: SqliteStore, answer_first: bool, answered: bool, status: str) -> None:
    decisions = SqliteDecisions(store)
    await ask(store, "e1")
    if answer_first:
        await decisions.answer(given("e1"))
    await end(store, "e1", answered)
    row = await decisions.get("e1", 1)
    assert row is not None
    assert row.status == status
    late = await decisions.answer(given("e1"))
    assert late is not None
    assert late.why_not == "not-open"
    assert await store.prune(Retention(max_age_seconds=1.0), 1e12) == 1
    assert await decisions.get("e1", 1) is None


async def test_links(store: SqliteStore) -> None:
    decisions = SqliteDecisions(store)
    await ask(store, "e1")
    assert await decisions.add_link(link(), entry())
    assert await decisions.add_link(link("l2"), entry())
    assert await decisions.add_link(link("l3", expires_at=4.0), entry())
    assert not await decisions.add_link(link("l4", execution_id="nobody"), entry())
    assert [each.id for each in await decisions.links("e1", 1)] == ["l1", "l2", "l3"]
    assert await decisions.revoke_link("l2", 3.0, entry())
    assert not await decisions.revoke_link("l2", 3.0, entry())
    for link_id, why_not in (("l2", "link-revoked"), ("l3", "link-expired"), ("unknown", "link-revoked")):
        refused = await decisions.answer(given("e1", link=link_id))
        assert refused is not None
        assert (refused.why_not, refused.row.status) == (why_not, "open")
    taken = await decisions.answer(given("e1", link="l1"))
    assert taken is not None
    assert taken.sequence is not None
    used = await decisions.link("l1")
    assert used is not None
    assert used.used_at == 5.0
    assert not await decisions.revoke_link("l1", 6.0, entry())
    assert not await decisions.add_link(link("l5"), entry())


async def test_a_page_looks_at_a_bounded_number_of_entries(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace.store.sqlite.decisions.LOOKED_AT_MAX", 3)
    decisions = SqliteDecisions(store)
    for number in range(8):
        await ask(store, f"e{number}", asked_at=float(number), due_at=1.0 if number == 7 else None)
    wanted = DecisionFilter(namespace="shop", due_before=5.0)
    found, position, pages = list[str](), None, 0
    while True:
        page = await decisions.page(wanted, after=position)
        found += [row.execution_id for row in page.rows]
        position, pages = page.next, pages + 1
        if position is None:
            break
    assert (found, pages) == (["e7"], 3)


def test_lists_read_indexes_alone(tmp_path: Any) -> None:
    from headrace.store.sqlite.decisions import QUERIES
    from headrace.store.sqlite.schema import migrate

    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    migrate(connection, "a.db", 0.0)
    for name, values in (("scan_open", 5), ("scan_open_of_flow", 6), ("scan_ended", 5)):
        plan = connection.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}", (0,) * values).fetchall()
        [(_, _, _, words)] = plan  # one step: no sorting beside
        assert "USING COVERING INDEX decisions_" in words, words
    connection.close()
