"""Expressions evaluated for those who write them: on given data, and on what executions left on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from integration.api.served import Reply, Served

WAIT = {"prefer": "wait=20"}
ORDER = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: order}
spec:
  version: 1.0.0
  use: {secrets: [card]}
  input: {from: '${ {order: .} }'}
  functions:
    price: {source: cmd/price}
  steps:
    - start: {set: '${ .order }', export: {as: '${ {customer: .customer} }'}}
    - prices:
        for: {each: line, in: '${ .lines }'}
        do:
          - price:
              call: price
              input: {from: '${ {item: $line, rest: .} }'}
              output: {as: '${ {price: .cents} }'}
    - attempt:
        try:
          - refuse: {raise: {error: {type: https://example.com/errors/card, status: 402, title: Refused}}}
        catch:
          as: problem
          do:
            - note: {set: {why: '${ $problem.title }'}}
    - total: {set: {total: '${ .why }'}}
"""
INPUT = {"customer": "Ada", "lines": [{"sku": "a", "cents": 3}, {"sku": "b", "cents": 4}]}


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return {"price": lambda data: {"cents": data["item"]["cents"] * 100}}


async def _evaluate(served: Served, **wanted: Any) -> Any:
    reply: Reply = await served.post("expressions/evaluate", wanted)
    assert reply.status == 200, reply.text
    return reply.data


async def _ordered(served: Served) -> str:
    assert (await served.call("PUT", "secrets/card", {"value": "canary-4111-4111"})).status == 200
    await served.deploy(ORDER)
    reply = await served.post("flowapps/order/executions", INPUT, headers=WAIT)
    assert reply.status == 200, reply.text
    return str(reply.headers["headrace-execution"])


async def test_given_data(served: Served) -> None:
    data = {"lines": [1, 2, 3]}
    found = await _evaluate(served, value=".lines | add", data=data)
    assert (found["outcome"], found["result"]) == ("value", 6)
    template = {"sum": "${ .lines | add }", "text": "so ${ .lines[0] }", "rest": 1}
    found = await _evaluate(served, value=template, reads="template", data=data)
    assert found["result"] == {"sum": 6, "text": "so 1", "rest": 1}
    for value, held in ((".lines | length > 2", True), (".nothing", False)):
        found = await _evaluate(served, value=value, reads="condition", data=data)
        assert found["result"] is held
    found = await _evaluate(
        served, value="$item + $context.n", data=1, names=["item"], variables={"item": 2, "context": {"n": 3}}
    )
    assert found["result"] == 5


async def test_errors_have_words_and_a_place(served: Served) -> None:
    found = await _evaluate(served, value="${ .lines | }", data={})
    assert found["outcome"] == "error"
    assert found["error"]["kind"] == "syntax"
    assert found["error"]["offset"] == len("${ .lines | ")
    found = await _evaluate(served, value=".lines + 1", data={"lines": {}})
    assert found["error"]["kind"] == "evaluation"
    assert "cannot be added" in found["error"]["message"]
    found = await _evaluate(served, value="$line", data=1)
    assert "$line is not defined" in found["error"]["message"]
    # `$output` is only there when there is one.
    assert (await _evaluate(served, value="$output", data=1))["error"]["kind"] == "syntax"
    assert (await _evaluate(served, value="$output", data=1, where="export"))["outcome"] == "value"
    # Without data it is only checked.
    assert (await _evaluate(served, value=".a"))["outcome"] == "compiles"
    assert (await _evaluate(served, value=".a |"))["outcome"] == "error"


@pytest.mark.parametrize(
    "value",
    [
        "[range(1e9)] | length",
        "def f: f; f",
        'reduce range(1e9) as $n (""; . + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
        "[limit(3000000; repeat(1))]",
    ],
)
async def test_what_has_no_end_is_ended(served: Served, value: str) -> None:
    found = await _evaluate(served, value=value, data=None)
    assert found["error"]["kind"] == "limit"


async def test_result_that_is_no_text_of_json_is_still_an_answer(served: Served) -> None:
    for value in ('"\\ud83d"', "nan", "infinite", "1e1000", "reduce range(300) as $n (1; [.])"):
        reply = await served.post("expressions/evaluate", {"value": value, "data": None})
        assert reply.status == 200, reply.text


async def test_what_a_task_saw(served: Served) -> None:
    execution = await _ordered(served)
    price = {"execution": execution, "task": "/do/1/prices/do/0/price"}
    mapped = {**price, "input_from": "${ {item: $line, rest: .} }"}

    found = await _evaluate(served, value="$line.sku", at=price, where="before", names=["line", "index"])
    assert (found["result"], found["seen"]["basis"], found["seen"]["iteration"]) == ("b", "run", 1)
    found = await _evaluate(served, value=".item.cents", at=mapped, names=["line"])
    assert found["result"] == 4
    found = await _evaluate(served, value="$context.customer", at=price)
    assert found["result"] == "Ada"
    found = await _evaluate(served, value="$input.item.sku + $task.name", at=mapped, names=["line"])
    assert found["result"] == "bprice"
    # As `input.from` is now, not as it was.
    found = await _evaluate(served, value=".", at={**price, "input_from": "$line.sku"}, names=["line"])
    assert found["result"] == "b"
    found = await _evaluate(served, value=".", at={**price, "input_from": "error"}, names=["line"])
    assert found["seen"]["notes"] == ["input-fails"]
    # What the function answered is not on record, what `output.as` made of it is.
    found = await _evaluate(served, value=".price", at=price, where="output")
    assert (found["result"], found["seen"]["notes"]) == (400, ["output-transformed"])
    found = await _evaluate(served, value="$output.price", at=price, where="export")
    assert found["result"] == 400


async def test_loop_and_catch(served: Served) -> None:
    execution = await _ordered(served)
    loop = {"execution": execution, "task": "/do/1/prices"}
    found = await _evaluate(served, value="$index == 0 and $line.sku == \"a\"", reads="condition", at=loop,
                            where="loop", names=["line", "index"])  # fmt: skip
    assert found["result"] is True
    attempt = {"execution": execution, "task": "/do/2/attempt", "catch_as": "problem"}
    found = await _evaluate(served, value="$problem.status", at=attempt, where="catch", names=["problem"])
    assert found["result"] == 402
    note = {"execution": execution, "task": "/do/2/attempt/catch/do/0/note"}
    found = await _evaluate(served, value="$problem.title", at=note, names=["problem"])
    assert found["result"] == "Refused"


NESTED = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: nested}
spec:
  version: 1.0.0
  steps:
    - rows:
        for: {each: row, in: .rows}
        do:
          - attempt:
              try:
                - note: {set: {twice: '${ $row * 2 }'}}
                - risky:
                    if: $row == 2
                    raise: {error: {type: https://example.com/errors/row, status: 503}}
              catch:
                retry: {delay: {milliseconds: 1}, limit: {attempt: {count: 2}}}
                do:
                  - calm: {set: {twice: 0}}
"""


async def test_what_is_deep_in_a_loop_sees_its_variables_in_the_run_that_is_asked_for(served: Served) -> None:
    await served.deploy(NESTED)
    reply = await served.post("flowapps/nested/executions", {"rows": [1, 2, 3]}, headers=WAIT)
    execution = str(reply.headers["headrace-execution"])
    note = {"execution": execution, "task": "/do/0/rows/do/0/attempt/try/0/note"}
    last = await _evaluate(served, value="[$row, $index]", at=note, names=["row", "index"])
    assert last["result"] == [3, 2]
    history = (await served.get(f"executions/{execution}/history?limit=500")).data["items"]
    runs = sorted((run["run_id"], run["attempt"]) for run in history if run["task"] == note["task"])
    assert [attempt for _, attempt in runs] == [1, 1, 2, 3, 1]
    seen = [
        (await _evaluate(served, value="$row", at={**note, "run": run}, names=["row"]))["result"]
        for run, _ in runs
    ]
    assert seen == [1, 2, 2, 2, 3]
    # A task that is new there gets them too.
    new = {"execution": execution, "task": "/do/0/rows/do/0/attempt/try/2/new", "previous": note["task"]}
    assert (await _evaluate(served, value="$row + .twice", at=new, names=["row"]))["result"] == 9


async def test_workflow_itself(served: Served) -> None:
    execution = {"execution": await _ordered(served)}
    found = await _evaluate(served, value=".customer", at=execution, where="workflow-input")
    assert found["result"] == "Ada"
    found = await _evaluate(
        served, value="[.total, $context.customer]", at=execution, where="workflow-output"
    )
    assert found["result"] == ["Refused", "Ada"]
    found = await _evaluate(served, value="$workflow.input.customer", at=execution, where="workflow-output")
    assert found["result"] == "Ada"


async def test_task_that_never_ran_gets_what_would_come(served: Served) -> None:
    execution = await _ordered(served)
    new = {"execution": execution, "task": "/do/4/new"}
    found = await _evaluate(served, value=".total", at={**new, "previous": "/do/3/total"})
    assert (found["result"], found["seen"]["basis"]) == ("Refused", "previous")
    found = await _evaluate(served, value=".order.customer", at={"execution": execution, "task": "/do/0/new"})
    assert (found["result"], found["seen"]["basis"]) == ("Ada", "workflow")
    inside = {"execution": execution, "task": "/do/1/prices/do/0/new"}
    found = await _evaluate(served, value=".lines | length", at=inside)
    assert (found["result"], found["seen"]["basis"]) == (2, "parent")
    # Inside of what never ran itself nothing is known.
    lost = {"execution": execution, "task": "/do/9/other/do/0/new"}
    found = await _evaluate(served, value=".a", at=lost)
    assert (found["outcome"], found["seen"]["basis"]) == ("compiles", "nothing")


async def test_shows_what_is_seen_and_no_secret(served: Served) -> None:
    execution = await _ordered(served)
    at = {"execution": execution, "task": "/do/3/total"}
    reply = await served.post("expressions/evaluate", {"value": "$secrets.card", "at": at, "show": "all"})
    assert reply.data["result"] == "***"
    assert reply.data["seen"]["variables"]["secrets"] == {"card": "***"}
    assert reply.data["seen"]["data"] == {"why": "Refused"}
    assert "output" not in reply.data["seen"]["variables"]
    assert "canary" not in reply.text
    found = await _evaluate(served, at=at, show="all")
    assert (found["outcome"], found["seen"]["data"]) == ("nothing", {"why": "Refused"})


async def test_only_of_this_namespace(served: Served) -> None:
    execution = await _ordered(served)
    wanted = {"value": ".", "at": {"execution": execution, "task": "/do/3/total"}}
    reply = await served.post("expressions/evaluate", wanted, namespace="bank")
    assert (reply.status, reply.code) == (404, "not-found")
    reply = await served.post("expressions/evaluate", {"value": ".", "at": {"execution": "none"}})
    assert reply.status == 404
