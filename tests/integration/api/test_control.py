"""What people do to executions: suspend, resume, cancel, signal, rerun; one and many."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from integration.api.flows import CALL, GREET, LISTEN, REFUSE, elsewhere
from integration.api.served import Served

STRUCTURED = {"content-type": "application/cloudevents+json"}
WAIT = {"prefer": "wait=20"}


@pytest.fixture
def called() -> list[Any]:
    return []


@pytest.fixture
def functions(called: list[Any]) -> Mapping[str, Any]:
    def double(data: Any) -> Any:
        called.append(data)
        return {"value": 2 * data["value"]}

    return {"double": double}


def _paid(number: str, data: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": number, "source": "/s", "type": "com.example.paid", "data": data}


async def _start_listening(served: Served, namespace: str = "default") -> str:
    reply = await served.post("flowapps/listen/executions", {}, namespace=namespace)
    execution_id = str(reply.data["id"])
    async with asyncio.timeout(20):
        while True:
            shown = await served.get(f"executions/{execution_id}", namespace=namespace)
            assert shown.status == 200, shown.text
            if shown.data["status"] == "waiting":
                return execution_id
            await asyncio.sleep(0.01)


async def _run(served: Served, flow: str, input: Any) -> str:
    reply = await served.post(f"flowapps/{flow}/executions", input, headers=WAIT)
    return str(reply.headers["headrace-execution"])


async def _ended(served: Served, execution_id: str) -> Any:
    return (await served.get(f"executions/{execution_id}/wait")).data


async def test_suspend_keeps_what_arrives_and_resume_goes_on(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    assert (await served.post(f"executions/{execution_id}/suspend")).data["status"] == "suspended"
    await served.post("events", _paid("1", 5), headers=STRUCTURED)
    still = await served.get(f"executions/{execution_id}/wait", {"seconds": "0"})
    assert (still.status, still.data["status"]) == (202, "suspended")
    assert (await served.get(f"executions/{execution_id}")).data["why"][0]["waiting"]["reason"] == "suspended"
    await served.post(f"executions/{execution_id}/resume")
    assert (await _ended(served, execution_id))["output"] == [5]
    for verb in ("suspend", "resume", "cancel"):
        reply = await served.post(f"executions/{execution_id}/{verb}")
        assert (reply.status, reply.code) == (409, "already-ended")


async def test_resume_of_what_is_not_suspended_is_refused(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    reply = await served.post(f"executions/{execution_id}/resume")
    assert (reply.status, reply.code) == (409, "not-suspended")


async def test_cancel_ends_it(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    assert (await served.post(f"executions/{execution_id}/cancel", {"reason": "enough"})).data[
        "status"
    ] == "cancelled"
    assert (await served.get(f"executions/{execution_id}/history")).data["items"][-1]["status"] == "cancelled"


async def test_signal_reaches_one_execution_alone(served: Served) -> None:
    await served.deploy(LISTEN)
    mine, other = await _start_listening(served), await _start_listening(served)
    reply = await served.post(f"executions/{mine}/signal", _paid("1", 9), headers=STRUCTURED)
    assert reply.status == 202
    assert reply.data == {"id": "1", "source": "/s", "duplicate": False, "listening": True}
    assert (await _ended(served, mine))["output"] == [9]
    assert (await served.get(f"executions/{other}")).data["status"] == "waiting"
    late = await served.post(f"executions/{mine}/signal", _paid("2", 9), headers=STRUCTURED)
    assert (late.status, late.code) == (409, "already-ended")
    binary = {"ce-specversion": "1.0", "ce-id": "3", "ce-source": "/s", "ce-type": "com.example.paid"}
    assert (await served.post(f"executions/{other}/signal", 4, headers=binary)).status == 202
    assert (await _ended(served, other))["output"] == [4]


async def test_signal_survives_a_restart(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    await served.post(f"executions/{execution_id}/suspend")
    await served.post(f"executions/{execution_id}/signal", _paid("1", 9), headers=STRUCTURED)
    await served.restart()
    await served.post(f"executions/{execution_id}/resume")
    assert (await _ended(served, execution_id))["output"] == [9]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ({}, STRUCTURED, 400, "bad-event"),
        ([], {"content-type": "application/cloudevents-batch+json"}, 400, "one-event"),
        ({}, {}, 400, "no-event"),
    ],
)
async def test_bad_signal_is_told(
    served: Served, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    reply = await served.post(f"executions/{execution_id}/signal", body, headers=headers)
    assert (reply.status, reply.code) == (status, code)


async def test_an_emitted_event_is_no_signal_to_another_namespace(served: Served) -> None:
    await served.deploy(elsewhere(LISTEN, "other"), namespace="other")
    theirs = await _start_listening(served, namespace="other")
    await served.deploy(
        f"""
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {{name: intrude}}
spec:
  version: 1.0.0
  steps:
    - send:
        emit:
          event:
            with: {{source: /x, type: com.example.paid, headraceexecution: "{theirs}", data: 1}}
"""
    )
    await _run(served, "intrude", {})
    while not all(event["delivered"] for event in (await served.get("events")).data["items"]):
        await asyncio.sleep(0.01)
    assert (await served.get(f"executions/{theirs}", namespace="other")).data["status"] == "waiting"


async def test_rerun_from_the_beginning_with_other_input(served: Served) -> None:
    await served.deploy(REFUSE)
    execution_id = await _run(served, "refuse", {"name": "Ada"})
    reply = await served.post(f"executions/{execution_id}/rerun", {"input": {"name": "Bob"}})
    assert reply.status == 202 and reply.headers["location"].endswith(reply.data["id"])
    again = await _ended(served, reply.data["id"])
    assert again["error"]["detail"] == "the card of Bob is refused"
    shown = (await served.get(reply.headers["location"])).data
    assert shown["rerun_of"] == execution_id
    listed = await served.get("executions", {"rerun_of": execution_id})
    assert [each["id"] for each in listed.data["items"]] == [reply.data["id"]]


async def test_rerun_from_a_task_on_the_mended_version(served: Served, called: list[Any]) -> None:
    await served.deploy(CALL)
    execution_id = await _run(served, "work", {"value": 3})
    await served.deploy(CALL.replace("1.0.0", "2.0.0").replace(".value }", ".value + 1 }"))
    history = (await served.get(f"executions/{execution_id}/history")).data["items"]
    rest = next(run["run_id"] for run in history if run["name"] == "rest")
    for wanted in ({"task": "rest"}, {"from_run": rest}):
        reply = await served.post(f"executions/{execution_id}/rerun", {**wanted, "version": "latest"})
        assert (await _ended(served, reply.data["id"]))["output"] == {"result": 7}
        carried = (await served.get(f"executions/{reply.data['id']}/history")).data["items"]
        assert [run["carried"] for run in carried if run["name"] == "double"] == [True]
    assert called == [{"value": 3}]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"from_run": 1, "task": "rest"}, 400, "two-places"),
        ({"from_run": -1}, 400, "bad-request"),
        ({"task": "nowhere"}, 409, "cannot-rerun"),
        ({"from_run": 99}, 409, "cannot-rerun"),
        ({"version": "9.9.9"}, 404, "not-found"),
        ([1], 400, "bad-request"),
    ],
)
async def test_bad_rerun_starts_nothing(served: Served, body: Any, status: int, code: str) -> None:
    await served.deploy(CALL)
    execution_id = await _run(served, "work", {"value": 3})
    reply = await served.post(f"executions/{execution_id}/rerun", body)
    assert (reply.status, reply.code) == (status, code), reply.text
    assert len((await served.get("executions")).data["items"]) == 1


async def test_rerun_of_what_runs_is_refused(served: Served) -> None:
    await served.deploy(LISTEN)
    reply = await served.post(f"executions/{await _start_listening(served)}/rerun")
    assert (reply.status, reply.code) == (409, "cannot-rerun")


async def test_many_are_rerun_each_reported(served: Served) -> None:
    await served.deploy(REFUSE)
    await served.deploy(LISTEN)
    faulted = [await _run(served, "refuse", {"name": str(number)}) for number in range(3)]
    waiting = await _start_listening(served)
    reply = await served.post("executions/rerun", {"ids": [*faulted, waiting, "01unknown"]})
    assert reply.status == 200, reply.text
    assert (reply.data["done"], reply.data["refused"]) == (3, 2)
    results = {each["id"]: each for each in reply.data["results"]}
    for execution_id in faulted:
        shown = (await served.get(f"executions/{results[execution_id]['execution']}")).data
        assert shown["rerun_of"] == execution_id
    assert results[waiting]["problem"]["code"] == "cannot-rerun"
    assert results["01unknown"]["problem"]["code"] == "not-found"


async def test_many_by_filter_go_on_where_they_stopped(served: Served) -> None:
    await served.deploy(REFUSE)
    faulted = {await _run(served, "refuse", {"name": str(number)}) for number in range(5)}
    body: dict[str, Any] = {
        "filter": {"status": ["faulted"], "flow": "refuse"},
        "limit": 2,
        "input": {"name": "Z"},
    }
    done: list[str] = []
    while True:
        reply = await served.post("executions/rerun", body)
        assert reply.data["refused"] == 0
        done += [each["id"] for each in reply.data["results"]]
        if reply.data["next"] is None:
            break
        body["after"] = reply.data["next"]
    # The new ones are newer than those that were found, so they are none of them.
    assert len(done) == 5 and set(done) == faulted


async def test_many_are_cancelled_and_deleted(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(LISTEN)
    waiting = [await _start_listening(served) for _ in range(3)]
    done = await _run(served, "greet", {"name": "Ada"})
    refused = await served.post("executions/delete", {"ids": [*waiting, done]})
    assert (refused.data["done"], refused.data["refused"]) == (1, 3)
    cancelled = await served.post("executions/cancel", {"filter": {"status": ["waiting"]}, "reason": "x"})
    assert sorted(each["id"] for each in cancelled.data["results"] if each["done"]) == sorted(waiting)
    deleted = await served.post("executions/delete", {"filter": {}})
    assert deleted.data["done"] == 3
    assert (await served.get("executions")).data["items"] == []


async def test_many_never_reach_another_namespace(served: Served) -> None:
    await served.deploy(elsewhere(LISTEN, "other"), namespace="other")
    theirs = await _start_listening(served, namespace="other")
    for verb in ("cancel", "delete", "rerun"):
        by_id = await served.post(f"executions/{verb}", {"ids": [theirs]})
        assert [each["problem"]["code"] for each in by_id.data["results"]] == ["not-found"]
        assert (await served.post(f"executions/{verb}", {"filter": {}})).data["results"] == []
    assert (await served.get(f"executions/{theirs}", namespace="other")).data["status"] == "waiting"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": [], "filter": {}},
        {"ids": ["x"] * 501},
        {"filter": {"status": ["done"]}},
        {"filter": {}, "limit": 501},
        {"filter": {}, "after": "nonsense"},
        {"ids": [""]},
    ],
)
@pytest.mark.parametrize("verb", ["cancel", "delete", "rerun"])
async def test_bad_bulk_is_told(served: Served, verb: str, body: Any) -> None:
    reply = await served.post(f"executions/{verb}", body)
    assert reply.status == 400, reply.text


async def test_changes_are_in_the_audit_log(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    await served.post(f"executions/{execution_id}/signal", _paid("1", 1), headers=STRUCTURED)
    await _ended(served, execution_id)
    await served.post(f"executions/{execution_id}/rerun")
    await served.post("executions/cancel", {"filter": {"status": ["waiting"]}})
    await served.call("DELETE", f"executions/{execution_id}")
    entries = (await served.get("/api/v1/audit", {"namespace": "default"})).data["items"]
    actions = {entry["action"]: entry for entry in entries}
    assert {"execution.signal", "execution.rerun", "execution.cancel-many", "execution.delete"} <= set(
        actions
    )
    assert actions["execution.delete"]["object"] == execution_id
