"""What every backend of the port for alerts holds to."""

from __future__ import annotations

from typing import Any

import orjson

from contract.alerts.conftest import Place
from headrace.store.alerts import (
    EVENTS_LISTED_MAX,
    Attempted,
    Changes,
    Happening,
    Ongoing,
    RuleName,
    RuleRow,
    Silence,
)
from headrace.store.port import ExecutionRow, TaskRun, Transition

RULE = RuleName("default", "orders", "faults")
OTHER = RuleName("default", "", "faults")
_ids = iter(range(1, 10**9))


def happens(
    at: float, name: RuleName = RULE, *, state: str = "firing", key: str | None = None, group: float = 30.0
) -> Happening:
    number = next(_ids)
    return Happening(
        name=name,
        state=state,
        at=at,
        event=orjson.dumps({"number": number}),
        alert=b'{"name": "faults"}',
        group_seconds=group,
        id=f"msg_{number}",
        key=key,
    )


async def tell(place: Place, *happenings: Happening) -> int:
    return await place.alerts.record(Changes(happenings=happenings))


async def due(place: Place, now: float) -> list[tuple[str, int]]:
    """Return (state, count) of what is due."""
    rows, _ = await place.alerts.due(now, 100)
    return [(row.state, row.count) for row in rows]


async def end(place: Place, now: float, status: str = "delivered") -> None:
    for row in (await place.alerts.due(now, 100))[0]:
        await place.alerts.attempted(
            Attempted(id=row.id, status=status, attempts=row.attempts + 1, at=now, send_at=row.send_at)
        )


async def test_rules_are_kept_by_namespace_and_name(place: Place) -> None:
    def row(namespace: str, name: str, text: bytes = b"{}") -> RuleRow:
        return RuleRow(namespace=namespace, name=name, rule=text, updated_at=1.0, updated_by="ann")

    for each in (row("b", "x"), row("a", "y"), row("a", "x"), row("a", "y", b'{"new": 1}')):
        await place.alerts.put_rule(each)
    assert await place.alerts.rules("a") == [row("a", "x"), row("a", "y", b'{"new": 1}')]
    assert [(each.namespace, each.name) for each in await place.alerts.rules()] == [
        ("a", "x"),
        ("a", "y"),
        ("b", "x"),
    ]
    assert await place.alerts.delete_rule("a", "x")
    assert not await place.alerts.delete_rule("a", "x")
    assert len(await place.alerts.rules()) == 2


async def test_silences_last_until_their_time(place: Place) -> None:
    def silence(id: str, until: float, namespace: str = "a") -> Silence:
        return Silence(
            id=id, namespace=namespace, rule="faults", until=until, created_at=1.0, created_by="ann"
        )

    for each in (silence("1", 10), silence("2", 20), silence("3", 20, "b")):
        await place.alerts.put_silence(each)
    assert await place.alerts.silences(10) == [silence("2", 20), silence("3", 20, "b")]
    assert await place.alerts.silences(10, "b") == [silence("3", 20, "b")]
    assert not await place.alerts.delete_silence("a", "3")
    assert await place.alerts.delete_silence("b", "3")
    assert await place.alerts.silences(0, "b") == []


async def test_the_first_is_told_at_once_and_the_next_ones_together(place: Place) -> None:
    assert await tell(place, happens(100)) == 1
    assert await due(place, 100) == [("firing", 1)]
    await end(place, 100)
    await tell(place, happens(101))
    await tell(place, happens(110), happens(120))
    rows, following = await place.alerts.due(129.9, 100)
    assert (rows, following) == ([], 130.0)
    assert await due(place, 130) == [("firing", 3)]
    await end(place, 130)
    # The group that was sent at 130 has a time of its own.
    await tell(place, happens(131))
    assert await due(place, 131) == []
    assert await due(place, 160) == [("firing", 1)]
    await end(place, 160)
    await tell(place, happens(1000))
    assert await due(place, 1000) == [("firing", 1)]


async def test_of_a_burst_the_first_is_told_at_once(place: Place) -> None:
    await tell(place, *(happens(100) for _ in range(250)))
    assert await due(place, 100) == [("firing", 1)]
    assert await due(place, 130) == [("firing", 1), ("firing", 249)]
    rows, _ = await place.alerts.due(130, 100)
    assert [len(orjson.loads(row.events)) for row in rows] == [1, EVENTS_LISTED_MAX]


async def test_without_a_group_all_are_told_at_once(place: Place) -> None:
    await tell(place, happens(100, group=0))
    await tell(place, happens(100, group=0), happens(100, group=0))
    assert await due(place, 100) == [("firing", 1), ("firing", 2)]


async def test_rules_are_gathered_apart(place: Place) -> None:
    await tell(place, happens(100), happens(100, OTHER))
    assert await due(place, 100) == [("firing", 1), ("firing", 1)]


async def test_what_is_resolved_is_not_told_before_what_fires(place: Place) -> None:
    await tell(place, happens(100))
    await end(place, 100)
    await tell(place, happens(101))  # waits until 130
    await tell(place, happens(102, state="resolved"))
    assert await due(place, 129) == []
    assert await due(place, 130) == [("firing", 1), ("resolved", 1)]


async def test_what_is_being_tried_again_is_not_added_to(place: Place) -> None:
    await tell(place, happens(100))
    [row], _ = await place.alerts.due(100, 10)
    await place.alerts.attempted(
        Attempted(id=row.id, status="pending", attempts=1, at=100, send_at=105, error="500")
    )
    await tell(place, happens(101))
    assert await due(place, 105) == [("firing", 1)]
    assert sorted(await due(place, 130)) == [("firing", 1), ("firing", 1)]


async def test_a_key_is_told_once_per_rule(place: Place) -> None:
    assert await tell(place, happens(100, key="x1"), happens(100, key="x1")) == 1
    assert await tell(place, happens(200, key="x1"), happens(200, OTHER, key="x1")) == 1
    await place.alerts.record(Changes(counted=[(RULE, "x2", 150.0), (RULE, "x1", 151.0)]))
    assert await place.alerts.told(RULE, 0) == [("x1", 100.0), ("x2", 150.0)]
    assert await place.alerts.told(RULE, 120) == [("x2", 150.0)]


async def test_a_notification_ends_once_and_is_listed(place: Place) -> None:
    await tell(place, happens(100, group=0))
    await tell(place, happens(101, group=0))
    [first, _], _ = await place.alerts.due(101, 10)
    await place.alerts.attempted(
        Attempted(id=first.id, status="failed", attempts=9, at=200, send_at=100, error="gone")
    )
    await place.alerts.attempted(Attempted(id=first.id, status="delivered", attempts=10, at=201, send_at=100))
    newest, oldest = await place.alerts.notifications("default", None, 10)
    assert (oldest.id, oldest.status, oldest.attempts, oldest.error, oldest.ended_at) == (
        first.id,
        "failed",
        9,
        "gone",
        200,
    )
    assert [row.id for row in await place.alerts.notifications("default", None, 1)] == [newest.id]
    assert [row.id for row in await place.alerts.notifications("default", newest.sequence, 9)] == [oldest.id]
    assert await place.alerts.notifications("other", None, 9) == []


async def test_what_goes_on_is_kept_with_the_cursor(place: Place) -> None:
    assert await place.alerts.ongoing() == ([], None)
    one = Ongoing(name=RULE, subject="xa", since=1.0, value=2.5)
    other = Ongoing(name=RULE, subject="qb", since=1.0, firing=False)
    await place.alerts.record(Changes(begun=[one, other], cursor=50))
    await place.alerts.record(Changes(over=[(RULE, "qb")], cursor=40))
    assert await place.alerts.ongoing() == ([one], 50)


async def test_what_is_old_is_forgotten_unless_it_waits(place: Place) -> None:
    await tell(place, happens(100, key="a", group=0))
    await end(place, 100)
    await tell(place, happens(101, key="b", group=0))
    await place.alerts.record(Changes(forget_before=101))
    assert [row.status for row in await place.alerts.notifications("default", None, 9)] == ["pending"]
    assert await place.alerts.told(RULE, 0) == [("b", 101.0)]


async def start(place: Place, id: str, at: float, status: str = "running", **more: Any) -> None:
    create = ExecutionRow(
        id=id,
        namespace="default",
        name="orders",
        workflow_version="1.0.0",
        definition_digest="sha256:0",
        status=status,
        created_at=at,
        started_at=at,
    )
    final = status in ("faulted", "completed")
    await place.store.commit(
        Transition(
            execution_id=id,
            expected_version=0,
            state=None if final else b"{}",
            create=create,
            status=status,
            **({"ended_at": at + 1, "error": b'{"status": 500}'} if final else {}),
            **more,
        )
    )


def run(id: str, number: int, at: float) -> TaskRun:
    return TaskRun(
        execution_id=id,
        run_id=number,
        parent_id=0,
        pointer="/do/0/a",
        name="a",
        kind="call",
        status="completed",
        started_sequence=number,
        ended_sequence=number,
        started_at=at,
        ended_at=at,
    )


async def test_executions_that_faulted_are_read_in_order(place: Place) -> None:
    for id, at in (("c", 30), ("a", 10), ("b", 10)):
        await start(place, id, at, "faulted")
    await start(place, "d", 10, "completed")
    found = await place.alerts.faulted((0, ""), 2)
    assert [(each.execution_id, each.ended_at, each.error) for each in found] == [
        ("a", 11, b'{"status": 500}'),
        ("b", 11, b'{"status": 500}'),
    ]
    assert [each.execution_id for each in await place.alerts.faulted((11, "a"), 9)] == ["b", "c"]


async def test_open_executions_are_read_in_pages_with_their_progress(place: Place) -> None:
    await start(place, "a", 10, "waiting", next_due=9e9)
    await start(place, "b", 10, "waiting", next_due=9e9, subscribe=[(1, ("x",))])
    await start(place, "c", 20, in_flight=True, runs=[run("c", 1, 25), run("c", 2, 28)])
    await start(place, "d", 21, "suspended")
    await start(place, "e", 22, "faulted")
    await start(place, "f", 23, next_due=9e9, in_flight=True)
    await start(place, "g", 30)
    found = await place.alerts.open((0, ""), 30, 100)
    assert [(each.execution_id, each.status, each.progress_at, each.timer_only) for each in found] == [
        ("a", "waiting", 10, True),
        ("b", "waiting", 10, False),
        ("c", "running", 28, False),
        ("f", "running", 23, False),
    ]
    page = await place.alerts.open((0, ""), 30, 2)
    assert [each.execution_id for each in page] == ["a", "b"]
    last = (page[-1].created_at, page[-1].execution_id)
    assert [each.execution_id for each in await place.alerts.open(last, 30, 2)] == ["c", "f"]
    assert sorted(each.execution_id for each in await place.alerts.look(["c", "d", "e", "nothing"])) == [
        "c",
        "d",
    ]


async def test_looking_reads_indexes_in_their_order(place: Place) -> None:
    """A look costs what it reads: no table is scanned, nothing is sorted."""
    from headrace.store.sqlite.alerts import QUERIES

    plans = {
        "select_open": ("waiting", 0, "", 100, 10),
        "select_open_one": ("a",),
        "select_faulted": (0, "", 10),
        "select_due": (100, 10),
        "select_next_due": (100,),
        "select_notifications": ("default", 100, 10),
        "select_last_notification": ("default", "", "a", "firing"),
        "select_seen": ("default", "", "a", 0),
    }

    def steps(connection: Any, query: str, values: tuple[Any, ...]) -> list[str]:
        return [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + QUERIES[query], values)]

    for query, values in plans.items():
        found = await place.store.read(steps, query, values)
        scans = [step for step in found if step.startswith("SCAN")]
        assert not scans, (query, found)
        if query != "select_seen":  # sorted by time within the one rule's
            assert not [step for step in found if "TEMP B-TREE" in step], (query, found)
    [first, *_] = await place.store.read(steps, "select_open", plans["select_open"])
    assert "executions_status (status=? AND (created_at,id)>(?,?)" in first.replace(
        "(created_at", "(created_at"
    )
