"""What whoever runs the server decides about access."""

from __future__ import annotations

import msgspec

from headrace.access.role import Role


class LoginLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many logins may fail within the window, before more of them are refused until it is over."""

    per_user: int = 10
    per_address: int = 30
    window_seconds: float = 900.0


class ClaimRole(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who has `value` in the claim gets a role. A dotted claim (`realm_access.roles`) looks inside."""

    claim: str
    value: str
    role: Role
    namespace: str = "*"


class OidcSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OpenID Connect provider that people may log in with."""

    issuer: str
    client_id: str
    client_secret: str | None = None  # None: a public client, which PKCE protects
    roles: tuple[ClaimRole, ...] = ()
    title: str = "Single sign-on"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    name_claim: str = "preferred_username"
    # Signatures by keys that only the provider has: no HS256, whose key both have, and no `none`.
    algorithms: tuple[str, ...] = ("RS256", "ES256", "PS256", "EdDSA", "Ed25519")

    def __repr__(self) -> str:
        return f"OidcSettings(issuer={self.issuer!r}, client_id={self.client_id!r})"


class AccessSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`public_url` is how browsers reach the server, where that is not the address it listens on.

    `trusted_origins` are other origins (`https://host`) whose pages may use a session, `trusted_proxies` the
    addresses and networks whose `X-Forwarded-For` is believed.
    """

    public_url: str | None = None
    trusted_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    idle_seconds: float = 8 * 3600.0
    session_seconds: float = 24 * 3600.0
    limits: LoginLimits = LoginLimits()
    oidc: OidcSettings | None = None
