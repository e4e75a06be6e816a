"""The schema of a store file: numbered migrations, each with the checksum that it was applied with."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from importlib import resources

import msgspec

from headrace.store.port import StoreError
from headrace.store.sqlite.queries import QUERIES

# "hdrc": marks an SQLite file as ours, so that another program's file is never taken for a store.
APPLICATION_ID = 0x68647263

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


def migrate(
    connection: sqlite3.Connection, path: str, now: float, migrations: Sequence[Migration] | None = None
) -> None:
    """Bring the file to the newest schema; each migration is one transaction.

    Raises `StoreError` when the file is another program's, was written by a newer Headrace, or was
    migrated by SQL other than what this version has.
    """
    known = load_migrations() if migrations is None else migrations
    applied = _applied(connection, path)
    _check(applied, known, path)
    done = {number for number, _, _ in applied}
    for migration in known:
        if migration.number in done:
            continue
        # One script with its own BEGIN and COMMIT: executescript() would commit an open transaction.
        name, checksum = migration.name, migration.checksum
        script = (
            f"BEGIN IMMEDIATE;\nPRAGMA application_id = {APPLICATION_ID};\n"
            f"{QUERIES['create_migrations']};\n{migration.sql}\n"
            f"INSERT INTO migrations (number, name, checksum, applied_at) "
            f"VALUES ({migration.number}, '{name}', '{checksum}', {now!r});\nCOMMIT;"
        )
        try:
            connection.executescript(script)
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def verify(connection: sqlite3.Connection, path: str, migrations: Sequence[Migration] | None = None) -> None:
    """Check that the file has exactly this version's schema, and change nothing.

    Raises `StoreError` as `migrate` does, and when the file was not migrated yet.
    """
    known = load_migrations() if migrations is None else migrations
    applied = _applied(connection, path)
    _check(applied, known, path)
    if len(applied) < len(known):
        raise StoreError(
            f"the store {path} has schema version {len(applied)}, this Headrace reads {known[-1].number}; "
            "open it once for writing (start the server on it) to bring it up to date"
        )


def recognise(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether the file is a store (True) or still empty (False).

    Raises `StoreError` when it is a database of another program.
    """
    # In this order: another process may make the store in between, and has marked it by then.
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id == APPLICATION_ID:
        return True
    if objects or application_id:
        raise StoreError(
            f"{path} is an SQLite database of another program, not a Headrace store; "
            "use another file with --store"
        )
    return False


def _applied(connection: sqlite3.Connection, path: str) -> list[tuple[int, str, str]]:
    if not recognise(connection, path):
        return []
    return connection.execute(QUERIES["select_migrations"]).fetchall()


def _check(applied: Sequence[tuple[int, str, str]], known: Sequence[Migration], path: str) -> None:
    by_number = {migration.number: migration for migration in known}
    for number, name, checksum in applied:
        migration = by_number.get(number)
        if migration is None:
            raise StoreError(
                f"the store {path} has schema version {number} ({name}), written by a newer Headrace; "
                f"this one knows versions up to {max(by_number, default=0)}: upgrade Headrace"
            )
        if migration.checksum != checksum:
            raise StoreError(
                f"migration {name} was applied to the store {path} with other SQL than this Headrace has "
                f"(checksum {checksum[:12]} there, {migration.checksum[:12]} here); use the Headrace that "
                "wrote it, or start with a new file"
            )
