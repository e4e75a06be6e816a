"""Lines of a process: cut, decoded, attributed, bounded."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from headrace.function import output as output_module
from headrace.function.framing import LINE_BYTES_MAX, write_frames
from headrace.function.output import FunctionLog, FunctionOutput


class Pipe:
    """A FunctionOutput with the write end of its one pipe."""

    def __init__(self) -> None:
        self.logs: list[FunctionLog] = []
        self.output = FunctionOutput("f", self.logs.append)
        read, self.write_end = os.pipe()
        os.set_blocking(read, False)
        self.output.add_pipe(read, "stderr")

    def write(self, data: bytes) -> None:
        for start in range(0, len(data), 32_768):
            os.write(self.write_end, data[start : start + 32_768])
            self.output.read_all()

    def lines(self) -> list[tuple[str | None, str, str]]:
        return [(log.invocation_id, log.stream, log.text) for log in self.logs]


@pytest.fixture
async def pipe() -> Iterator[Pipe]:  # type: ignore[misc]
    made = Pipe()
    yield made
    os.close(made.write_end)
    made.output.close()


async def test_plain_lines_belong_to_the_only_invocation(pipe: Pipe) -> None:
    pipe.write(b"boot\n")
    pipe.output.began("e.1.1")
    pipe.write(b"work\n")
    pipe.output.began("e.2.1")
    pipe.write(b"which?\n")
    pipe.output.ended("e.1.1")
    pipe.write(b"second\n")
    pipe.output.ended("e.2.1")
    pipe.write(b"idle\n")
    assert pipe.lines() == [
        (None, "stderr", "boot"),
        ("e.1.1", "stderr", "work"),
        (None, "stderr", "which?"),
        ("e.2.1", "stderr", "second"),
        (None, "stderr", "idle"),
    ]


async def test_lines_are_attributed_before_the_end_is_told(pipe: Pipe) -> None:
    pipe.output.began("e.1.1")
    os.write(pipe.write_end, b"written before the answer\n")  # and not read yet
    pipe.output.ended("e.1.1")
    pipe.output.began("e.2.1")
    assert pipe.lines() == [("e.1.1", "stderr", "written before the answer")]


async def test_frames_say_whose_they_are(pipe: Pipe) -> None:
    pipe.output.began("other")
    pipe.write(write_frames("e.5.1", "stdout", "hi") + b'{"headrace":{},"message":"all"}\n')
    assert pipe.lines() == [("e.5.1", "stdout", "hi"), (None, "stderr", "all")]


async def test_bytes_that_are_no_text(pipe: Pipe) -> None:
    pipe.write(b"\xff\xfe caf\xc3\xa9 \x00\r\n\n")
    assert [log.text for log in pipe.logs] == ["\ufffd\ufffd café \ufffd", ""]


async def test_long_lines_are_cut_and_say_so(pipe: Pipe) -> None:
    pipe.write(b"x" * (LINE_BYTES_MAX + 7) + b"\nshort\n")
    assert pipe.logs[0].text == "x" * LINE_BYTES_MAX + " … (7 bytes cut)"
    assert pipe.logs[1].text == "short"


async def test_a_last_line_without_an_end_is_kept() -> None:
    pipe = Pipe()
    pipe.write(b"half")
    assert pipe.logs == []
    os.close(pipe.write_end)
    pipe.output.close()
    assert pipe.lines() == [(None, "stderr", "half")]


async def test_a_flood_is_counted(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_module, "LINES_PER_SECOND_MAX", 0)
    total = output_module.LINES_BURST_MAX + 500
    pipe.write(b"n\n" * total)
    pipe.output.report_dropped()
    assert len(pipe.logs) == output_module.LINES_BURST_MAX + 1
    assert pipe.logs[-1].stream == "host"
    assert pipe.logs[-1].text.startswith("500 lines dropped")
    pipe.output.report_dropped()
    assert len(pipe.logs) == output_module.LINES_BURST_MAX + 1


async def test_the_tail_is_kept_for_error_messages(pipe: Pipe) -> None:
    pipe.write(b"".join(b"line %d\n" % number for number in range(50)))
    assert list(pipe.output.tail) == [f"line {number}" for number in range(30, 50)]


async def test_a_failing_consumer_does_not_stop_the_reading() -> None:
    seen: list[str] = []

    def fail(log: FunctionLog) -> None:
        seen.append(log.text)
        raise RuntimeError("full")

    output = FunctionOutput("f", fail)
    read, write = os.pipe()
    os.set_blocking(read, False)
    output.add_pipe(read, "stdout")
    os.write(write, b"a\nb\n")
    output.read_all()
    os.close(write)
    output.close()
    assert seen == ["a", "b"]


async def test_idle_means_nothing_in_flight(pipe: Pipe) -> None:
    await pipe.output.wait_idle()
    pipe.output.began("a")
    pipe.output.began("a")  # a redelivery
    pipe.output.ended("a")
    await pipe.output.wait_idle()
    pipe.output.ended("never began")
