"""Calls of kind `openapi` (dsl-reference.md, "OpenAPI Call")."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any
from urllib.parse import quote, urlsplit

from headrace.call.answer import is_json, media_type_of
from headrace.call.auth import Authenticator
from headrace.call.client import Request, parse_url
from headrace.call.http import exchange
from headrace.call.openapi_document import Operation, Parameter, find_operation, parse_document
from headrace.call.performer import CallError, call_error, completed, failed
from headrace.call.request import FORM, MULTIPART, body_and_type, header_pairs, plain_text
from headrace.call.resource import Resources
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed

_PARSED_MAX = 64
_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
_RESERVED = ":/?#[]@!$&'()*+,;="


class OpenApiPerformer:
    """Performs calls of kind `openapi`. Documents are fetched through `resources` and kept parsed."""

    def __init__(self, authenticator: Authenticator, resources: Resources) -> None:
        self._authenticator = authenticator
        self._resources = resources
        self._parsed: OrderedDict[bytes, dict[str, Any]] = OrderedDict()

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Call the operation and answer with its content, raw content or response, as `output` says."""
        worker = None
        try:
            arguments = call.arguments
            if not isinstance(arguments, Mapping):
                raise call_error(
                    "configuration", "unusable arguments", "`with` of an openapi call is an object"
                )
            operation = await self._operation(arguments)
            request = operation_request(operation, arguments.get("parameters"))
            worker = urlsplit(request.url).netloc
            output, credentials = await exchange(
                self._authenticator,
                request,
                arguments.get("authentication"),
                arguments,
                method=request.method.lower(),
            )
            authorization = credentials.as_authorization() if credentials else None
            return completed(call, output, authorization, worker=worker)
        except CallError as failure:
            return failed(call, failure, worker=worker)

    async def aclose(self) -> None:
        """Nothing to give back."""

    async def _operation(self, arguments: Mapping[str, Any]) -> Operation:
        operation_id = arguments.get("operationId")
        if not isinstance(operation_id, str):
            raise call_error("configuration", "unusable `operationId`", "it is a text")
        resource = arguments.get("document")
        content = await self._resources.fetch_resource(resource, "`document`")
        uri = _uri_of(resource)
        # By content, because the same URI may give another document later.
        digest = blake2b(content).digest()
        document = self._parsed.get(digest)
        if document is None:
            document = await asyncio.to_thread(parse_document, content, uri)
            self._parsed[digest] = document
            while len(self._parsed) > _PARSED_MAX:
                self._parsed.popitem(last=False)
        self._parsed.move_to_end(digest)
        return find_operation(document, operation_id, self._resources.location(uri))


def _uri_of(resource: Any) -> str:
    endpoint = resource.get("endpoint") if isinstance(resource, Mapping) else resource
    return str(endpoint.get("uri") if isinstance(endpoint, Mapping) else endpoint)


def operation_request(operation: Operation, parameters: Any) -> Request:
    """Return the request that calls `operation` with `parameters` (a map by name).

    A name that is in several places goes to each. What names no parameter is the body: a parameter `body`
    as a whole, or else all that is left, as the members of an object. Raises `CallError`: validation when
    a required parameter is missing or one is unknown, configuration when one cannot be written down.
    """
    if parameters is not None and not isinstance(parameters, Mapping):
        raise call_error("configuration", "unusable `parameters`", "they are an object of names and values")
    given = {str(name): value for name, value in (parameters or {}).items() if value is not None}
    url = operation.url
    query: list[str] = []
    cookies: list[str] = []
    headers: dict[str, Any] = {}
    form: dict[str, Any] = {}
    used: set[str] = set()
    body: Any = None
    missing: list[str] = []
    for parameter in (*operation.parameters, *operation.keys):
        value = given.get(parameter.name, parameter.default if parameter.required else None)
        if value is None and parameter.location == "body":
            value = given.get("body")
            used.add("body")
        if value is None:
            if parameter.required:
                missing.append(f"{parameter.name} ({parameter.location})")
            continue
        used.add(parameter.name)
        match parameter.location:
            case "path":
                url = url.replace("{" + parameter.name + "}", _path_text(parameter, value))
            case "query":
                query += _query_parts(parameter, value)
            case "header":
                headers[parameter.name] = _simple_text(parameter, value)
            case "cookie":
                cookies.append(f"{parameter.name}={quote(_simple_text(parameter, value), safe='')}")
            case "formData":
                form[parameter.name] = _form_value(parameter, value)
            case "body":
                body = value
    rest = {name: value for name, value in given.items() if name not in used}
    in_parameters = any(p.location in ("body", "formData") for p in operation.parameters)  # that is 2.0
    if operation.takes_body and rest and not in_parameters:
        if "body" in rest:
            body = rest.pop("body")
        else:
            body, rest = rest, {}
    if operation.body_required and body is None and not form:
        missing.append("body")
    _check(operation, missing, rest)
    encoded, content_type = _body(operation, form if form else body)
    if cookies:
        headers["cookie"] = "; ".join(cookies)
    pairs = header_pairs(headers)
    if not any(name.lower() == "accept" for name, _ in pairs):
        pairs.append(("accept", "application/json, */*;q=0.8"))
    if content_type is not None:
        pairs = [pair for pair in pairs if pair[0].lower() != "content-type"]
        pairs.append(("content-type", content_type))
    if query:
        url += ("&" if "?" in url else "?") + "&".join(query)
    return Request(operation.method, str(parse_url(url, "the operation's server")), pairs, encoded)


def _check(operation: Operation, missing: list[str], unknown: Mapping[str, Any]) -> None:
    problems = []
    if missing:
        problems.append(f"missing: {', '.join(dict.fromkeys(missing))}")
    if unknown:
        known = ", ".join(dict.fromkeys(p.name for p in operation.parameters)) or "none"
        problems.append(f"unknown: {', '.join(unknown)} (its parameters: {known})")
    if problems:
        raise call_error(
            "validation",
            f"the parameters of operation {operation.operation_id!r} do not fit",
            "; ".join(problems),
        )


def _body(operation: Operation, body: Any) -> tuple[bytes | None, str | None]:
    if body is None:
        return None, None
    offered = {media_type_of(each)[0]: each for each in operation.media_types}
    is_form = any(p.location == "formData" for p in operation.parameters)
    chosen: str | None
    if is_form:
        chosen = offered.get(FORM) or offered.get(MULTIPART) or FORM
    elif not offered or "*/*" in offered or "application/*" in offered:
        chosen = "application/json" if not isinstance(body, str) or "application/json" in offered else None
    else:
        # JSON where it is offered; text goes as what else is offered, if nothing takes JSON.
        chosen = next((offered[each] for each in offered if is_json(each)), next(iter(offered.values())))
    return body_and_type(body, chosen)


def _pieces(value: Any) -> list[str]:
    """Return the values of a list, or the names and values of an object, as texts."""
    if isinstance(value, Mapping):
        return [text for name, each in value.items() for text in (str(name), plain_text(each))]
    return [plain_text(each) for each in value]


def _simple_text(parameter: Parameter, value: Any) -> str:
    """Return a value in style `simple`, not encoded."""
    if parameter.as_json:
        return plain_text(value)
    if isinstance(value, Mapping) and parameter.explode:
        return ",".join(f"{name}={plain_text(each)}" for name, each in value.items())
    if isinstance(value, (Mapping, list)):
        return _DELIMITERS.get(parameter.style, ",").join(_pieces(value))
    return plain_text(value)


def _path_text(parameter: Parameter, value: Any) -> str:
    """Return a path parameter, encoded: `/` in a value does not make another path."""

    def encoded(text: str) -> str:
        if text in (".", ".."):  # encoded too, URLs mean "here" and "the parent" by them
            raise call_error("validation", "unusable path parameter", f"{parameter.name} cannot be {text!r}")
        return quote(text, safe="")

    name = parameter.name
    style, explode = parameter.style, parameter.explode
    if parameter.as_json or not isinstance(value, (Mapping, list)):
        text = encoded(plain_text(value))
        return {"label": f".{text}", "matrix": f";{name}={text}"}.get(style, text)
    if isinstance(value, Mapping) and explode:
        parts = [f"{encoded(str(key))}={encoded(plain_text(each))}" for key, each in value.items()]
    else:
        parts = [encoded(each) for each in _pieces(value)]
    if style == "label":
        return "." + ("." if explode else ",").join(parts)
    if style == "matrix":
        if not explode:
            return f";{name}=" + ",".join(parts)
        return "".join(f";{each}" if isinstance(value, Mapping) else f";{name}={each}" for each in parts)
    return encoded(_DELIMITERS[style]).join(parts) if style.endswith("Delimited") else ",".join(parts)


def _query_parts(parameter: Parameter, value: Any) -> list[str]:
    """Return a query parameter as `name=value` parts, encoded."""
    safe = _RESERVED if parameter.allow_reserved else ""

    def pair(name: str, text: str) -> str:
        return f"{quote(name, safe='[]')}={quote(text, safe=safe)}"

    name = parameter.name
    if parameter.as_json or not isinstance(value, (Mapping, list)):
        return [pair(name, plain_text(value))]
    if parameter.style == "deepObject" and isinstance(value, Mapping):
        parts: list[str] = []
        for key, each in value.items():
            several = each if isinstance(each, list) else [each]
            parts += [pair(f"{name}[{key}]", plain_text(one)) for one in several]
        return parts
    if parameter.explode:
        if isinstance(value, Mapping):
            return [pair(str(key), plain_text(each)) for key, each in value.items()]
        return [pair(name, plain_text(each)) for each in value]
    # The delimiter itself is not encoded where it is a comma, so that one in a value can be told apart.
    delimiter = _DELIMITERS.get(parameter.style, ",")
    joint = delimiter if delimiter == "," else quote(delimiter, safe="")
    return [f"{quote(name, safe='[]')}=" + joint.join(quote(each, safe=safe) for each in _pieces(value))]


def _form_value(parameter: Parameter, value: Any) -> Any:
    if isinstance(value, list) and not parameter.explode:
        return _DELIMITERS.get(parameter.style, ",").join(_pieces(value))
    return value
