"""What calls and processes give as output: shapes that expressions of a workflow read."""

from __future__ import annotations

from typing import Any

from headrace.spec.convert import DslObject


class HttpRequest(DslObject, frozen=True, kw_only=True):
    """The request of an HTTP response (dsl-reference.md, "HTTP Request")."""

    method: str
    uri: str
    headers: dict[str, str] | None = None


class HttpResponse(DslObject, frozen=True, kw_only=True):
    """The output of an HTTP call with `output: response`; content of unknown type is base64."""

    request: HttpRequest
    status_code: int
    headers: dict[str, str] | None = None
    content: Any = None


class ProcessResult(DslObject, frozen=True, kw_only=True):
    """The output of a `run` task with `return: all`."""

    code: int
    stdout: str
    stderr: str


class AsyncApiInboundMessage(DslObject, frozen=True, kw_only=True):
    """A message that an AsyncAPI subscription consumed."""

    payload: dict[str, Any] | None = None
    headers: dict[str, Any] | None = None
    correlation_id: str | None = None
