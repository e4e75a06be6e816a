"""The secret port: one suite for every provider."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from headrace.runtime.secrets import (
    ChainedSecrets,
    EnvironmentSecrets,
    FileSecrets,
    MappingSecrets,
    SecretProvider,
)

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


@pytest.fixture(params=[environment, folder_of_files, one_file, mapping, chain])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> SecretProvider:
    make: Callable[[Path], SecretProvider] = request.param
    return make(tmp_path)


def test_gives_what_it_has(provider: SecretProvider) -> None:
    assert provider.secret("token") == SECRETS["token"]
    assert provider.secret("my-login") == SECRETS["my-login"]


@pytest.mark.parametrize("name", ["unknown", "", "../token", "my-login/password", ".."])
def test_has_no_others(provider: SecretProvider, name: str) -> None:
    assert provider.secret(name) is None
