"""Who put an item of a work queue: a principal over the API, or an execution that calls a function by it.

It stands in the item's headers, which travel with the item; queues know nothing of principals. What was put
beside the API (a Redis list, a program with the queue in it) says nothing.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from headrace.access.role import Principal
from headrace.api.payload import Payload
from headrace.call.invocation import INVOKE_EVENT_TYPE
from headrace.queue.port import Put

PUT_BY = "headrace-put-by"
PUT_BY_NAME = "headrace-put-by-name"


class Originated(Payload, kw_only=True):
    """What is in an item, and where it is from, as far as that is known.

    `put_by` is the principal who put it over the API, as the log of changes names them; `execution` the one
    whose task calls a function by it.
    """

    put_by: str | None = None
    put_by_name: str | None = None
    execution: str | None = None


def sign(puts: list[Put], principal: Principal) -> None:
    """Note in the headers who puts these; what a caller says about that is not taken."""
    signature = {PUT_BY: principal.id, PUT_BY_NAME: principal.name}
    for put in puts:
        put.headers = signature if not put.headers else put.headers | signature


def origin_of(headers: dict[str, str] | None) -> dict[str, Any]:
    """Return the members of `Originated`."""
    given = headers or {}
    called = given.get("ce-type") == INVOKE_EVENT_TYPE and PUT_BY not in given
    return {
        "put_by": given.get(PUT_BY),
        "put_by_name": given.get(PUT_BY_NAME),
        "execution": unquote(given.get("ce-subject", "")) or None if called else None,
    }
