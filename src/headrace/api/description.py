"""The description of the API (OpenAPI 3.1): what the framework makes of the routes, completed.

Added are examples, the headers of conditional requests, and each refusal once instead of at every route.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import orjson
from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin

from headrace.api.examples import example_of
from headrace.api.problem import MEDIA_TYPE, TYPE_BASE

_SCHEMAS = "#/components/schemas/"
# The framework names the type of a page by the module of its items.
_PAGE = re.compile(r"Page_(?:\w+\.)*(\w+)_$")

_WITHOUT_BODY = ("204", "302", "303", "304")

_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what is known already: 304 while it is the same.",
    "schema": {"type": "string"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that was read: 412 where it was changed since.",
    "schema": {"type": "string"},
}
_IF_NONE_THERE = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "`*`: only make a new one, 412 where there is one.",
    "schema": {"type": "string"},
    "example": "*",
}
_ETAG = {"description": "For conditional requests.", "schema": {"type": "string"}}
_LOCATION = {"description": "Where the execution is.", "schema": {"type": "string"}}
_RETRY = {"description": "Seconds to wait.", "schema": {"type": "string"}}
_ALLOW = {"description": "The methods of the path.", "schema": {"type": "string"}}


class Description(JsonRenderPlugin):
    """Serves the description."""

    def __init__(self) -> None:
        super().__init__()
        self._document: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the description as JSON text; it is made once."""
        if self._document is None:
            self._document = orjson.dumps(description(request.app))
        return self._document


def description(app: Litestar) -> dict[str, Any]:
    """Return the description of an application's API as JSON data."""
    document: dict[str, Any] = _renamed(app.openapi_schema.to_schema())
    schemas = document["components"]["schemas"]
    refusals: dict[str, Any] = {}
    for method, operation in _operations(document):
        responses = operation["responses"]
        if "304" in responses:
            operation.setdefault("parameters", []).append(dict(_IF_NONE_MATCH))
            responses["200"].setdefault("headers", {})["ETag"] = _ETAG
        if "412" in responses:
            operation.setdefault("parameters", []).append(dict(_IF_MATCH))
            if method in ("post", "put"):
                operation["parameters"].append(dict(_IF_NONE_THERE))
        for parameter in operation.get("parameters", ()):
            parameter.setdefault(
                "example", example_of(_not_null(parameter["schema"]), schemas, parameter["name"])
            )
        body = operation.get("requestBody", {"content": {}})
        if any(_takes_null(media.get("schema", {})) for media in body["content"].values()):
            body["required"] = False
        for media in body["content"].values():
            _exemplify(media, schemas)
        for status, response in responses.items():
            if status in _WITHOUT_BODY:
                response.pop("content", None)
            elif MEDIA_TYPE in response.get("content", {}) and status != "200":
                refusals.setdefault(status, _refusal(status, response, schemas))
                responses[status] = {"$ref": f"#/components/responses/{_refusal_name(status)}"}
            elif status == "202" and "executions" in operation["tags"][0].lower():
                response.setdefault("headers", {})["Location"] = _LOCATION
            if "application/yaml" in response.get("content", {}):
                # The schema is that of the data in it, and so of whatever is written.
                response["content"]["application/yaml"]["schema"] = {}
            for media_type, media in response.get("content", {}).items():
                if "json" in media_type:
                    _exemplify(media, schemas)
    document["components"]["responses"] = {
        _refusal_name(status): refusals[status] for status in sorted(refusals)
    }
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the operations, each with its method in lower case."""
    for path in document["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield method, operation


def _renamed(value: Any) -> Any:
    """Return a part of the document with the pages named by their items."""
    if isinstance(value, dict):
        return {_name(key): _renamed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_SCHEMAS):
        return _SCHEMAS + _name(value.removeprefix(_SCHEMAS))
    return value


def _name(name: str) -> str:
    return _PAGE.sub(r"\1Page", name)


def _exemplify(media: dict[str, Any], schemas: dict[str, Any]) -> None:
    if "example" not in media and "examples" not in media:
        media["example"] = example_of(_not_null(media.get("schema", {})), schemas)


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without the choice of null: an example shows what there may be."""
    if "oneOf" not in schema:
        return schema
    return {**schema, "oneOf": [choice for choice in schema["oneOf"] if choice.get("type") != "null"]}


def _takes_null(schema: dict[str, Any]) -> bool:
    return any(choice.get("type") == "null" for choice in schema.get("oneOf", ()))


def _refusal_name(status: str) -> str:
    return HTTPStatus(int(status)).phrase.title().replace(" ", "").replace("-", "")


def _refusal(status: str, response: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    code = HTTPStatus(int(status)).phrase.lower().replace(" ", "-")
    example = {
        "type": TYPE_BASE + code,
        "title": HTTPStatus(int(status)).phrase,
        "status": int(status),
        "code": code,
        "detail": response["description"],
    }
    headers = {
        "405": {"Allow": _ALLOW},
        "412": {"ETag": _ETAG},
        "429": {"Retry-After": _RETRY},
        "503": {"Retry-After": _RETRY},
    }
    content = {MEDIA_TYPE: {**response["content"][MEDIA_TYPE], "example": example}}
    return {
        "description": response["description"],
        "content": content,
        **({"headers": headers[status]} if status in headers else {}),
    }
