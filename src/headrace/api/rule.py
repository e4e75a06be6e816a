"""The rule of each route: which role it takes, in which namespace; a route without one is refused.

A handler says it by `opt=rule("operator")`. The namespace is the path's `{namespace}`; routes without one
need the role everywhere, unless they say `anywhere=True`: then any namespace will do, and the handler
shows only what its caller may see.
"""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from headrace.access.role import EVERYWHERE, ROLES, Principal, Role, allows
from headrace.api.problem import Problem

_RULE, _ANYWHERE = "headrace_rule", "headrace_anywhere"
OPEN = "open"  # for everybody, without a token: health, login
SIGNED_IN = "signed-in"  # for everybody who says who they are: their own session


def rule(role: Role, *, anywhere: bool = False) -> dict[str, Any]:
    """Return the `opt` of a route that takes `role`."""
    return {_RULE: role, _ANYWHERE: anywhere}


def open_to_all() -> dict[str, Any]:
    """Return the `opt` of a route that needs no token."""
    return {_RULE: OPEN, _ANYWHERE: True}


def signed_in() -> dict[str, Any]:
    """Return the `opt` of a route that takes a token or session, and no role."""
    return {_RULE: SIGNED_IN, _ANYWHERE: True}


def rule_of(opt: dict[str, Any]) -> tuple[str | None, bool]:
    """Return (role, `open`, `signed-in`, or None where nothing is declared, anywhere)."""
    return opt.get(_RULE), bool(opt.get(_ANYWHERE))


async def enforce(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Litestar guard: refuse who may not, and leave the principal in the connection's scope.

    Raises `Problem` 401 (who is it?) or 403 (may not).
    """
    role, anywhere = rule_of(handler.opt)
    if role is None:
        if connection.scope.get("method") == "OPTIONS":
            # The framework's own answer: the methods of a path, which the documentation has too.
            return
        raise Problem(500, "internal", "this route has no rule", remedy="report it: nobody may use it")
    platform = connection.app.state.platform
    if role == OPEN:
        return
    principal: Principal = await platform.identify(connection.scope)
    connection.scope["headrace_principal"] = principal  # type: ignore[typeddict-unknown-key]
    if role == SIGNED_IN:
        return
    namespace = connection.path_params.get("namespace", EVERYWHERE)
    check(principal, role, namespace, anywhere=anywhere)


def check(principal: Principal, role: str, namespace: str, *, anywhere: bool = False) -> None:
    """Raise `Problem` 403 unless `principal` has `role` in `namespace` (in any one with `anywhere`)."""
    assert role in ROLES
    places = principal.roles if anywhere and namespace == EVERYWHERE else (namespace,)
    if any(allows(principal, role, place) for place in places):
        return
    where = "" if namespace == EVERYWHERE else f" in namespace {namespace!r}"
    raise Problem(
        403,
        "forbidden",
        f"this takes the role {role}{where}, which {principal.name!r} does not have",
        remedy="ask an administrator, or use another token",
    )
