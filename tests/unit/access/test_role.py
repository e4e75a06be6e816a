"""Roles: what each may, where, and that nobody gives more than they have."""

from __future__ import annotations

import pytest

from headrace.access.failure import Refused
from headrace.access.role import ROLES, Principal, Role, allows, check_grant, checked_roles


def somebody(**roles: Role) -> Principal:
    named = {"*" if space == "everywhere" else space: role for space, role in roles.items()}
    return Principal(id="user:ada", name="ada", kind="user", roles=named)


@pytest.mark.parametrize("has", ROLES)
@pytest.mark.parametrize("needed", ROLES)
def test_each_role_has_what_the_ones_before_have(has: Role, needed: Role) -> None:
    may = ROLES.index(has) >= ROLES.index(needed)
    assert allows(somebody(shop=has), needed, "shop") is may
    assert allows(somebody(everywhere=has), needed, "shop") is may
    assert allows(somebody(everywhere=has), needed) is may


def test_a_role_in_one_namespace_is_none_elsewhere() -> None:
    admin = somebody(shop="admin")
    assert not allows(admin, "viewer", "bank")
    assert not allows(admin, "viewer")
    assert not allows(somebody(), "viewer", "shop")


def test_the_higher_of_two_roles_counts() -> None:
    both = somebody(everywhere="viewer", shop="editor")
    assert allows(both, "editor", "shop")
    assert not allows(both, "editor", "bank")
    lower = somebody(everywhere="editor", shop="viewer")
    assert allows(lower, "editor", "shop")


@pytest.mark.parametrize("role", ["viewer", "operator", "editor"])
def test_only_administrators_give_roles(role: Role) -> None:
    with pytest.raises(Refused, match="does not administer"):
        check_grant(somebody(everywhere=role), {"shop": "viewer"})


def test_administrators_give_roles_where_they_are() -> None:
    admin = somebody(shop="admin")
    check_grant(admin, {"shop": "admin"})
    for roles in ({"shop": "viewer", "bank": "viewer"}, {"*": "viewer"}):
        with pytest.raises(Refused) as refused:
            check_grant(admin, roles)  # type: ignore[arg-type]
        assert refused.value.status == 403
    check_grant(somebody(everywhere="admin"), {"*": "admin", "shop": "admin"})


@pytest.mark.parametrize(
    ("roles", "pointer"),
    [
        ({"shop": "owner"}, "/roles/shop"),
        ({"shop": "Admin"}, "/roles/shop"),
        ({"": "viewer"}, "/roles/"),
        ({"a/b~c": "viewer"}, "/roles/a~1b~0c"),
        ({"**": "viewer"}, "/roles/**"),
        ({"shop\n": "viewer"}, "/roles/shop\n"),
    ],
)
def test_what_is_no_role_or_namespace_is_refused_with_its_place(roles: dict[str, str], pointer: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_roles(roles)
    assert (refused.value.status, refused.value.pointer) == (400, pointer)
