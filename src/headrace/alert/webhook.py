"""The request that tells a webhook: body, headers, and the signature that proves who sent it.

Signed as Standard Webhooks 1.0 says: `webhook-id` (the same on every attempt), `webhook-timestamp`, and
`webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">`. Secrets are put in when a request is
made, and are in nothing that is kept.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import msgspec
import orjson

from headrace.alert.happening import text_of
from headrace.call.client import Request
from headrace.spec.alert import Alert
from headrace.spec.masking import MASK, long_texts_in
from headrace.spec.template import TemplateError, compile_template
from headrace.store.alerts import Notification

# Gives a secret of a namespace by its name: a text or an object of texts, None where there is none.
Secret = Callable[[str, str], Any]


class Secrets:
    """`secrets.<name>` of a template. Remembers what was used, so that it can be kept out of errors."""

    def __init__(self, namespace: str, secret: Secret) -> None:
        self._namespace = namespace
        self._secret = secret
        self._used: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        value = self._secret(self._namespace, name)
        if value is None:
            raise TemplateError(f"there is no secret {name!r} in the namespace {self._namespace}")
        self._used.update(long_texts_in(value))
        return value

    def masked(self, text: str) -> str:
        """Return a text without the secrets that were used."""
        for value in sorted(self._used, key=len, reverse=True):
            text = text.replace(value, MASK)
        return text


def covered(secret: Secret) -> Secret:
    """Return what gives a mask in place of each text of a secret: for showing what would be sent."""

    def give(namespace: str, name: str) -> Any:
        return _cover(secret(namespace, name))

    return give


def _cover(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cover(part) for name, part in value.items()}
    return None if value is None else MASK


def content(notification: Notification, alert: Alert) -> dict[str, Any]:
    """Return what a notification says: the body by default, and `alert` in templates."""
    events = orjson.loads(notification.events)
    return {
        "id": notification.id,
        "alert": notification.name.rule,
        "state": notification.state,
        "condition": alert.condition,
        "namespace": notification.name.namespace,
        "flow": notification.name.flow or None,
        "summary": summary(notification, alert, events),
        "description": alert.description,
        "count": notification.count,
        "at": text_of(notification.created_at),
        "events": events,
    }


def summary(notification: Notification, alert: Alert, events: list[Any]) -> str:
    """Say in one line what happened."""
    name, count = notification.name, notification.count
    flows = {event["flow"] for event in events if event.get("flow")}
    where = f"{name.namespace}/{flows.pop()}" if len(flows) == 1 else name.namespace
    executions = "1 execution" if count == 1 else f"{count} executions"
    queues = ", ".join(sorted({event["queue"] for event in events if "queue" in event}))
    resolved = notification.state == "resolved"
    match alert.condition:
        case "faulted":
            if resolved:
                return f"{name}: no longer {alert.count} faults within {alert.seconds:g} s"
            return f"{where}: {executions} faulted"
        case "slower":
            return f"{where}: {executions} took longer than {alert.seconds:g} s"
        case "stuck":
            if resolved:
                return f"{where}: {executions} went on or ended"
            return f"{where}: {executions} without progress for {alert.seconds:g} s"
        case "deadLetter":
            return f"{name.namespace}: {'no' if resolved else 'new'} dead letters in {queues}"
        case _:
            if resolved:
                return f"{name.namespace}: the oldest item of {queues} is younger than {alert.seconds:g} s"
            return f"{name.namespace}: the oldest item of {queues} has waited longer than {alert.seconds:g} s"


def request(
    notification: Notification, alert: Alert, secrets: Secrets, secret: Secret, now: float
) -> Request:
    """Make the request of one attempt.

    Raises `TemplateError` when URL, headers or signature cannot be made. A body that cannot be rendered is
    sent as it is by default, with the reason in `templateError`: a mistake there must not silence an alert.
    """
    webhook = alert.webhook
    said = content(notification, alert)
    values = {"alert": said, "secrets": secrets}
    content_type = webhook.content_type
    if webhook.body is None:
        body = orjson.dumps(said)
    else:
        try:
            body = compile_template(webhook.body).render(values).encode()
        except TemplateError as error:
            body = orjson.dumps({**said, "templateError": secrets.masked(str(error))})
            content_type = "application/json"
    url = webhook.url if "{" not in webhook.url else compile_template(webhook.url).render(values).strip()
    headers = [("content-type", content_type)]
    for name, text in webhook.headers.items():
        if name.lower() == "content-type":
            headers.pop(0)
        headers.append((name, compile_template(text).render(values)))
    timestamp = str(int(now))
    headers += [("webhook-id", notification.id), ("webhook-timestamp", timestamp)]
    if webhook.signature is not None:
        key = secret(notification.name.namespace, webhook.signature)
        if not isinstance(key, str) or not key:
            raise TemplateError(
                f"there is no secret {webhook.signature!r} (a text) in the namespace "
                f"{notification.name.namespace} to sign with"
            )
        headers.append(("webhook-signature", signature(key, notification.id, timestamp, body)))
    return Request("POST", url, headers, body)


def signature(key: str, message_id: str, timestamp: str, body: bytes) -> str:
    """Return the value of `webhook-signature`. A key `whsec_<base64>` is decoded, others are text."""
    raw = key.encode()
    if key.startswith("whsec_"):
        try:
            raw = base64.b64decode(key.removeprefix("whsec_"), validate=True)
        except binascii.Error as error:
            raise TemplateError("the secret to sign with begins with whsec_ and is no base64") from error
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()


def alert_of(notification: Notification) -> Alert:
    """Return the rule as it was when the notification was made."""
    return Alert.from_data(msgspec.json.decode(notification.alert, type=dict[str, Any]))
