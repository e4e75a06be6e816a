"""The convention for log lines, written and read."""

from __future__ import annotations

import io
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.function import capture
from headrace.function.capture import InvocationHandler, InvocationStream
from headrace.function.context import Context, current
from headrace.function.framing import (
    LINE_BYTES_MAX,
    MESSAGE_CHARACTERS_MAX,
    Frame,
    read_frame,
    write_frames,
)


def test_the_documented_line() -> None:
    line = write_frames("e.1.1", "stdout", "charged 12.50")
    assert line == b'{"headrace":{"invocation":"e.1.1","stream":"stdout"},"message":"charged 12.50"}\n'


@given(st.text(), st.sampled_from(["stdout", "stderr"]), st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_written_is_read(invocation_id: str, stream: str, message: str) -> None:
    lines = write_frames(invocation_id, stream, message).splitlines()
    assert len(lines) == 1
    frame = read_frame(lines[0])
    assert frame is not None
    assert (frame.stream, frame.message) == (stream, message)


def test_lone_surrogates_do_not_break_a_line() -> None:
    frame = read_frame(write_frames("e", "stdout", "a\udc80b"))
    assert frame == Frame("e", "stdout", "a?b")


@pytest.mark.parametrize("character", ["x", "\x01", "\U0001f600", '"'])
def test_long_messages_become_frames_that_fit(character: str) -> None:
    message = character * (MESSAGE_CHARACTERS_MAX * 2 + 1)
    lines = write_frames("e" * 80, "stdout", message).splitlines()
    assert len(lines) == 3
    assert all(len(line) <= LINE_BYTES_MAX for line in lines)
    frames = [read_frame(line) for line in lines]
    assert "".join(frame.message for frame in frames if frame) == message


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b"",
        b' {"headrace":{},"message":"x"}',
        b'{"headrace":',
        b'{"headrace":1,"message":"x"}',
        b'{"headrace":{}}',
        b'{"headrace":{},"message":1}',
        b'{"headrace":{"invocation":1},"message":"x"}',
        b'{"headrace":{"stream":"syslog"},"message":"x"}',
        b'{"headrace":{"invocation":"e\xff"},"message":"x"}',
    ],
)
def test_other_lines_are_plain(line: bytes) -> None:
    assert read_frame(line) is None


def test_members_may_be_absent_or_unknown() -> None:
    assert read_frame(b'{"headrace":{"trace":"x"},"message":"m","level":3}') == Frame("", "", "m")


class Sink:
    """A stream over bytes, with what went through unframed and framed."""

    def __init__(self) -> None:
        self.plain = io.StringIO()
        self.framed = io.BytesIO()
        self.stream = InvocationStream(self.plain, "stdout", self.framed)

    def frames(self) -> list[tuple[str, str]]:
        found = [read_frame(line) for line in self.framed.getvalue().splitlines()]
        return [(frame.invocation_id, frame.message) for frame in found if frame]


def test_lines_wait_for_their_end() -> None:
    sink = Sink()
    context = Context(invocation_id="e.1.1")
    token = current.set(context)
    try:
        print("a", "b", file=sink.stream)
        sink.stream.write("one\ntwo\nthr")
        sink.stream.write("ee")
        assert sink.frames() == [("e.1.1", "a b"), ("e.1.1", "one"), ("e.1.1", "two")]
        sink.stream.finish(context)
        assert sink.frames()[-1] == ("e.1.1", "three")
        sink.stream.finish(context)
        assert len(sink.frames()) == 4
    finally:
        current.reset(token)
    assert sink.plain.getvalue() == ""


def test_a_line_that_never_ends_is_not_kept_forever() -> None:
    sink = Sink()
    context = Context(invocation_id="e.1.1")
    token = current.set(context)
    try:
        for _ in range(4):
            sink.stream.write("x" * (MESSAGE_CHARACTERS_MAX // 2))
    finally:
        current.reset(token)
    assert len(sink.frames()) >= 1
    assert len(context.partial["stdout"]) <= MESSAGE_CHARACTERS_MAX  # type: ignore[index]


def test_without_an_invocation_text_passes_through() -> None:
    sink = Sink()
    sink.stream.write("plain\n")
    token = current.set(Context())  # a plain post: there is no id to name
    try:
        sink.stream.write("too\n")
    finally:
        current.reset(token)
    assert sink.plain.getvalue() == "plain\ntoo\n"
    assert sink.frames() == []


def test_a_reader_that_went_away_does_not_fail_the_function() -> None:
    sink = Sink()
    sink.framed.close()
    token = current.set(Context(invocation_id="e"))
    try:
        print("lost", file=sink.stream)
    finally:
        current.reset(token)


def test_the_contexts_logger_knows_its_invocation_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Sink()
    monkeypatch.setattr(sys, "stderr", sink.stream)
    logger = logging.getLogger("headrace.function")
    handler = InvocationHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    try:
        Context(invocation_id="e.7.1").logger.warning("low on %s", "cups")  # no invocation is current here
    finally:
        logger.removeHandler(handler)
    assert sink.frames() == [("e.7.1", "WARNING low on cups")]


def test_install_leaves_a_plain_log_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_LOG", "plain")
    before = sys.stdout
    capture.install()
    assert sys.stdout is before
