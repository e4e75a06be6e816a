"""Flows with functions in processes of their own: what they do well, and what they do badly."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace import ExecutionFaulted, Headrace
from headrace.runtime.results import Result

FLOWAPP = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: faults}
spec:
  version: 1.0.0
  functions:
    act: {source: cmd/act}
    node: {source: cmd/node}
    retried: {source: cmd/act, retries: {delay: {milliseconds: 10}, limit: {attempt: {count: 5}}}}
  steps:
    - only: {call: FUNCTION, timeout: {after: {seconds: SECONDS}}}
"""

ACT = """
import os, pathlib, time
from headrace.function import Context, FunctionError, function


@function
def act(data: dict, context: Context) -> object:
    how = data["how"]
    print(f"acting: {how}", flush=True)
    context.logger.info("attempt %s", context.attempt)
    if how == "echo":
        return {"task": context.task, "attempt": context.attempt, "id": context.invocation_id}
    if how == "hang":
        time.sleep(60)
    if how == "die":
        os._exit(9)
    if how == "large":
        return "x" * (11 * 1024 * 1024)
    if how == "problem":
        raise FunctionError("no such order", status=404, title="Not found")
    if how == "busy":
        marker = pathlib.Path(data["marker"])
        tries = int(marker.read_text()) if marker.exists() else 0
        marker.write_text(str(tries + 1))
        if tries < 2:
            raise FunctionError("busy", status=503)
        return {"tries": tries + 1}
    if how == "unserialisable":
        return object()
    raise RuntimeError("unexpected")
"""

NODE = """
import http from "node:http";
http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    if (request.method !== "POST") { response.writeHead(200).end("ok"); return; }
    const data = JSON.parse(Buffer.concat(parts).toString() || "null");
    console.log("node got", data.how);
    if (data.how === "garbage") {
      response.writeHead(200, {"content-type": "application/json"}).end("{not json");
    } else if (data.how === "cut") {
      response.writeHead(200, {"content-type": "application/json", "content-length": "100"});
      response.write("{");
      setTimeout(() => response.destroy(), 20);
    } else {
      response.writeHead(200, {"content-type": "application/json"});
      response.end(JSON.stringify({from: "node", execution: request.headers["ce-subject"]}));
    }
  });
}).listen(process.env.PORT, "127.0.0.1");
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, file, text in (("act", "main.py", ACT), ("node", "index.mjs", NODE)):
        folder = tmp_path / "cmd" / name
        folder.mkdir(parents=True)
        (folder / file).write_text(text)
    (tmp_path / "config").mkdir()
    return tmp_path


@pytest.fixture
async def headrace(project: Path) -> AsyncIterator[Headrace]:
    async with Headrace(project / "store.db", project=project, grace_seconds=1.0) as headrace:
        yield headrace


async def call(headrace: Headrace, function: str, how: str, *, seconds: int = 20, **more: str) -> Result:
    text = FLOWAPP.replace("FUNCTION", function).replace("SECONDS", str(seconds))
    handle = await headrace.start(await headrace.deploy(text), {"how": how, **more})
    return await handle.result()


async def test_python_and_node_answer(headrace: Headrace) -> None:
    result = await call(headrace, "act", "echo")
    assert result.status == "completed"
    assert result.output == {"task": "/do/0/only", "attempt": 1, "id": f"{result.execution_id}.1.1"}
    lines = await headrace.logs(result.execution_id)
    assert any(line.text == "acting: echo" and line.stream == "stdout" for line in lines)
    assert any("attempt 1" in line.text for line in lines)
    assert {(line.run_id, line.attempt) for line in lines} == {(1, 1)}
    result = await call(headrace, "node", "fine")
    assert result.output == {"from": "node", "execution": result.execution_id}
    assert [line.text for line in await headrace.logs(result.execution_id)] == ["node got fine"]


@pytest.mark.parametrize(
    ("function", "how", "kind", "status", "text"),
    [
        ("act", "problem", "", 404, "no such order"),
        ("act", "unexpected", "", 500, "unexpected"),
        ("act", "unserialisable", "", 500, "object"),
        ("act", "die", "communication", 500, ""),
        ("act", "large", "communication", 500, "too large"),
        ("node", "garbage", "communication", 500, "JSON"),
        ("node", "cut", "communication", 500, ""),
    ],
)
async def test_a_bad_answer_is_a_clear_error(
    headrace: Headrace, function: str, how: str, kind: str, status: int, text: str
) -> None:
    result = await call(headrace, function, how)
    assert result.status == "faulted"
    assert result.error is not None
    assert result.error["status"] // 100 == status // 100, result.error
    assert result.error["instance"] == "/do/0/only"
    assert kind in result.error["type"]
    assert text.lower() in f"{result.error.get('title')} {result.error.get('detail')}".lower()
    # The function, or its next process, serves the next execution.
    assert (await call(headrace, function, "echo" if function == "act" else "fine")).status == "completed"


async def test_a_function_that_hangs_times_out(headrace: Headrace) -> None:
    await call(headrace, "act", "echo")
    result = await call(headrace, "act", "hang", seconds=1)
    assert result.error is not None
    assert result.error["type"].endswith("/timeout")
    assert result.error["status"] == 408
    assert headrace.runtime.open_calls == 0


async def test_retries_of_a_function_keep_their_attempts(headrace: Headrace, tmp_path: Path) -> None:
    result = await call(headrace, "retried", "busy", marker=str(tmp_path / "marker"))
    assert result.output == {"tries": 3}
    [run] = await headrace.history(result.execution_id)
    assert run.attempt == 3
    assert run.details is not None
    assert run.details.count(b'"status":503') == 2


async def test_a_function_killed_while_it_works_is_called_again(headrace: Headrace) -> None:
    await call(headrace, "retried", "echo")
    status = headrace.hosts.host_of("default/faults", "retried")
    assert status is not None
    pid = status.status()["retried"].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert (await call(headrace, "retried", "echo")).status == "completed"


async def test_a_function_without_code_is_named(headrace: Headrace) -> None:
    text = FLOWAPP.replace("cmd/act", "cmd/nowhere").replace("FUNCTION", "act").replace("SECONDS", "5")
    with pytest.raises(ExecutionFaulted, match="nowhere"):
        await headrace.run(await headrace.deploy(text), {"how": "echo"})


async def test_flows_have_functions_of_the_same_name(tmp_path: Path) -> None:
    async with Headrace() as headrace:
        flows = []
        for name in ("one", "two"):
            folder = tmp_path / name / "cmd" / "hello"
            folder.mkdir(parents=True)
            (folder / "main.py").write_text(
                "from headrace.function import function\n\n@function\n"
                f'def handle(data):\n    return "{name}"\n'
            )
            (tmp_path / name / "config").mkdir()
            file = tmp_path / name / "config" / "flowapp.yaml"
            file.write_text(
                "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\n"
                f"metadata: {{name: {name}}}\n"
                "spec:\n  version: 1.0.0\n  functions: {hello: {source: cmd/hello}}\n"
                "  steps: [{hello: {call: hello}}]\n"
            )
            flows.append(await headrace.deploy(file))
        assert [await headrace.run(flow, {}) for flow in flows] == ["one", "two"]
