"""`headrace users`: who logs in to a server with a password."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from headrace.cli.lazy import LazyGroup, Part
from headrace.cli.options import OutputOption
from headrace.cli.output import Format
from headrace.cli.where import Where, on_server

if TYPE_CHECKING:
    from headrace.cli.client.client import Client

_HERE = "headrace.cli.users"
USERS = "/api/v1/users"
ROLES = ("viewer", "operator", "editor", "admin")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
RoleOption = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLE[@NAMESPACE]",
        help="viewer, operator, editor or admin: everywhere, or in a namespace. May be given several times.",
    ),
]


class Users(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part(f"{_HERE}:list_users", "List users with their roles."),
        "add": Part(f"{_HERE}:add", "Add one; the password is asked for, or read from stdin."),
        "change": Part(f"{_HERE}:change", "Change roles or password, disable, enable."),
        "delete": Part(f"{_HERE}:delete", "Delete one, and end their sessions."),
    }


@on_server
def list_users(where: Where, output: OutputOption = Format.table) -> None:
    """List users with their roles. Takes the role admin."""
    from headrace.cli.at_server import at_server, show_list

    async def work(client: Client) -> None:
        show_list(
            await client.pages(USERS),
            output,
            ("NAME", "ROLES", ""),
            lambda each: (each["name"], words_of(each["roles"]), "disabled" if each["disabled"] else ""),
            "no users",
        )

    at_server(where, work)


@on_server
def add(where: Where, name: NameArgument, role: RoleOption = None) -> None:
    """Add a user. The password is asked for on a terminal, and is the first line of stdin elsewhere."""
    from headrace.cli.at_server import at_server

    roles = roles_of(role)
    password = typed(f"Password of {name}", twice=True)

    async def work(client: Client) -> None:
        user = await client.post(USERS, {"name": name, "password": password, "roles": roles})
        print(f"{user['name']}: {words_of(user['roles'])}")

    at_server(where, work)


@on_server
def change(
    where: Where,
    name: NameArgument,
    role: RoleOption = None,
    no_roles: Annotated[bool, typer.Option("--no-roles", help="Take all roles away.")] = False,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a new one, or read it from stdin.")
    ] = False,
    disabled: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Whether they may log in.")
    ] = None,
) -> None:
    """Change a user. --role replaces all roles that they have; what is not named stays."""
    from headrace.cli.at_server import at_server
    from headrace.cli.client.client import quoted

    if role and no_roles:
        raise typer.BadParameter("--role and --no-roles do not go together")
    changes: dict[str, Any] = {}
    if role or no_roles:
        changes["roles"] = roles_of(role)
    if disabled is not None:
        changes["disabled"] = disabled
    if password:
        changes["password"] = typed(f"New password of {name}", twice=True)
    if not changes:
        raise typer.BadParameter("say what to change: --role, --no-roles, --password, --disable, --enable")

    async def work(client: Client) -> None:
        answer = await client.send("PATCH", f"{USERS}/{quoted(name)}", changes, repeatable=True)
        user = answer.data
        state = "; disabled" if user["disabled"] else ""
        print(f"{user['name']}: {words_of(user['roles'])}{state}")

    at_server(where, work)


@on_server
def delete(
    where: Where,
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a user, and end their sessions. Tokens that they made stay."""
    from headrace.cli.at_server import at_server, confirm
    from headrace.cli.client.client import quoted

    confirm(f"Delete the user {name}?", yes=yes)

    async def work(client: Client) -> None:
        await client.send("DELETE", f"{USERS}/{quoted(name)}")
        print(f"{name} deleted")

    at_server(where, work)


def roles_of(given: list[str] | None) -> dict[str, str]:
    """Return the roles of `--role` by namespace, `*` for all."""
    roles: dict[str, str] = {}
    for text in given or ():
        role, separator, namespace = text.partition("@")
        if role not in ROLES or (separator and not namespace):
            raise typer.BadParameter(
                f"--role {text!r} is not ROLE or ROLE@NAMESPACE; roles: {', '.join(ROLES)}"
            )
        roles[namespace or "*"] = role
    return roles


def words_of(roles: dict[str, str]) -> str:
    """Return roles as `--role` takes them."""
    words = [role if namespace == "*" else f"{role}@{namespace}" for namespace, role in roles.items()]
    return ", ".join(words) or "no role"


def typed(what: str, *, twice: bool = False) -> str:
    """Return what is typed, without showing it; elsewhere than on a terminal the first line of stdin."""
    from headrace.errors import HeadraceError

    if not sys.stdin.isatty():
        text = sys.stdin.readline().rstrip("\r\n")
    else:
        from getpass import getpass

        text = getpass(f"{what}: ")
        if twice and getpass(f"{what}, again: ") != text:
            raise HeadraceError("the two are not the same; nothing was changed")
    if not text:
        raise HeadraceError(f"{what}: nothing was given; type it, or give it on stdin")
    return text
