"""Commits: creation, compare-and-set, keys, the end of an execution, many at once."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import msgspec
import pytest

from contract.store.backend import ClosableStore
from contract.store.sample import a_run, a_start, a_step, an_end, an_event, an_execution
from headrace.store.port import (
    BLOB_THRESHOLD_BYTES,
    ExecutionQuery,
    KeyTaken,
    StoreConflict,
    StoredState,
    StoreError,
)


async def test_created_execution_reads_back_whole(store: ClosableStore) -> None:
    row = an_execution(
        key="k1",
        ended_at=None,
        parent_id="p1",
        parent_run_id=3,
        rerun_of="r1",
        rerun_run_id=4,
        trigger="cron",
    )
    committed = await store.commit(a_start("e1", create=row))
    assert committed.version == 1
    assert list(committed.event_sequences) == []
    assert await store.execution("e1") == row
    assert await store.load("e1") == StoredState(
        execution_id="e1", version=1, definition_digest="sha256:d1", data=b'{"at":0}'
    )


async def test_unknown_execution(store: ClosableStore) -> None:
    assert await store.execution("nobody") is None
    assert await store.load("nobody") is None
    assert await store.history("nobody") == []


async def test_status_and_times_of_the_creating_transition_win(store: ClosableStore) -> None:
    await store.commit(a_start(status="waiting", started_at=150.0))
    row = await store.execution("e1")
    assert row is not None
    assert (row.status, row.started_at) == ("waiting", 150.0)


async def test_execution_that_is_final_at_once_has_no_state(store: ClosableStore) -> None:
    await store.commit(a_start(state=None, status="completed", ended_at=101.0, output=b"1", runs=[a_run()]))
    assert await store.load("e1") is None
    row = await store.execution("e1")
    assert row is not None
    assert (row.status, row.ended_at, row.output) == ("completed", 101.0, b"1")
    assert len(await store.history("e1")) == 1


async def test_each_transition_raises_the_version_and_replaces_the_state(store: ClosableStore) -> None:
    await store.commit(a_start())
    assert (await store.commit(a_step("e1", 1, state=b'"second"'))).version == 2
    assert (await store.commit(a_step("e1", 2, state=b'"third"'))).version == 3
    state = await store.load("e1")
    assert state is not None
    assert (state.version, state.data) == (3, b'"third"')


async def test_only_what_a_transition_names_of_the_execution_changes(store: ClosableStore) -> None:
    await store.commit(a_start())
    before = await store.execution("e1")
    await store.commit(a_step("e1", 1))
    assert await store.execution("e1") == before
    await store.commit(a_step("e1", 2, status="suspended"))
    row = await store.execution("e1")
    assert row is not None
    assert row == an_execution(status="suspended")


async def test_final_transition(store: ClosableStore) -> None:
    await store.commit(a_start(next_due=1.0, in_flight=True, subscribe=[(1, ("a",)), (2, ())]))
    await store.commit(an_end(status="faulted", output=None, error=b'{"status":500}'))
    assert await store.load("e1") is None
    assert await store.due(1e12, 10) == ([], None)
    assert await store.in_flight("", 10) == []
    assert await store.subscribers("a") == []
    row = await store.execution("e1")
    assert row is not None
    assert (row.status, row.ended_at, row.output, row.error) == ("faulted", 200.0, None, b'{"status":500}')


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_conflict_writes_nothing(store: ClosableStore, version: int) -> None:
    await store.commit(a_start())
    await store.commit(a_step("e1", 1))
    before = (await store.execution("e1"), await store.load("e1"))
    with pytest.raises(StoreConflict, match="e1"):
        await store.commit(
            a_step(
                "e1",
                version,
                status="suspended",
                runs=[a_run()],
                next_due=1.0,
                in_flight=True,
                subscribe=[(1, ("a",))],
                events=[an_event()],
            )
        )
    assert (await store.execution("e1"), await store.load("e1")) == before
    assert await store.history("e1") == []
    assert await store.due(1e12, 10) == ([], None)
    assert await store.in_flight("", 10) == []
    assert await store.subscribers("a") == []
    assert await store.undelivered(10) == []


async def test_final_and_unknown_executions_conflict(store: ClosableStore) -> None:
    await store.commit(a_start())
    await store.commit(an_end())
    with pytest.raises(StoreConflict):
        await store.commit(a_step("e1", 2))
    with pytest.raises(StoreConflict):
        await store.commit(an_end("e1", 2))
    with pytest.raises(StoreConflict):
        await store.commit(a_step("nobody", 1))


async def test_same_key_is_the_same_start(store: ClosableStore) -> None:
    await store.commit(a_start("e1", execution={"key": "k"}))
    with pytest.raises(KeyTaken) as taken:
        await store.commit(a_start("e2", execution={"key": "k"}))
    assert taken.value.execution_id == "e1"
    assert await store.execution("e2") is None
    assert await store.load("e2") is None


async def test_same_id_is_the_same_start(store: ClosableStore) -> None:
    await store.commit(a_start("e1"))
    with pytest.raises(KeyTaken) as taken:
        await store.commit(a_start("e1", execution={"key": "other"}, runs=[a_run()]))
    assert taken.value.execution_id == "e1"
    assert await store.history("e1") == []


async def test_key_stays_taken_after_the_end(store: ClosableStore) -> None:
    await store.commit(a_start("e1", execution={"key": "k"}))
    await store.commit(an_end("e1"))
    with pytest.raises(KeyTaken) as taken:
        await store.commit(a_start("e2", execution={"key": "k"}))
    assert taken.value.execution_id == "e1"


async def test_key_belongs_to_namespace_and_name(store: ClosableStore) -> None:
    await store.commit(a_start("e1", execution={"key": "k"}))
    await store.commit(a_start("e2", execution={"key": "k", "name": "other"}))
    await store.commit(a_start("e3", execution={"key": "k", "namespace": "other"}))
    found = await store.executions(ExecutionQuery(namespace="default", name="orders", key="k"))
    assert [row.id for row in found] == ["e1"]


async def test_many_at_once_fail_and_succeed_each_on_its_own(store: ClosableStore) -> None:
    await store.commit(a_start("taken", execution={"key": "k"}))
    outcomes = await asyncio.gather(
        *(store.commit(a_start(f"e{number:03}", runs=[a_run(f"e{number:03}")])) for number in range(50)),
        store.commit(a_start("e-dup", execution={"key": "k"})),
        store.commit(a_step("nobody", 1)),
        store.commit(a_step("taken", 1)),
        return_exceptions=True,
    )
    assert [type(outcome).__name__ for outcome in outcomes[50:]] == ["KeyTaken", "StoreConflict", "Committed"]
    assert all(getattr(outcome, "version", None) == 1 for outcome in outcomes[:50])
    for number in range(50):
        assert len(await store.history(f"e{number:03}")) == 1


async def test_transitions_of_one_execution_in_order_in_one_group(store: ClosableStore) -> None:
    outcomes = await asyncio.gather(
        store.commit(a_start(subscribe=[(1, ("a",))])),
        store.commit(a_step("e1", 1, runs=[a_run("e1", 1)], unsubscribe=[1], subscribe=[(2, ("b",))])),
        store.commit(a_step("e1", 2, runs=[a_run("e1", 2)], status="waiting")),
        store.commit(an_end("e1", 3, runs=[a_run("e1", 3)])),
        store.commit(a_step("e1", 4)),
        return_exceptions=True,
    )
    assert [getattr(outcome, "version", None) for outcome in outcomes] == [1, 2, 3, 4, None]
    assert isinstance(outcomes[4], StoreConflict)
    assert [run.run_id for run in await store.history("e1")] == [1, 2, 3]
    assert await store.subscribers("a") == await store.subscribers("b") == []
    row = await store.execution("e1")
    assert row is not None
    assert row.status == "completed"


async def test_racing_transitions_one_wins(store: ClosableStore) -> None:
    await store.commit(a_start())
    outcomes = await asyncio.gather(
        *(store.commit(a_step("e1", 1, state=b"%d" % number)) for number in range(10)),
        return_exceptions=True,
    )
    winners = [number for number, outcome in enumerate(outcomes) if not isinstance(outcome, Exception)]
    assert len(winners) == 1
    state = await store.load("e1")
    assert state is not None
    assert state.data == b"%d" % winners[0]


async def test_transition_that_fits_no_column_fails_alone(store: ClosableStore) -> None:
    await store.commit(a_start("e0"))
    too_large = 2**70
    outcomes = await asyncio.gather(
        store.commit(a_start("e1")),
        store.commit(a_step("e0", 1, runs=[a_run("e0", too_large)])),
        store.commit(a_start("e2")),
        store.publish([an_event("1")]),
        return_exceptions=True,
    )
    assert [type(outcome).__name__ for outcome in outcomes] == [
        "Committed",
        "StoreError",
        "Committed",
        "list",
    ]
    state = await store.load("e0")
    assert state is not None
    assert state.version == 1
    assert (await store.commit(a_step("e0", 1))).version == 2


async def test_create_with_another_version_is_refused(store: ClosableStore) -> None:
    with pytest.raises(StoreError, match="version 0"):
        await store.commit(a_start(expected_version=3))
    assert await store.execution("e1") is None


async def test_cancelled_caller_does_not_harm_the_others(store: ClosableStore) -> None:
    cancelled = asyncio.ensure_future(store.commit(a_start("e1")))
    kept = asyncio.ensure_future(store.commit(a_start("e2")))
    await asyncio.sleep(0)
    cancelled.cancel()
    assert (await kept).version == 1
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert (await store.commit(a_start("e3"))).version == 1


async def test_large_payloads_come_back_whole(store: ClosableStore) -> None:
    def large(letter: bytes) -> bytes:
        return b'"' + letter * BLOB_THRESHOLD_BYTES + b'"'

    await store.commit(a_start(execution={"input": large(b"i")}, state=large(b"s")))
    state = await store.load("e1")
    assert state is not None
    assert state.data == large(b"s")
    run = a_run(
        input=large(b"i"),
        output=large(b"o"),
        error=large(b"e"),
        variables=large(b"v"),
        context=large(b"c"),
        details=b"{}",
    )
    await store.commit(a_step("e1", 1, state=large(b"t"), runs=[run]))
    state = await store.load("e1")
    assert state is not None
    assert state.data == large(b"t")
    await store.commit(an_end("e1", 2, output=large(b"o")))
    assert await store.history("e1") == [run]
    row = await store.execution("e1")
    assert row is not None
    assert (row.input, row.output) == (large(b"i"), large(b"o"))


async def test_state_that_stays_large_and_the_same(store: ClosableStore) -> None:
    large = b'"' + b"s" * BLOB_THRESHOLD_BYTES + b'"'
    await store.commit(a_start(state=large))
    await store.commit(a_step("e1", 1, state=large))
    state = await store.load("e1")
    assert state is not None
    assert state.data == large
    await store.commit(a_step("e1", 2, state=b"0"))
    await store.commit(a_step("e1", 3, state=large))
    state = await store.load("e1")
    assert state is not None
    assert state.data == large


def _payloads(*letters: bytes) -> dict[str, bytes]:
    """Large payloads of a state by SHA-256, as the engine hands them over."""
    payloads = [b'"' + letter * BLOB_THRESHOLD_BYTES + b'"' for letter in letters]
    return {hashlib.sha256(payload).hexdigest(): payload for payload in payloads}


async def test_payloads_that_a_state_refers_to(store: ClosableStore) -> None:
    await store.commit(a_start(large=_payloads(b"a", b"b")))
    state = await store.load("e1")
    assert state is not None
    assert state.large == _payloads(b"a", b"b")
    await store.commit(a_step("e1", 1, large=_payloads(b"b", b"c")))
    state = await store.load("e1")
    assert state is not None
    assert (state.data, state.large) == (b'{"at":1}', _payloads(b"b", b"c"))
    await store.commit(an_end("e1", 2))
    assert await store.load("e1") is None


async def test_two_states_refer_to_one_payload(store: ClosableStore) -> None:
    for execution_id in ("a", "b"):
        await store.commit(a_start(execution_id, large=_payloads(b"x")))
    await store.commit(an_end("a"))
    state = await store.load("b")
    assert state is not None
    assert state.large == _payloads(b"x")


async def test_conflict_leaves_payloads_as_they_were(store: ClosableStore) -> None:
    await store.commit(a_start(large=_payloads(b"a")))
    with pytest.raises(StoreConflict):
        await store.commit(a_step("e1", 9, large=_payloads(b"b")))
    state = await store.load("e1")
    assert state is not None
    assert state.large == _payloads(b"a")


async def test_state_is_loaded_with_its_own_payloads_while_it_changes(store: ClosableStore) -> None:
    def step(version: int) -> dict[str, Any]:
        large = _payloads(b"%d" % (version % 3))
        return {"large": large, "state": msgspec.json.encode(list(large))}

    await store.commit(a_start(**step(0)))
    moving = True

    async def load() -> None:
        while moving:
            state = await store.load("e1")
            assert state is not None
            assert set(msgspec.json.decode(state.data)) <= state.large.keys()

    loading = [asyncio.ensure_future(load()) for _ in range(4)]
    for version in range(1, 60):
        await store.commit(a_step("e1", version, **step(version)))
    moving = False
    await asyncio.gather(*loading)


@pytest.mark.parametrize("size", [BLOB_THRESHOLD_BYTES, BLOB_THRESHOLD_BYTES + 1])
async def test_payload_at_the_threshold(store: ClosableStore, size: int) -> None:
    payload = b"1" * size
    await store.commit(a_start(execution={"input": payload}))
    row = await store.execution("e1")
    assert row is not None
    assert row.input == payload
