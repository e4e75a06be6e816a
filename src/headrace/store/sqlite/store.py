"""`SqliteStore`: the store port on one SQLite file."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from headrace.store.port import (
    Committed,
    DefinitionRow,
    ExecutionQuery,
    ExecutionRow,
    LogLine,
    Retention,
    Store,
    StoredEvent,
    StoredState,
    StoreError,
    StoreUnavailable,
    TaskRun,
    Transition,
)
from headrace.store.sqlite import prune, read
from headrace.store.sqlite.apply import publish_event
from headrace.store.sqlite.connect import MEMORY, open_reader, open_writer, set_up_writer
from headrace.store.sqlite.failure import translate
from headrace.store.sqlite.log_lines import WaitingLines
from headrace.store.sqlite.owner import Ownership
from headrace.store.sqlite.queries import QUERIES
from headrace.store.sqlite.readers import Readers
from headrace.store.sqlite.rows import event_identity
from headrace.store.sqlite.schema import migrate, recognise, verify
from headrace.store.sqlite.writer import Writer

Durability = Literal["full", "normal"]

READERS = 2
OLDEST_SQLITE = (3, 35, 0)  # RETURNING
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class SqliteStore(Store):
    """A store in one SQLite file, for one writing process and any number of reading ones.

    Make it with `open`, inside the event loop that uses it.
    """

    def __init__(self) -> None:
        self.path = ""
        self._clock: Callable[[], float] = time.time
        self._ownership: Ownership | None = None
        self._connection: sqlite3.Connection | None = None
        self._writer: Writer | None = None
        self._read_connections: list[sqlite3.Connection] = []
        self._readers: Readers | None = None
        self._lines: WaitingLines | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: str | os.PathLike[str],
        *,
        read_only: bool = False,
        durability: Durability = "full",
        clock: Callable[[], float] = time.time,
    ) -> SqliteStore:
        """Open the store at `path`, creating file and directory where missing, and migrate its schema.

        `":memory:"` is a store of its own that ends with `close`. With `read_only` nothing is written or
        created, and another process may own the store. `durability` "normal" may lose the last commits
        when the machine (not the process) fails; "full" loses none. `clock` gives epoch seconds.

        Raises `StoreOwned`, `StoreUnavailable`, and `StoreError` for a file that is not a store of
        this version.
        """
        store = cls()
        store._clock = clock
        try:
            await asyncio.to_thread(store._open, os.fspath(path), read_only, durability)
        except Exception as problem:
            store._close_files()
            error = translate(problem, store.path, "opening it")
            if error is problem:
                raise
            raise error from problem
        if store._connection is not None:
            store._writer = Writer(store._connection, store.path, clock)
            store._lines = WaitingLines(store._writer.submit)
        if store._read_connections:
            store._readers = Readers(store._read_connections, store.path)
        return store

    def _open(self, path: str, read_only: bool, durability: Durability) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(
                f"this Python has SQLite {sqlite3.sqlite_version}; the store needs "
                f"{'.'.join(map(str, OLDEST_SQLITE))} or later: use a newer Python or SQLite library"
            )
        if path == MEMORY:
            self.path = path
            self._connection = open_writer(path)
            set_up_writer(self._connection, durability)
            migrate(self._connection, path, self._clock())
            return
        # The real path: two links to one file are one store with one owner.
        self.path = path = os.path.realpath(path)
        if read_only:
            self._read_connections.append(open_reader(path))
            verify(self._read_connections[0], path)
        else:
            with contextlib.suppress(FileExistsError):
                os.mkdir(os.path.dirname(path))
            self._ownership = Ownership.take(path, self._clock())
            # Payloads are nobody else's business; SQLite gives its other files the same permissions.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._connection = open_writer(path)
            # Before anything is changed: it may be another program's file.
            recognise(self._connection, path)
            set_up_writer(self._connection, durability)
            migrate(self._connection, path, self._clock())
        while len(self._read_connections) < READERS:
            self._read_connections.append(open_reader(path))

    async def close(self) -> None:
        """Finish what was submitted, move the write-ahead log into the file, free the ownership.

        A second call does nothing.
        """
        if self._closed:
            return
        self._closed = True
        if self._lines is not None:
            with contextlib.suppress(StoreError):
                await self._lines.write()
            self._lines.stop()
            if self._lines:
                _log.error("%d log lines could not be written and are lost", len(self._lines))
        if self._writer is not None:
            await self._writer.close()
        if self._readers is not None:
            await self._readers.close()
        await asyncio.to_thread(self._close_files)

    def _close_files(self) -> None:
        for reader in self._read_connections:
            reader.close()
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                # Without space for it the log stays beside the file, which is as good.
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.close()
        if self._ownership is not None:
            self._ownership.release()

    def announce(self, url: str) -> None:
        """Tell who wants this store meanwhile that a server owns it, and where. Best effort."""
        if self._ownership is not None:
            with contextlib.suppress(OSError):
                self._ownership.announce(url)

    async def __aenter__(self) -> SqliteStore:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # ------------------------------------------------------------ executions

    async def commit(self, transition: Transition) -> Committed:
        """Write one transition, durably. A caller that is cancelled does not take it back."""
        committed: Committed = await self._writing().submit(transition)
        return committed

    async def load(self, execution_id: str) -> StoredState | None:
        return await self.read(read.state, execution_id)

    async def due(self, until: float, limit: int) -> tuple[list[str], float | None]:
        """Return due ids; the time is that of the earliest one not returned (past when `limit` cut)."""
        return await self.read(read.due, until, limit)

    async def in_flight(self, after: str, limit: int) -> list[str]:
        return await self.read(read.in_flight, after, limit)

    async def executions(self, query: ExecutionQuery) -> list[ExecutionRow]:
        return await self.read(read.executions, query)

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        return await self.read(read.execution, execution_id)

    async def history(self, execution_id: str, *, after: int = -1, limit: int = 10_000) -> list[TaskRun]:
        return await self.read(read.history, execution_id, after, limit)

    async def prune(self, retention: Retention, now: float, *, batch: int = 500) -> int:
        """Delete finished executions beyond `retention`; with an age for all, old delivered events too.

        An execution whose parent is not final is kept: the parent may still have to read its outcome.
        """
        if retention.max_age_seconds is None and retention.max_count is None:
            return 0
        ended_before = None if retention.max_age_seconds is None else now - retention.max_age_seconds
        pairs = await self.read(read.names, retention.namespace, retention.name)
        deleted = 0
        for namespace, name in pairs:
            ids = await self.read(
                read.prunable, namespace, name, ended_before, retention.max_count, batch - deleted
            )
            for pruning in prune.in_steps(ids):
                # Each step is work in a group of its own, so that commits do not wait for the whole.
                while not await self.write(pruning):
                    pass
            deleted += len(ids)
            if deleted >= batch:
                return deleted
        if ended_before is not None and retention.namespace is None and retention.name is None:
            await self.write(prune.events(ended_before, batch))
        return deleted

    # ------------------------------------------------------------ events

    async def subscribers(self, event_type: str, namespace: str | None = None) -> list[str]:
        return await self.read(read.subscribers, event_type, namespace)

    async def publish(self, events: Sequence[bytes]) -> list[int | None]:
        """Accept CloudEvents durably. Raises `StoreError`, keeping none, when one is no CloudEvent."""
        for event in events:
            event_identity(event)
        now = self._clock()

        def job(cursor: sqlite3.Cursor) -> list[int | None]:
            outcomes = [publish_event(cursor, event, now) for event in events]
            return [sequence if new else None for sequence, new in outcomes]

        return await self.write(job)

    async def undelivered(self, limit: int, after: int = 0) -> list[StoredEvent]:
        return await self.read(read.undelivered, limit, after)

    async def delivered(self, sequences: Sequence[int]) -> None:
        rows = [(sequence,) for sequence in sequences]

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.executemany(QUERIES["mark_delivered"], rows)

        await self.write(job)

    # ------------------------------------------------------------ definitions

    async def put_definition(self, definition: DefinitionRow) -> DefinitionRow:
        def job(cursor: sqlite3.Cursor) -> DefinitionRow:
            identity = (definition.namespace, definition.name, definition.version)
            found = cursor.execute(QUERIES["select_definition"], identity).fetchone()
            if found is not None:
                return read.definition_from_row(found)
            values = (definition.digest, *identity, definition.source, definition.created_at)
            cursor.execute(QUERIES["insert_definition"], values)
            return definition

        kept = await self.write(job)
        if kept.digest != definition.digest:
            raise StoreError(
                f"{definition.namespace}/{definition.name} has a version {definition.version} with other "
                f"content already (digest {kept.digest[:19]}, not {definition.digest[:19]}); "
                "give the changed definition a new version"
            )
        return kept

    async def definitions(
        self, namespace: str | None = None, name: str | None = None, *, digest: str | None = None
    ) -> list[DefinitionRow]:
        return await self.read(read.definitions, namespace, name, digest)

    # ------------------------------------------------------------ logs

    async def logs(
        self, execution_id: str, run_id: int | None = None, *, append: Sequence[LogLine] = ()
    ) -> list[LogLine]:
        """Append lines, or return them.

        Appended lines ride along with a group soon after; only when many wait already does the caller
        wait too, and learn of a full disk by `StoreUnavailable`. Reading writes first what waits. Lines
        of an execution that does not exist (it was pruned while they waited) are dropped.
        """
        if append:
            self._writing()
            assert self._lines is not None
            await self._lines.append(append)
            return []
        await self.write_lines()
        return await self.read(read.logs, execution_id, run_id)

    async def write_lines(self) -> None:
        """Write the log lines that wait, so that reading has them. Raises `StoreUnavailable`."""
        if self._lines is not None:
            await self._lines.write()

    # ------------------------------------------------------------ threads, and what other ports build on

    def observe_groups(self, on_group: Callable[[int, float], None]) -> None:
        """Call `on_group(pieces of work, seconds)` after each transaction, on the thread that made it."""
        self._writing().on_group = on_group

    def _writing(self) -> Writer:
        if self._writer is None:
            raise StoreUnavailable(
                f"the store {self.path} was opened read-only; nothing was written. "
                "Open it for writing in the process that owns it"
            )
        return self._writer

    async def write(self, job: Callable[[sqlite3.Cursor], _Result]) -> _Result:
        """Run `job` in the writer's next group (`headrace.store.sqlite.tables`)."""
        result: _Result = await self._writing().submit(job)
        return result

    async def read(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Return `function(connection, *arguments)` from a reading thread."""
        if self._closed:
            raise StoreError(f"the store {self.path} is closed; open it again to use it")
        if self._readers is not None:
            return await self._readers.read(function, *arguments)

        # In memory there is only the writer's connection.
        def job(cursor: sqlite3.Cursor) -> _Result:
            return function(cursor.connection, *arguments)

        return await self.write(job)
