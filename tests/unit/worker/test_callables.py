"""What a callable is given, and what its return or exception means."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from headrace.function import function
from headrace.queue.port import Done, Failed, Leased
from headrace.worker import ApplicationError, ItemContext, Reject, Retry, callable_application, load_callable
from headrace.worker.application import ERROR_CHARACTERS_MAX, Application, BlockingApplication


def item(payload: bytes = b'{"n": 1}', **settings: Any) -> Leased:
    return Leased(id="i", token=3, payload=payload, attempt=2, expires_at=2.0, enqueued_at=1.0, **settings)


def outcome(target: Any, given: Leased | None = None, **settings: Any) -> Done | Failed:
    application = callable_application(target, **settings)
    given = given or item()
    if isinstance(application, BlockingApplication):
        return application.handle_blocking(given)
    return asyncio.run(application.handle(given))


@pytest.mark.parametrize(
    ("form", "payload", "data"),
    [
        ("auto", b'{"n": 1}', {"n": 1}),
        ("auto", b"apple", "apple"),
        ("auto", b"12", 12),
        ("auto", b"\xff", b"\xff"),
        ("text", b"12", "12"),
        ("bytes", b"12", b"12"),
        ("json", b"[]", []),
    ],
)
def test_what_the_callable_is_given(form: Any, payload: bytes, data: Any) -> None:
    seen: list[Any] = []
    assert outcome(lambda each: seen.append(each), item(payload), payload=form) == Done("i", 3)
    assert seen == [data] and type(seen[0]) is type(data)


@pytest.mark.parametrize(("form", "payload"), [("json", b"apple"), ("text", b"\xff")])
def test_items_in_another_form_are_final(form: Any, payload: bytes) -> None:
    result = outcome(print, item(payload), payload=form)
    assert isinstance(result, Failed) and result.final


def test_annotations_say_the_form() -> None:
    def of_bytes(data: bytes) -> bytes:
        return data[::-1]

    def of_text(data: str) -> str:
        return data + "!"

    assert outcome(of_bytes, item(b"12")) == Done("i", 3, b"21")
    assert outcome(of_text, item(b"12")) == Done("i", 3, b'"12!"')


def test_results() -> None:
    assert outcome(lambda _: None) == Done("i", 3, None)
    assert outcome(lambda _: b"raw") == Done("i", 3, b"raw")
    assert outcome(lambda data: data) == Done("i", 3, b'{"n":1}')
    refused = outcome(lambda _: object())
    assert isinstance(refused, Failed) and refused.final and "no JSON" in refused.error


def test_the_context() -> None:
    def work(_: Any, context: ItemContext) -> Any:
        return [context.id, context.attempt, context.max_attempts, context.queue, dict(context.headers)]

    given = item(headers={"a": "b"}, max_attempts=9)
    assert outcome(work, given, queue="job") == Done("i", 3, b'["i",2,9,"job",{"a":"b"}]')


def test_async_callables() -> None:
    async def work(data: Any, context: ItemContext) -> Any:
        await asyncio.sleep(0)
        return [data["n"], context.attempt]

    assert outcome(work) == Done("i", 3, b"[1,2]")


def test_exceptions() -> None:
    def plain(_: Any) -> None:
        raise KeyError("total")

    def again(_: Any) -> None:
        raise Retry("busy", after_seconds=4)

    def never(_: Any) -> None:
        raise Reject("unreadable")

    def leave(_: Any) -> None:
        raise SystemExit(3)

    result = outcome(plain)
    assert isinstance(result, Failed) and not result.final and result.retry_in is None
    assert result.error.startswith("KeyError: 'total' (") and "test_callables.py:" in result.error
    assert outcome(again) == Failed(id="i", token=3, error="busy", retry_in=4)
    assert outcome(never) == Failed(id="i", token=3, error="unreadable", final=True)
    result = outcome(leave)
    assert isinstance(result, Failed) and "sys.exit(3)" in result.error


def test_long_errors_keep_their_end() -> None:
    def fail(_: Any) -> None:
        raise ValueError("x" * 10_000 + "the end")

    result = outcome(fail)
    assert isinstance(result, Failed) and "the end" in result.error
    assert len(result.error) < ERROR_CHARACTERS_MAX + 20


def test_sync_callables_block_unless_inline() -> None:
    assert isinstance(callable_application(len), BlockingApplication)
    assert not isinstance(callable_application(len, inline=True), BlockingApplication)
    assert isinstance(callable_application(len, inline=True), Application)


def test_functions_of_the_sdk_and_objects() -> None:
    @function
    def double(data: Any) -> Any:
        return data["n"] * 2

    class Callable:
        def __call__(self, data: Any) -> Any:
            return data["n"] * 3

    assert outcome(double) == Done("i", 3, b"2")
    assert outcome(Callable()) == Done("i", 3, b"3")


@pytest.mark.parametrize("target", [lambda: None, lambda a, b, c: None, lambda a, *, b: None])
def test_callables_that_cannot_take_items(target: Any) -> None:
    with pytest.raises(ApplicationError, match=r"\(item\) or \(item, context\)"):
        callable_application(target)


def test_a_second_parameter_with_a_default_is_not_the_context() -> None:
    assert outcome(lambda _, times=3: times) == Done("i", 3, b"3")


def test_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worked_by.py").write_text(
        "class Shop:\n    @staticmethod\n    def ship(item): return item\nX = 1\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    assert load_callable("worked_by:Shop.ship")(3) == 3
    for place, message in {
        "worked_by": "module:function",
        "worked_by:none": "has no none",
        "worked_by:X": "cannot be called",
        "no_such_module_here:x": "cannot be imported: ModuleNotFoundError",
    }.items():
        with pytest.raises(ApplicationError, match=message):
            load_callable(place)
