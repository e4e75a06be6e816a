"""What triggers remember."""

from __future__ import annotations

from contract.store.backend import ClosableStore
from contract.store.sample import an_event
from headrace.store.triggers import Firing, Gathered, TriggerName, TriggerState, TriggerStore

NAME = TriggerName("default", "orders", "nightly")
OTHER = TriggerName("default", "orders", "api")
ELSEWHERE = TriggerName("shop", "orders", "nightly")


async def test_states_are_kept_by_name(triggers: TriggerStore) -> None:
    for name in (NAME, OTHER, ELSEWHERE):
        await triggers.keep(TriggerState(name=name, fingerprint="f", cursor=5.5))
    await triggers.keep(
        TriggerState(name=NAME, fingerprint="g", paused=True, cursor=None, note=b'{"execution":"e"}')
    )
    assert await triggers.states("default", "orders") == [
        TriggerState(name=OTHER, fingerprint="f", cursor=5.5),
        TriggerState(name=NAME, fingerprint="g", paused=True, note=b'{"execution":"e"}'),
    ]
    assert [state.name for state in await triggers.states("shop")] == [ELSEWHERE]
    assert len(await triggers.states()) == 3


async def test_pausing_and_advancing_touch_what_they_name_only(triggers: TriggerStore) -> None:
    await triggers.keep(TriggerState(name=NAME, fingerprint="f", cursor=1.0))
    await triggers.keep(TriggerState(name=OTHER, fingerprint="f", cursor=1.0))
    assert await triggers.set_paused(NAME, True)
    await triggers.advance(NAME, 2.0, b"{}")
    assert await triggers.states("default", "orders") == [
        TriggerState(name=OTHER, fingerprint="f", cursor=1.0),
        TriggerState(name=NAME, fingerprint="f", paused=True, cursor=2.0, note=b"{}"),
    ]
    assert await triggers.set_paused(NAME, False)
    assert not (await triggers.states("default", "orders"))[1].paused


async def test_what_is_gone_is_not_made_again(triggers: TriggerStore) -> None:
    assert not await triggers.set_paused(NAME, True)
    await triggers.advance(NAME, 2.0, None)
    assert await triggers.states() == []


async def test_removing_takes_everything_of_a_trigger_or_of_a_flow(triggers: TriggerStore) -> None:
    for name in (NAME, OTHER, ELSEWHERE):
        await triggers.keep(TriggerState(name=name, fingerprint="f"))
        await triggers.record([(name, Firing(at=1.0, outcome="failed"))])
        await triggers.gather(name, 1.0, [Gathered(id="a", since=1.0, data=b"[]")])
    await triggers.remove("default", "orders", ["nightly"])
    assert [state.name for state in await triggers.states()] == [OTHER, ELSEWHERE]
    assert await triggers.firings(NAME, None, 10) == []
    assert await triggers.gathered(NAME) == []
    assert len(await triggers.firings(OTHER, None, 10)) == len(await triggers.gathered(OTHER)) == 1
    await triggers.remove("default", "orders")
    assert [state.name for state in await triggers.states()] == [ELSEWHERE]
    assert await triggers.firings(OTHER, None, 10) == await triggers.gathered(OTHER) == []
    assert len(await triggers.gathered(ELSEWHERE)) == 1


async def test_gathering_keeps_order_and_notes_the_event(triggers: TriggerStore) -> None:
    await triggers.keep(TriggerState(name=NAME, fingerprint="f", cursor=1.0, note=b"{}"))
    first, second = Gathered(id="b", since=1.0, data=b"[1]"), Gathered(id="a", since=2.0, data=b"[2]")
    await triggers.gather(NAME, 7.0, [first])
    await triggers.gather(NAME, 8.0, [second])
    more = Gathered(id="b", since=1.0, data=b"[1,3]")
    await triggers.gather(NAME, 9.0, [more])
    assert await triggers.gathered(NAME) == [more, second]
    await triggers.gather(NAME, 10.0, [], ["b"])
    assert await triggers.gathered(NAME) == [second]
    assert (await triggers.states())[0].cursor == 10.0
    assert (await triggers.states())[0].note == b"{}"


async def test_events_are_read_from_a_number_on(store: ClosableStore, triggers: TriggerStore) -> None:
    assert await triggers.last_event() == 0
    sequences = await store.publish([an_event(str(number)) for number in range(5)])
    last = await triggers.last_event()
    assert last == sequences[-1]
    after = await triggers.events_after(sequences[1] or 0, 2)
    assert [event.sequence for event in after] == sequences[2:4]
    assert after[0].event == an_event("2")
    assert await triggers.settled_event() == (sequences[0] or 0) - 1
    await store.delivered([sequence or 0 for sequence in sequences[:3]])
    assert await triggers.settled_event() == sequences[2]
    await store.delivered([sequence or 0 for sequence in sequences])
    assert await triggers.settled_event() == last
    assert [event.sequence for event in await triggers.events_after(last - 1, 10)] == [last]
