"""OpenAPI calls: real documents in every version, against a server that says what it was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from aiohttp import web

from headrace.errors import STANDARD_ERROR_BASE

PET_2 = """
swagger: "2.0"
basePath: /v2
consumes: [application/json, application/xml]
parameters:
  limit: {name: limit, in: query, type: integer, required: true, default: 20}
paths:
  /pet/findByStatus:
    get:
      operationId: findPetsByStatus
      parameters:
        - {name: status, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: tags, in: query, type: array, items: {type: string}}
        - {name: piped, in: query, type: array, items: {type: string}, collectionFormat: pipes}
        - $ref: "#/parameters/limit"
  /pet/{petId}:
    parameters:
      - {name: petId, in: path, type: integer, required: true}
    get:
      operationId: getPetById
      parameters: [{name: X-Trace, in: header, type: string}]
    post:
      operationId: updatePetWithForm
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - {name: name, in: formData, type: string, required: true}
        - {name: status, in: formData, type: string}
  /pet:
    post:
      operationId: addPet
      parameters: [{name: pet, in: body, required: true, schema: {type: object}}]
securityDefinitions:
  key: {type: apiKey, name: api_key, in: header}
"""

PET_3: dict[str, Any] = {
    "openapi": "3.0.3",
    "servers": [{"url": "{base}/api", "variables": {"base": {"default": "/v3"}}}],
    "paths": {
        "/pets/{id}/{coords}{suffix}{m}": {
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "get": {
                "operationId": "getPet",
                "parameters": [
                    {"name": "coords", "in": "path", "required": True, "schema": {"type": "array"}},
                    {"name": "suffix", "in": "path", "required": True, "style": "label", "explode": True},
                    {"name": "m", "in": "path", "required": True, "style": "matrix"},
                    {"name": "tags", "in": "query"},
                    {"name": "ids", "in": "query", "explode": False},
                    {"name": "spaced", "in": "query", "style": "spaceDelimited", "explode": False},
                    {"name": "piped", "in": "query", "style": "pipeDelimited", "explode": False},
                    {"name": "filter", "in": "query", "style": "deepObject", "explode": True},
                    {"name": "point", "in": "query"},
                    {"name": "raw", "in": "query", "allowReserved": True},
                    {"name": "json", "in": "query", "content": {"application/json": {}}},
                    {"name": "X-List", "in": "header"},
                    {"name": "session", "in": "cookie"},
                ],
            },
        },
        "/pets": {
            "post": {
                "operationId": "addPet",
                "requestBody": {"$ref": "#/components/requestBodies/pet"},
                "parameters": [{"name": "dry", "in": "query"}],
            },
            "get": {"operationId": "listPets", "servers": [{"url": "/other/"}]},
        },
        "/login": {
            "post": {
                "operationId": "login",
                "requestBody": {"content": {"application/x-www-form-urlencoded": {}}},
            }
        },
        "/loop": {"get": {"operationId": "loop", "parameters": [{"$ref": "#/components/parameters/a"}]}},
        "/far": {"get": {"operationId": "far", "parameters": [{"$ref": "other.yaml#/x"}]}},
        "/lost": {"get": {"operationId": "lost", "parameters": [{"$ref": "#/nowhere"}]}},
    },
    "components": {
        "parameters": {
            "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            "a": {"$ref": "#/components/parameters/b"},
            "b": {"$ref": "#/components/parameters/a"},
        },
        "requestBodies": {"pet": {"required": True, "content": {"text/csv": {}, "application/json": {}}}},
    },
}


async def echo(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "asked": f"{request.method} {request.raw_path}",
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": await request.text(),
        }
    )


@pytest.fixture
async def api(serve):
    async def document(request: web.Request) -> web.Response:
        return web.Response(text=PET_2 if request.path == "/docs/v2.yaml" else json.dumps(PET_3))

    async with serve([web.get("/docs/{name}", document), web.route("*", "/{path:.*}", echo)]) as url:
        yield url


@pytest.fixture
def openapi(make_calls, invoke, api):
    calls = make_calls()

    async def openapi(version: int, operation: str, parameters: Any = None, **more: Any) -> Any:
        document = {"endpoint": f"{api}/docs/v{version}.{'yaml' if version == 2 else 'json'}"}
        arguments = {"document": document, "operationId": operation, "parameters": parameters, **more}
        result = await calls.perform(invoke("openapi", arguments))
        return result.output if hasattr(result, "output") else result

    openapi.calls = calls
    return openapi


async def test_2_0_query_formats_and_defaults(openapi):
    given = {"status": ["a", "b c"], "tags": ["x", "y,z"], "piped": [1, 2]}
    asked = (await openapi(2, "findPetsByStatus", given))["asked"]
    assert asked == "GET /v2/pet/findByStatus?status=a&status=b%20c&tags=x,y%2Cz&piped=1%7C2&limit=20"
    assert (await openapi(2, "findPetsByStatus", {"status": "available", "limit": 5}))["asked"] == (
        "GET /v2/pet/findByStatus?status=available&limit=5"
    )


async def test_2_0_path_header_key_form_and_body(openapi):
    asked = await openapi(2, "getPetById", {"petId": "a/b", "X-Trace": 7, "api_key": "k"})
    assert asked["asked"] == "GET /v2/pet/a%2Fb"
    assert (asked["headers"]["x-trace"], asked["headers"]["api_key"]) == ("7", "k")
    asked = await openapi(2, "updatePetWithForm", {"petId": 1, "name": "Rex & co"})
    assert asked["body"] == "name=Rex+%26+co"
    assert asked["headers"]["content-type"] == "application/x-www-form-urlencoded"
    for name in ("pet", "body"):
        asked = await openapi(2, "addPet", {name: {"id": 1}})
        assert (asked["asked"], asked["body"]) == ("POST /v2/pet", '{"id":1}')


async def test_3_0_styles(openapi):
    asked = await openapi(
        3,
        "getPet",
        {
            "id": "a b",
            "coords": [1, 2],
            "suffix": ["x", "y"],
            "m": {"k": 1},
            "tags": ["a", "b"],
            "ids": [1, 2],
            "spaced": ["a", "b"],
            "piped": ["a", "b"],
            "filter": {"age": 3, "kind": ["x", "y"]},
            "point": {"x": 1, "y": 2},
            "raw": "a/b?c",
            "json": {"a": 1},
            "X-List": ["a", "b"],
            "session": "s 1",
        },
    )
    path, _, query = asked["asked"].partition("?")
    assert path == "GET /v3/api/pets/a%20b/1,2.x.y;m=k,1"
    assert query.split("&") == [
        "tags=a", "tags=b", "ids=1,2", "spaced=a%20b", "piped=a%7Cb", "filter[age]=3", "filter[kind]=x",
        "filter[kind]=y", "x=1", "y=2", "raw=a/b?c", "json=%7B%22a%22%3A1%7D",
    ]  # fmt: skip
    assert asked["headers"]["x-list"] == "a,b"
    assert asked["headers"]["cookie"] == "session=s%201"


@pytest.mark.parametrize("given", [{"body": {"id": 1}, "dry": True}, {"id": 1, "dry": True}])
async def test_3_0_bodies(openapi, given):
    asked = await openapi(3, "addPet", given)
    assert (asked["asked"], asked["body"]) == ("POST /v3/api/pets?dry=true", '{"id":1}')
    assert asked["headers"]["content-type"] == "application/json"


async def test_3_0_form_and_servers_of_an_operation(openapi):
    assert (await openapi(3, "login", {"user": "u", "password": "p"}))["body"] == "user=u&password=p"
    assert (await openapi(3, "listPets"))["asked"] == "GET /other/pets"


async def test_authentication_output_and_redirect_are_as_for_http(openapi):
    policy = {"basic": {"username": "u", "password": "p"}}
    output = await openapi(3, "listPets", authentication=policy, output="response")
    assert output["request"]["method"] == "get"
    assert output["content"]["headers"]["authorization"] == "Basic dTpw"
    assert "Authorization" not in output["request"]["headers"]


@pytest.mark.parametrize(
    ("version", "operation", "given", "words"),
    [
        (2, "getPetById", {}, "missing: petId (path)"),
        (2, "addPet", {}, "missing: pet (body)"),
        (3, "addPet", {"dry": True}, "missing: body"),
        (3, "listPets", {"wrong": 1}, "unknown: wrong (its parameters: none)"),
        (2, "getPetById", {"petId": ".."}, "cannot be '..'"),
    ],
)
async def test_parameters_that_do_not_fit_are_validation_errors(openapi, version, operation, given, words):
    result = await openapi(version, operation, given)
    assert result.error.type == STANDARD_ERROR_BASE + "validation"
    assert words in result.error.detail


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("nothing", "7 operations: getPet, "),
        ("loop", "circle"),
        ("far", "leads out of it"),
        ("lost", "leads nowhere"),
    ],
)
async def test_what_the_document_cannot_do_is_a_configuration_error(openapi, operation, words):
    result = await openapi(3, operation, {})
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert words in result.error.detail


@pytest.mark.parametrize(
    "content",
    ["", "[]", "a: [", "openapi: 4.0.0", '{"info": {}}', "\x00", "openapi: 3.0.0\npaths: {/a: {get: 5}}"],
)
async def test_an_unusable_document_is_a_configuration_error(make_calls, invoke, tmp_path, content):
    (tmp_path / "api.yaml").write_text(content)
    arguments = {"document": {"endpoint": "api.yaml"}, "operationId": "x"}
    result = await make_calls().perform(invoke("openapi", arguments))
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"


async def test_a_document_in_a_file_with_an_absolute_server(make_calls, invoke, api, tmp_path):
    document = {**PET_3, "openapi": "3.1.0", "servers": [{"url": api}]}
    (tmp_path / "api.yaml").write_text(yaml.safe_dump(document))
    calls = make_calls()
    for endpoint in ("api.yaml", {"uri": (tmp_path / "api.yaml").as_uri()}):
        arguments = {"document": {"endpoint": endpoint}, "operationId": "addPet", "parameters": {"id": 1}}
        assert (await calls.perform(invoke("openapi", arguments))).output["asked"] == "POST /pets"
