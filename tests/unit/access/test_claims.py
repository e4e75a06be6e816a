"""From a provider's claims to roles."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.access.oidc import roles_of
from headrace.access.settings import ClaimRole

RULES = (
    ClaimRole(claim="groups", value="ops", role="operator"),
    ClaimRole(claim="groups", value="root", role="admin"),
    ClaimRole(claim="realm_access.roles", value="shop-editor", role="editor", namespace="shop"),
    ClaimRole(claim="https://example.com/team", value="bank", role="viewer", namespace="bank"),
    ClaimRole(claim="email", value="ada@example.com", role="editor", namespace="bank"),
)


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({}, {}),
        ({"groups": "ops"}, {"*": "operator"}),
        ({"groups": ["root", "ops"]}, {"*": "admin"}),
        ({"groups": ["ops", "root"]}, {"*": "admin"}),
        ({"groups": ["operators"]}, {}),
        ({"groups": {"ops": True}}, {}),
        ({"groups": [["ops"], 7, None]}, {}),
        ({"realm_access": {"roles": ["shop-editor"]}}, {"shop": "editor"}),
        ({"realm_access": ["shop-editor"]}, {}),
        ({"https://example.com/team": "bank"}, {"bank": "viewer"}),
        ({"email": "ada@example.com"}, {}),
        ({"email": "ada@example.com", "email_verified": "true"}, {}),
        ({"email": "ada@example.com", "email_verified": True}, {"bank": "editor"}),
    ],
)
def test_roles_of_claims(claims: dict[str, Any], roles: dict[str, str]) -> None:
    assert roles_of(claims, RULES) == roles
