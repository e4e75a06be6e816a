"""The way to the server: connections, asking again when an answer is lost, and errors that say where.

redis-py makes the connections (TLS, authentication, Unix sockets); what is sent over them is written here,
because its own command path costs more per call than a script of 100 items does.

Each call of a script has a number on its connection, and is asked again under the same one when its
answer did not arrive. It was run or it was not; if it was, the script finds its answer kept under the
connection's answer key, gives that, and does nothing twice. So a lost answer, a restart of the server or
a fail-over is no error while it lasts less than `patience_seconds`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from redis import exceptions
from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from headrace.queue.port import QueueError, QueueUnavailable
from headrace.queue.redis.keys import QueueKeys
from headrace.queue.redis.script import Script

# How long one answer may take before the connection is given up; scripts take milliseconds.
ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5.0
# Waited before asking again; doubles up to the last one.
_PAUSE_SECONDS, _PAUSE_SECONDS_MAX = 0.02, 1.0

# The server is there, and will take the same call in a moment: it is starting, or another one takes over.
# Within scripts, versions before 7 say so in the middle of the text.
_PASSING = re.compile(
    r"(^|-)(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|FAILOVER|UNBLOCKED)\b"
)
_PASSING_ERRORS = (
    exceptions.AskError,  # the slot is on its way to another node
    exceptions.ReadOnlyError,
    exceptions.MasterDownError,
    exceptions.ClusterDownError,
    exceptions.TryAgainError,
)
_NOT_LET_IN = (exceptions.AuthenticationError, exceptions.AuthorizationError, exceptions.NoPermissionError)
# A server that is still loading is one of the first (`BusyLoadingError`).
_CUT_OFF = (exceptions.ConnectionError, exceptions.TimeoutError, TimeoutError, OSError)

Word = bytes | str | int | float


class Lane:
    """A connection and what belongs to it: one call at a time, numbered; the server keeps the last answer."""

    def __init__(self, connection: AbstractConnection, answer: bytes, keys: QueueKeys) -> None:
        self.connection = connection
        self.keys = keys.all(answer)
        self.number = 0


class Link:
    """Calls scripts on the server of `url`, for one queue."""

    def __init__(self, url: str, keys: QueueKeys, *, patience_seconds: float) -> None:
        """Raises `QueueError` when `url` cannot be read."""
        try:
            asked: dict[str, Any] = dict(parse_url(url))
            parts = urlsplit(url)
            host, port = parts.hostname or "localhost", parts.port or 6379
        except ValueError:
            # The error may hold the address, and with it the password.
            raise QueueError(
                "the address of the Redis server cannot be read; write "
                "redis://[user:password@]host:port/number, rediss:// for TLS, or unix:///path/to/socket"
            ) from None
        self.where = f"unix://{asked['path']}" if "path" in asked else f"{host}:{port}"
        self._connection_class: type[AbstractConnection] = asked.pop("connection_class", Connection)
        # Time limits and retries are ours: see `_persist`.
        ours = {"socket_timeout": None, "retry": Retry(NoBackoff(), 0), "decode_responses": False}
        self._seed = {"socket_connect_timeout": CONNECT_SECONDS, "protocol": 2, **asked, **ours}
        if "path" not in asked:
            self._seed.setdefault("socket_keepalive", True)
        self._arguments = self._seed
        self._keys = keys
        self._patience_seconds = patience_seconds
        self._client = os.urandom(8).hex()
        self._lanes = 0
        self._idle: list[Lane] = []
        self._waiting: list[AbstractConnection] = []
        self._open: set[AbstractConnection] = set()
        self._undoing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def call(
        self,
        script: Script,
        arguments: Sequence[Word],
        *,
        more_keys: Sequence[bytes] = (),
        patience_seconds: float | None = None,
        undo: Callable[[Any], Awaitable[None]] | None = None,
    ) -> Any:
        """Run `script` once and return its answer.

        `undo` gets the answer that nobody waits for any more, when the caller is cancelled meanwhile.
        Raises `QueueUnavailable` when the server could not be asked within the patience (the link's own
        unless given), `QueueError` when it refuses.
        """
        self._check_open()
        lane = self._idle.pop() if self._idle else self._new_lane()
        lane.number += 1
        keys = (*lane.keys, *more_keys) if more_keys else lane.keys
        words = ("EVALSHA", script.sha, len(keys), *keys, lane.number, *arguments)
        patience = self._patience_seconds if patience_seconds is None else patience_seconds
        try:
            answer = await self._persist(lane, words, patience, script)
        except asyncio.CancelledError:
            if undo is not None and not self._closed:
                task = asyncio.create_task(self._undo(lane, words, script, undo))
                self._undoing.add(task)
                task.add_done_callback(self._undoing.discard)
            else:
                self._idle.append(lane)
            raise
        except BaseException:
            self._idle.append(lane)
            raise
        self._idle.append(lane)
        return answer

    async def command(self, *words: Word) -> Any:
        """Send one command that reads; return its answer. Raises like `call`."""
        self._check_open()
        lane = self._idle.pop() if self._idle else self._new_lane()
        try:
            return await self._persist(lane, words, self._patience_seconds)
        finally:
            self._idle.append(lane)

    async def block(self, command: Sequence[Word], seconds: float) -> Any:
        """Send a command that waits for up to `seconds`; return its answer, None when there is none.

        Answers None early where the server cannot be asked: whoever waits then asks for items, and is told.
        """
        self._check_open()
        connection = self._waiting.pop() if self._waiting else self._new_connection()
        try:
            async with asyncio.timeout(seconds + ANSWER_SECONDS):
                answer = await _exchange(connection, command)
        except _CUT_OFF:
            await self._drop(connection)
            await asyncio.sleep(_PAUSE_SECONDS)
            return None
        except exceptions.MovedError as moved:
            await self._drop(connection)
            self._follow(moved)
            return None
        except exceptions.ResponseError:
            # Another kind of value under that key, say: then there is nothing to wait for.
            self._waiting.append(connection)
            await asyncio.sleep(seconds)
            return None
        except BaseException:
            # Cancelled: its answer may still come, so nobody else may have it.
            await self._drop(connection)
            raise
        self._waiting.append(connection)
        return answer

    async def aclose(self) -> None:
        """Close every connection. Calls under way end with `QueueError`."""
        if self._closed:
            return
        if self._undoing:
            await asyncio.wait(self._undoing, timeout=1.0)
        self._closed = True
        for connection in list(self._open):
            await self._drop(connection)
        self._idle.clear()
        self._waiting.clear()

    async def _persist(
        self, lane: Lane, words: Sequence[Word], patience: float, script: Script | None = None
    ) -> Any:
        """Send `words` until there is an answer."""
        until: float | None = None
        pause = _PAUSE_SECONDS
        unknown = False
        failure: Exception
        while True:
            try:
                # Nobody else has this connection; a timer costs less than a task.
                async with asyncio.timeout(ANSWER_SECONDS):
                    if unknown and script is not None:
                        unknown = False
                        await _exchange(lane.connection, ("SCRIPT", "LOAD", script.source))
                    return await _exchange(lane.connection, words)
            except exceptions.NoScriptError:
                unknown = True
                continue
            except _NOT_LET_IN as error:
                raise QueueUnavailable(
                    f"Redis at {self.where} does not let us in ({_told(error)}); check the user, the "
                    "password and the user's rights (EVALSHA, SCRIPT, and the queue's keys)"
                ) from error
            except exceptions.MovedError as error:
                failure = error
                await self._drop(lane.connection)
                self._follow(error)
            except exceptions.ResponseError as error:
                if not isinstance(error, _PASSING_ERRORS) and not _PASSING.search(str(error)):
                    raise self._refused(error) from error
                failure = error
                # A primary that was demoted never gets well on this connection.
                await self._leave(lane.connection)
            except _CUT_OFF as error:
                failure = error
                await self._leave(lane.connection)
            except UnicodeEncodeError as error:
                raise QueueError(
                    "an id, key or header is not Unicode text (it holds half a character)"
                ) from error
            self._check_open()
            lane.connection = self._new_connection()
            now = time.monotonic()
            until = now + patience if until is None else until
            if now + pause > until:
                raise QueueUnavailable(
                    f"Redis at {self.where} cannot be reached ({_told(failure)}); see that it runs, "
                    "takes writes and can be reached from here, then ask again"
                ) from failure
            await asyncio.sleep(pause)
            pause = min(2 * pause, _PAUSE_SECONDS_MAX)

    async def _undo(
        self, lane: Lane, words: Sequence[Word], script: Script, undo: Callable[[Any], Awaitable[None]]
    ) -> None:
        # Whether the call had arrived is not known, so it is asked again, then taken back.
        try:
            answer = await self._persist(lane, words, 1.0, script)
        except QueueError:
            return  # a lease ends by itself
        finally:
            self._idle.append(lane)
        with contextlib.suppress(QueueError):
            await undo(answer)

    def _refused(self, error: exceptions.ResponseError) -> QueueError:
        told = _told(error)
        said = f"Redis at {self.where} refused a call ({told}); "
        if isinstance(error, exceptions.OutOfMemoryError) or "-OOM" in told:
            return QueueUnavailable(
                said + "its memory is full: raise maxmemory, or purge items, then ask again"
            )
        if "MISCONF" in told:
            return QueueUnavailable(said + "it cannot write to its disk: look into its log, then ask again")
        return QueueError(
            said
            + "see that it is Redis 6.2 or later, or Valkey, and that nothing else writes the queue's keys"
        )

    def _follow(self, moved: exceptions.MovedError) -> None:
        """The cluster keeps the queue's slot elsewhere; go there, with the same user and password."""
        self._arguments = {**self._seed, "host": moved.host or self._seed.get("host"), "port": moved.port}

    async def _leave(self, connection: AbstractConnection) -> None:
        """Give a connection up; what is at the given address knows best where to go next."""
        await self._drop(connection)
        self._arguments = self._seed

    def _new_lane(self) -> Lane:
        self._lanes += 1
        return Lane(self._new_connection(), self._keys.answer(self._client, self._lanes), self._keys)

    def _new_connection(self) -> AbstractConnection:
        connection = self._connection_class(**self._arguments)
        self._open.add(connection)
        return connection

    async def _drop(self, connection: AbstractConnection) -> None:
        self._open.discard(connection)
        with contextlib.suppress(Exception):
            await connection.disconnect(nowait=True)

    def _check_open(self) -> None:
        if self._closed:
            raise QueueError(f"this client of the queue on Redis at {self.where} is closed; connect again")


async def _exchange(connection: AbstractConnection, words: Sequence[Word]) -> Any:
    if not connection.is_connected:
        await connection.connect()  # type: ignore[no-untyped-call]
    await connection.send_packed_command(connection.pack_command(*words), check_health=False)
    return await connection.read_response()


def _told(error: Exception) -> str:
    """What the error says, in one short line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:200] + " ..."
