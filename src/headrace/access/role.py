"""Roles: viewer, operator, editor, admin, each with all that the one before may do, per namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from headrace.access.failure import Refused, bad
from headrace.spec.text_rules import NAME

Role = Literal["viewer", "operator", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
RANK: Mapping[str, int] = {role: rank for rank, role in enumerate(ROLES)}

# In place of a namespace: all of them, and what belongs to none (users, the log of changes).
EVERYWHERE = "*"


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a request. `roles` is by namespace, or `*`; `id` names a user or token for good.

    `session` is the hash of the session that the request is made in, in hexadecimal; None for tokens.
    """

    id: str
    name: str
    kind: Literal["user", "token", "link", "anonymous", "system"]
    roles: Mapping[str, Role]
    address: str | None = None
    session: str | None = None


# What Headrace does by itself.
SYSTEM = Principal(id="system", name="headrace", kind="system", roles={EVERYWHERE: "admin"})


def allows(principal: Principal, role: Role, namespace: str = EVERYWHERE) -> bool:
    """Return whether a principal may do in `namespace` what takes `role`."""
    roles = principal.roles
    needed = RANK[role]
    everywhere = roles.get(EVERYWHERE)
    if everywhere is not None and RANK[everywhere] >= needed:
        return True
    there = roles.get(namespace)
    return there is not None and RANK[there] >= needed


def checked_roles(roles: Mapping[str, str], pointer: str = "/roles") -> dict[str, Role]:
    """Return roles by namespace. Raises `Refused` 400 for what is no role or no name of a namespace."""
    checked: dict[str, Role] = {}
    for namespace, role in roles.items():
        place = f"{pointer}/{namespace.replace('~', '~0').replace('/', '~1')}"
        if namespace != EVERYWHERE and not NAME.match(namespace):
            raise bad(
                f"{namespace!r} is no name of a namespace", place, "use letters, digits and `-`, or `*`"
            )
        if role not in RANK:
            raise bad(f"{role!r} is no role", place, f"use one of {', '.join(ROLES)}")
        checked[namespace] = role  # type: ignore[assignment]
    return checked


def check_grant(by: Principal, roles: Mapping[str, Role], pointer: str = "/roles") -> None:
    """Raise `Refused` 403 unless `by` administers every namespace that `roles` names.

    Nobody gives, or takes away, more than they have: only administrators give roles, and theirs is the
    highest.
    """
    for namespace in roles:
        if not allows(by, "admin", namespace):
            where = "everywhere" if namespace == EVERYWHERE else f"in namespace {namespace!r}"
            raise Refused(
                403,
                "forbidden",
                f"{by.name!r} does not administer {where}, and cannot give or take roles there",
                remedy="leave this namespace out, or ask one of its administrators",
                pointer=pointer,
            )
