"""One connection to the server: a packed command out, its answer in, one at a time.

redis-py connects and logs in (TLS, passwords, Unix sockets, URLs); from then on its transport is ours. The
layers between its socket and its caller cost more than the answer to a script of one item is worth.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import hiredis
from hiredis import pack_command
from redis.asyncio.connection import AbstractConnection

Word = bytes | str | int | float

_UNFINISHED = object()


class Refused(Exception):
    """An answer that is an error: what the server says, the first word of which is its code."""

    @property
    def code(self) -> str:
        return str(self).partition(" ")[0]


class Wire(asyncio.Protocol):
    """A connection, opened by the first `ask`; once it is broken it stays so."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection
        self._writer: asyncio.StreamWriter | None = None  # kept, because it closes its transport when it goes
        self._transport: asyncio.WriteTransport | None = None
        self._answers: hiredis.Reader | None = None
        self._waiting: asyncio.Future[Any] | None = None
        self._give_up_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self.closed = False

    async def ask(self, packed: bytes, seconds: float) -> Any:
        """Send a command and return its answer.

        Raises `Refused`; the errors of redis-py where there is no connection yet; ConnectionError where it
        breaks, TimeoutError where no answer comes for `seconds`. After those, and when the caller is
        cancelled, nothing more can be asked: what was asked may still be answered.
        """
        if self.closed:
            raise ConnectionError("the connection is closed")
        if self._transport is None:
            async with asyncio.timeout(seconds):
                self._transport = await self._open()
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Any] = loop.create_future()
        self._waiting = waiting
        self._give_up_at = loop.time() + seconds
        if self._watch is None:
            self._watch = loop.call_later(seconds, self._look)
        self._transport.write(packed)
        try:
            answer = await waiting
        except BaseException:
            self.close()
            raise
        if isinstance(answer, Refused):
            raise answer
        return answer

    def close(self) -> None:
        """Break the connection at once. A second call does nothing."""
        self.closed = True
        self._fail(ConnectionError("the connection was closed"))
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self._transport is not None:
            self._transport.abort()

    async def _open(self) -> asyncio.WriteTransport:
        connection = self._connection
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            # Its login has read its last answer: nothing is under way.
            writer, connection._reader, connection._writer = connection._writer, None, None
        except BaseException:
            self.close()
            with contextlib.suppress(Exception):
                await connection.disconnect(nowait=True)
            raise
        if writer is None or self.closed:
            if writer is not None:
                writer.transport.abort()
            raise ConnectionError("the connection was closed")
        self._writer = writer
        self._answers = hiredis.Reader(replyError=Refused, notEnoughData=_UNFINISHED)
        writer.transport.set_protocol(self)
        return writer.transport

    def _look(self) -> None:
        """Give up on an answer that does not come: one timer for as many calls as are made meanwhile."""
        self._watch = None
        if self._waiting is None:
            return
        loop = asyncio.get_running_loop()
        if (left := self._give_up_at - loop.time()) <= 0:
            self._fail(TimeoutError("no answer"))
        else:
            self._watch = loop.call_later(left, self._look)

    def _fail(self, error: Exception) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)

    # --- what the transport calls -------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        assert self._answers is not None
        self._answers.feed(data)
        try:
            answer = self._answers.gets()
        except hiredis.ProtocolError as error:
            self._fail(ConnectionError(f"not an answer of Redis: {error}"))
            return
        if answer is not _UNFINISHED:
            waiting, self._waiting = self._waiting, None
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        self._fail(ConnectionError(str(error) if error else "the server closed the connection"))


def packed(*words: Word) -> bytes:
    """Return a command as the server reads it. Raises UnicodeEncodeError for text with half a character."""
    command: bytes = pack_command(words)  # type: ignore[arg-type]  # its stubs know tuples of one only
    return command


def body_of(*words: Word) -> bytes:
    """Return words without the number of them that begins a command, to be joined with others."""
    command = packed(*words)
    return command[command.index(b"\n") + 1 :]


def joined(count: int, *bodies: bytes) -> bytes:
    """Return a command of `count` words in all."""
    return b"*%d\r\n%b" % (count, b"".join(bodies))
