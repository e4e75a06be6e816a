"""The registry: dispatch, deadline, cancelling, and that a bug fails one call only."""

from __future__ import annotations

import asyncio
import time

import pytest

from headrace.call import Calls
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted
from headrace.errors import STANDARD_ERROR_BASE


def invoke(kind: str = "test", **fields) -> Invoke:
    return Invoke(execution_id="e", run_id=1, attempt=1, kind=kind, **fields)


class Answering:
    closed = 0

    async def perform(self, call):
        return CallCompleted(run_id=call.run_id, attempt=call.attempt, output=call.kind)

    async def aclose(self):
        self.closed += 1


class Hanging(Answering):
    def __init__(self):
        self.begun = asyncio.Event()
        self.cancelled = 0

    async def perform(self, call):
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


class Buggy(Answering):
    async def perform(self, call):
        raise KeyError("s3cret")

    async def aclose(self):
        raise RuntimeError("cannot")


async def test_a_call_goes_to_the_performer_of_its_kind():
    calls = Calls({"a": Answering(), "b": Answering()})
    assert (await calls.perform(invoke("b"))).output == "b"


async def test_an_unknown_kind_is_a_configuration_error():
    result = await Calls({"a": Answering()}).perform(invoke("x"))
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert result.error.detail == "known: a"


async def test_an_unexpected_exception_is_a_runtime_error_without_its_text(caplog):
    result = await Calls({"test": Buggy()}).perform(invoke())
    assert result.error.type == STANDARD_ERROR_BASE + "runtime"
    assert "KeyError" in result.error.title
    assert "s3cret" not in str(result.error)
    assert "e.1.1 failed unexpectedly" in caplog.text


@pytest.mark.parametrize("seconds", [-100, 0.02])
async def test_the_deadline_is_kept(seconds):
    result = await Calls({"test": Hanging()}).perform(invoke(deadline=time.time() + seconds))
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"


async def test_cancel_reaches_every_delivery_of_an_invocation_and_no_other():
    hanging = Hanging()
    calls = Calls({"test": hanging, "a": Answering()})
    tasks = [asyncio.create_task(calls.perform(invoke())) for _ in range(2)]
    await hanging.begun.wait()
    calls.cancel("e.1.2")
    calls.cancel("unknown")
    await asyncio.sleep(0)
    assert hanging.cancelled == 0
    calls.cancel("e.1.1")
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    assert calls._running == {}
    calls.cancel("e.1.1")


async def test_every_performer_is_closed_once():
    one, other = Answering(), Answering()
    await Calls({"a": one, "b": Buggy(), "c": other, "d": one}).aclose()
    assert (one.closed, other.closed) == (1, 1)
