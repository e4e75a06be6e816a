"""The SDK as a process: answers, errors, threads, signals."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp

from headrace.function.framing import read_frame

from .conftest import DEADLINE_SECONDS, Serve, until

BUSINESS = """
    import dataclasses, datetime, logging, sys, uuid
    from decimal import Decimal
    from headrace.function import Context, FunctionError, function

    @dataclasses.dataclass
    class Receipt:
        number: int
        at: datetime.date

    @function
    def business(data, context: Context):
        print("asked for", data)
        if data == "context":
            return [context.invocation_id, context.execution_id, context.run_id, context.flow, context.task,
                    context.attempt, context.headers["traceparent"]]
        if data == "declined":
            raise FunctionError("no funds", status=402, type="https://example.test/declined",
                                extensions={"code": "NSF"})
        if data == "busy":
            raise FunctionError(status=503)
        if data == "bug":
            return {}["missing"]
        if data == "exit":
            sys.exit(3)
        if data == "receipt":
            return Receipt(7, datetime.date(2026, 1, 2))
        if data == "money":
            return Decimal("1.10")
        if data == "numbers":
            return {1: "one"}
        return None
"""


async def ask(url: str, data: object, **headers: str) -> tuple[int, str, object]:
    async with aiohttp.ClientSession() as session, session.post(url, json=data, headers=headers) as response:
        return response.status, response.content_type, await response.json(content_type=None)


async def test_answers_and_errors(serve: Serve) -> None:
    served = await serve(BUSINESS)
    headers = {
        "ce-id": "01H.2.3",
        "ce-subject": "01H",
        "ce-headraceflow": "shop/orders:1",
        "ce-headracetask": "/do/0/a",
        "ce-headraceattempt": "3",
        "traceparent": "00-1-2-01",
    }
    assert await ask(served.url, "context", **headers) == (
        200,
        "application/json",
        ["01H.2.3", "01H", 2, "shop/orders:1", "/do/0/a", 3, "00-1-2-01"],
    )
    assert (await ask(served.url, "nothing"))[::2] == (200, None)
    assert (await ask(served.url, "receipt"))[2] == {"number": 7, "at": "2026-01-02"}
    assert (await ask(served.url, "numbers"))[2] == {"1": "one"}
    assert await ask(served.url, "declined") == (
        402,
        "application/problem+json",
        {
            "code": "NSF",
            "type": "https://example.test/declined",
            "status": 402,
            "title": "Payment Required",
            "detail": "no funds",
        },
    )
    assert (await ask(served.url, "busy"))[0] == 503
    runtime = "https://open-workflow-specification.org/spec/1.0.0/errors/runtime"
    assert (await ask(served.url, "bug"))[::2] == (
        500,
        {"type": runtime, "status": 500, "title": "KeyError", "detail": "'missing'"},
    )
    assert (await ask(served.url, "exit"))[2] == {
        "type": runtime,
        "status": 500,
        "title": "SystemExit",
        "detail": "3",
    }
    status, _, problem = await ask(served.url, "money", **{"ce-id": "e.1.1"})
    assert isinstance(problem, dict)
    assert (status, problem["retryable"]) == (500, False)
    assert "Decimal" in problem["detail"]


async def test_a_traceback_begins_in_the_functions_code(serve: Serve) -> None:
    served = await serve(BUSINESS)
    await ask(served.url, "bug", **{"ce-id": "e.1.1"})
    frames = [read_frame(line.encode()) for line in served.output().splitlines()]
    messages = [frame.message for frame in frames if frame and frame.invocation_id == "e.1.1"]
    assert messages[0] == "asked for bug"
    assert messages[1] == "Traceback (most recent call last):"
    assert "in business" in messages[2]
    assert messages[-1] == "KeyError: 'missing'"
    assert not any("headrace/function/" in message for message in messages)


async def test_sync_callables_run_in_threads_up_to_the_option(serve: Serve) -> None:
    served = await serve(
        """
        import threading
        from headrace.function import function

        barrier = threading.Barrier(3)

        @function(threads=3)
        def meet(data):
            return barrier.wait(timeout=20) >= 0
        """
    )
    # Only three at the same time can pass the barrier, twice.
    answers = await asyncio.gather(*(ask(served.url, number) for number in range(6)))
    assert [answer[::2] for answer in answers] == [(200, True)] * 6


async def test_sigterm_answers_what_is_in_flight(serve: Serve) -> None:
    served = await serve(
        """
        import pathlib, time
        from headrace.function import function

        @function
        def wait(data):
            pathlib.Path(data["began"]).touch()
            while not pathlib.Path(data["go"]).exists():
                time.sleep(0.01)
            return "done"
        """
    )
    folder = Path(served.process.args[-1]).parent  # type: ignore[index,call-overload,unused-ignore]
    began, go = folder / "began", folder / "go"
    reader, writer = await served.connect()  # idle: it is closed at once
    in_flight = asyncio.create_task(ask(served.url, {"began": str(began), "go": str(go)}))
    await until(began.exists)
    served.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(DEADLINE_SECONDS):
        assert await reader.read() == b""
    assert served.process.poll() is None
    go.touch()
    assert (await in_flight)[::2] == (200, "done")
    assert await asyncio.to_thread(served.process.wait, DEADLINE_SECONDS) == 0
    writer.close()


async def test_sigterm_waits_no_longer_than_the_limit(serve: Serve) -> None:
    served = await serve(
        """
        import threading
        from headrace.function import function

        @function
        def stuck(data):
            print("stuck", flush=True)
            threading.Event().wait()
        """,
        HEADRACE_DRAIN_SECONDS="0.1",
    )
    asking = asyncio.create_task(ask(served.url, 1))
    assert served.process.stdout is not None
    assert await asyncio.to_thread(served.process.stdout.readline) == b"stuck\n"
    served.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(served.process.wait, DEADLINE_SECONDS) == 0
    assert isinstance((await asyncio.gather(asking, return_exceptions=True))[0], aiohttp.ClientError)
    assert b"unfinished after 0.1 s" in served.process.stdout.read()


async def test_a_client_that_goes_away_cancels_an_async_function(serve: Serve) -> None:
    served = await serve(
        """
        import asyncio
        from headrace.function import function

        @function
        async def wait(data):
            print("began", flush=True)
            try:
                await asyncio.Event().wait()
            finally:
                print("cancelled", flush=True)
        """
    )
    _, writer = await served.connect()
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1")
    assert served.process.stdout is not None
    assert await asyncio.to_thread(served.process.stdout.readline) == b"began\n"
    writer.close()
    assert await asyncio.to_thread(served.process.stdout.readline) == b"cancelled\n"


async def test_an_async_function_whose_own_task_was_cancelled_is_answered(serve: Serve) -> None:
    served = await serve(
        """
        import asyncio
        from headrace.function import function

        @function
        async def wait(data):
            inner = asyncio.create_task(asyncio.sleep(600))
            inner.cancel()
            await inner
        """
    )
    status, _, problem = await ask(served.url, 1)
    assert isinstance(problem, dict)
    assert (status, problem["title"]) == (500, "CancelledError")


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    def run(*arguments: str, **environment: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "headrace.function", *arguments],
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            env=environment,
        )
        return done.returncode, done.stderr

    code, error = run(str(tmp_path))
    assert (code, error) == (
        2,
        f"error: {tmp_path} holds no Python file: put the function into main.py, or name the file.\n",
    )
    (tmp_path / "main.py").write_text("from headrace.function import function\n@function\ndef f(d): ...\n")
    code, error = run(str(tmp_path), PORT="many")
    assert (code, error) == (2, "error: The environment variable PORT must be a number, not 'many'\n")
    code, error = run(str(tmp_path), HOST="192.0.2.1", PORT="0")
    assert code == 2
    assert "Cannot listen on 192.0.2.1:0" in error
