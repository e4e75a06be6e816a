"""Roles: viewer, operator, editor, admin, each with all that the one before may do, per namespace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

Role = Literal["viewer", "operator", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
RANK: Mapping[str, int] = {role: rank for rank, role in enumerate(ROLES)}

# In place of a namespace: all of them, and what belongs to none (users, the log of changes).
EVERYWHERE = "*"


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """Who makes a request. `roles` is by namespace, or `*`; `id` names a user or token for good."""

    id: str
    name: str
    kind: Literal["user", "token", "anonymous", "system"]
    roles: Mapping[str, Role]
    address: str | None = None


def allows(principal: Principal, role: Role, namespace: str = EVERYWHERE) -> bool:
    """Return whether a principal may do in `namespace` what takes `role`."""
    roles = principal.roles
    needed = RANK[role]
    everywhere = roles.get(EVERYWHERE)
    if everywhere is not None and RANK[everywhere] >= needed:
        return True
    there = roles.get(namespace)
    return there is not None and RANK[there] >= needed
