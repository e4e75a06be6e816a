"""The keys that secrets are sealed with: AES-256-GCM, the newest seals, older ones still open.

They come from `HEADRACE_SECRET_KEY` (base64 of 32 bytes; several, the newest first, separated by commas) or
from a file beside the store that nobody else may read. Whoever has the store alone can read no secret.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from headrace.errors import HeadraceError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
VARIABLE = "HEADRACE_SECRET_KEY"
_VERSION = b"\x01"
_ID_BYTES, _NONCE_BYTES = 8, 12
_HEAD_BYTES = len(_VERSION) + _ID_BYTES + _NONCE_BYTES


class Unsealable(HeadraceError):
    """Something sealed cannot be opened: its key is not here, or it was changed."""


class KeyRing:
    """Seals and opens with keys of 32 bytes, the newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self.keys = tuple(keys)
        self._ciphers = {_id(key): _cipher(key) for key in reversed(self.keys)}

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return `data` sealed with the newest key, for this context (where it belongs) only."""
        key_id, nonce = _id(self.keys[0]), secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + key_id + nonce + self._ciphers[key_id].encrypt(nonce, data, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return what was sealed. Raises `Unsealable`."""
        cipher = self._ciphers.get(sealed[1 : 1 + _ID_BYTES])
        if sealed[:1] != _VERSION or cipher is None:
            raise Unsealable("it was sealed with a key that is not here")
        from cryptography.exceptions import InvalidTag

        try:
            return cipher.decrypt(sealed[1 + _ID_BYTES : _HEAD_BYTES], sealed[_HEAD_BYTES:], context)
        except InvalidTag as error:
            raise Unsealable("it was changed, or moved from another place, after it was sealed") from error

    def is_newest(self, sealed: bytes) -> bool:
        """Return whether something is sealed with the newest key."""
        return bool(self.keys) and sealed[1 : 1 + _ID_BYTES] == _id(self.keys[0])


class Keys(Protocol):
    """Where keys are kept."""

    def read(self) -> KeyRing:
        """Return the keys that there are, perhaps none. Raises `HeadraceError`."""

    def replace(self, keys: Sequence[bytes]) -> KeyRing:
        """Keep these keys, the newest first, in place of the others. Raises `HeadraceError`."""


class GivenKeys:
    """Keys that whoever starts the process gives, and changes."""

    def __init__(self, text: str) -> None:
        self._ring = KeyRing([_parse(part, f"the variable {VARIABLE}") for part in text.split(",")])

    def read(self) -> KeyRing:
        return self._ring

    def replace(self, keys: Sequence[bytes]) -> KeyRing:
        raise HeadraceError(
            f"the key comes from {VARIABLE}, so it is changed there: put a new one before it, with a comma "
            "between (`openssl rand -base64 32` makes one), and start again; that seals all secrets with it"
        )


class KeyFile:
    """Keys in a file of their own (mode 0600), one a line. It is made when the first secret is kept."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)

    def read(self) -> KeyRing:
        try:
            with self._path.open(encoding="ascii") as file:
                mode = os.fstat(file.fileno()).st_mode
                lines = file.read().split()
        except FileNotFoundError:
            return KeyRing(())
        except (OSError, UnicodeDecodeError) as error:
            raise HeadraceError(
                f"the secret key {self._path} cannot be read: {error}; make it readable, or restore it"
            ) from error
        if mode & 0o077:
            raise HeadraceError(
                f"others may read the secret key {self._path}; run `chmod 600 {self._path}`, and change the "
                "key and the secrets if somebody has"
            )
        return KeyRing([_parse(line, f"the file {self._path}") for line in lines])

    def replace(self, keys: Sequence[bytes]) -> KeyRing:
        text = "".join(base64.b64encode(key).decode() + "\n" for key in keys)
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        try:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # Whole or not at all, and on disk before anything is sealed with it.
            os.replace(fresh, self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise HeadraceError(
                f"the secret key {self._path} cannot be written: {error}; nothing was changed. Make its "
                f"folder writable, or give a key in {VARIABLE}"
            ) from error
        return KeyRing(keys)


class MemoryKeys:
    """Keys that end with the process, for a store that does too."""

    def __init__(self) -> None:
        self._ring = KeyRing(())

    def read(self) -> KeyRing:
        return self._ring

    def replace(self, keys: Sequence[bytes]) -> KeyRing:
        self._ring = KeyRing(keys)
        return self._ring


def new_key() -> bytes:
    """Return a new key."""
    return secrets.token_bytes(KEY_BYTES)


def keys_for(store: str, given: str | None) -> Keys:
    """Return where the keys of a store are: as given, or in a file beside it; in memory for `:memory:`.

    Raises `HeadraceError` for a given key that is none.
    """
    if given:
        return GivenKeys(given)
    return MemoryKeys() if store == ":memory:" else KeyFile(f"{os.path.realpath(store)}.secret-key")


def unique(keys: Iterable[bytes]) -> list[bytes]:
    """Return keys without repetitions, in order."""
    return list(dict.fromkeys(keys))


def _cipher(key: bytes) -> AESGCM:
    # Loaded with the first key: many stores have no secret yet.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _id(key: bytes) -> bytes:
    return hashlib.sha256(b"headrace secret key id" + key).digest()[:_ID_BYTES]


def _parse(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        # Not what stands there: it may be a key with a slip of the pen.
        raise HeadraceError(
            f"{where} holds something that is not base64 of {KEY_BYTES} bytes; make a key with "
            "`openssl rand -base64 32`"
        )
    return key
