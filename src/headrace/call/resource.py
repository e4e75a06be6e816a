"""Fetches external resources (dsl-reference.md, "External Resource"): documents, schemas, scripts.

By http or https under the host policy, or from files. Relative references resolve against a base
directory. What was fetched by HTTP is kept, and asked for again with its validator (ETag).
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson

from headrace.call.answer import status_error
from headrace.call.auth import Authenticator
from headrace.call.client import Request, parse_url, shown
from headrace.call.performer import call_error

_KEPT_MAX = 256
_KEPT_BYTES_MAX = 32 * 1024 * 1024


@dataclass(slots=True)
class _Kept:
    content: bytes
    etag: str
    modified: str
    fetched_at: float  # monotonic seconds


class Resources:
    """Fetches external resources. `files_anywhere` lifts the limit of files to `base_dir`.

    A resource is used without asking again for `fresh_seconds`.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        base_dir: Path,
        *,
        files_anywhere: bool = False,
        bytes_max: int = 10 * 1024 * 1024,
        fresh_seconds: float = 60.0,
    ) -> None:
        self._authenticator = authenticator
        self._base_dir = base_dir
        self._files_anywhere = files_anywhere
        self._bytes_max = bytes_max
        self._fresh_seconds = fresh_seconds
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    async def fetch_resource(self, resource: Any, what: str = "the resource") -> bytes:
        """Fetch an `externalResource` as it stands in a document: `endpoint` is a URI or an endpoint."""
        endpoint = resource.get("endpoint") if isinstance(resource, Mapping) else resource
        authentication = None
        if isinstance(endpoint, Mapping):
            authentication = endpoint.get("authentication")
            endpoint = endpoint.get("uri")
        if not isinstance(endpoint, str):
            raise call_error("configuration", f"unusable {what}", "its `endpoint` is a URI or has a `uri`")
        return await self.fetch(endpoint, authentication)

    async def fetch(self, uri: str, authentication: Mapping[str, Any] | None = None) -> bytes:
        """Return the content at `uri`: http, https, file, or a path relative to the base directory.

        Raises `CallError`: communication when it cannot be had, configuration when the URI is not usable
        or names a file outside of the base directory.
        """
        scheme = urlsplit(uri).scheme.lower()
        if scheme in ("http", "https"):
            return await self._fetch_http(uri, authentication)
        if scheme == "file" or (scheme == "" and not uri.startswith("//")):
            return await asyncio.to_thread(self._read, uri)
        raise call_error(
            "configuration", "unusable resource", f"{shown(uri)} is no http, https or file reference"
        )

    def location(self, uri: str) -> str:
        """Return the absolute form of `uri`, which relative references in its content resolve against."""
        if urlsplit(uri).scheme.lower() in ("http", "https"):
            return str(parse_url(uri, "the resource"))
        return self._path(uri).as_uri()

    async def _fetch_http(self, uri: str, authentication: Mapping[str, Any] | None) -> bytes:
        # A digest, because the policy holds secrets and what one may see is not everyone's.
        key = blake2b(orjson.dumps([uri, authentication], option=orjson.OPT_SORT_KEYS)).digest()
        kept = self._kept.get(key)
        now = time.monotonic()
        if kept is not None and now - kept.fetched_at < self._fresh_seconds:
            return kept.content
        headers = [("accept", "application/json, application/yaml;q=0.9, */*;q=0.8")]
        if kept is not None and kept.etag:
            headers.append(("if-none-match", kept.etag))
        elif kept is not None and kept.modified:
            headers.append(("if-modified-since", kept.modified))
        url = parse_url(uri, "the resource")
        response, _ = await self._authenticator.send(
            Request("GET", str(url.with_fragment(None)), headers), authentication, follow=True
        )
        if kept is not None and response.status == 304:
            kept.fetched_at = now
            return kept.content
        if response.status != 200:
            raise status_error(
                response.status,
                "",
                response.header("content-type"),
                response.body,
                source=shown(uri),
            )
        self._check_size(len(response.body), shown(uri))
        self._keep(key, _Kept(response.body, response.header("etag"), response.header("last-modified"), now))
        return response.body

    def _keep(self, key: bytes, kept: _Kept) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_MAX or (
            len(self._kept) > 1 and sum(len(each.content) for each in self._kept.values()) > _KEPT_BYTES_MAX
        ):
            self._kept.popitem(last=False)

    def _path(self, uri: str) -> Path:
        parts = urlsplit(uri)
        if parts.scheme.lower() == "file" and parts.netloc not in ("", "localhost"):
            raise call_error("configuration", "unusable resource", f"{uri} is on another host")
        name = unquote(parts.path)
        if "\0" in name:
            raise call_error("configuration", "unusable resource", "its path holds a NUL character")
        base = self._base_dir.resolve()
        path = (base / name).resolve()
        if not self._files_anywhere and not path.is_relative_to(base):
            raise call_error(
                "configuration",
                "resource outside of the base directory",
                f"{uri} is not in the directory that files are read from",
            )
        return path

    def _read(self, uri: str) -> bytes:
        path = self._path(uri)
        try:
            with path.open("rb") as file:
                content = file.read(self._bytes_max + 1)
        except OSError as error:
            raise call_error(
                "communication", "resource not readable", f"{uri}: {error.strerror or error}", status=404
            ) from error
        self._check_size(len(content), uri)
        return content

    def _check_size(self, size: int, where: str) -> None:
        if size > self._bytes_max:
            raise call_error(
                "communication", "resource too large", f"{where} has more than {self._bytes_max} bytes"
            )
