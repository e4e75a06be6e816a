"""The Restate service of W1: a handler with three durable steps, served over HTTP/2 by an ASGI server."""

from __future__ import annotations

from typing import Any

import restate

from bench import steps

orders = restate.Service("orders")


async def reserve(data: dict[str, Any]) -> dict[str, Any]:
    """First step."""
    return steps.reserve(data)


async def charge(data: dict[str, Any]) -> dict[str, Any]:
    """Second step."""
    return steps.charge(data)


async def ship(data: dict[str, Any]) -> dict[str, Any]:
    """Third step."""
    return steps.ship(data)


@orders.handler()
async def process(context: restate.Context, data: dict[str, Any]) -> dict[str, Any]:
    """The three steps, each in the journal before the next begins."""
    data = await context.run_typed("reserve", reserve, data=data)
    data = await context.run_typed("charge", charge, data=data)
    return await context.run_typed("ship", ship, data=data)


app = restate.app([orders])
