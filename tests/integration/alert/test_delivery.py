"""Delivery to real receivers: what is sent, signed, tried again, gathered, silenced, and kept."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from headrace.alert import InvalidRule, delivery, recorder
from headrace.alert.delivery import GIVE_UP_SECONDS, pause_seconds
from headrace.call import HostPolicy
from headrace.errors import HeadraceError
from headrace.runtime.clock import ManualClock
from headrace.store.port import StoreUnavailable
from integration.alert.place import Receiver, place, receiver

FLOW = """
document: {dsl: 1.0.3, namespace: default, name: bad, version: 1.0.0}
do: [{x: {raise: {error: {type: "https://example.test/no-credit", status: 402, title: 'No "credit"'}}}}]
"""
CANARY = "canary-secret-7f3a"


def rule(hook: Receiver | str, **more: Any) -> dict[str, Any]:
    url = hook if isinstance(hook, str) else hook.url
    webhook = {"url": url, **more.pop("webhook", {})}
    return {"name": "faults", "faulted": True, "group": "PT0S", "webhook": webhook, **more}


async def fault(where: Any, times: int = 1) -> None:
    flow = await where.headrace.deploy(FLOW)
    for _ in range(times):
        await (await where.headrace.start(flow)).result()


async def counted(where: Any, outcome: str) -> float:
    page = (await where.metrics.exposition())[0].decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == "headrace_alert_notifications_total" and sample.labels["outcome"] == outcome
    )


async def test_the_signature_proves_id_time_and_body(tmp_path: Path) -> None:
    key = "whsec_" + base64.b64encode(b"a key of the receiver").decode()
    async with receiver() as hook, place(tmp_path / "a.db", secrets={"default/hook-key": key}) as where:
        await where.alerts.put_rule("default", rule(hook, webhook={"signature": "hook-key"}), by="ann")
        await fault(where)
        await hook.wait(1)
        headers, body = hook.requests[0]
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = hmac.new(b"a key of the receiver", signed, hashlib.sha256).digest()
        assert headers["webhook-signature"] == "v1," + base64.b64encode(expected).decode()
        assert headers["webhook-timestamp"] == str(int(where.clock.now()))
        assert headers["content-type"] == "application/json"


async def test_templates_make_url_headers_and_body_and_secrets_are_kept_nowhere(tmp_path: Path) -> None:
    secrets = {"default/token": CANARY, "default/chat": {"path": "hook"}}
    async with receiver() as hook, place(tmp_path / "a.db", secrets=secrets) as where:
        base = hook.url.removesuffix("hook")
        webhook = {
            "url": base + "{{ secrets.chat.path }}",
            "headers": {"Authorization": "Bearer {{ secrets.token }}", "Content-Type": "application/x-test"},
            "body": '{"text": {{ alert.events[0].error.title | tojson }}, "key": "{{ secrets.token }}"}',
        }
        hook.status = 500
        await where.alerts.put_rule("default", rule("", webhook=webhook), by="ann")
        await fault(where)
        assert await hook.wait(1) == [{"text": 'No "credit"', "key": CANARY}]
        headers, _ = hook.requests[0]
        assert headers["authorization"] == "Bearer " + CANARY
        assert headers["content-type"] == "application/x-test"
        await where.tried(1)
        [row] = await where.alerts.notifications("default")
        assert row.error == "the webhook answered 500"
    for file in tmp_path.iterdir():
        assert CANARY.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("webhook", "error"),
    [
        (
            {"headers": {"X": "{{ secrets.missing }}"}},
            "there is no secret 'missing'",
        ),
        (
            {"signature": "missing"},
            "there is no secret 'missing' (a text)",
        ),
        ({"signature": "broken"}, "the secret to sign with begins with whsec_ and is no base64"),
        ({"headers": {"X": "{{ secrets.lines }}"}}, "the request cannot be sent: "),
        ({"url": "http://127.0.0.1:1/{{ secrets.token }}"}, "communication error 503 (the URL is a template"),
        ({"url": "http://127.0.0.1:1/"}, "http://127.0.0.1:1/ is not reachable"),
        ({"url": "{{ secrets.token }}"}, "configuration error 400 (the URL is a template"),
    ],
)
async def test_why_it_was_not_sent_is_told_without_secrets(
    tmp_path: Path, webhook: dict[str, Any], error: str
) -> None:
    secrets = {"default/token": CANARY, "default/lines": f"{CANARY}\n", "default/broken": "whsec_%%%"}
    async with receiver() as hook, place(tmp_path / "a.db", secrets=secrets) as where:
        await where.alerts.put_rule("default", rule(hook, webhook=webhook), by="ann")
        await fault(where)
        await where.tried(1)
        [row] = await where.alerts.notifications("default")
        assert row.error is not None and row.error.startswith(error), row.error
        assert CANARY not in row.error
        assert hook.requests == []


async def test_a_mistake_in_the_body_does_not_silence_an_alert(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db", secrets={"default/token": CANARY}) as where:
        webhook = {
            "body": "{{ secrets.token }} {{ alert.events[0].nothing.at_all }}",
            "contentType": "text/plain",
        }
        await where.alerts.put_rule("default", rule(hook, webhook=webhook), by="ann")
        await fault(where)
        [body] = await hook.wait(1)
        assert body["alert"] == "faults"
        assert body["templateError"].startswith("the template cannot be rendered: ")
        assert hook.requests[0][0]["content-type"] == "application/json"


async def test_it_is_tried_again_with_growing_pauses_under_the_same_id(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.alerts.put_rule("default", rule(hook), by="ann")
        hook.status = 503
        await fault(where)
        for attempts, pause in ((1, 5), (2, 10), (3, 20)):
            await hook.wait(attempts)
            await where.tried(attempts)
            where.clock.advance(pause - 0.5)
            [row] = await where.alerts.notifications("default")
            assert row.send_at == where.clock.now() + 0.5
            if attempts == 3:
                hook.status = 204
            where.clock.advance(0.5)
        await where.ended(1)
        assert len(hook.requests) == 4
        assert len({headers["webhook-id"] for headers, _ in hook.requests}) == 1
        assert (await counted(where, "retried"), await counted(where, "delivered")) == (3, 1)


def test_pauses_grow_and_are_bounded() -> None:
    assert [pause_seconds(attempts) for attempts in (1, 2, 3, 8, 9, 1000)] == [5, 10, 20, 640, 900, 900]


async def test_it_is_given_up_after_a_day(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.alerts.put_rule("default", rule(hook), by="ann")
        hook.status = 404
        await fault(where)
        await where.tried(1)
        where.clock.advance(GIVE_UP_SECONDS)
        await where.ended(1, "failed")
        [row] = await where.alerts.notifications("default")
        assert (row.attempts, row.error) == (2, "the webhook answered 404")
        assert await counted(where, "failed") == 1


async def test_what_comes_soon_after_is_told_together(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.alerts.put_rule("default", rule(hook, group="PT1M"), by="ann")
        await fault(where)
        await hook.wait(1)
        await fault(where, 120)
        await where.turn(59)
        assert len(hook.requests) == 1
        await where.turn(1)
        body = (await hook.wait(2))[1]
        assert (body["count"], len(body["events"])) == (120, 100)
        assert body["summary"] == "default/bad: 120 executions faulted"


@pytest.mark.parametrize("match", [{}, {"rule": "faults"}])
async def test_a_silence_keeps_quiet_until_its_time(tmp_path: Path, match: dict[str, str]) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.alerts.put_rule("default", rule(hook), by="ann")
        until = where.clock.now() + 3600
        silence = await where.alerts.silence("default", until, by="ann", reason="maintenance", **match)
        await where.alerts.silence("default", until, by="ann", rule="another")
        await where.alerts.silence("default", until, by="ann", flow="another")
        assert silence in await where.alerts.silences("default")
        await fault(where)
        await where.ended(1, "silenced")
        assert hook.requests == []
        where.clock.advance(3600)
        await fault(where)
        await hook.wait(1)
        again = await where.alerts.silence("default", until + 7200, by="ann")
        assert await where.alerts.unsilence("default", again.id)
        assert not await where.alerts.unsilence("default", again.id)
        await fault(where)
        await hook.wait(2)
        assert await counted(where, "silenced") == 1


async def test_a_silence_that_is_over_is_refused(tmp_path: Path) -> None:
    async with place(tmp_path / "a.db") as where:
        with pytest.raises(HeadraceError, match="is over already"):
            await where.alerts.silence("default", where.clock.now(), by="ann")


async def test_a_rule_can_be_tried(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        assert (await where.alerts.test("default", rule(hook))).error is None
        [body] = hook.bodies
        assert body["events"][0]["execution"] == "example"
        hook.status = 401
        assert (await where.alerts.test("default", rule(hook))).error == "the webhook answered 401"
        assert await where.alerts.notifications("default") == []


async def test_a_rule_that_is_wrong_changes_nothing(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        with pytest.raises(InvalidRule) as caught:
            await where.alerts.put_rule("default", rule(hook, slower="soon"), by="ann")
        assert {problem.pointer for problem in caught.value.problems} == {"/slower"}
        with pytest.raises(InvalidRule):
            await where.alerts.test("default", {"name": "x"})
        assert await where.alerts.rules("default") == []
        assert hook.requests == []


async def test_the_host_policy_is_that_of_calls(tmp_path: Path) -> None:
    async with receiver() as hook, place(tmp_path / "a.db", policy=HostPolicy()) as where:
        error = (await where.alerts.test("default", rule(hook))).error
        assert error is not None and "127.0.0.1" in error
        assert hook.requests == []


async def test_a_receiver_that_hangs_holds_up_nobody(tmp_path: Path) -> None:
    async with receiver() as hanging, receiver() as hook, place(tmp_path / "a.db") as where:
        hanging.hold = asyncio.Event()
        await where.alerts.put_rule("default", rule(hanging), by="ann")
        await fault(where)
        await hanging.wait(1)
        await where.alerts.put_rule("default", rule(hook), by="ann")
        await fault(where)
        await hook.wait(1)
        await where.ended(1)


async def test_what_was_not_sent_is_sent_by_the_next_process(tmp_path: Path) -> None:
    clock = ManualClock()
    async with receiver() as hook:
        async with place(tmp_path / "a.db", clock=clock) as where:
            hook.status = 503
            await where.alerts.put_rule("default", rule(hook), by="ann")
            await fault(where)
            await where.tried(1)
        hook.status = 200
        async with place(tmp_path / "a.db", clock=clock) as where:
            clock.advance(5)
            await where.ended(1)
        assert len({headers["webhook-id"] for headers, _ in hook.requests}) == 1
        assert len(hook.requests) == 2


async def test_a_fault_that_was_committed_before_a_kill_is_told_after_it(tmp_path: Path) -> None:
    """The process dies between the commit of a fault and the record of its alert."""
    clock = ManualClock()
    async with receiver() as hook:
        async with place(tmp_path / "a.db", clock=clock) as where:
            await where.alerts.put_rule("default", rule(hook), by="ann")
        victim = [sys.executable, str(Path(__file__).with_name("victim.py")), str(tmp_path / "a.db")]
        done = await asyncio.to_thread(
            subprocess.run, victim, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        connection = sqlite3.connect(tmp_path / "a.db")
        assert connection.execute("SELECT status FROM executions").fetchall() == [("faulted",)]
        assert connection.execute("SELECT count(*) FROM alert_notifications").fetchone() == (0,)
        connection.close()
        async with place(tmp_path / "a.db", clock=clock) as where:
            [body] = await hook.wait(1)
            assert body["events"][0]["flow"] == "bad"
            await where.ended(1)


async def test_what_happened_while_the_store_could_not_write_is_told_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "AGAIN_SECONDS", 0.005)
    monkeypatch.setattr(delivery, "TROUBLE_SECONDS", 0.005)
    async with receiver() as hook, place(tmp_path / "a.db") as where:
        await where.alerts.put_rule("default", rule(hook), by="ann")
        store = where.alerts._store
        refused = []

        def refusing(name: str, times: int) -> None:
            method = getattr(store, name)

            async def refuse(*arguments: Any) -> Any:
                if refused.count(name) < times:
                    refused.append(name)
                    raise StoreUnavailable("the disk is full")
                return await method(*arguments)

            monkeypatch.setattr(store, name, refuse)

        refusing("record", 3)
        refusing("attempted", 3)
        await fault(where)
        await where.ended(1)
        assert (refused.count("record"), refused.count("attempted")) == (3, 3)
        assert len(hook.requests) == 1


async def test_what_faulted_before_there_were_alerts_is_not_news(tmp_path: Path) -> None:
    from headrace import Headrace

    clock = ManualClock()
    async with Headrace(tmp_path / "a.db", clock=clock) as headrace:
        await (await headrace.start(await headrace.deploy(FLOW))).result()
    async with receiver() as hook:
        clock.advance(60)
        async with place(tmp_path / "a.db", clock=clock) as where:
            await where.alerts.put_rule("default", rule(hook), by="ann")
            await where.turn(60)
        async with place(tmp_path / "a.db", clock=clock) as where:
            await where.turn(60)
            assert await where.alerts.notifications("default") == []
            assert hook.requests == []
