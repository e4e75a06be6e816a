"""Subscriptions, published events and their delivery."""

from __future__ import annotations

import asyncio

import pytest

from contract.store.backend import ClosableStore
from contract.store.sample import a_start, a_step, an_end, an_event
from headrace.store.port import BLOB_THRESHOLD_BYTES, StoreError


async def test_subscribers_by_type_and_any(store: ClosableStore) -> None:
    await store.commit(a_start("a", subscribe=[(1, ("x", "y"))]))
    await store.commit(a_start("b", subscribe=[(1, ("y",)), (2, ("y", "z"))]))
    await store.commit(a_start("c", subscribe=[(1, ())]))
    assert sorted(await store.subscribers("x")) == ["a", "c"]
    assert sorted(await store.subscribers("y")) == ["a", "b", "c"]
    assert sorted(await store.subscribers("nothing")) == ["c"]


async def test_unsubscribe_takes_one_run(store: ClosableStore) -> None:
    await store.commit(a_start("a", subscribe=[(1, ("x",)), (2, ("x", "y"))]))
    await store.commit(a_step("a", 1, unsubscribe=[1]))
    assert await store.subscribers("x") == ["a"]
    await store.commit(a_step("a", 2, unsubscribe=[2], subscribe=[(3, ("z",))]))
    assert await store.subscribers("x") == []
    assert await store.subscribers("z") == ["a"]


async def test_subscribing_twice_is_once(store: ClosableStore) -> None:
    await store.commit(a_start("a", subscribe=[(1, ("x", "x"))]))
    await store.commit(a_step("a", 1, subscribe=[(1, ("x",))]))
    assert await store.subscribers("x") == ["a"]


async def test_end_in_the_same_group_takes_the_subscription_too(store: ClosableStore) -> None:
    await asyncio.gather(
        store.commit(a_start("a", subscribe=[(1, ())])),
        store.commit(an_end("a", 1)),
        store.commit(a_start("b")),
    )
    assert await store.subscribers("x") == []


async def test_publish_and_deliver(store: ClosableStore) -> None:
    first, second = await store.publish([an_event("1"), an_event("2")])
    assert first is not None
    assert second is not None
    assert first < second
    assert [(event.sequence, event.event) for event in await store.undelivered(10)] == [
        (first, an_event("1")),
        (second, an_event("2")),
    ]
    assert [event.sequence for event in await store.undelivered(1)] == [first]
    await store.delivered([first])
    assert [event.sequence for event in await store.undelivered(10)] == [second]
    await store.delivered([first, second, 999])
    assert await store.undelivered(10) == []


async def test_nothing_to_publish_or_deliver(store: ClosableStore) -> None:
    assert await store.publish([]) == []
    await store.delivered([])


async def test_event_seen_before(store: ClosableStore) -> None:
    (sequence,) = await store.publish([an_event("1")])
    assert sequence is not None
    assert await store.publish([an_event("1", data=2), an_event("1", "other"), an_event("1", "other")]) == [
        None,
        sequence + 1,
        None,
    ]
    await store.delivered([sequence])
    assert await store.publish([an_event("1")]) == [None]
    assert [event.event for event in await store.undelivered(10)] == [an_event("1", "other")]


@pytest.mark.parametrize("event", [b"", b"{}", b'{"id":"1"}', b'{"id":1,"source":"s"}', b"[]", b"\xff"])
async def test_what_is_no_event_is_refused_whole(store: ClosableStore, event: bytes) -> None:
    with pytest.raises(StoreError, match="CloudEvent"):
        await store.publish([an_event("1"), event])
    assert await store.undelivered(10) == []


async def test_events_of_a_transition(store: ClosableStore) -> None:
    committed = await store.commit(a_start(events=[an_event("1"), an_event("2")]))
    stored = await store.undelivered(10)
    assert [event.sequence for event in stored] == list(committed.event_sequences)
    assert [event.event for event in stored] == [an_event("1"), an_event("2")]


async def test_event_emitted_again_is_the_same_event(store: ClosableStore) -> None:
    (first,) = (await store.commit(a_start(events=[an_event("1")]))).event_sequences
    again = await store.commit(a_step("e1", 1, events=[an_event("1"), an_event("2")]))
    assert list(again.event_sequences) == [first, first + 1]
    assert len(await store.undelivered(10)) == 2


async def test_bad_event_of_a_transition_fails_it_alone(store: ClosableStore) -> None:
    outcomes = await asyncio.gather(
        store.commit(a_start("a")),
        store.commit(a_start("b", events=[b"{}"])),
        store.commit(a_start("c")),
        return_exceptions=True,
    )
    assert [type(outcome).__name__ for outcome in outcomes] == ["Committed", "StoreError", "Committed"]
    assert await store.execution("b") is None


async def test_large_event(store: ClosableStore) -> None:
    event = an_event("1", data="x" * BLOB_THRESHOLD_BYTES)
    await store.publish([event])
    (stored,) = await store.undelivered(10)
    assert stored.event == event


async def test_subscribers_of_a_namespace(store: ClosableStore) -> None:
    await store.commit(a_start("a", subscribe=[(1, ("x",))]))
    await store.commit(a_start("b", subscribe=[(1, ())], execution={"namespace": "shop"}))
    assert await store.subscribers("x") == ["a", "b"]
    assert await store.subscribers("x", "default") == ["a"]
    assert await store.subscribers("x", "shop") == ["b"]
    assert await store.subscribers("x", "elsewhere") == []


async def test_events_are_told_apart_within_their_namespace(store: ClosableStore) -> None:
    one, other = an_event("1", headracenamespace="one"), an_event("1", headracenamespace="other")
    first = await store.publish([one, other, an_event("1")])
    assert None not in first
    assert len(set(first)) == 3
    assert await store.publish([one, other, an_event("1")]) == [None, None, None]


async def test_undelivered_events_are_read_on_from_a_sequence(store: ClosableStore) -> None:
    sequences = [sequence or 0 for sequence in await store.publish([an_event(str(n)) for n in range(4)])]
    await store.delivered([sequences[2]])
    assert [event.sequence for event in await store.undelivered(10, sequences[0])] == [
        sequences[1],
        sequences[3],
    ]
