"""The dashboard's files: built by Vite into the package, served as they are.

Names with a hash are kept by browsers for ever; `index.html` is asked for each time, and stands for every
page of the dashboard (which routes by itself). `Link` headers (RFC 8288) tell with it what its page needs,
so that a browser has that when the first files ask for it.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from headrace.access.session import cookie_name
from headrace.api.front import Receive, Scope, Send
from headrace.api.problem import Problem

FOLDER = Path(__file__).parents[1] / "ui"
HASHED = "/assets/"
# What a page needs beside the files of `index.html`: written by the build (`ui/scripts/ahead.ts`).
AHEAD = ".vite/ahead.json"
FOR_EVER = b"public, max-age=31536000, immutable"
PACKED_BYTES_MIN = 1024
_TEXT_KINDS = ("application/javascript", "application/json", "image/svg+xml", "application/manifest+json")
# Scripts and styles of our own only; the canvas and charts set styles on elements.
POLICY = (
    b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# What is never the dashboard's, whatever asks.
API_PATHS = ("/api", "/hooks/", "/mcp", "/metrics", "/healthz", "/readyz")

_MISSING = b"""<!doctype html><meta charset="utf-8"><title>Headrace</title>
<p>This Headrace was installed without its dashboard.
The API is there: <a href="/api/openapi.json">described</a>.
"""


class _File:
    def __init__(self, path: Path, url: str) -> None:
        self.body = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind in _TEXT_KINDS
        self.content_type = (f"{kind}; charset=utf-8" if text else kind).encode()
        self.cache = FOR_EVER if url.startswith(HASHED) else b"no-cache"
        self._compressible = text
        self._packed: bytes | None = None

    def packed(self) -> bytes | None:
        """Return the file compressed, which is made when it is first asked for; None where that is no use."""
        if self._packed is None and self._compressible and len(self.body) >= PACKED_BYTES_MIN:
            self._packed = gzip.compress(self.body, 6, mtime=0)
        return self._packed


# Every page asks first who looks at it; except what links to decisions open, which is for everybody. Who has
# no session comes by a link with a token, or logs in.
_VISITOR = b"</api/v1/session/visitor>; rel=preload; as=fetch; crossorigin"
_LINKED = "/decide"
# Also the end of its name over https.
_SESSION = f"{cookie_name(secure=False)}=".encode()
# `/n/<namespace>/<section>/<one>`, in letters that need no escaping in a header.
_PAGE = re.compile(
    r"/n/(?P<namespace>[A-Za-z0-9_.-]+)(?:/(?P<section>[a-z]*)(?:/(?P<one>[A-Za-z0-9_.-]+))?)?/?"
)


class _Ahead:
    """What browsers are told to load, by the path of a page (`Link`, RFC 8288)."""

    def __init__(self, pages: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._files = {page: tuple(map(_file, of["files"])) for page, of in pages.items()}
        self._asks = {page: tuple(of["asks"]) for page, of in pages.items()}

    def link(self, path: str, *, known: bool) -> bytes:
        """Return what a page needs, and what it asks when the caller is `known`: others would be refused."""
        if path == _LINKED:
            return b""
        found = _PAGE.fullmatch(path)
        section, one = (found["section"] or "", found["one"]) if found else ("", None)
        pages = (f"{section}/{one}", f"{section}/*") if one else (section,)
        page = next((each for each in pages if found and each in self._files), None)
        links = [_VISITOR] if known else []
        if found and page is not None:
            links += self._files[page]
            if known:
                links += (_ask(url, found["namespace"], one) for url in self._asks[page])
        return b", ".join(links)


def _file(url: str) -> bytes:
    kind = "preload; as=style; crossorigin" if url.endswith(".css") else "modulepreload"
    return f"<{url}>; rel={kind}".encode()


def _ask(url: str, namespace: str, one: str | None) -> bytes:
    return f"<{url.format(namespace=namespace, one=one)}>; rel=preload; as=fetch; crossorigin".encode()


class Assets:
    """Answers GET and HEAD for the dashboard; everything else is not its business (`owns`)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, _File] = {}
        ahead = folder / AHEAD
        self._ahead = _Ahead(json.loads(ahead.read_bytes()) if ahead.is_file() else {})
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                url = "/" + path.relative_to(folder).as_posix()
                if path.is_file() and not url.startswith("/."):
                    self._files[url] = _File(path, url)

    @property
    def built(self) -> bool:
        """Whether the dashboard is there."""
        return "/index.html" in self._files

    def owns(self, scope: Scope) -> bool:
        """Return whether a request is for the dashboard: for a page or a file, not for the API."""
        return scope["method"] in ("GET", "HEAD") and not scope["path"].startswith(API_PATHS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises `Problem` 404 for a file that is not there."""
        path: str = scope["path"]
        scope["headrace_route"] = "dashboard"
        file = self._files.get(path)
        link = b""
        if file is None:
            if path.startswith(HASHED) or "." in path.rpartition("/")[2]:
                raise Problem(404, "not-found", f"there is no file {path}")
            file = self._files.get("/index.html")
            link = self._ahead.link(path, known=_has_session(scope))
        if file is None:
            await _send(send, scope, 200, [(b"content-type", b"text/html; charset=utf-8")], _MISSING)
            return
        headers = [
            (b"content-type", file.content_type),
            (b"cache-control", file.cache),
            (b"content-security-policy", POLICY),
        ]
        if link:
            headers.append((b"link", link))
        body = file.body
        if any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]):
            packed = file.packed()
            if packed is not None:
                headers.append((b"content-encoding", b"gzip"))
                body = packed
        headers.append((b"vary", b"accept-encoding"))
        await _send(send, scope, 200, headers, body)


def _has_session(scope: Scope) -> bool:
    return any(name == b"cookie" and _SESSION in value for name, value in scope["headers"])


async def _send(
    send: Send, scope: Scope, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
