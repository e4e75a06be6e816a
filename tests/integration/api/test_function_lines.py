"""What functions write: kept for who looks at a function, followed, and without secrets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.main import function_lines
from integration.api.served import Served, options
from integration.api.sse import stream

FLOW = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: talker}
spec:
  version: 1.0.0
  functions:
    talk: {source: cmd/talk}
  use: {secrets: [bank]}
  steps:
    - talk: {call: talk, with: {say: "${ .say }", key: "${ $secrets.bank }"}}
"""
TALK = """\
from headrace.function import function

print("up", flush=True)
given = []


@function
def talk(data: dict) -> dict:
    given.append(data["key"])
    print(data["say"], "with", given[0], flush=True)
    return {}
"""
KEY = "canary-of-the-lines"


@pytest.fixture
async def talker(tmp_path: Path) -> AsyncIterator[Served]:
    """A server with a function that writes what it is told, and the secret that it was given first."""
    project = tmp_path / "talker"
    for path, text in {"config/flowapp.yaml": FLOW, "cmd/talk/main.py": TALK}.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, "utf-8")
    running = Served(options(tmp_path, projects=[project]))
    await running.start()
    assert (await running.call("PUT", "secrets/bank", {"value": KEY})).status < 300
    yield running
    await running.stop()


async def _say(served: Served, text: str) -> str:
    started = await served.post("flowapps/talker/executions", {"say": text})
    execution_id = str(started.data["id"])
    outcome = (await served.get(f"executions/{execution_id}/wait?seconds=30")).data
    assert outcome["status"] == "completed", outcome
    return execution_id


async def test_lines_are_kept_with_the_call_that_they_are_of(talker: Served) -> None:
    execution_id = await _say(talker, "hello")
    items = (await talker.get("flowapps/talker/functions/talk/lines")).data["items"]
    written = {each["text"]: each for each in items}
    assert written["up"]["execution"] is None
    assert written["hello with ***"]["execution"] == execution_id
    assert written["hello with ***"]["run_id"] is not None
    assert KEY not in str(items)
    numbers = [each["number"] for each in items]
    assert numbers == sorted(set(numbers))
    later = await talker.get(f"flowapps/talker/functions/talk/lines?after={numbers[-1]}")
    assert later.data["items"] == []


async def test_lines_are_followed_and_gone_on_after(talker: Served) -> None:
    await _say(talker, "first")
    following = await stream(talker, "flowapps/talker/functions/talk/stream")
    begun = await following.until("log", text="first with ***")
    assert begun[0].kind == "ready"
    await _say(talker, "second")
    await following.until("log", text="second with ***")
    last_id = following.last_id
    following.close()
    await _say(talker, "third")
    again = await stream(talker, "flowapps/talker/functions/talk/stream", last_id=last_id)
    event = await again.next()
    assert event is not None and (event.kind, event.data["text"]) == ("log", "third with ***")
    again.close()
    other = await stream(talker, "flowapps/talker/functions/talk/stream", last_id="0-7")
    event = await other.next()
    assert event is not None and event.kind == "reset"
    other.close()


async def test_a_function_that_is_none_has_no_lines(talker: Served) -> None:
    for path in ("flowapps/talker/functions/nobody", "flowapps/nobody/functions/talk"):
        for end in ("lines", "stream"):
            assert (await talker.get(f"{path}/{end}")).status == 404


async def test_only_the_last_lines_are_kept(talker: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function_lines, "LINES_MAX", 2)
    monkeypatch.setattr(function_lines, "LINE_CHARACTERS_MAX", 20)
    for text in ("one", "two", "three", "x" * 100):
        await _say(talker, text)
    items = (await talker.get("flowapps/talker/functions/talk/lines")).data["items"]
    assert [each["text"] for each in items] == ["three with ***", "x" * 20 + " [...]"]
