"""The dashboard's files: built by Vite into the package, served as they are.

Names with a hash are kept by browsers for ever; `index.html` is asked for each time, and stands for every
page of the dashboard (which routes by itself).
"""

from __future__ import annotations

import gzip
import mimetypes
from pathlib import Path

from headrace.api.front import Receive, Scope, Send
from headrace.api.problem import Problem

FOLDER = Path(__file__).parents[1] / "ui"
HASHED = "/assets/"
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


class Assets:
    """Answers GET and HEAD for the dashboard; everything else is not its business (`owns`)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, _File] = {}
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
        if file is None:
            if path.startswith(HASHED) or "." in path.rpartition("/")[2]:
                raise Problem(404, "not-found", f"there is no file {path}")
            file = self._files.get("/index.html")
        if file is None:
            await _send(send, scope, 200, [(b"content-type", b"text/html; charset=utf-8")], _MISSING)
            return
        headers = [
            (b"content-type", file.content_type),
            (b"cache-control", file.cache),
            (b"content-security-policy", POLICY),
        ]
        body = file.body
        if any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]):
            packed = file.packed()
            if packed is not None:
                headers.append((b"content-encoding", b"gzip"))
                body = packed
        headers.append((b"vary", b"accept-encoding"))
        await _send(send, scope, 200, headers, body)


async def _send(
    send: Send, scope: Scope, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
