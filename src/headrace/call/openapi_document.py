"""OpenAPI documents 2.0, 3.0 and 3.1: which operation an id names, where it is, what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import orjson
import yaml

from headrace.call.client import shown
from headrace.call.performer import CallError, call_error

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_REFERENCES_MAX = 100  # followed one after the other; more are a circle


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation, the same for every version. `location` is `in`."""

    name: str
    location: str  # path, query, header, cookie; of 2.0 also formData and body
    required: bool
    style: str  # of 3.x; the collection formats of 2.0 are translated
    explode: bool
    allow_reserved: bool = False
    as_json: bool = False  # the value is a JSON text (`content` of 3.x)
    default: Any = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation, ready to be called. `media_types` are those that its body may have, as written."""

    operation_id: str
    method: str  # upper case
    url: str  # absolute, the path's templates still in it
    parameters: tuple[Parameter, ...]
    media_types: tuple[str, ...]
    takes_body: bool
    body_required: bool
    keys: tuple[Parameter, ...] = ()  # API keys of the security schemes, which may be given as parameters


def parse_document(content: bytes, where: str) -> dict[str, Any]:
    """Return the data of a document in JSON or YAML. Raises `CallError` (configuration)."""
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError:
        try:
            data = yaml.load(content, Loader=_Loader)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            place = getattr(error, "problem_mark", None)
            line = f" (line {place.line + 1})" if place is not None else ""
            raise _unusable(where, f"it is neither JSON nor YAML{line}") from error
    if not isinstance(data, dict):
        raise _unusable(where, "it is no object")
    version = str(data.get("swagger") or data.get("openapi") or "")
    if not (version == "2.0" or version.startswith(("3.0", "3.1"))):
        raise _unusable(where, f"its version is {version or 'not said'}; 2.0, 3.0 and 3.1 are known")
    return data


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as JSON data: no dates, and only `true` and `false` are booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if not tag.endswith((":timestamp", ":bool", ":merge"))]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


def find_operation(document: dict[str, Any], operation_id: str, location: str) -> Operation:
    """Return the operation with this id. `location` is where the document is, for relative servers.

    Raises `CallError` (configuration) when there is no such operation or it cannot be called.
    """
    reader = _Reader(document, location)
    known: list[str] = []
    for path, item, method, operation in reader.operations():
        found = operation.get("operationId")
        if found == operation_id:
            return reader.read(operation_id, path, item, method, operation)
        known.append(str(found))
    raise call_error(
        "configuration",
        f"no operation {operation_id!r}",
        f"{shown(location)} has {len(known)} operations: {', '.join(known[:20])}"
        f"{', ...' if len(known) > 20 else ''}",
    )


class _Reader:
    def __init__(self, document: dict[str, Any], location: str) -> None:
        self._document = document
        self._location = location
        self._is_2 = "swagger" in document

    def operations(self) -> Iterator[tuple[str, Mapping[str, Any], str, Mapping[str, Any]]]:
        paths = self._document.get("paths")
        for path, given in (paths if isinstance(paths, dict) else {}).items():
            item = self._resolved(given)
            for method in _METHODS:
                operation = item.get(method)
                if isinstance(operation, dict):
                    yield path, item, method, operation

    def read(
        self, operation_id: str, path: str, item: Mapping[str, Any], method: str, operation: Mapping[str, Any]
    ) -> Operation:
        parameters: dict[tuple[str, str], Parameter] = {}
        for given in (*_list(item.get("parameters")), *_list(operation.get("parameters"))):
            parameter = self._parameter(self._resolved(given))
            parameters[parameter.name, parameter.location] = parameter  # an operation's own ones win
        if self._is_2:
            body = [p for p in parameters.values() if p.location in ("body", "formData")]
            media_types = _list(operation.get("consumes")) or _list(self._document.get("consumes"))
            takes_body, body_required = bool(body), any(p.required for p in body)
            base = self._base_of_2(operation)
        else:
            content = self._resolved(operation.get("requestBody") or {})
            media_types = list(content.get("content") or {})
            takes_body, body_required = bool(content), content.get("required") is True
            base = self._base_of_3(item, operation)
        return Operation(
            operation_id=operation_id,
            method=method.upper(),
            url=base.rstrip("/") + "/" + path.lstrip("/"),
            parameters=tuple(parameters.values()),
            media_types=tuple(map(str, media_types)),
            takes_body=takes_body,
            body_required=body_required,
            keys=tuple(self._keys()),
        )

    def _resolved(self, value: Any) -> Mapping[str, Any]:
        """Follow local references, `#/components/parameters/limit`, to an object."""
        for _ in range(_REFERENCES_MAX):
            if not isinstance(value, Mapping):
                raise _unusable(self._location, "an object is expected where there is none")
            reference = value.get("$ref")
            if not isinstance(reference, str):
                return value
            if not reference.startswith("#/"):
                raise _unusable(
                    self._location,
                    f"its reference {reference!r} leads out of it; only local ones are followed",
                )
            value = self._document
            for part in reference[2:].split("/"):
                key = unquote(part).replace("~1", "/").replace("~0", "~")
                if isinstance(value, list) and key.isdigit() and int(key) < len(value):
                    value = value[int(key)]
                elif isinstance(value, dict) and key in value:
                    value = value[key]
                else:
                    raise _unusable(self._location, f"its reference {reference!r} leads nowhere")
        raise _unusable(self._location, "its references go in a circle")

    def _parameter(self, given: Mapping[str, Any]) -> Parameter:
        name, location = str(given.get("name")), str(given.get("in"))
        required = given.get("required") is True or location == "path"
        if self._is_2:
            return Parameter(
                name,
                location,
                required,
                *_style_of_2(given.get("collectionFormat"), location),
                default=given.get("default"),
            )
        schema = given.get("schema")
        schema = self._resolved(schema) if isinstance(schema, Mapping) else {}
        style = given.get("style") or ("form" if location in ("query", "cookie") else "simple")
        explode = given.get("explode")
        return Parameter(
            name,
            location,
            required,
            str(style),
            explode if isinstance(explode, bool) else style == "form",
            allow_reserved=given.get("allowReserved") is True,
            as_json="content" in given,
            default=schema.get("default"),
        )

    def _keys(self) -> Iterator[Parameter]:
        schemes = (
            self._document.get("securityDefinitions")
            if self._is_2
            else (self._document.get("components") or {}).get("securitySchemes")
        )
        for given in (schemes or {}).values():
            scheme = self._resolved(given)
            if scheme.get("type") == "apiKey":
                location = str(scheme.get("in"))
                style = "form" if location in ("query", "cookie") else "simple"
                yield Parameter(str(scheme.get("name")), location, False, style, False)

    def _base_of_2(self, operation: Mapping[str, Any]) -> str:
        here = urlsplit(self._location)
        schemes = _list(operation.get("schemes")) or _list(self._document.get("schemes"))
        if not schemes:
            schemes = [here.scheme] if here.scheme in ("http", "https") else ["https"]
        host = self._document.get("host") or here.netloc.rpartition("@")[2]
        if not host:
            raise _unusable(self._location, "it has no `host`, and a file is on none")
        scheme = "https" if "https" in schemes else schemes[0]
        return f"{scheme}://{host}/{str(self._document.get('basePath') or '').strip('/')}"

    def _base_of_3(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
        servers = operation.get("servers") or item.get("servers") or self._document.get("servers")
        server = self._resolved(servers[0] if isinstance(servers, list) and servers else {"url": "/"})
        url = str(server.get("url") or "/")
        for name, variable in (server.get("variables") or {}).items():
            url = url.replace("{" + str(name) + "}", str(variable.get("default", "")))
        url = urljoin(self._location, url)
        if urlsplit(url).scheme not in ("http", "https"):
            raise _unusable(
                self._location, f"its server {server.get('url') or '/'!r} is relative, and a file is on none"
            )
        return url


def _style_of_2(collection_format: Any, location: str) -> tuple[str, bool]:
    if collection_format == "multi":
        return "form", True
    if location in ("query", "formData"):
        styles = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "tsv": "tabDelimited"}
        return styles.get(str(collection_format), "form"), False
    return {"ssv": "spaceDelimited", "pipes": "pipeDelimited"}.get(str(collection_format), "simple"), False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _unusable(where: str, reason: str) -> CallError:
    return call_error("configuration", "unusable OpenAPI document", f"{shown(where)}: {reason}")
