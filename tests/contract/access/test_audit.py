"""The log of changes: filters, pages, and that nothing in it ever changes."""

from __future__ import annotations

from typing import Any

import pytest

from contract.access.sample import a_secret, an_entry
from headrace.access.access import AccessStore
from headrace.store.access import AuditQuery


@pytest.fixture
async def log(access_store: AccessStore) -> AccessStore:
    entries: list[dict[str, Any]] = [
        {"action": "flowapp.apply", "namespace": "shop", "object": "orders", "at": 1.0},
        {"action": "flowapp.delete", "namespace": "shop", "object": "orders", "at": 2.0, "request_id": "r1"},
        {"action": "flowapp.apply", "namespace": "bank", "object": "ledger", "at": 3.0},
        {"action": "user.create", "object": "ada", "at": 4.0, "principal": "token:t1"},
        {"action": "flowapps.odd", "object": "x", "at": 5.0},
    ]
    for values in entries:
        await access_store.append(an_entry(**values))
    return access_store


async def test_an_entry_comes_back_whole(access_store: AccessStore) -> None:
    entry = an_entry(
        namespace="shop",
        address="::1",
        before=b'{"a":1}',
        after=b'{"a":2}',
        request_id="r1",
        name="Ada",
        kind="token",
    )
    await access_store.append(entry)
    (found,) = await access_store.entries(AuditQuery())
    assert found.sequence > 0
    found.sequence = 0
    assert found == entry


@pytest.mark.parametrize(
    ("filters", "times"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"namespaces": ["shop"]}, [2, 1]),
        ({"namespaces": ["shop", "bank"]}, [3, 2, 1]),
        ({"namespaces": []}, []),
        ({"action": "flowapp.apply"}, [3, 1]),
        ({"action": "flowapp"}, [3, 2, 1]),
        ({"principal": "token:t1"}, [4]),
        ({"object": "orders"}, [2, 1]),
        ({"request_id": "r1"}, [2]),
        ({"since": 2.0, "until": 4.0}, [3, 2]),
        ({"limit": 2}, [5, 4]),
        ({"namespaces": ["shop"], "action": "flowapp.apply", "object": "orders"}, [1]),
    ],
)
async def test_filters(log: AccessStore, filters: dict[str, Any], times: list[float]) -> None:
    assert [entry.at for entry in await log.entries(AuditQuery(**filters))] == times


async def test_pages_are_stable_while_entries_are_added(log: AccessStore) -> None:
    first = await log.entries(AuditQuery(limit=2))
    await log.append(an_entry(at=6.0))
    second = await log.entries(AuditQuery(limit=2, before=first[-1].sequence))
    third = await log.entries(AuditQuery(limit=2, before=second[-1].sequence))
    assert [entry.at for entry in first + second + third] == [5, 4, 3, 2, 1]


async def test_secrets_are_put_deleted_and_resealed_with_their_entries(access_store: AccessStore) -> None:
    await access_store.put(a_secret(), an_entry("secret.create"))
    await access_store.put(a_secret(namespace="bank"), an_entry("secret.create"))
    await access_store.put(a_secret(sealed=b"again", updated_at=61.0), an_entry("secret.update"))
    again = a_secret(sealed=b"again", updated_at=61.0)
    other = a_secret(namespace="bank")
    assert await access_store.all() == [other, again]
    # One that was put meanwhile is not sealed back to what it was.
    await access_store.put(a_secret(sealed=b"newest"), an_entry("secret.update"))
    await access_store.reseal([(again, b"resealed"), (other, b"other resealed")], an_entry("rotate"))
    assert [row.sealed for row in await access_store.all()] == [b"other resealed", b"newest"]
    assert await access_store.delete("shop", "key", an_entry("secret.delete"))
    assert not await access_store.delete("shop", "key", an_entry("secret.delete"))
    assert [entry.action for entry in await access_store.entries(AuditQuery())] == [
        "secret.delete",
        "rotate",
        "secret.update",
        "secret.update",
        "secret.create",
        "secret.create",
    ]
