"""Secrets over HTTP: written, used by flows of their namespace, and found nowhere else."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from integration.api.flows import elsewhere
from integration.api.served import TOKEN, Served

CANARY = "c4n4ry-0f-the-m1ne"
PASSWORD = "another-c4n4ry-for-people"
WAIT = {"prefer": "wait=20"}

# Hands its secret to a function, which gives it back and prints it: the worst that a flow can do.
LEAK = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: leak}
spec:
  version: 1.0.0
  use: {secrets: [key]}
  functions:
    use: {source: cmd/use}
  steps:
    - take: {set: {held: '${ $secrets.key }'}}
    - use: {call: use}
    - fail:
        raise:
          error:
            type: https://example.com/errors/odd
            status: 500
            detail: '${ "held " + (.back | tostring) }'
"""


@pytest.fixture
def held() -> list[Any]:
    """What the function was handed."""
    return []


@pytest.fixture
def functions(held: list[Any]) -> Mapping[str, Any]:
    def use(data: Any) -> Any:
        held.append(data["held"])
        print(f"the secret is {data['held']}")
        return {"back": data["held"]}

    return {"use": use}


async def run(served: Served, namespace: str = "default") -> str:
    """Run the flow to its end and return the execution's id."""
    reply = await served.post("flowapps/leak/executions", {}, namespace=namespace, headers=WAIT)
    return str(reply.headers["headrace-execution"])


async def test_flows_get_the_secrets_of_their_namespace_as_they_are_now(
    served: Served, held: list[Any]
) -> None:
    await served.deploy(LEAK)
    await served.deploy(elsewhere(LEAK, "shop"), "shop")
    await served.call("PUT", "secrets/key", {"value": "of-default"})
    await served.call("PUT", "secrets/key", {"value": {"user": "ada", "pin": "of-shop"}}, namespace="shop")
    await run(served)
    await run(served, "shop")
    await served.call("PUT", "secrets/key", {"value": "changed"})
    await run(served)
    assert held == ["of-default", {"user": "ada", "pin": "of-shop"}, "changed"]
    await served.call("DELETE", "secrets/key")
    execution_id = await run(served)
    assert len(held) == 3
    assert (await served.get(f"executions/{execution_id}")).data["status"] == "faulted"


async def test_the_stores_secret_comes_before_those_of_the_process(
    served: Served, held: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADRACE_SECRET_SHARED", "of-everybody")
    monkeypatch.setenv("HEADRACE_SECRET_KEY", "the-master-key-itself")
    await served.deploy(LEAK.replace("[key]", "[shared]").replace("$secrets.key", "$secrets.shared"))
    await run(served)
    await served.call("PUT", "secrets/shared", {"value": "of-default"})
    await run(served)
    await served.call("DELETE", "secrets/shared")
    await run(served)
    assert held == ["of-everybody", "of-default", "of-everybody"]
    # The key that secrets are sealed with is no secret of that name.
    await served.deploy(LEAK.replace("1.0.0", "2.0.0"))
    execution_id = await run(served)
    assert len(held) == 3
    assert (await served.get(f"executions/{execution_id}")).data["status"] == "faulted"


async def test_secrets_are_named_and_never_shown(served: Served) -> None:
    reply = await served.call("PUT", "secrets/key", {"value": CANARY})
    assert (reply.status, reply.data["name"], reply.data["readable"]) == (200, "key", True)
    listed = await served.get("secrets")
    assert [item["name"] for item in listed.data["items"]] == ["key"]
    assert CANARY not in reply.text + listed.text
    assert (await served.get("secrets/key")).status == 405
    assert (await served.get("secrets", namespace="shop")).data["items"] == []
    assert (await served.call("DELETE", "secrets/key", namespace="shop")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": ""},
        {"value": 7},
        {"value": []},
        {"value": {}},
        {"value": CANARY, "more": 1},
        [CANARY],
        CANARY,
    ],
)
async def test_what_cannot_be_a_secret_is_refused_without_repeating_it(served: Served, body: Any) -> None:
    reply = await served.call("PUT", "secrets/key", body)
    assert reply.status == 400
    assert CANARY not in reply.text
    assert (await served.get("secrets")).data["items"] == []


async def test_the_key_is_changed(served: Served, held: list[Any], tmp_path: Path) -> None:
    await served.deploy(LEAK)
    await served.call("PUT", "secrets/key", {"value": CANARY})
    before = (tmp_path / "headrace.db.secret-key").read_text()
    assert (await served.post("/api/v1/secret-key/rotate")).data == {"secrets": 1}
    assert (tmp_path / "headrace.db.secret-key").read_text() != before
    await served.restart()
    await run(served)
    assert held == [CANARY]


async def test_secrets_are_found_nowhere(
    served: Served, held: list[Any], tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    await served.call("PUT", "secrets/key", {"value": CANARY})
    user = {"name": "ada", "password": PASSWORD, "roles": {"*": "viewer"}}
    assert (await served.post("/api/v1/users", user)).status == 201
    made = (await served.post("/api/v1/tokens", {"name": "robot", "roles": {"*": "viewer"}})).data["token"]
    session = await served.post("/api/v1/session", {"name": "ada", "password": PASSWORD})
    session_id = session.headers["set-cookie"].partition("=")[2].partition(";")[0]
    await served.post("/api/v1/session", {"name": "ada", "password": PASSWORD + "x"})
    await served.get("flowapps", headers={"authorization": f"Bearer {made}"})
    await served.get("flowapps", headers={"authorization": f"Bearer {made}x"})
    await served.deploy(LEAK)
    # Somebody writes the secret into a definition, a name, an event and an execution's input.
    await served.post("executions/cancel", {"ids": [CANARY]})
    execution_id = await run(served)
    assert held == [CANARY]
    answers = [
        await served.get(path)
        for path in (
            f"executions/{execution_id}",
            f"executions/{execution_id}/history",
            f"executions/{execution_id}/logs",
            f"executions/{execution_id}/output",
            "executions",
            "secrets",
            "/api/v1/users",
            "/api/v1/tokens",
            "/api/v1/sessions",
            "/api/v1/audit?limit=500",
            "/metrics",
        )
    ]
    assert answers[0].data["status"] == "faulted"
    assert "***" in answers[0].text
    await served.stop()
    with sqlite3.connect(tmp_path / "headrace.db") as connection:
        assert connection.execute("SELECT count(*) FROM secrets").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM audit").fetchone()[0] > 5
        dump = "\n".join(connection.iterdump()).encode()
    places = {f"answer {number}": answer.text.encode() for number, answer in enumerate(answers)}
    places |= {f"file {file.name}": file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    places |= {"tables": dump, "log": caplog.text.encode()}
    captured = capfd.readouterr()
    # What the function printed itself, in this very process, is its own.
    places["stderr"] = captured.err.encode()
    found = [
        (place, secret)
        for place, data in places.items()
        for secret in (CANARY, PASSWORD, made, session_id, TOKEN)
        if any(form in data for form in forms(secret))
    ]
    assert found == []
    # What is no secret is found in the same places.
    assert any(form in dump for form in forms("token.create"))
    assert any(form in places["file headrace.db"] for form in forms("token.create"))


def forms(secret: str) -> list[bytes]:
    """Return a secret as it may stand somewhere: as text, in base64 at each of three offsets, in hex."""
    import base64

    text = secret.encode()
    shifted = [base64.b64encode(b"x" * offset + text)[4:-4] for offset in range(3)]
    # iterdump writes blobs in hexadecimal.
    return [text, text.hex().encode(), text.hex().upper().encode(), *shifted]


def test_children_of_the_server_do_not_see_its_keys() -> None:
    from headrace.call.child import clean_environment

    program = "import os; print([name for name in os.environ if name.startswith('HEADRACE')])"
    given = {"HEADRACE_SECRET_KEY": "k", "HEADRACE_TOKEN": "t"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        shown = subprocess.run(
            [sys.executable, "-c", program],
            env=clean_environment({}),
            capture_output=True,
            text=True,
            check=True,
        )
    assert shown.stdout.strip() == "[]"
