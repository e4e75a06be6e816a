"""Users, and who has a role in a namespace."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import CacheControlHeader
from litestar.params import JSONBody, PathParameter

from headrace.access.access import Access
from headrace.access.password import LENGTH_MAX, LENGTH_MIN
from headrace.access.role import EVERYWHERE, Role
from headrace.api.conditional import etag, expected_generation, unless_known
from headrace.api.identify import request_id_of
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Caller, Platform
from headrace.api.route import NOT_MODIFIED, delete, get, patch, post, put
from headrace.api.rule import rule
from headrace.store.access import UserRow

NO_STORE = CacheControlHeader(no_store=True)

Password = Annotated[
    str, msgspec.Meta(min_length=LENGTH_MIN, max_length=LENGTH_MAX, description="Is kept as a hash only.")
]
Roles = Annotated[
    dict[str, Role], msgspec.Meta(description="A role by namespace, or by `*` for all of them.")
]
UserName = Annotated[str, PathParameter(max_length=128, description="The user's name.")]
Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]


class User(msgspec.Struct, kw_only=True):
    """Somebody who logs in with a password. Times are epoch seconds (UTC)."""

    name: str
    roles: Roles
    disabled: bool
    created_at: float
    updated_at: float


class NewUser(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A user to be added."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    password: Password
    roles: Roles = {}


class UserChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change of a user; what is left out stays. Roles are replaced as a whole."""

    roles: Roles | None = None
    disabled: bool | None = None
    password: Password | None = None


class Member(msgspec.Struct, kw_only=True):
    """A user's role in one namespace. `everywhere`: the one that they have in all; `etag`: for `If-Match`."""

    name: str
    role: Role | None
    everywhere: Role | None
    etag: str


class Membership(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The role that a user is to have in the namespace."""

    role: Role


def _user(row: UserRow) -> User:
    return User(
        name=row.name,
        roles=dict(row.roles),  # type: ignore[arg-type]
        disabled=row.disabled,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _answer(row: UserRow, status: int = 200) -> Response[User]:
    return Response(_user(row), status_code=status, headers={"etag": etag(row.revision)})


def _access(platform: Platform) -> Access:
    access: Access = platform.access
    return access


@get("/api/v1/users", rule("admin"), tag="Access", id="listUsers", cache_control=NO_STORE)
async def list_users(platform: Platform, limit: Limit = 100, after_cursor: Cursor = None) -> Page[User]:
    """Return the users, by name."""
    key = after(after_cursor, (str,))
    rows = await _access(platform).users.page("" if key is None else str(key[0]), limit + 1)
    more = cursor(rows[limit - 1].name) if len(rows) > limit else None
    return Page(items=[_user(row) for row in rows[:limit]], next=more)


@post("/api/v1/users", rule("admin"), tag="Access", id="addUser", problems=(409,), status_code=201)
async def add_user(
    request: Request[Any, Any, Any], platform: Platform, principal: Caller, data: JSONBody[NewUser]
) -> Response[User]:
    """Add a user who logs in with a password."""
    row = await _access(platform).users.add(
        principal, data.name, data.password, data.roles, request_id=request_id_of(request.scope)
    )
    return _answer(row, 201)


@get("/api/v1/users/{name:str}", rule("admin"), tag="Access", id="getUser", responses=NOT_MODIFIED)
async def get_user(request: Request[Any, Any, Any], platform: Platform, name: UserName) -> Response[User]:
    """Return a user, and an ETag for changing them."""
    row = await _access(platform).users.get(name)
    return unless_known(request, etag(row.revision), lambda: _user(row))


@patch(
    "/api/v1/users/{name:str}",
    rule("admin"),
    tag="Access",
    id="changeUser",
    problems=(409, 412),
    description="Change roles, password, or whether a user may log in. If-Match: the ETag that was read.",
)
async def change_user(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    name: UserName,
    data: JSONBody[UserChange],
) -> Response[User]:
    """Change roles, password, or whether a user may log in."""
    async with platform.changing("user", name):
        row = await _access(platform).users.change(
            principal,
            name,
            roles=data.roles,
            disabled=data.disabled,
            password=data.password,
            expected_revision=expected_generation(request),
            request_id=request_id_of(request.scope),
        )
    return _answer(row)


@delete("/api/v1/users/{name:str}", rule("admin"), tag="Access", id="deleteUser", problems=(409, 412))
async def delete_user(
    request: Request[Any, Any, Any], platform: Platform, principal: Caller, name: UserName
) -> None:
    """Delete a user and end their sessions; tokens that they made stay."""
    async with platform.changing("user", name):
        await _access(platform).users.delete(
            principal,
            name,
            expected_revision=expected_generation(request),
            request_id=request_id_of(request.scope),
        )


@get("/members", rule("admin"), tag="Access", id="listMembers", cache_control=NO_STORE)
async def list_members(platform: Platform, namespace: Namespace) -> Page[Member]:
    """Return the users who have a role in a namespace, by name."""
    rows = await _access(platform).users.members(namespace)
    return Page(items=[_member(row, namespace) for row in rows])


@put("/members/{name:str}", rule("admin"), tag="Access", id="putMember", problems=(409, 412))
async def put_member(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: UserName,
    data: JSONBody[Membership],
) -> Response[Member]:
    """Give a user a role in a namespace, in place of the one that they have there."""
    row = await _access(platform).users.set_member(
        principal,
        namespace,
        name,
        data.role,
        expected_revision=expected_generation(request),
        request_id=request_id_of(request.scope),
    )
    return Response(_member(row, namespace), headers={"etag": etag(row.revision)})


@delete("/members/{name:str}", rule("admin"), tag="Access", id="deleteMember", problems=(409, 412))
async def delete_member(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: UserName,
) -> None:
    """Take a user's role in a namespace away."""
    await _access(platform).users.set_member(
        principal,
        namespace,
        name,
        None,
        expected_revision=expected_generation(request),
        request_id=request_id_of(request.scope),
    )


def _member(row: UserRow, namespace: str) -> Member:
    return Member(
        name=row.name,
        role=row.roles.get(namespace),  # type: ignore[arg-type]
        everywhere=row.roles.get(EVERYWHERE),  # type: ignore[arg-type]
        etag=etag(row.revision),
    )


GLOBAL = (list_users, add_user, get_user, change_user, delete_user)
NAMESPACED = (list_members, put_member, delete_member)
