"""The hosts that the specification's examples call, each with answers of the kind they expect."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from conformance.stubs import petstore
from conformance.stubs.server import Service

CATALOG_FUNCTION = """\
input:
  schema:
    document: {type: object, required: [message]}
set:
  logged: ${ .message }
"""

CHARACTER = {
    "name": "Luke Skywalker",
    "url": "https://swapi.dev/api/people/1/",
    "homeworld": "https://swapi.dev/api/planets/1/",
}


async def guarded_petstore(request: web.Request) -> web.StreamResponse:
    """The Petstore, which shows with which token it was asked."""
    answer = await petstore.petstore(request)
    answer.headers["X-Authorization"] = request.headers.get("Authorization", "")
    return answer


async def star_wars(request: web.Request) -> web.StreamResponse:
    """The Star Wars API; who asks for Anakin is sent to Luke."""
    if request.path == "/api/people/1":
        return web.json_response(CHARACTER)
    if request.path == "/api/people/":
        wanted = request.query.get("search", "")
        if wanted == "anakin":
            raise web.HTTPFound("/api/people/?search=luke")
        found = [CHARACTER] if wanted.lower() in str(CHARACTER["name"]).lower() else []
        return web.json_response({"count": len(found), "results": found})
    if request.path == "/api/planets/1/":
        return web.json_response({"name": "Tatooine"})
    return web.json_response({"detail": "Not found"}, status=404)


async def authority(request: web.Request) -> web.StreamResponse:
    """An OAuth2 and OpenID Connect authority that knows one client."""
    realm = "/realms/fake-authority"
    if request.path == f"{realm}/.well-known/openid-configuration":
        root = f"http://{request.url.host}{realm}"
        return web.json_response(
            {
                "issuer": root,
                "token_endpoint": f"{root}/protocol/token",
                "introspection_endpoint": f"{root}/protocol/introspect",
                "revocation_endpoint": f"{root}/protocol/revoke",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            }
        )
    if request.method == "POST" and request.path in (
        f"{realm}/auth/token",
        f"{realm}/oauth2/token",
        f"{realm}/protocol/token",
    ):
        form = await request.post()
        client = (form.get("client_id"), form.get("client_secret"))
        if client != ("workflow-runtime-id", "workflow-runtime-secret"):
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"access_token": "token-1", "token_type": "Bearer", "expires_in": 300})
    return web.json_response({"title": "not found"}, status=404)


async def catalog(request: web.Request) -> web.StreamResponse:
    """The raw content of a function catalog's repository."""
    if request.path == "/serverlessworkflow/catalog/main/functions/log/1.0.0/function.yaml":
        return web.Response(text=CATALOG_FUNCTION, content_type="application/yaml")
    return web.Response(status=404)


async def unavailable(request: web.Request) -> web.StreamResponse:
    """A service that is down."""
    return web.json_response({"title": "down for maintenance"}, status=503)


async def echo(request: web.Request) -> web.StreamResponse:
    """Any other service: says what it was asked."""
    body: Any = await request.json() if await request.read() else None
    return web.json_response({"path": request.path, "body": body})


HTTPS: dict[str, Service] = {
    petstore.HOST: guarded_petstore,
    "swapi.dev": star_wars,
    "raw.githubusercontent.com": catalog,
    "external-service.example.com": unavailable,
    "fake.com": echo,
    "example.com": echo,
    "hospital.example.com": echo,
    "fake-hospital.com": echo,
    "fake-chat-api.com": echo,
    "superbet-casinos.com": echo,
    "virtual-wf-powered-race.com": echo,
}
HTTP: dict[str, Service] = {"keycloak": authority}
