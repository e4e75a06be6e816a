"""Signed requests (webhooks): an HMAC of the body, and of a timestamp where the sender signs one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

from headrace.spec.duration import duration_ms
from headrace.spec.trigger import Signature


def signature_complaint(
    signature: Signature, secret: str, headers: Iterable[tuple[bytes, bytes]], body: bytes, now: float
) -> str | None:
    """Return why a request is not signed as it has to be, None where it is.

    The complaint names no part of the secret or of the right signature. `now` is epoch seconds.
    """
    found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    given = found.get(signature.header.lower())
    if given is None:
        return f"the request has no header {signature.header}"
    if not given.startswith(signature.prefix):
        return f"the header {signature.header} does not begin with {signature.prefix!r}"
    before, _, after = signature.payload.partition("{body}")
    timestamp = ""
    if signature.timestamp_header is not None:
        timestamp = found.get(signature.timestamp_header.lower(), "")
        try:
            age_seconds = abs(now - float(timestamp))
        except ValueError:
            return f"the header {signature.timestamp_header} is no time in epoch seconds"
        if not age_seconds <= duration_ms(signature.tolerance) / 1000:
            return f"the time in {signature.timestamp_header} is too far from now"
    signed = before.replace("{timestamp}", timestamp).encode("latin-1") + body
    signed += after.replace("{timestamp}", timestamp).encode("latin-1")
    digest = hmac.new(secret.encode(), signed, getattr(hashlib, signature.algorithm)).digest()
    right = digest.hex() if signature.encoding == "hex" else base64.b64encode(digest).decode()
    sent = given.removeprefix(signature.prefix).strip()
    if signature.encoding == "hex":
        sent = sent.lower()
    if not hmac.compare_digest(right.encode(), sent.encode("latin-1")):
        return "the signature does not fit the body"
    return None
