"""Executions as they are looked at: lists, details, history, lines, definitions, differences, deleting."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from headrace.store.port import LogLine
from integration.api.flows import CALL, GREET, GREET_2, LISTEN, REFUSE, elsewhere
from integration.api.served import Served

WAIT = {"prefer": "wait=20"}


@pytest.fixture
def functions() -> Mapping[str, Any]:
    failures = iter([True, True])

    def double(data: Any) -> Any:
        if data.get("flaky") and next(failures, False):
            raise RuntimeError("not yet")
        return {"value": 2 * data["value"]}

    return {"double": double}


async def _run(
    served: Served, flow: str, input: Any, *, key: str | None = None, namespace: str = "default", **query: str
) -> str:
    """Run an execution to its end, and return its id."""
    headers = WAIT if key is None else {**WAIT, "idempotency-key": key}
    reply = await served.post(
        f"flowapps/{flow}/executions", input, headers=headers, query=query, namespace=namespace
    )
    return str(reply.headers["headrace-execution"])


async def _start_listening(served: Served) -> str:
    reply = await served.post("flowapps/listen/executions", {})
    execution_id = str(reply.data["id"])
    async with asyncio.timeout(20):
        while True:
            shown = await served.get(f"executions/{execution_id}")
            assert shown.status == 200, shown.text
            if shown.data["status"] == "waiting":
                return execution_id
            await asyncio.sleep(0.01)


async def _ids(served: Served, **query: Any) -> list[str]:
    reply = await served.get("executions", query)
    assert reply.status == 200, reply.text
    return [each["id"] for each in reply.data["items"]]


async def test_list_has_what_the_filters_say(served: Served) -> None:
    for flow in (GREET, REFUSE, LISTEN):
        await served.deploy(flow)
    greeted = await _run(served, "greet", {"name": "Ada"}, key="k1")
    refused = await _run(served, "refuse", {"name": "Bob"})
    await served.deploy(GREET_2)
    again = await _run(served, "greet", {"name": "Eve"})
    listening = await _start_listening(served)
    everything = [listening, again, refused, greeted]
    assert await _ids(served) == everything
    assert await _ids(served, flow="greet") == [again, greeted]
    assert await _ids(served, flow="greet", version="1.0.0") == [greeted]
    assert await _ids(served, status="faulted") == [refused]
    assert await _ids(served, status=["faulted", "waiting"]) == [listening, refused]
    assert await _ids(served, key="k1") == [greeted]
    assert await _ids(served, text="Eve") == [again]
    assert await _ids(served, text="Card refused") == [refused]
    assert await _ids(served, duration_min="3600") == []
    assert await _ids(served, duration_max="3600") == everything
    assert await _ids(served, trigger="nightly") == []
    created_at = (await served.get(f"executions/{again}")).data["created_at"]
    assert await _ids(served, created_from=str(created_at)) == [listening, again]
    assert await _ids(served, created_to=str(created_at)) == [again, refused, greeted]
    assert await _ids(served, created_from="2020-01-31", created_to="2999-01-31T10:00:00+02:00") == everything
    assert await _ids(served, limit="2") == everything[:2]


async def test_pages_are_stable_under_inserts(served: Served) -> None:
    await served.deploy(GREET)
    first = [await _run(served, "greet", {"name": str(number)}) for number in range(5)]
    seen: list[str] = []
    query = {"limit": "2"}
    while True:
        page = await served.get("executions", query)
        seen += [each["id"] for each in page.data["items"]]
        await _run(served, "greet", {"name": "newer"})
        if page.data["next"] is None:
            break
        query["after"] = page.data["next"]
    assert seen == first[::-1]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"status": "done"}, "bad-request"),
        ({"limit": "0"}, "bad-request"),
        ({"limit": "501"}, "bad-request"),
        ({"after": "nonsense"}, "bad-cursor"),
        ({"after": "WzFd"}, "bad-cursor"),
        ({"created_from": "yesterday"}, "bad-time"),
        ({"created_to": "2026-13-01"}, "bad-time"),
        ({"created_to": "nan"}, "bad-time"),
        ({"duration_min": "-1"}, "bad-request"),
        ({"duration_min": "long"}, "bad-request"),
        ({"text": ""}, "bad-request"),
        ({"flow": "f" * 256}, "bad-request"),
    ],
)
async def test_bad_filters_are_told(served: Served, query: dict[str, str], code: str) -> None:
    reply = await served.get("executions", query)
    assert (reply.status, reply.code) == (400, code)


async def test_why_it_waits_in_words_and_data(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    shown = (await served.get(f"executions/{execution_id}")).data
    [why] = shown["why"]
    assert why["words"].startswith("paid waits for an event of type com.example.paid")
    assert why["waiting"]["reason"] == "event" and why["waiting"]["pointer"] == "/do/1/paid"
    assert shown["ended_at"] is None and shown["output"] is None


async def test_history_in_pages_with_what_is_open(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    history = (await served.get(f"executions/{execution_id}/history")).data
    assert [(run["task"], run["status"]) for run in history["items"]] == [("/do/0/first", "completed")]
    assert [(run["task"], run["status"], run["ended_at"]) for run in history["open"]] == [
        ("/do/1/paid", "waiting", None)
    ]
    assert "input" not in history["items"][0]
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "com.example.paid", "data": 7}
    await served.post("events", event, headers={"content-type": "application/cloudevents+json"})
    await served.get(f"executions/{execution_id}/wait")
    rest = (
        await served.get(f"executions/{execution_id}/history", {"after": history["next"], "payloads": "true"})
    ).data
    assert [run["task"] for run in rest["items"]] == ["/do/1/paid"]
    assert rest["items"][0]["output"] == [7]
    assert rest["open"] == [] and rest["next"] is None


async def test_one_task_run_with_everything(served: Served) -> None:
    await served.deploy(CALL)
    execution_id = await _run(served, "work", {"value": 4})
    history = (await served.get(f"executions/{execution_id}/history")).data["items"]
    number = next(run["run_id"] for run in history if run["task"] == "/do/0/double")
    for text in ("one", "two"):
        await served.platform.runtime.log(
            LogLine(execution_id=execution_id, run_id=number, attempt=1, at=2.0, stream="log", text=text)
        )
    run = (await served.get(f"executions/{execution_id}/runs/{number}")).data
    assert (run["input"], run["output"], run["status"]) == ({"value": 4}, {"value": 8}, "completed")
    assert [line["text"] for line in run["logs"]] == ["one", "two"]
    assert run["attempts"] == [] and run["attempt"] == 1
    missing = await served.get(f"executions/{execution_id}/runs/99")
    assert (missing.status, missing.code) == (404, "not-found")


async def test_open_task_run_shows_what_is_known(served: Served) -> None:
    await served.deploy(LISTEN)
    execution_id = await _start_listening(served)
    [opened] = (await served.get(f"executions/{execution_id}/history")).data["open"]
    run = (await served.get(f"executions/{execution_id}/runs/{opened['run_id']}")).data
    assert (run["task"], run["status"], run["output"], run["logs"]) == ("/do/1/paid", "waiting", None, [])


async def test_lines_come_in_pages_and_go_on(served: Served) -> None:
    await served.deploy(GREET)
    execution_id = await _run(served, "greet", {"name": "Ada"})

    async def write(text: str, run: int) -> None:
        await served.platform.runtime.log(
            LogLine(execution_id=execution_id, run_id=run, attempt=1, at=2.0, stream="stdout", text=text)
        )

    for number in range(3):
        await write(str(number), number % 2)
    first = (await served.get(f"executions/{execution_id}/logs", {"limit": "2"})).data
    assert [line["text"] for line in first["items"]] == ["0", "1"]
    rest = (await served.get(f"executions/{execution_id}/logs", {"after": first["next"]})).data
    assert [line["text"] for line in rest["items"]] == ["2"]
    await write("later", 0)
    later = (await served.get(f"executions/{execution_id}/logs", {"after": rest["next"]})).data
    assert [line["text"] for line in later["items"]] == ["later"]
    of_run = (await served.get(f"executions/{execution_id}/logs", {"run": "1"})).data
    assert [line["text"] for line in of_run["items"]] == ["1"]


async def test_output_of_what_completed(served: Served) -> None:
    for flow in (GREET, REFUSE, LISTEN):
        await served.deploy(flow)
    done = await served.get(f"executions/{await _run(served, 'greet', {'name': 'Ada'})}/output")
    assert (done.status, done.data) == (200, {"text": "hello Ada"})
    faulted = await served.get(f"executions/{await _run(served, 'refuse', {})}/output")
    assert (faulted.status, faulted.code, faulted.data["error"]["status"]) == (409, "no-output", 402)
    waiting = await served.get(f"executions/{await _start_listening(served)}/output")
    assert (waiting.status, waiting.code) == (409, "not-ended")


async def test_definition_is_the_one_it_was_started_with(served: Served) -> None:
    await served.deploy(GREET)
    execution_id = await _run(served, "greet", {"name": "Ada"})
    await served.deploy(GREET_2)
    found = (await served.get(f"executions/{execution_id}/definition")).data
    assert found["version"] == "1.0.0"
    assert "hello " in found["text"]
    assert found["definition"]["spec"]["version"] == "1.0.0"


async def test_difference_of_two_executions(served: Served) -> None:
    await served.deploy(GREET)
    one, other = await _run(served, "greet", {"name": "Ada"}), await _run(served, "greet", {"name": "Bob"})
    found = (await served.get(f"executions/{one}/diff", {"with": other})).data
    assert found["same_path"] and found["whole"]
    changed = {change["pointer"]: (change["before"], change["after"]) for change in found["changes"]}
    assert changed == {"/input/name": ("Bob", "Ada"), "/output/text": ("hello Bob", "hello Ada")}
    [run] = found["runs"]
    assert (run["task"], run["number"]) == ("/do/0/hello", 1)
    same = (await served.get(f"executions/{one}/diff", {"with": one})).data
    assert (same["changes"], same["runs"]) == ([], [])


async def test_only_final_executions_are_deleted(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(LISTEN)
    done, waiting = await _run(served, "greet", {"name": "Ada"}), await _start_listening(served)
    assert (await served.call("DELETE", f"executions/{done}")).status == 204
    refused = await served.call("DELETE", f"executions/{waiting}")
    assert (refused.status, refused.code) == (409, "not-ended")
    assert await _ids(served) == [waiting]
    assert (await served.call("DELETE", f"executions/{done}")).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/output"),
        ("GET", "/history"),
        ("GET", "/runs/1"),
        ("GET", "/logs"),
        ("GET", "/wait"),
        ("GET", "/definition"),
        ("GET", "/diff?with={id}"),
        ("GET", "/stream"),
        ("DELETE", ""),
        ("POST", "/suspend"),
        ("POST", "/resume"),
        ("POST", "/cancel"),
        ("POST", "/signal"),
        ("POST", "/rerun"),
    ],
)
async def test_an_execution_of_another_namespace_is_none(served: Served, method: str, path: str) -> None:
    await served.deploy(elsewhere(GREET, "other"), namespace="other")
    theirs = await _run(served, "greet", {"name": "Ada"}, namespace="other")
    for execution_id in (theirs, "01unknown"):
        reply = await served.call(method, f"executions/{execution_id}" + path.replace("{id}", execution_id))
        assert (reply.status, reply.code) == (404, "not-found"), reply.text
    assert (await served.get(f"executions/{theirs}", namespace="other")).status == 200
    assert await _ids(served) == []


async def test_two_executions_to_compare_are_of_one_namespace(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(elsewhere(GREET, "other"), namespace="other")
    mine = await _run(served, "greet", {"name": "Ada"})
    theirs = await _run(served, "greet", {"name": "Ada"}, namespace="other")
    reply = await served.get(f"executions/{mine}/diff", {"with": theirs})
    assert (reply.status, reply.code) == (404, "not-found")
