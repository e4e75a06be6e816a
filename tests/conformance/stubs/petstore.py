"""A small Petstore v2 (Swagger 2.0), as much of it as the conformance kit and the examples call."""

from __future__ import annotations

from typing import Any

from aiohttp import web

HOST = "petstore.swagger.io"

_STATUSES = ("available", "pending", "sold")


def pet(pet_id: int, status: str = "available") -> dict[str, Any]:
    """Return the pet with this id."""
    return {
        "id": pet_id,
        "category": {"id": 1, "name": "dogs"},
        "name": f"pet-{pet_id}",
        "photoUrls": [],
        "tags": [],
        "status": status,
    }


_PET_PARAMETER = {"name": "petId", "in": "path", "required": True, "type": "integer", "format": "int64"}
_PET_ANSWERS = {
    "200": {"description": "successful operation", "schema": {"$ref": "#/definitions/Pet"}},
    "404": {"description": "Pet not found"},
}

SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Petstore", "version": "1.0.0"},
    "host": HOST,
    "basePath": "/v2",
    "schemes": ["https", "http"],
    "paths": {
        "/pet/findByStatus": {
            "get": {
                "operationId": "findPetsByStatus",
                "produces": ["application/json"],
                "parameters": [
                    {
                        "name": "status",
                        "in": "query",
                        "required": True,
                        "type": "array",
                        "items": {"type": "string", "enum": list(_STATUSES)},
                        "collectionFormat": "multi",
                    }
                ],
                "responses": {
                    "200": {
                        "description": "successful operation",
                        "schema": {"type": "array", "items": {"$ref": "#/definitions/Pet"}},
                    }
                },
            }
        },
        "/pet/{petId}": {
            "get": {
                "operationId": "getPetById",
                "produces": ["application/json"],
                "parameters": [_PET_PARAMETER],
                "responses": _PET_ANSWERS,
            }
        },
    },
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["name", "photoUrls"],
            "properties": {
                "id": {"type": "integer", "format": "int64"},
                "name": {"type": "string"},
                "photoUrls": {"type": "array", "items": {"type": "string"}},
                "status": {"type": "string", "enum": list(_STATUSES)},
            },
        }
    },
}


async def petstore(request: web.Request) -> web.StreamResponse:
    """Answer a request to the Petstore."""
    path = request.path.removeprefix("/v2")
    if path == "/swagger.json":
        return web.json_response(SWAGGER)
    if path == "/pet/findByStatus":
        wanted = request.query.getall("status", [])
        if not wanted or any(status not in _STATUSES for status in wanted):
            return web.json_response({"code": 400, "message": "Invalid status value"}, status=400)
        return web.json_response([pet(number, status) for status in wanted for number in (1, 2, 3)])
    number = path.removeprefix("/pet/")
    if not path.startswith("/pet/") or not number.isdigit():
        return web.json_response({"code": 404, "type": "unknown", "message": "null for uri"}, status=404)
    if request.method == "PUT":
        return web.json_response({**pet(int(number)), **await request.json()})
    return web.json_response(pet(int(number)))
