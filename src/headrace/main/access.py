"""Access put together: where its rows and keys are kept, and what whoever runs the server has decided."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from headrace.access.access import Access
from headrace.access.key import VARIABLE, keys_for
from headrace.access.link import LinkSigner, link_keys_for
from headrace.access.role import checked_roles
from headrace.access.settings import AccessSettings
from headrace.errors import HeadraceError
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.access import SqliteAccess

CLIENT_SECRET = "HEADRACE_OIDC_CLIENT_SECRET"


def open_links(store: SqliteStore) -> LinkSigner:
    """Return what signs links. Raises `HeadraceError` for a given key that is none."""
    return LinkSigner(link_keys_for(store.path, os.environ.get(VARIABLE)))


async def open_access(
    store: SqliteStore,
    *,
    now: Callable[[], float],
    given_token: str | None = None,
    settings_file: Path | None = None,
) -> Access:
    """Open access on the embedded store. Raises `HeadraceError` for settings or keys that cannot be used."""
    settings = AccessSettings() if settings_file is None else read_settings(settings_file)
    keys = keys_for(store.path, os.environ.get(VARIABLE))
    return await Access.open(
        SqliteAccess(store), keys, now=now, settings=settings, given_token=given_token or None
    )


def read_settings(path: Path) -> AccessSettings:
    """Return the settings in a YAML or JSON file. Raises `HeadraceError` naming what is wrong, and where.

    The provider's client secret may be in `HEADRACE_OIDC_CLIENT_SECRET` instead.
    """
    import yaml

    try:
        data: Any = yaml.safe_load(path.read_text("utf-8"))
        data = {} if data is None else data
        given = os.environ.get(CLIENT_SECRET)
        if given and isinstance(data, dict) and isinstance(data.get("oidc"), dict):
            data["oidc"].setdefault("client_secret", given)
        settings = msgspec.convert(data, AccessSettings)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        # A YAML error shows lines of the file, which may hold the client's secret.
        reason = "it is not YAML" if isinstance(error, yaml.YAMLError) else str(error)
        raise HeadraceError(f"the access settings {path} cannot be used: {reason}") from None
    if settings.oidc is not None:
        checked_roles({rule.namespace: rule.role for rule in settings.oidc.roles}, "/oidc/roles")
        if settings.public_url is None and settings.oidc.issuer.startswith("https:"):
            raise HeadraceError(
                f"the access settings {path} have `oidc` and no `public_url`; write the address that "
                "browsers reach this server by, which the provider sends them back to"
            )
    return settings
