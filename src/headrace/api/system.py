"""Health, readiness, version, metrics."""

from __future__ import annotations

import platform as machine
import sqlite3
from typing import Annotated

import msgspec
from litestar import Response
from litestar.datastructures import CacheControlHeader
from litestar.params import HeaderParameter

from headrace.api.platform import Platform
from headrace.api.problem import MEDIA_TYPE, Problem
from headrace.api.route import get
from headrace.api.rule import open_to_all, rule


class Health(msgspec.Struct, kw_only=True):
    """The process answers."""

    status: str = "ok"


class Versions(msgspec.Struct, kw_only=True):
    """What runs, and since when (epoch seconds)."""

    headrace: str
    python: str
    sqlite: str
    started_at: float
    now: float


@get(
    "/healthz",
    open_to_all(),
    tag="System",
    id="health",
    security=[{}],
    cache_control=CacheControlHeader(no_store=True),
)
async def health() -> Health:
    """Tell that the process answers."""
    return Health()


@get("/readyz", open_to_all(), tag="System", id="ready", security=[{}])
async def ready(platform: Platform) -> Response[Health]:
    """Tell whether the process takes work: 503 with the reasons while it starts, stops or cannot write."""
    if platform.unready:
        reasons = "; ".join(f"{part}: {why}" for part, why in platform.unready.items())
        problem = Problem(503, "not-ready", reasons, remedy="wait")
        return Response(problem.encoded(), status_code=503, media_type=MEDIA_TYPE)  # type: ignore[arg-type]
    return Response(Health(status="ready"))


@get("/api/v1/version", rule("viewer", anywhere=True), tag="System", id="version")
async def version(platform: Platform) -> Versions:
    """Return the versions of what runs."""
    return Versions(
        headrace=platform.version,
        python=machine.python_version(),
        sqlite=sqlite3.sqlite_version,
        started_at=platform.started_at,
        now=platform.clock.now(),
    )


@get(
    "/metrics",
    rule("viewer"),  # everywhere: the series name the flows of all namespaces
    tag="System",
    id="metrics",
    media_type="text/plain",
    problems=(501,),
)
async def metrics(
    platform: Platform,
    accept: Annotated[
        str, HeaderParameter(name="Accept", description="OpenMetrics, or Prometheus' own text.")
    ] = "",
) -> Response[bytes]:
    """Return what Prometheus reads."""
    if platform.metrics is None:
        raise Problem(501, "unsupported", "this process counts nothing")
    body, content_type = await platform.metrics.exposition(accept)
    return Response(body, media_type=content_type)


HANDLERS = (health, ready, version, metrics)
