"""Signed requests, against signatures that others published or that are computed here by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from headrace.source.http import signature_complaint
from headrace.spec.trigger import Signature

# Published in the documentation of GitHub's webhooks.
GITHUB = Signature(secret="s", header="X-Hub-Signature-256", prefix="sha256=")
GITHUB_SECRET, GITHUB_BODY = "It's a Secret to Everybody", b"Hello, World!"
GITHUB_SENT = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

# Published in the documentation of Slack's request signing.
SLACK = Signature(
    secret="s",
    header="X-Slack-Signature",
    prefix="v0=",
    payload="v0:{timestamp}:{body}",
    timestamp_header="X-Slack-Request-Timestamp",
)
SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SLACK_TIME = 1531420618
SLACK_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SLACK_SENT = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_as_github_signs() -> None:
    headers = [(b"x-hub-signature-256", GITHUB_SENT)]
    assert signature_complaint(GITHUB, GITHUB_SECRET, headers, GITHUB_BODY, 0.0) is None
    assert "does not fit" in (
        signature_complaint(GITHUB, GITHUB_SECRET, headers, GITHUB_BODY + b" ", 0.0) or ""
    )
    assert "does not fit" in (signature_complaint(GITHUB, "other", headers, GITHUB_BODY, 0.0) or "")


def slack(at: float, sent: bytes = SLACK_SENT, timestamp: bytes = b"1531420618") -> str | None:
    headers = [(b"X-Slack-Signature", sent), (b"x-slack-request-timestamp", timestamp)]
    return signature_complaint(SLACK, SLACK_SECRET, headers, SLACK_BODY, at)


def test_as_slack_signs_with_a_time() -> None:
    assert slack(SLACK_TIME + 299) is None
    assert slack(SLACK_TIME - 299) is None
    assert "too far" in (slack(SLACK_TIME + 301) or "")
    assert "too far" in (slack(SLACK_TIME, timestamp=b"nan") or "")
    assert "no time" in (slack(SLACK_TIME, timestamp=b"today") or "")
    assert "does not fit" in (slack(SLACK_TIME + 1, timestamp=b"1531420619") or "")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
def test_other_algorithms_in_base64(algorithm: str) -> None:
    signature = Signature(secret="s", header="x-signature", algorithm=algorithm, encoding="base64")
    digest = hmac.new(b"key", b"body", getattr(hashlib, algorithm)).digest()
    headers = [(b"x-signature", base64.b64encode(digest))]
    assert signature_complaint(signature, "key", headers, b"body", 0.0) is None
    assert signature_complaint(signature, "key", headers, b"b0dy", 0.0) is not None


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([], "no header X-Hub-Signature-256"),
        ([(b"x-hub-signature-256", b"md5=1")], "does not begin"),
        ([(b"x-hub-signature-256", b"sha256=")], "does not fit"),
        ([(b"x-hub-signature-256", "sha256=ä".encode())], "does not fit"),
    ],
)
def test_what_is_not_signed(headers: list[tuple[bytes, bytes]], said: str) -> None:
    complaint = signature_complaint(GITHUB, GITHUB_SECRET, headers, GITHUB_BODY, 0.0)
    assert complaint is not None
    assert said in complaint
    assert GITHUB_SECRET not in complaint
