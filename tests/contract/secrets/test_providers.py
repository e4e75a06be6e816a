"""The secret port: one suite for every provider."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from headrace.access.access import Access
from headrace.access.key import KeyFile
from headrace.access.role import SYSTEM
from headrace.access.secret import StoredSecrets
from headrace.runtime.secrets import (
    ChainedSecrets,
    EnvironmentSecrets,
    FileSecrets,
    MappingSecrets,
    SecretProvider,
    secrets_for,
)
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.access import SqliteAccess

SECRETS: dict[str, Any] = {
    "token": "s3cr3t-token",
    "my-login": {"username": "ada", "password": "pass: with 'signs'"},
}


def environment(folder: Path) -> SecretProvider:
    return EnvironmentSecrets(
        {
            "HEADRACE_SECRET_TOKEN": SECRETS["token"],
            "HEADRACE_SECRET_MY_LOGIN": json.dumps(SECRETS["my-login"]),
            "TOKEN": "another",
        }
    )


def folder_of_files(folder: Path) -> SecretProvider:
    (folder / "token").write_text(SECRETS["token"] + "\n")
    (folder / "my-login").mkdir()
    for name, value in SECRETS["my-login"].items():
        (folder / "my-login" / name).write_text(value)
    return FileSecrets(folder)


def one_file(folder: Path) -> SecretProvider:
    (folder / "secrets.json").write_text(json.dumps(SECRETS))
    return FileSecrets(folder / "secrets.json")


def mapping(folder: Path) -> SecretProvider:
    return MappingSecrets(SECRETS)


def chain(folder: Path) -> SecretProvider:
    first: Mapping[str, Any] = {"token": SECRETS["token"]}
    return ChainedSecrets((MappingSecrets(first), MappingSecrets({**SECRETS, "token": "shadowed"})))


async def stored(folder: Path) -> AsyncIterator[SecretProvider]:
    async with await SqliteStore.open(folder / "store.db") as store:
        access = await Access.open(SqliteAccess(store), KeyFile(folder / "key"), now=lambda: 1.0)
        for name, value in SECRETS.items():
            await access.secrets.put(SYSTEM, "default", name, value)
        yield access.secrets
        await access.close()


@pytest.fixture(params=[environment, folder_of_files, one_file, mapping, chain, stored])
async def provider(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SecretProvider]:
    if request.param is stored:
        async for made in stored(tmp_path):
            yield made
    else:
        make: Callable[[Path], SecretProvider] = request.param
        yield make(tmp_path)


async def test_gives_what_it_has(provider: SecretProvider) -> None:
    assert provider.secret("token") == SECRETS["token"]
    assert provider.secret("my-login") == SECRETS["my-login"]
    assert provider.secret("token", "default") == SECRETS["token"]


@pytest.mark.parametrize("name", ["unknown", "", "../token", "my-login/password", ".."])
async def test_has_no_others(provider: SecretProvider, name: str) -> None:
    assert provider.secret(name) is None


async def test_another_namespace_has_the_same_only_where_there_are_no_namespaces(
    provider: SecretProvider,
) -> None:
    expected = None if isinstance(provider, StoredSecrets) else SECRETS["token"]
    assert provider.secret("token", "shop") == expected


class OfNamespace:
    """A provider that has nothing but the namespace that asks."""

    def secret(self, name: str, namespace: str = "default") -> Any | None:
        return namespace if name == "token" else None


def test_a_chain_tells_which_namespace_asks() -> None:
    chained = ChainedSecrets((MappingSecrets({}), OfNamespace()))
    assert chained.secret("token", "shop") == "shop"
    assert secrets_for(["token", "other"], chained, "shop") == {"token": "shop"}


def test_the_key_of_the_stores_secrets_is_no_secret() -> None:
    found = EnvironmentSecrets({"HEADRACE_SECRET_KEY": "the key", "HEADRACE_SECRET_KEY_2": "a secret"})
    for name in ("key", "KEY", "Key"):
        assert found.secret(name) is None
    assert found.secret("key-2") == "a secret"
