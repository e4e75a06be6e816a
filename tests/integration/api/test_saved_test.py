"""A flow test of an execution over the API: it runs, tells no secret, and says when there is none to make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from headrace.flowtest import read_tests
from headrace.flowtest.save import saved_of
from integration.api.flows import CALL, GREET, LISTEN, elsewhere
from integration.api.served import Served

WAIT = {"prefer": "wait=20"}
CANARY = "c4n4ry-0f-the-test"
SECRETIVE = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: secretive}
spec:
  version: 1.0.0
  use: {secrets: [key]}
  functions:
    double: {source: cmd/double}
  steps:
    - double: {call: double, with: {value: 1, key: '${ $secrets.key }'}}
"""
OUTCOME = GREET.replace("name: greet", "name: brief").replace("spec:", "spec:\n  history: outcome")


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return {"double": lambda data: {**data, "value": 2 * data["value"]}}


async def _ran(served: Served, flow: str, input: Any) -> str:
    reply = await served.post(f"flowapps/{flow}/executions", input, headers=WAIT)
    assert reply.status == 200, reply.text
    return str(reply.headers["headrace-execution"])


async def test_it_has_the_input_the_answers_and_the_end(served: Served) -> None:
    await served.deploy(CALL)
    execution_id = await _ran(served, "work", {"value": 21})
    reply = await served.get(f"executions/{execution_id}/test")
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, "application/yaml")
    tests, problems = read_tests(reply.text, "work.test.yaml")
    assert tests is not None, problems
    [case] = tests.cases
    assert (case.name, case.input) == (f"as in {execution_id}", {"value": 21})
    assert "double: {output: {value: 42}}" in reply.text and "output: {result: 42}" in reply.text
    named = await served.get(f"executions/{execution_id}/test", {"name": "twenty-one: doubled"})
    assert saved_of(named.text, "d").name == "twenty-one: doubled"


async def test_it_tells_no_secret(served: Served) -> None:
    await served.call("PUT", "secrets/key", {"value": CANARY})
    await served.deploy(SECRETIVE)
    execution_id = await _ran(served, "secretive", {})
    reply = await served.get(f"executions/{execution_id}/test")
    assert reply.status == 200 and CANARY not in reply.text
    assert "key: test-key" in reply.text
    [note] = saved_of(reply.text, "d").notes
    assert note.startswith("Secrets are not kept")


async def test_what_no_test_is_made_from_is_told(served: Served) -> None:
    for flow in (LISTEN, OUTCOME, elsewhere(GREET, "bank")):
        await served.deploy(flow, "bank" if "bank" in flow else "default")
    waiting = (await served.post("flowapps/listen/executions", {})).data["id"]
    reply = await served.get(f"executions/{waiting}/test")
    assert (reply.status, reply.code) == (409, "not-ended")
    assert (await served.post(f"executions/{waiting}/cancel")).status == 200
    await served.get(f"executions/{waiting}/wait", {"seconds": "20"})
    reply = await served.get(f"executions/{waiting}/test")
    assert (reply.status, reply.code) == (409, "no-test") and "cancelled" in reply.data["detail"]
    brief = await _ran(served, "brief", {"name": "Ada"})
    reply = await served.get(f"executions/{brief}/test")
    assert (reply.status, reply.code) == (409, "no-test") and "history: full" in reply.data["detail"]
    assert (await served.get("executions/nosuch/test")).status == 404
    there = await served.post("flowapps/greet/executions", {}, headers=WAIT, namespace="bank")
    assert (await served.get(f"executions/{there.headers['headrace-execution']}/test")).status == 404
