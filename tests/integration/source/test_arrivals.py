"""What came to triggers last: of each kind, in the shape that its expressions see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from headrace.queue.port import Put
from headrace.runtime.clock import SystemClock
from headrace.source.arrivals import Arrival, Arrivals, Arrived, Encoded
from headrace.source.http import HttpProblem
from headrace.source.port import SourceError
from headrace.store.triggers import TriggerName
from integration.source.place import HOUR, MIDNIGHT, MINUTE, Place, app
from integration.source.test_event import event
from integration.source.test_http import API, JSON, call


def arrived(place: Place, trigger: str) -> Arrived:
    return place.sources.arrived("default", "orders", trigger)


def seen(arrival: Arrival | None) -> Any:
    assert arrival is not None
    assert arrival.payload is not None
    return arrival.payload.seen()


async def test_a_request_is_kept_whether_or_not_the_trigger_maps_it(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        assert arrived(place, "api") == Arrived()
        headers = [*JSON, (b"Authorization", b"Bearer s3cret"), (b"x-one", b"1")]
        execution_id = await call(place, "PUT", "/orders/7", {"n": 1}, headers, b"dry=1&dry=2")
        kept = arrived(place, "api")
        assert kept.last is not None
        assert (kept.last.at, kept.last.outcome, kept.last.execution_id) == (
            MIDNIGHT,
            "started",
            execution_id,
        )
        assert seen(kept.last) == {
            "method": "PUT",
            "path": "/orders/7",
            "params": {"id": "7"},
            "query": {"dry": ["1", "2"]},
            "headers": {"content-type": "application/json", "x-one": "1"},
            "body": {"n": 1},
        }
        assert kept.refused is None


async def test_what_is_kept_of_a_request_is_what_input_sees(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", input: .")) as place:
        form = [(b"content-type", b"application/x-www-form-urlencoded"), (b"x-one", b"1")]
        for body, headers in ((b'{"a": [1]}', JSON), (b"a=1&b=", form), (b"", []), (b"1", [])):
            await call(place, "PUT", "/orders/a%2Fb", body, headers, b"q=%20")
            assert seen(arrived(place, "api").last) == (await place.inputs())[-1]


async def test_a_request_that_its_input_fails_on_is_the_last_and_the_last_refusal(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", input: '.body.total + 1'")) as place:
        with pytest.raises(HttpProblem, match="fails on it"):
            await call(place, "PUT", "/orders/7", {"total": {}})
        kept = arrived(place, "api")
        assert kept.last is kept.refused
        assert kept.refused is not None
        assert (kept.refused.outcome, kept.refused.cause) == ("failed", "mapping")
        assert "the mapping failed" in (kept.refused.detail or "")
        assert seen(kept.refused)["body"] == {"total": {}}
        # The one that goes well does not take the refusal away.
        await call(place, "PUT", "/orders/7", {"total": 1})
        later = arrived(place, "api")
        assert later.last is not None
        assert later.last.outcome == "started"
        assert seen(later.refused)["body"] == {"total": {}}


@pytest.mark.parametrize(
    ("headers", "body", "says"),
    [(JSON, b'{"a"', "not JSON"), ([*JSON, (b"idempotency-key", b"")], b"{}", "Idempotency-Key")],
)
async def test_a_request_that_cannot_be_read_is_only_the_last_refusal(
    tmp_path: Path, headers: list[tuple[bytes, bytes]], body: bytes, says: str
) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        await call(place, "PUT", "/orders/7", {"n": 1})
        with pytest.raises(HttpProblem):
            await call(place, "PUT", "/orders/7", body, headers)
        kept = arrived(place, "api")
        assert seen(kept.last)["body"] == {"n": 1}
        assert kept.refused is not None
        assert (kept.refused.outcome, kept.refused.cause) == ("refused", "request")
        assert says in (kept.refused.detail or "")
        assert seen(kept.refused)["body"] == ({} if body == b"{}" else body.decode())


async def test_a_request_that_is_refused_for_now_says_why(tmp_path: Path) -> None:
    waits = "[{wait: {wait: {hours: 1}}}]"
    async with await Place(tmp_path).open(app(API % ", maxOpen: 1", waits)) as place:
        await call(place, "PUT", "/orders/1", {"n": 1})
        with pytest.raises(HttpProblem):
            await call(place, "PUT", "/orders/2", {"n": 2})
        refused = arrived(place, "api").refused
        assert refused is not None
        assert (refused.outcome, refused.cause) == ("refused", "full")
        assert seen(refused)["params"] == {"id": "2"}
        await place.sources.pause("default", "orders", "api")
        with pytest.raises(HttpProblem):
            await call(place, "PUT", "/orders/3", {"n": 3})
        refused = arrived(place, "api").refused
        assert refused is not None
        assert refused.cause == "paused"
        assert seen(refused)["body"] == {"n": 3}


async def test_cron_and_interval_keep_the_time_that_was_due(tmp_path: Path) -> None:
    triggers = """
        - {name: nightly, cron: {schedule: "0 3 * * *", input: '.scheduledAt + 1'}}
        - {name: often, interval: {every: PT5M}}
    """
    async with await Place(tmp_path).open(app(triggers)) as place:
        await place.settle()
        await place.turn(5 * MINUTE)
        await place.until(lambda: arrived(place, "often").last)
        assert seen(arrived(place, "often").last) == {
            "scheduledAt": "2027-01-15T00:05:00.000Z",
            "trigger": "often",
        }
        await place.turn(3 * HOUR - 5 * MINUTE)
        await place.until(lambda: arrived(place, "nightly").refused)
        kept = arrived(place, "nightly")
        assert kept.last is kept.refused
        assert kept.refused is not None
        assert (kept.refused.outcome, kept.refused.cause) == ("failed", "mapping")
        assert seen(kept.refused) == {"scheduledAt": "2027-01-15T03:00:00.000Z", "trigger": "nightly"}


async def test_events_that_came_failed_and_were_filtered(tmp_path: Path) -> None:
    triggers = """
        - name: paid
          event: {with: {type: paid, data: {total: "${ . > 100 }"}}, input: '.data.total + .data.more'}
        - {name: other, event: {with: {type: other}}}
    """
    async with await Place(tmp_path).open(app(triggers)) as place:
        await place.headrace.publish(event("paid", {"total": 200, "more": 1}))
        await place.until_started(1)
        small = event("paid", {"total": 7})
        await place.headrace.publish(small)
        await place.until(lambda: arrived(place, "paid").filtered)
        kept = arrived(place, "paid")
        assert seen(kept.last)["data"] == {"total": 200, "more": 1}
        assert seen(kept.filtered)["data"] == {"total": 7}
        assert kept.refused is None
        await place.headrace.publish(event("paid", {"total": 300, "more": {}}))
        await place.until(lambda: arrived(place, "paid").refused)
        kept = arrived(place, "paid")
        assert kept.refused is not None
        assert (kept.refused.outcome, kept.refused.cause) == ("failed", "mapping")
        assert seen(kept.refused)["data"] == {"total": 300, "more": {}}
        # What is of another type altogether was never its affair.
        assert arrived(place, "other") == Arrived()


async def test_a_queue_keeps_the_item_and_the_batch(tmp_path: Path) -> None:
    triggers = """
        - {name: one, queue: {name: ones, input: '.data.n + 1'}}
        - {name: many, queue: {name: many, batch: 2}}
    """
    # Items come by the queue's own clock, so this runs on the system's.
    async with await Place(tmp_path, SystemClock()).open(app(triggers)) as place:
        ones, many = await place.queue("default", "ones"), await place.queue("default", "many")
        await ones.enqueue_many([Put(payload=b'{"n": {}}', headers={"x": "1"})])
        await many.enqueue_many([Put(payload=b"1"), Put(payload=b"2")])
        await place.until(lambda: arrived(place, "one").refused and arrived(place, "many").last)
        refused = arrived(place, "one").refused
        assert refused is not None
        assert (refused.outcome, refused.cause) == ("failed", "mapping")
        item = seen(refused)
        assert (item["data"], item["attempt"], item["headers"]) == ({"n": {}}, 1, {"x": "1"})
        assert [each["data"] for each in seen(arrived(place, "many").last)] == [1, 2]


async def test_what_is_fired_by_hand_did_not_come(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        await place.sources.fire("default", "orders", "api", {"n": 1})
        assert arrived(place, "api") == Arrived()


async def test_too_much_is_not_kept_but_that_it_came_is(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(
        app(API % "" + "\n- {name: paid, event: {with: {type: paid}}}")
    ) as place:
        await call(place, "PUT", "/orders/7", "x" * 70_000)
        await place.headrace.publish(event("paid", "x" * 70_000))
        await place.until(lambda: arrived(place, "paid").last)
        for name in ("api", "paid"):
            last = arrived(place, name).last
            assert last is not None
            assert (last.outcome, last.payload) == ("started", None)


async def test_it_outlives_another_version_and_not_another_kind(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", input: '.body.a + 1'")) as place:
        with pytest.raises(HttpProblem):
            await call(place, "PUT", "/orders/7", {"a": "x"})
        await place.apply(app(API % ", input: .body.a"))
        assert seen(arrived(place, "api").refused)["body"] == {"a": "x"}
        await place.apply(app("- {name: api, cron: {schedule: '0 3 * * *'}}"))
        assert arrived(place, "api") == Arrived()
        await place.apply(app(API % ""))
        await call(place, "PUT", "/orders/7", {"a": 1})
        await place.sources.remove("default", "orders")
        with pytest.raises(SourceError):
            arrived(place, "api")
        await place.apply(app(API % ""))
        assert arrived(place, "api") == Arrived()


async def test_a_secret_that_a_flow_names_no_more_takes_what_came_along(tmp_path: Path) -> None:
    named = app(API % "", use="{secrets: [key]}")
    async with await Place(tmp_path).open(named) as place:
        await call(place, "PUT", "/orders/7", {"a": "the text of key"})
        await place.apply(named.replace("1.0.0", "1.1.0"))
        assert arrived(place, "api").last is not None
        await place.apply(app(API % "", use="{secrets: [other]}"))
        assert arrived(place, "api") == Arrived()


async def test_an_event_that_comes_behind_a_pause_is_filtered_too(tmp_path: Path) -> None:
    triggers = "- {name: paid, event: {with: {type: paid, data: {total: '${ . > 100 }'}}}}"
    async with await Place(tmp_path).open(app(triggers)) as place:
        await place.sources.pause("default", "orders", "paid")
        await place.headrace.publish(event("paid", {"total": 7}))
        await place.sources.resume("default", "orders", "paid")
        await place.until(lambda: arrived(place, "paid").filtered)
        assert seen(arrived(place, "paid").filtered)["data"] == {"total": 7}


def test_all_payloads_of_a_process_are_bounded() -> None:
    arrivals = Arrivals(payload_bytes_max=100, bytes_max=250)
    names = [TriggerName("default", "orders", str(number)) for number in range(4)]

    def came(name: TriggerName, size: int) -> None:
        arrivals.note(
            name, Arrival(at=1.0, outcome="started", execution_id="1", payload=Encoded(b"1" * size))
        )

    for name in names[:3]:
        came(name, 80)
    came(names[0], 80)
    came(names[3], 80)
    # The one to which nothing came for the longest time went.
    assert [arrivals.of(name).last is not None for name in names] == [True, False, True, True]
    came(names[0], 101)
    kept = arrivals.of(names[0]).last
    assert kept is not None
    assert kept.payload is None
    came(names[1], 80)
    assert [arrivals.of(name).last is not None for name in names] == [True, True, True, True]


def test_one_payload_is_encoded_once_and_what_json_cannot_say_is_not_kept() -> None:
    arrivals = Arrivals()
    data = {"a": 1}
    assert arrivals.payload(data) is arrivals.payload(data)
    assert arrivals.payload({"a": object()}) is None
    assert arrivals.payload(None) is not None
