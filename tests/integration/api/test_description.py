"""The description of the API: whole, with examples that fit, and made without what ends in the framework."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import jsonschema_rs
import pytest

from headrace.api.app import create_app
from headrace.api.description import description
from integration.api.served import Served

METHODS = {"get", "put", "post", "delete", "patch"}
# What answers without a body, or with one that is no JSON.
WITHOUT_JSON = {"204", "302", "303", "304"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    # The routes are the same whatever platform is behind them; only the version is asked of it.
    return description(create_app(cast(Any, SimpleNamespace(version="1.0.0"))))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert method in METHODS, (path, method)
            yield f"{method.upper()} {path}", operation


def response(document: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in given:
        found: dict[str, Any] = document["components"]["responses"][given["$ref"].rpartition("/")[2]]
        return found
    return given


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def test_nothing_of_the_framework_that_ends_is_used() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        app = create_app(cast(Any, SimpleNamespace(version="1.0.0")))
        assert description(app)["openapi"].startswith("3.1")


async def test_the_server_gives_it(served: Served, document: dict[str, Any]) -> None:
    reply = await served.get("/api/openapi.json")
    assert reply.status == 200
    assert reply.data["paths"].keys() == document["paths"].keys()
    # Nothing else is there: pages of other servers' scripts would have the session's cookie.
    assert (await served.get("/api/swagger")).status == 404


def test_it_is_openapi(document: dict[str, Any]) -> None:
    """Every reference leads somewhere, every schema is one, and the document is as the standard wants it."""
    jsonschema_rs.meta.validate(document["components"]["schemas"])

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for inner in value.values():
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for reference in set(walk(document)):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    for name in document["components"]["schemas"]:
        assert name.replace("_", "").isalnum() and "." not in name, name


def test_every_operation_has_a_name_a_summary_a_tag_and_says_what_it_answers(
    document: dict[str, Any],
) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in document["tags"]}
    for place, operation in operations(document):
        assert operation["summary"] and " " in operation["summary"], place
        assert operation["description"], place
        assert set(operation["tags"]) <= tags, place
        named = {
            parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "path"
        }
        assert named == {part[1:-1] for part in place.split("/") if part.startswith("{")}, place
        for status, given in operation["responses"].items():
            found = response(document, given)
            assert found["description"] and "Request fulfilled" not in found["description"], (place, status)


def test_every_body_and_parameter_has_an_example_that_fits(document: dict[str, Any]) -> None:
    wrong: list[str] = []

    def check(place: str, media: dict[str, Any]) -> None:
        schema = media.get("schema", {})
        examples = [each["value"] for each in media.get("examples", {}).values()]
        if "example" in media:
            examples.append(media["example"])
        if not examples:
            wrong.append(f"{place}: no example")
        checked = validator(document, schema)
        for example in examples:
            wrong.extend(
                f"{place}: {error.instance_path}: {error.message}" for error in checked.iter_errors(example)
            )

    for place, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            check(f"{place} {parameter['name']}", parameter)
        for media_type, media in operation.get("requestBody", {"content": {}})["content"].items():
            check(f"{place} {media_type}", media)
        for status, given in operation["responses"].items():
            content = response(document, given).get("content", {})
            assert content or status in WITHOUT_JSON, (place, status)
            for media_type, media in content.items():
                if "json" in media_type:
                    check(f"{place} {status} {media_type}", media)
    assert wrong == []


def test_what_can_be_changed_can_be_changed_with_care(document: dict[str, Any]) -> None:
    """Who answers 304 or 412 says by which header, and where the ETag is."""
    found = dict(operations(document))
    for place in found:
        parameters = {each["name"] for each in found[place].get("parameters", ())}
        statuses = found[place]["responses"].keys()
        makes = "412" in statuses and place.startswith(("POST ", "PUT "))
        assert ("304" in statuses or makes) == ("If-None-Match" in parameters), place
        assert ("412" in statuses) == ("If-Match" in parameters), place
        if "304" in statuses:
            assert "ETag" in found[place]["responses"]["200"]["headers"], place
    space = "/api/v1/namespaces/{namespace}"
    assert "412" in found[f"PUT {space}/flowapps/{{name}}"]["responses"]
    for place in (
        "PATCH /api/v1/users/{name}",
        "DELETE /api/v1/users/{name}",
        *(f"{verb} {space}/members/{{name}}" for verb in ("PUT", "DELETE")),
        *(f"{verb} {space}/secrets/{{name}}" for verb in ("PUT", "DELETE")),
        *(f"{verb} {space}/alerts/rules/{{name}}" for verb in ("PUT", "DELETE")),
        f"PUT {space}/flowapps/{{name}}/layout",
        f"DELETE {space}/flowapps/{{name}}",
        f"POST {space}/flowapps",
    ):
        assert "412" in found[place]["responses"], place
