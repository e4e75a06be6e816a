"""Secrets: put and delete; nothing gives one back."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import JSONBody, PathParameter

from headrace.access.access import Access
from headrace.access.secret import Require, SecretInfo
from headrace.api.conditional import require
from headrace.api.identify import request_id_of
from headrace.api.page import Page
from headrace.api.platform import Caller, Platform
from headrace.api.route import delete, get, post, put
from headrace.api.rule import rule
from headrace.api.users import Namespace

SecretName = Annotated[str, PathParameter(max_length=128, description="The name that flows use.")]


class SecretView(SecretInfo, kw_only=True):
    """What may be known of a secret. `etag` is for `If-Match`."""

    etag: str


class SecretValue(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a secret is to hold: a text, or an object such as `{username, password}`."""

    value: str | dict[str, Any]


class Resealed(msgspec.Struct, kw_only=True):
    """How many secrets were sealed with a new key."""

    secrets: int


@get("/secrets", rule("viewer"), tag="Access", id="listSecrets")
async def list_secrets(platform: Platform, namespace: Namespace) -> Page[SecretView]:
    """Return the names of a namespace's secrets, and who put them when; never what they hold."""
    access: Access = platform.access
    return Page(items=[_view(each) for each in access.secrets.names(namespace)])


@put("/secrets/{name:str}", rule("editor"), tag="Access", id="putSecret", problems=(409, 412))
async def put_secret(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: SecretName,
    data: JSONBody[SecretValue],
) -> Response[SecretView]:
    """Put a secret, for executions that start from now on."""
    access: Access = platform.access
    known = any(each.name == name for each in access.secrets.names(namespace))
    put = await access.secrets.put(
        principal,
        namespace,
        name,
        data.value,
        require=_required(request),
        request_id=request_id_of(request.scope),
    )
    if known:
        _forget_arrivals(platform, namespace)
    return Response(_view(put), headers={"etag": _etag(put)})


@delete("/secrets/{name:str}", rule("editor"), tag="Access", id="deleteSecret", problems=(412,))
async def delete_secret(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: SecretName,
) -> None:
    """Delete a secret."""
    access: Access = platform.access
    await access.secrets.delete(
        principal,
        namespace,
        name,
        require=_required(request),
        request_id=request_id_of(request.scope),
    )
    _forget_arrivals(platform, namespace)


@post("/api/v1/secret-key/rotate", rule("admin"), tag="Access", id="rotateSecretKey", problems=(409,))
async def rotate_key(request: Request[Any, Any, Any], platform: Platform, principal: Caller) -> Resealed:
    """Make a new key and seal all secrets with it."""
    access: Access = platform.access
    return Resealed(secrets=await access.secrets.rotate(principal, request_id=request_id_of(request.scope)))


def _forget_arrivals(platform: Platform, namespace: str) -> None:
    """Forget what came to triggers: the former text may stand in it, which nobody can mask any more."""
    if platform.sources is not None:
        platform.sources.arrivals.forget(namespace)


def _view(info: SecretInfo) -> SecretView:
    return SecretView(**msgspec.structs.asdict(info), etag=_etag(info))


def _etag(info: SecretInfo) -> str:
    return f'"{info.revision}"'


def _required(request: Request[Any, Any, Any]) -> Require:
    return lambda info: require(request, None if info is None else _etag(info), "secret")


NAMESPACED = (list_secrets, put_secret, delete_secret)
GLOBAL = (rotate_key,)
