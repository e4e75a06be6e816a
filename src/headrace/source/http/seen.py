"""One request as it came, to be looked at later: nothing of it is read before somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headrace.source.http.content import content_type_of, read_body, read_fields, read_headers
from headrace.source.http.problem import HttpProblem


class SeenRequest:
    """The parts of a request, and the data that a trigger's expressions see of it."""

    __slots__ = ("_body", "_headers", "_method", "_parameters", "_path", "_query")

    def __init__(
        self,
        method: str,
        path: str,
        parameters: dict[str, str],
        headers: Sequence[tuple[bytes, bytes]],
        query: bytes,
        body: bytes,
    ) -> None:
        self._method = method
        self._path = path
        self._parameters = parameters
        self._headers = headers
        self._query = query
        self._body = body

    @property
    def size_bytes(self) -> int:
        """How long the request is, about."""
        size = len(self._body) + len(self._query) + len(self._path)
        for name, value in self._headers:
            size += len(name) + len(value)
        return size

    def seen(self) -> dict[str, Any]:
        """Return the data. A query or a body that cannot be read is the text that was sent."""
        try:
            query: Any = read_fields(self._query.decode("latin-1"), "the query")
        except HttpProblem:
            query = self._query.decode("latin-1")
        try:
            body = read_body(content_type_of(self._headers), self._body)
        except HttpProblem:
            body = self._body.decode(errors="replace")
        return {
            "method": self._method,
            "path": self._path,
            "params": self._parameters,
            "query": query,
            "headers": read_headers(self._headers),
            "body": body,
        }
