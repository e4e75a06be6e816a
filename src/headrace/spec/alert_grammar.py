"""The shape of alerts: what to watch for, and whom to tell."""

from __future__ import annotations

import re
from typing import Any

from headrace.spec import template, text_rules
from headrace.spec.grammar import FIXED_DURATION, NAME, PLAIN
from headrace.spec.shape import Either, Flag, ListOf, MapOf, Object, Text, Whole
from headrace.spec.walk import Walk

CONDITIONS = ("faulted", "slower", "stuck", "deadLetter", "queueOlder")

_TEMPLATE = Text(complaint=template.complaint, code="template")
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110, section 5.6.2
# What makes the request what it is, or is signed, is not an author's.
_OWN_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "host",
        "transfer-encoding",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    }
)


def _url(text: str) -> str | None:
    """Complain about a URL, or about the template of one."""
    if "{{" in text or "{%" in text:
        return template.complaint(text)
    problem = text_rules.uri(text)
    if problem is None and not text.lower().startswith(("http://", "https://")):
        return f"`{text}` is not an http or https URL"
    return problem


def _headers(walk: Walk, webhook: dict[str, Any], pointer: str) -> None:
    headers = webhook.get("headers")
    for name in headers if isinstance(headers, dict) else ():
        below = f"{pointer}/headers/{name.replace('~', '~0').replace('/', '~1')}"
        if not _HEADER.match(name):
            walk.error("header", below, f"`{name}` is not the name of a header", at_key=True)
        elif name.lower() in _OWN_HEADERS:
            walk.error("header", below, f"`{name}` is set by Headrace", "remove it", at_key=True)


def _switched_on(walk: Walk, alert: dict[str, Any], pointer: str) -> None:
    for name in ("faulted", "deadLetter"):
        if alert.get(name) is False:
            message = f"`{name}: false` never alerts"
            walk.error("value", f"{pointer}/{name}", message, "write `true`, or remove the alert")


WEBHOOK = Object(
    "a webhook",
    {
        "url": Text(complaint=_url, code="uri"),
        "headers": MapOf(_TEMPLATE),
        "body": _TEMPLATE,
        "contentType": PLAIN,
        "signature": NAME,
    },
    required=("url",),
    rules=(_headers,),
)
ALERT = Object(
    "an alert",
    {
        "name": NAME,
        "faulted": Either(
            Object(
                "how many faults",
                {"count": Whole(1, 10_000), "within": FIXED_DURATION},
                required=("count", "within"),
            ),
            Flag(),
        ),
        "slower": FIXED_DURATION,
        "stuck": FIXED_DURATION,
        "deadLetter": Either(Object("which queue", {"queue": PLAIN}, required=("queue",)), Flag()),
        "queueOlder": Object(
            "which queue, and how old", {"queue": PLAIN, "than": FIXED_DURATION}, required=("queue", "than")
        ),
        "group": FIXED_DURATION,
        "webhook": WEBHOOK,
        "description": PLAIN,
    },
    required=("name", "webhook"),
    one_of=(CONDITIONS,),
    rules=(_switched_on,),
)


class _Alerts(ListOf):
    """A list of alerts whose names are unique."""

    def check(self, walk: Walk, data: Any, pointer: str, scope: Any) -> None:
        super().check(walk, data, pointer, scope)
        first: dict[str, int] = {}
        for index, alert in enumerate(data):
            name = alert.get("name") if isinstance(alert, dict) else None
            if not isinstance(name, str):
                continue
            if name in first:
                line, column = walk.source.place(f"{pointer}/{first[name]}/name")
                message = f"the alert name `{name}` is taken at {line}:{column}"
                walk.error("duplicate-name", f"{pointer}/{index}/name", message, "give one another name")
            first.setdefault(name, index)


ALERTS = _Alerts(ALERT)
