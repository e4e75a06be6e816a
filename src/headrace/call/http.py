"""Calls of kind `http` (dsl-reference.md, "HTTP Call")."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from headrace.call.answer import ContentError, content_error, content_of, status_error
from headrace.call.auth import Authenticator, Credentials
from headrace.call.client import Request, Response, parse_url, shown
from headrace.call.performer import CallError, call_error, completed, failed
from headrace.call.request import body_and_type, header_pairs, query_pairs, with_query
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_OUTPUTS = ("content", "raw", "response")
_HIDDEN_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})


class HttpPerformer:
    """Performs calls of kind `http`. The client behind `authenticator` belongs to whoever made it."""

    def __init__(self, authenticator: Authenticator) -> None:
        self._authenticator = authenticator

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Send the request and answer with its content, raw content or response, as `output` says."""
        worker = None
        try:
            arguments = call.arguments
            if not isinstance(arguments, Mapping):
                raise call_error("configuration", "unusable arguments", "`with` of an http call is an object")
            request, authentication = _request_of(arguments)
            worker = urlsplit(request.url).netloc
            output, credentials = await exchange(
                self._authenticator, request, authentication, arguments, method=str(arguments["method"])
            )
            authorization = credentials.as_authorization() if credentials else None
            return completed(call, output, authorization, worker=worker)
        except CallError as failure:
            return failed(call, failure, worker=worker)

    async def aclose(self) -> None:
        """Nothing to give back."""


async def exchange(
    authenticator: Authenticator,
    request: Request,
    authentication: Mapping[str, Any] | None,
    arguments: Mapping[str, Any],
    *,
    method: str,
) -> tuple[Any, Credentials | None]:
    """Send `request` and return the call's output, shaped by `output` and `redirect` of `arguments`.

    `method` is shown in `output: response`, as the author wrote it. With `redirect: true` redirects are
    followed, and a 3xx that leads nowhere is a success; with `false` (default) every 3xx is an error.
    Raises `CallError`.
    """
    output = arguments.get("output") or "content"
    if output not in _OUTPUTS:
        raise call_error("configuration", f"unknown output {output!r}", f"it is one of {', '.join(_OUTPUTS)}")
    redirect = arguments.get("redirect") or False
    if not isinstance(redirect, bool):
        raise call_error("configuration", "unusable `redirect`", f"it is true or false, not {redirect!r}")
    response, credentials = await authenticator.send(request, authentication, follow=redirect)
    source = shown(response.request.url)
    content_type = response.header("content-type")
    if not 200 <= response.status < (400 if redirect else 300):
        raise status_error(response.status, "", content_type, response.body, source=source)
    if output == "raw":
        return (base64.b64encode(response.body).decode("ascii") if response.body else None), credentials
    try:
        content = content_of(response.body, content_type)
    except ContentError as error:
        raise content_error(error, source=source) from error
    if output == "content":
        return content, credentials
    return _described(request, response, method, content), credentials


def _described(request: Request, response: Response, method: str, content: Any) -> dict[str, Any]:
    """Return the response as data (dsl-reference.md, "HTTP Response"), without the credentials."""
    last = response.request
    return {
        "request": {
            "method": method if last.method == request.method else last.method.lower(),
            "uri": last.url,
            "headers": _headers([h for h in last.headers if h[0].lower() not in _HIDDEN_HEADERS]),
        },
        "statusCode": response.status,
        "headers": _headers(response.headers),
        "content": content,
    }


def _headers(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return headers by name, written as in the reference's example (`Content-Type`).

    Names come in any case and HTTP/2 has lower case only; expressions need one that they can rely on.
    Repeated headers are joined with a comma (RFC 9110, section 5.3).
    """
    headers: dict[str, str] = {}
    for name, value in pairs:
        name = "-".join(part.capitalize() for part in name.split("-"))
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _request_of(arguments: Mapping[str, Any]) -> tuple[Request, Mapping[str, Any] | None]:
    method = arguments.get("method")
    if not isinstance(method, str) or not _TOKEN.fullmatch(method):
        raise call_error("configuration", "unusable `method`", f"{method!r} is no HTTP method")
    endpoint = arguments.get("endpoint")
    authentication = None
    if isinstance(endpoint, Mapping):
        authentication = endpoint.get("authentication")
        endpoint = endpoint.get("uri")
    if not isinstance(endpoint, str):
        raise call_error("configuration", "unusable `endpoint`", "it is a URI, or an object with a `uri`")
    url = parse_url(endpoint)
    if url.username or url.password:
        # RFC 9110, section 4.2.4 deprecates them; authors write them all the same, and mean basic.
        if authentication is None:
            authentication = _basic_of(url.username, url.password or "")
        url = url.with_username("").with_password(None)
    headers = header_pairs(arguments.get("headers"))
    body, content_type = body_and_type(
        arguments.get("body"),
        next((value for name, value in headers if name.lower() == "content-type"), None),
    )
    if content_type is not None:
        headers = [pair for pair in headers if pair[0].lower() != "content-type"]
        headers.append(("content-type", content_type))
    target = with_query(str(url), query_pairs(arguments.get("query")))
    return Request(method.upper(), target, headers, body), authentication


def _basic_of(username: str, password: str) -> dict[str, Any]:
    return {"basic": {"username": unquote(username), "password": unquote(password)}}
