"""The way to the server: connections, asking again when an answer is lost, and errors that say where.

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
from headrace.queue.redis.keys import REGISTRY, QueueKeys
from headrace.queue.redis.script import Script
from headrace.queue.redis.wire import Refused, Wire, Word, body_of, joined, packed

# How long one answer may take before the connection is given up; scripts take milliseconds.
ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5.0
# Waited before asking again; doubles up to the last one.
_PAUSE_SECONDS, _PAUSE_SECONDS_MAX = 0.02, 1.0

# The server is there, and will take the same call in a moment: it is starting, another one takes over, or the
# slot is on its way to another node. Within scripts, versions before 7 say so in the middle of the text.
_PASSING = re.compile(
    r"(^|-)(ASK|LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS|FAILOVER|UNBLOCKED)\b"
)
_NOT_LET_IN = ("NOAUTH", "NOPERM", "WRONGPASS")
_NOT_LET_IN_ERRORS = (
    exceptions.AuthenticationError,
    exceptions.AuthorizationError,
    exceptions.NoPermissionError,
)
# A server that is still loading is one of the first (`BusyLoadingError`).
_CUT_OFF = (exceptions.ConnectionError, exceptions.TimeoutError, TimeoutError, OSError)


class Lane:
    """A connection and what belongs to it: one call at a time, numbered; the server keeps the last answer."""

    def __init__(self, wire: Wire, answer: bytes, keys: QueueKeys) -> None:
        self.wire = wire
        self.keys = keys.all(answer)
        self.number = 0
        self._beginnings: dict[Script, bytes] = {}

    def command(self, script: Script, arguments: Sequence[Word], more_keys: Sequence[bytes]) -> bytes:
        """Return the next call of `script`, packed. Its beginning is the same each time."""
        self.number += 1
        if more_keys:
            keys = (*self.keys, *more_keys)
            return packed("EVALSHA", script.sha, len(keys), *keys, self.number, *arguments)
        beginning = self._beginnings.get(script)
        if beginning is None:
            beginning = body_of("EVALSHA", script.sha, len(self.keys), *self.keys)
            self._beginnings[script] = beginning
        count = 3 + len(self.keys) + 1 + len(arguments)
        return joined(count, beginning, body_of(self.number, *arguments))


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
        self._waiting: list[Wire] = []
        self._open: set[Wire] = set()
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
        patience = self._patience_seconds if patience_seconds is None else patience_seconds
        command = b""
        try:
            command = lane.command(script, arguments, more_keys)
            answer = await self._persist(lane, command, patience, script)
        except UnicodeEncodeError as error:
            self._idle.append(lane)
            raise not_unicode() from error
        except asyncio.CancelledError:
            if undo is not None and not self._closed:
                task = asyncio.create_task(self._undo(lane, command, script, undo))
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

    async def command(
        self, *words: Word, patience_seconds: float | None = None, script: Script | None = None
    ) -> Any:
        """Send one command, that may be sent twice; return its answer. Raises like `call`.

        Where it runs a `script`, that is loaded when the server does not know it.
        """
        self._check_open()
        lane = self._idle.pop() if self._idle else self._new_lane()
        try:
            patience = self._patience_seconds if patience_seconds is None else patience_seconds
            return await self._persist(lane, packed(*words), patience, script)
        finally:
            self._idle.append(lane)

    async def block(self, command: Sequence[Word], seconds: float) -> Any:
        """Send a command that waits for up to `seconds`; return its answer, None when there is none.

        Answers None early where the server cannot be asked: whoever waits then asks for items, and is told.
        """
        self._check_open()
        wire = self._waiting.pop() if self._waiting else self._new_wire()
        try:
            answer = await wire.ask(packed(*command), seconds + ANSWER_SECONDS)
        except _CUT_OFF:
            self._drop(wire)
            await asyncio.sleep(_PAUSE_SECONDS)
            return None
        except Refused as error:
            if error.code == "MOVED":
                self._drop(wire)
                self._follow(error)
                return None
            # Another kind of value under that key, say: then there is nothing to wait for.
            self._waiting.append(wire)
            await asyncio.sleep(seconds)
            return None
        except exceptions.ResponseError:
            # The login was refused: who then asks for items is told.
            self._drop(wire)
            await asyncio.sleep(seconds)
            return None
        except BaseException:
            # Cancelled: its answer may still come, so nobody else may have it.
            self._drop(wire)
            raise
        self._waiting.append(wire)
        return answer

    async def aclose(self) -> None:
        """Close every connection. Calls under way end with `QueueError`."""
        if self._closed:
            return
        if self._undoing:
            await asyncio.wait(self._undoing, timeout=1.0)
        self._closed = True
        for wire in list(self._open):
            self._drop(wire)
        self._idle.clear()
        self._waiting.clear()

    async def _persist(
        self, lane: Lane, command: bytes, patience: float, script: Script | None = None
    ) -> Any:
        """Send `command` until there is an answer."""
        if lane.wire.closed:
            self._drop(lane.wire)
            lane.wire = self._new_wire()
        until: float | None = None
        pause = _PAUSE_SECONDS
        failure: Exception
        while True:
            try:
                try:
                    return await lane.wire.ask(command, ANSWER_SECONDS)
                except Refused as error:
                    if error.code != "NOSCRIPT" or script is None:
                        raise
                await lane.wire.ask(packed("SCRIPT", "LOAD", script.source), ANSWER_SECONDS)
                continue
            except Refused as error:
                if error.code in _NOT_LET_IN:
                    raise self._not_let_in(error) from error
                failure = error
                if error.code == "MOVED":
                    self._drop(lane.wire)
                    self._follow(error)
                elif _PASSING.search(str(error)):
                    # A primary that was demoted never gets well on this connection.
                    self._leave(lane.wire)
                else:
                    raise self._refused(error) from error
            except _NOT_LET_IN_ERRORS as error:
                raise self._not_let_in(error) from error
            except exceptions.ResponseError as error:
                raise self._refused(error) from error
            except _CUT_OFF as error:
                failure = error
                self._leave(lane.wire)
            self._check_open()
            lane.wire = self._new_wire()
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
        self, lane: Lane, command: bytes, script: Script, undo: Callable[[Any], Awaitable[None]]
    ) -> None:
        # Whether the call had arrived is not known, so it is asked again, then taken back.
        try:
            answer = await self._persist(lane, command, 1.0, script)
        except QueueError:
            return  # a lease ends by itself
        finally:
            self._idle.append(lane)
        with contextlib.suppress(QueueError):
            await undo(answer)

    def _not_let_in(self, error: Exception) -> QueueUnavailable:
        return QueueUnavailable(
            f"Redis at {self.where} does not let us in ({_told(error)}); check the user, the "
            f"password and the user's rights (EVALSHA, SCRIPT, the queue's keys, and {REGISTRY.decode()})"
        )

    def _refused(self, error: Exception) -> QueueError:
        told = _told(error)
        said = f"Redis at {self.where} refused a call ({told}); "
        if re.search(r"(^|-)OOM\b", told):
            return QueueUnavailable(
                said + "its memory is full: raise maxmemory, or purge items, then ask again"
            )
        if "MISCONF" in told:
            return QueueUnavailable(said + "it cannot write to its disk: look into its log, then ask again")
        return QueueError(
            said
            + "see that it is Redis 6.2 or later, or Valkey, and that nothing else writes the queue's keys"
        )

    def _follow(self, moved: Refused) -> None:
        """The cluster keeps the slot elsewhere (MOVED slot host:port); go there, as the same user."""
        host, _, port = str(moved).rpartition(" ")[2].rpartition(":")
        self._arguments = {**self._seed, "host": host or self._seed.get("host"), "port": int(port)}

    def _leave(self, wire: Wire) -> None:
        """Give a connection up; what is at the given address knows best where to go next."""
        self._drop(wire)
        self._arguments = self._seed

    def _new_lane(self) -> Lane:
        self._lanes += 1
        return Lane(self._new_wire(), self._keys.answer(self._client, self._lanes), self._keys)

    def _new_wire(self) -> Wire:
        wire = Wire(self._connection_class(**self._arguments))
        self._open.add(wire)
        return wire

    def _drop(self, wire: Wire) -> None:
        self._open.discard(wire)
        wire.close()

    def _check_open(self) -> None:
        if self._closed:
            raise QueueError(f"this client of the queue on Redis at {self.where} is closed; connect again")


def _told(error: Exception) -> str:
    """What the error says, in one short line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:200] + " ..."


def not_unicode() -> QueueError:
    """Return the error for text that cannot be sent."""
    return QueueError("an id, key or header is not Unicode text (it holds half a character)")
