"""Secrets: where they come from, and how they are kept out of everything that is written down.

A provider gives the data of a secret by name: a string, or an object such as `{username, password}`. In the
state of an execution a secret's text is replaced by a reference, which is put back when the state is loaded;
in history, logs and answers it is replaced by `***`.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from headrace.engine.state import Codec
from headrace.errors import HeadraceError
from headrace.spec.masking import MASK, MASKED_LENGTH_MIN

DEFAULT_NAMESPACE = "default"

# The key that secrets in the store are sealed with (`headrace.access.key`) is not a secret for flows.
_NOT_FOR_FLOWS = frozenset({"KEY"})


class SecretProvider(Protocol):
    """Where secrets come from."""

    def secret(self, name: str, namespace: str = DEFAULT_NAMESPACE) -> Any | None:
        """Return the data of a secret (a string or an object of strings), or None if there is none.

        `namespace` is that of the flow that asks. A provider without namespaces gives all of them the same.
        """


class EnvironmentSecrets:
    """Secrets from environment variables: `HEADRACE_SECRET_<NAME>`, upper case, other signs as `_`.

    A value that is a JSON object is read as one. They are for flows of every namespace.
    """

    def __init__(
        self, environment: Mapping[str, str] | None = None, prefix: str = "HEADRACE_SECRET_"
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._prefix = prefix

    def secret(self, name: str, namespace: str = DEFAULT_NAMESPACE) -> Any | None:
        key = re.sub(r"[^A-Z0-9]", "_", name.upper())
        return None if key in _NOT_FOR_FLOWS else _read(self._environment.get(self._prefix + key))


class FileSecrets:
    """Secrets from a folder, one file each (as Kubernetes mounts them), or from one JSON or YAML file.

    In a folder a secret may be a folder itself: its files are the members of the object. They are for flows
    of every namespace.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def secret(self, name: str, namespace: str = DEFAULT_NAMESPACE) -> Any | None:
        if not name or "/" in name or name.startswith("."):
            return None
        if self._path.is_file():
            return self._from_file().get(name)
        place = self._path / name
        if place.is_dir():
            return {
                entry.name: entry.read_text().rstrip("\n")
                for entry in sorted(place.iterdir())
                if entry.is_file() and not entry.name.startswith(".")
            }
        if place.is_file():
            return _read(place.read_text().rstrip("\n"))
        return None

    def _from_file(self) -> dict[str, Any]:
        import yaml

        try:
            data = yaml.safe_load(self._path.read_text())
        except (OSError, yaml.YAMLError) as error:
            raise HeadraceError(
                f"the secrets file {self._path} cannot be read: {type(error).__name__}; "
                "write one object, name: value"
            ) from error
        return data if isinstance(data, dict) else {}


class ChainedSecrets:
    """The first provider that has a secret gives it."""

    def __init__(self, providers: Iterable[SecretProvider]) -> None:
        self._providers = tuple(providers)

    def secret(self, name: str, namespace: str = DEFAULT_NAMESPACE) -> Any | None:
        for provider in self._providers:
            found = provider.secret(name, namespace)
            if found is not None:
                return found
        return None


class MappingSecrets:
    """Secrets given by the program itself."""

    def __init__(self, secrets: Mapping[str, Any]) -> None:
        self._secrets = secrets

    def secret(self, name: str, namespace: str = DEFAULT_NAMESPACE) -> Any | None:
        return self._secrets.get(name)


def _read(text: str | None) -> Any | None:
    if text is not None and text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


# In JSON text a NUL is always written `\u0000`, so no data can hold this text by chance; data that holds
# it on purpose is made harmless before secrets are put in (`_DISARMED`).
_OPEN, _CLOSE = "\\u0000secret:", "\\u0000"
_DISARMED = "\\u0000secret-text:"
_REFERENCE = re.compile(rb"\\u0000secret:([^\\]*)\\u0000")


class Masker:
    """Hides the texts of given secrets in JSON, and shows them again in states."""

    def __init__(self, secrets: Mapping[str, Any]) -> None:
        self._texts: list[tuple[bytes, bytes]] = []
        self._values: dict[bytes, bytes] = {}
        found: dict[str, str] = {}
        for name, data in secrets.items():
            _collect(data, name, found)
        # The longest first: one secret may be part of another.
        for text, path in sorted(found.items(), key=lambda entry: -len(entry[0])):
            written = _json_inside(text)
            place = _json_inside(path.replace("\\", ""))
            self._texts.append((written, (_OPEN.encode() + place + _CLOSE.encode())))
            self._values[place] = written
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder().decode

    def __bool__(self) -> bool:
        return bool(self._texts)

    def encode(self, value: Any) -> bytes:
        """Return the JSON of a payload with references in place of secrets."""
        return self._hide(self._encode(value))

    def _hide(self, data: bytes) -> bytes:
        if _OPEN.encode() in data:
            data = data.replace(_OPEN.encode(), _DISARMED.encode())
        for text, reference in self._texts:
            if text in data:
                data = data.replace(text, reference)
        return data

    def decode(self, data: bytes) -> Any:
        """Undo `encode`; a secret that is not provided any more stays masked."""
        return self._decode(_REFERENCE.sub(lambda match: self._values.get(match[1], MASK.encode()), data))

    @staticmethod
    def mask(data: bytes) -> bytes:
        """Turn the references in encoded JSON into `***`, for what people read."""
        return _REFERENCE.sub(MASK.encode(), data) if b"\\u0000secret:" in data else data

    def mask_text(self, text: str) -> str:
        """Mask secrets in plain text, for example a log line."""
        hidden = self.mask(self._hide(self._encode(text)))
        return str(self._decode(hidden))

    def codec(self) -> Codec:
        """Return the codec for states of executions that use these secrets."""
        return Codec(self.encode, self.decode) if self._texts else Codec()


def _collect(data: Any, path: str, found: dict[str, str]) -> None:
    if isinstance(data, str):
        if len(data) >= MASKED_LENGTH_MIN:
            found.setdefault(data, path)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            _collect(value, f"{path}.{key}", found)
        username, password = data.get("username"), data.get("password")
        if isinstance(username, str) and isinstance(password, str):
            # As basic authentication writes them, for example in `$authorization.parameter`.
            pair = base64.b64encode(f"{username}:{password}".encode()).decode()
            _collect(pair, f"{path}.basic", found)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _collect(value, f"{path}.{index}", found)


def _json_inside(text: str) -> bytes:
    return msgspec.json.encode(text)[1:-1]


def secrets_for(
    names: Iterable[str], provider: SecretProvider, namespace: str = DEFAULT_NAMESPACE
) -> dict[str, Any]:
    """Return those of the named secrets that the provider has for a flow of this namespace."""
    found = {}
    for name in names:
        data = provider.secret(name, namespace)
        if data is not None:
            found[name] = data
    return found
