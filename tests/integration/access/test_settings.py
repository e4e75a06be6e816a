"""The file with access settings: read whole, or refused with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from headrace.access.settings import AccessSettings
from headrace.errors import HeadraceError
from headrace.main.access import CLIENT_SECRET, read_settings

OIDC = """
public_url: https://flows.example
oidc:
  issuer: https://accounts.example
  client_id: headrace
  client_secret: of-the-file
  roles: [{claim: groups, value: ops, role: operator, namespace: shop}]
"""


def read(folder: Path, text: str) -> AccessSettings:
    (folder / "access.yaml").write_text(text)
    return read_settings(folder / "access.yaml")


def test_what_is_left_out_stays_as_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, "") == AccessSettings()
    assert read(tmp_path, "idle_seconds: 60").idle_seconds == 60
    assert read(tmp_path, "limits: {per_user: 3}").limits.per_user == 3


def test_a_provider_and_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    oidc = read(tmp_path, OIDC).oidc
    assert oidc is not None
    assert (oidc.client_secret, oidc.roles[0].namespace) == ("of-the-file", "shop")
    assert "of-the-file" not in repr(oidc) + repr(read(tmp_path, OIDC))
    monkeypatch.setenv(CLIENT_SECRET, "of-the-environment")
    other = read(tmp_path, OIDC.replace("  client_secret: of-the-file\n", "")).oidc
    assert other is not None
    assert other.client_secret == "of-the-environment"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "object"),
        ("idle_second: 60", "idle_second"),
        ("idle_seconds: soon", r"\$.idle_seconds"),
        ("a: [", "not YAML"),
        (OIDC.replace("operator", "owner"), r"\$.oidc.roles\[0\].role"),
        (OIDC.replace("namespace: shop", "namespace: a/b"), "a/b"),
        (OIDC.replace("public_url: https://flows.example", ""), "public_url"),
        (OIDC.replace("  issuer: https://accounts.example\n", ""), "issuer"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(HeadraceError, match=says) as refused:
        read(tmp_path, text)
    assert "of-the-file" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HeadraceError, match=r"nowhere\.yaml"):
        read_settings(tmp_path / "nowhere.yaml")
