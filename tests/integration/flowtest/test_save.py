"""A test saved from an execution does what the execution did."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from headrace import Headrace, ManualClock
from headrace.errors import HeadraceError
from headrace.flowtest import case_from_execution
from headrace.spec.parse import parse
from integration.flowtest.play import flowapp, lived


class Problem(Exception):
    """What a function raises to answer with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.problem = {"status": status, "title": "No", "extra": {"n": 1}}


def case_of(text: str) -> dict[str, Any]:
    """Return the one case of a saved file."""
    source, problems = parse(text, "saved.test.yaml")
    assert source is not None, problems
    [case] = source.data["cases"].values()
    return dict(case)


async def test_calls_choices_and_outputs() -> None:
    flow = flowapp(
        """
        - a: {call: f, with: {n: '${ .n }'}, output: {as: '{wrapped: .}'}, export: {as: '{seen: .}'}}
        - which: {switch: [{big: {when: .wrapped > 2, then: b}}, {small: {then: end}}]}
        - b: {if: 'false', call: g}
        - c: {call: g}
        """
    )
    saved, verdict = await lived(flow, {"n": 3}, {"f": lambda data: data["n"], "g": lambda data: [data]})
    assert verdict.passed, verdict.failures
    case = case_of(saved.text)
    assert case["mocks"] == {"a": {"result": {"wrapped": 3}}, "c": {"output": [{"wrapped": 3}]}}
    assert case["expect"]["path"] == ["a", "which", "c"]
    assert saved.notes == ()


async def test_attempts_of_functions_and_of_tries() -> None:
    answers = iter([Problem(503), Problem(429), {"x": 1}, Problem(500), Problem(402), Problem(404)])

    def f(data: Any) -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    flow = flowapp(
        """
        - a: {call: f}
        - t:
            try: [{b: {call: f}}]
            catch: {errors: {with: {status: 402}}, do: [{caught: {set: {caught: true}}}]}
        - c: {call: f}
        """
    ).replace(
        "f: {source: cmd/f}",
        "f: {source: cmd/f, retries: {delay: {milliseconds: 1}, limit: {attempt: {count: 2}}}}",
    )
    saved, verdict = await lived(flow, {}, {"f": f, "g": f})
    assert verdict.passed, (verdict.failures, saved.text)
    case = case_of(saved.text)
    assert [each.get("error", {}).get("status") for each in case["mocks"]["a"]] == [503, 429, None]
    assert [each["error"]["status"] for each in case["mocks"]["b"]] == [500, 402]
    assert case["expect"]["error"]["status"] == 404
    assert case["expect"]["error"]["extra"] == {"n": 1}


async def test_a_final_error_of_a_retryable_status_is_not_tried_again() -> None:
    def f(data: Any) -> Any:
        error = Problem(503)
        error.retryable = False  # type: ignore[attr-defined]
        raise error

    flow = flowapp("- a: {call: f}").replace("f: {source: cmd/f}", "f: {source: cmd/f, retries: 3}")
    saved, verdict = await lived(flow, {}, {"f": f, "g": f})
    assert verdict.passed, verdict.failures
    assert case_of(saved.text)["mocks"]["a"]["retryable"] is False


async def test_loops_with_retries_in_them() -> None:
    tried: list[int] = []

    def f(data: Any) -> Any:
        tried.append(data)
        if data == 2 and tried.count(2) == 1:
            raise Problem(503)
        return data * 10

    flow = flowapp(
        """
        - loop:
            for: {in: '${ [1, 2, 3] }'}
            do:
              - t:
                  try: [{a: {call: f, input: {from: $item}}}]
                  catch: {retry: {delay: {milliseconds: 1}}}
        - outer:
            for: {in: '${ [1, 2] }', each: o}
            do:
              - inner:
                  for: {in: '${ [10, 20] }', each: i}
                  do: [{b: {call: g, with: {n: '${ $o + $i }'}}}]
        """
    )
    saved, verdict = await lived(flow, {}, {"f": f, "g": lambda data: data})
    assert verdict.passed, (verdict.failures, saved.text)
    mocks = case_of(saved.text)["mocks"]
    assert [len(each) if isinstance(each, list) else 1 for each in mocks["a"]["iterations"]] == [1, 2, 1]
    assert [each["output"]["n"] for each in mocks["b"]] == [11, 21, 12, 22]


async def test_races_timeouts_and_forks() -> None:
    clock = ManualClock()

    async def f(data: Any) -> Any:
        await asyncio.Event().wait()  # until it is cancelled

    async def time_out(headrace: Headrace, execution_id: str) -> None:
        # The calls' own deadline is on the machine's clock, so only the engine's timer comes.
        while [each.task for each in await headrace.waiting(execution_id)] != ["late"]:
            await asyncio.sleep(0.001)
        clock.advance(3600)

    async def g(data: Any) -> Any:
        return "g"

    flow = flowapp(
        """
        - race: {fork: {compete: true, branches: [{slow: {call: f}}, {fast: {call: g}}]}}
        - t:
            try: [{late: {call: f, timeout: {after: PT1H}}}]
            catch: {errors: {with: {status: 408}}}
        - both: {fork: {branches: [{one: {call: g}}, {two: {call: g}}]}}
        """
    )
    saved, verdict = await lived(flow, {}, {"f": f, "g": g}, meanwhile=time_out, clock=clock)
    assert verdict.passed, (verdict.failures, saved.text)
    assert verdict.skipped_seconds == 3600
    mocks = case_of(saved.text)["mocks"]
    assert mocks["slow"] == {"never": True} and mocks["late"] == {"never": True}
    assert mocks["fast"]["output"] == "g" and "delay" in mocks["fast"]
    assert verdict.output == ["g", "g"]


async def test_events_that_were_consumed() -> None:
    flow = flowapp(
        """
        - first: {listen: {to: {one: {with: {type: paid, data: {ok: true}}}}}}
        - all:
            listen:
              to: {all: [{with: {type: x}}, {with: {type: y, data: '${ .n > 1 }'}}]}
              read: envelope
        - until:
            listen: {to: {any: [{with: {type: item}}], until: {one: {with: {type: done}}}}}
            foreach: {item: i, do: [{a: {call: f, with: {i: '${ $i }'}}}]}
        """
    )

    async def publish(headrace: Headrace, execution_id: str) -> None:
        for number, (kind, data) in enumerate(
            [
                ("paid", {"ok": False}),
                ("paid", {"ok": True, "n": 1}),
                ("y", {"n": 2}),
                ("x", None),
                ("item", 1),
                ("item", 2),
                ("done", None),
            ]
        ):
            while not any(each.reason == "event" for each in await headrace.waiting(execution_id)):
                await asyncio.sleep(0.001)
            await headrace.publish({"id": str(number), "source": "/t", "type": kind, "data": data})
            while await headrace.store.undelivered(1):
                await asyncio.sleep(0.001)

    saved, verdict = await lived(flow, {}, {"f": lambda data: data, "g": len}, meanwhile=publish)
    assert verdict.passed, (verdict.failures, saved.text)
    case = case_of(saved.text)
    assert [(each["when"], each["event"]["type"]) for each in case["publish"]] == [
        ("first", "paid"),
        ("all", "y"),
        ("all", "x"),
        ("until", "item"),
        ("until", "item"),
        ("until", "done"),
    ]
    assert any("`until`" in note for note in saved.notes)
    assert f"# {saved.notes[-1]}" in saved.text


async def test_child_workflows() -> None:
    child = (
        "document: {dsl: 1.0.3, namespace: test, name: other, version: 1.0.0}\n"
        "do: [{set: {set: {doubled: '${ .n * 2 }'}}}]\n"
    )
    flow = flowapp("- sub: {run: {workflow: {namespace: test, name: other, version: 1.0.0, input: {n: 4}}}}")
    saved, verdict = await lived(flow, {}, {"f": len, "g": len}, others=(child,))
    assert verdict.passed, (verdict.failures, saved.text)
    assert case_of(saved.text)["mocks"] == {"sub": {"output": {"doubled": 8}}}


async def test_secrets_are_never_in_a_saved_test() -> None:
    flow = flowapp(
        "- a: {call: f, with: {key: '${ $secrets.bank.token }'}}\n"
        "- b: {set: {say: 'Bearer ${ $secrets.plain }', got: '${ .got }'}}",
        use="{secrets: [bank, plain]}",
    )
    saved, verdict = await lived(
        flow,
        {"token": "swordfish"},
        {"f": lambda data: {"got": data["key"]}, "g": len},
        secrets={"bank": {"token": "swordfish"}, "plain": "open-sesame"},
    )
    assert verdict.passed, (verdict.failures, saved.text)
    assert "swordfish" not in saved.text and "open-sesame" not in saved.text
    case = case_of(saved.text)
    assert case["secrets"] == {"bank": {"token": "test-bank-token"}, "plain": "test-plain"}
    assert case["expect"]["output"] == {"say": "Bearer ***", "got": "***"}
    assert any("put a value in place of ***" in note for note in saved.notes)


@pytest.mark.parametrize("history", ["calls", "full"])
async def test_lean_history_and_long_loops_are_expected_in_part(history: str) -> None:
    flow = flowapp(
        "- a: {call: f}\n- loop: {for: {in: '${ [range(200)] }'}, do: [{inc: {set: {n: '${ .n + 1 }'}}}]}\n"
        "- b: {call: g}",
        history=history,
    )
    saved, verdict = await lived(flow, {"n": 0}, {"f": lambda data: data, "g": lambda data: data})
    assert verdict.passed, verdict.failures
    path = case_of(saved.text)["expect"]["path"]
    assert path["contains"][0] == "a" and path["contains"][-1] == "b"
    assert any("in part" in note for note in saved.notes)


async def test_what_looks_like_an_expression_or_a_pattern_is_kept_as_it_is() -> None:
    odd = {"a": "${ .x }", "b": "/a/", "c": "1e3", "d": [None, 0.1, "no"], "~": "\u2028 \x07"}
    flow = flowapp("- a: {call: f}")
    saved, verdict = await lived(flow, odd, {"f": lambda data: {**data, "more": 1}, "g": len})
    assert verdict.passed, (verdict.failures, saved.text)
    assert verdict.output == {**odd, "more": 1}


async def test_what_cannot_be_saved_is_refused_with_a_remedy() -> None:
    flow = flowapp("- l: {listen: {to: {one: {with: {type: t}}}}}")
    lean = flowapp("- s: {set: {a: 1}}", history="outcome").replace("name: flow", "name: lean")
    async with Headrace(functions={"f": len, "g": len}) as headrace:
        handle = await headrace.start(await headrace.deploy(flow))
        with pytest.raises(HeadraceError, match=r"there is no execution nosuch"):
            await case_from_execution(headrace.store, "nosuch")
        with pytest.raises(HeadraceError, match=r"is waiting; a test is saved from one that is over"):
            await case_from_execution(headrace.store, handle.id)
        await headrace.cancel(handle.id)
        await handle.result()
        with pytest.raises(HeadraceError, match=r"was cancelled by a person"):
            await case_from_execution(headrace.store, handle.id)
        done = await headrace.start(await headrace.deploy(lean))
        await done.result()
        with pytest.raises(HeadraceError, match=r"history: outcome"):
            await case_from_execution(headrace.store, done.id)
