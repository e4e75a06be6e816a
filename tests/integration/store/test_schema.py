"""The schema: migrations against schema.sql, and files that are not of this version."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest

from contract.store.sample import a_start
from headrace.store.port import ExecutionRow, LogLine, StoreError, TaskRun
from headrace.store.sqlite import SqliteStore, queries, rows, schema
from integration.store.inspect_file import query


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Every table, index and trigger with its SQL, white space and comments aside."""
    found = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return {
        (kind, name, re.sub(r"IF NOT EXISTS |\s+", " ", re.sub(r"--.*", "", sql)).replace("  ", " ").strip())
        for kind, name, sql in found
    }


def test_migrations_come_to_the_schema() -> None:
    migrated = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(migrated, ":memory:", 1.0)
    scratch = sqlite3.connect(":memory:")
    scratch.executescript(resources.files("headrace.store.sqlite").joinpath("schema.sql").read_text())
    assert _objects(migrated) == _objects(scratch)


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [migration.number for migration in schema.load_migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("struct", "columns"),
    [(ExecutionRow, rows.EXECUTION_COLUMNS), (TaskRun, rows.RUN_COLUMNS), (LogLine, rows.LOG_COLUMNS)],
)
def test_every_field_of_the_port_has_a_column(struct: type, columns: tuple[str, ...]) -> None:
    assert sorted(struct.__struct_fields__) == sorted(columns)  # type: ignore[attr-defined]


def test_statement_names_are_unique() -> None:
    with pytest.raises(ValueError, match="twice"):
        queries.parse("-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n")


async def test_opening_again_migrates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    for _ in range(2):
        store = await SqliteStore.open(path, clock=lambda: 5.0)
        await store.close()
    assert len(query(path, "SELECT * FROM migrations")) == len(schema.load_migrations())


async def _edited(path: Path, sql: str) -> None:
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    await store.close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(sql)
    connection.close()


@pytest.mark.parametrize("read_only", [False, True])
async def test_store_of_a_newer_version(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "store.db"
    await _edited(path, "INSERT INTO migrations VALUES (9999, '9999_later.sql', 'x', 0)")
    with pytest.raises(StoreError, match=r"9999_later\.sql.*newer Headrace.*upgrade"):
        await SqliteStore.open(path, read_only=read_only)


@pytest.mark.parametrize("read_only", [False, True])
async def test_store_of_another_migration(tmp_path: Path, read_only: bool) -> None:
    path = tmp_path / "store.db"
    await _edited(path, "UPDATE migrations SET checksum = 'f00d'")
    with pytest.raises(StoreError, match="other SQL"):
        await SqliteStore.open(path, read_only=read_only)


async def test_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE customers (id)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        await SqliteStore.open(path)
    assert path.read_bytes() == before


def test_read_only_asks_for_migration_first() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection, "x.db", 1.0)
    later = [*schema.load_migrations(), schema.Migration(9999, "9999_later.sql", "SELECT 1")]
    with pytest.raises(StoreError, match="open it once for writing"):
        schema.verify(connection, "x.db", later)


def test_failed_migration_changes_nothing() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection, "x.db", 1.0)
    before = _objects(connection)
    broken = schema.Migration(9999, "9999_broken.sql", "CREATE TABLE half (id); SELECT nonsense;")
    with pytest.raises(sqlite3.Error, match="nonsense"):
        schema.migrate(connection, "x.db", 2.0, [*schema.load_migrations(), broken])
    assert not connection.in_transaction
    assert _objects(connection) == before


def test_migrations_apply_in_order_on_an_older_store() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection, "x.db", 1.0)
    more = [
        *schema.load_migrations(),
        schema.Migration(9998, "9998_a.sql", "CREATE TABLE later (id);"),
        schema.Migration(9999, "9999_b.sql", "ALTER TABLE later ADD COLUMN name;"),
    ]
    schema.migrate(connection, "x.db", 2.0, more)
    schema.migrate(connection, "x.db", 3.0, more)
    applied = connection.execute("SELECT number, applied_at FROM migrations ORDER BY number").fetchall()
    assert applied[-2:] == [(9998, 2.0), (9999, 2.0)]
    schema.verify(connection, "x.db", more)


@pytest.mark.parametrize("before_statement", [1, 2])
def test_a_store_that_another_process_makes_while_it_is_looked_at(
    tmp_path: Path, before_statement: int
) -> None:
    path = tmp_path / "headrace.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as looking:
        statements = 0

        def meanwhile(_: str) -> None:
            nonlocal statements
            statements += 1
            if statements == before_statement:
                with closing(sqlite3.connect(path, isolation_level=None)) as other:
                    schema.migrate(other, str(path), 1.0)

        looking.set_trace_callback(meanwhile)
        assert schema.recognise(looking, str(path))
