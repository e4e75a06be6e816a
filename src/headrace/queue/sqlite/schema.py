"""The schema of a queue file: numbered migrations, each with the checksum that it was applied with."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from importlib import resources

import msgspec

from headrace.queue.port import QueueError
from headrace.queue.sqlite.queries import QUERIES

# "hdrq": marks an SQLite file as ours, so that another program's file is never taken for a queue.
APPLICATION_ID = 0x68647271

_FILE_NAME = re.compile(r"^(\d{4})_\w+\.sql$")


class Migration(msgspec.Struct, frozen=True):
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def load_migrations() -> list[Migration]:
    """Return the migrations of this version of Headrace, in order."""
    found = []
    for file in resources.files(__package__).joinpath("migrations").iterdir():
        match = _FILE_NAME.match(file.name)
        if match:
            found.append(Migration(int(match[1]), file.name, file.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


def recognise(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether the file is a queue file (True) or still empty (False).

    Raises `QueueError` when it is a database of another program, or a store of executions.
    """
    # In this order: another process may make the queue in between, and has marked it by then.
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id == APPLICATION_ID:
        return True
    if objects or application_id:
        raise QueueError(
            f"{path} is an SQLite database, but not one of queues; give queues a file of their own"
        )
    return False


def migrate(
    connection: sqlite3.Connection, path: str, now: float, migrations: Sequence[Migration] | None = None
) -> None:
    """Bring the file to the newest schema; each migration is one transaction.

    The caller keeps other processes from doing the same meanwhile. Raises `QueueError` when the file is
    another program's, was written by a newer Headrace, or was migrated by other SQL than this version has.
    """
    known = load_migrations() if migrations is None else migrations
    ours = recognise(connection, path)
    applied = connection.execute(QUERIES["select_migrations"]).fetchall() if ours else []
    _check(applied, known, path)
    for migration in known[len(applied) :]:
        # One script with its own BEGIN and COMMIT: executescript() would commit an open transaction.
        script = (
            f"BEGIN IMMEDIATE;\nPRAGMA application_id = {APPLICATION_ID};\n"
            f"{QUERIES['create_migrations']};\n{migration.sql}\n"
            f"INSERT INTO migrations (number, name, checksum, applied_at) "
            f"VALUES ({migration.number}, '{migration.name}', '{migration.checksum}', {now!r});\nCOMMIT;"
        )
        try:
            connection.executescript(script)
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _check(applied: Sequence[tuple[int, str, str]], known: Sequence[Migration], path: str) -> None:
    by_number = {migration.number: migration for migration in known}
    for number, name, checksum in applied:
        migration = by_number.get(number)
        if migration is None:
            raise QueueError(
                f"the queue file {path} has schema version {number} ({name}), written by a newer Headrace; "
                f"this one knows versions up to {max(by_number, default=0)}: upgrade Headrace"
            )
        if migration.checksum != checksum:
            raise QueueError(
                f"migration {name} was applied to the queue file {path} with other SQL than this Headrace "
                f"has (checksum {checksum[:12]} there, {migration.checksum[:12]} here); use the Headrace "
                "that wrote it, or start with a new file"
            )
