"""The ASGI application: Litestar's routes, with what all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Server, Tag
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from headrace.access.role import Principal
from headrace.api import (
    activity,
    alerts,
    arrivals,
    audit,
    batches,
    bulk,
    control,
    decision_links,
    decisions,
    events,
    executions,
    expressions,
    failure,
    flowapps,
    function_code,
    function_lines,
    functions,
    layouts,
    leases,
    mcp,
    queue_items,
    queue_samples,
    queues,
    runs,
    saved_test,
    secrets,
    sessions,
    starting,
    streams,
    system,
    tokens,
    triggers,
    users,
    versions,
)
from headrace.api.description import Description
from headrace.api.platform import RunningPlatform
from headrace.api.request import ApiRequest, Options
from headrace.api.rule import enforce

BODY_BYTES_MAX = 8 * 1024 * 1024
NAMESPACED = "/api/v1/namespaces/{namespace:str}"

TAGS = (
    Tag("FlowApps", "What is deployed: apply, versions, difference, pause, delete."),
    Tag("Executions", "Runs: start, list, look, wait, rerun, cancel, signal."),
    Tag("Decisions", "What waits for people: list, answer, links for those without an account."),
    Tag("Events", "CloudEvents in, for triggers and for executions that listen."),
    Tag("Queues", "Work queues: items, leases, dead letters; for workers in any language."),
    Tag("Triggers", "What starts executions, with its firings."),
    Tag("Functions", "Where code runs, and how it is."),
    Tag("Alerts", "Rules, silences, and what was sent."),
    Tag("Access", "Users, tokens, sessions, secrets, the log of changes."),
    Tag("System", "Health, readiness, version, metrics."),
)


class _Litestar(Litestar):
    """Without the plugins for data of other libraries: importing them would take a third of the start."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]

    def _validate_registration_value(self, value: Any) -> Any:
        if isinstance(value, Router):
            # Litestar would copy it with all its handlers, which takes a quarter of the time; ours are made
            # for this application alone.
            value.owner = self
            return value
        return super()._validate_registration_value(value)


def create_app(platform: RunningPlatform) -> Litestar:
    """Return the API of a platform."""

    def the_platform() -> RunningPlatform:
        return platform

    shared: dict[str, Any] = {
        "guards": [enforce],
        "dependencies": {
            "platform": Provide(the_platform, sync_to_thread=False),
            "principal": Provide(the_principal, sync_to_thread=False),
        },
        "security": [{"token": []}, {"session": []}],
    }
    everywhere = _router(
        "/",
        shared,
        [
            *system.HANDLERS,
            *mcp.HANDLERS,
            *flowapps.GLOBAL,
            *users.GLOBAL,
            *tokens.GLOBAL,
            *sessions.GLOBAL,
            *audit.GLOBAL,
            *secrets.GLOBAL,
            *decision_links.GLOBAL,
        ],
    )
    namespaced = _router(
        NAMESPACED,
        shared,
        [
            *flowapps.NAMESPACED,
            *versions.NAMESPACED,
            *layouts.NAMESPACED,
            *activity.NAMESPACED,
            *starting.NAMESPACED,
            *bulk.NAMESPACED,
            *executions.NAMESPACED,
            *runs.NAMESPACED,
            *saved_test.NAMESPACED,
            *expressions.NAMESPACED,
            *control.NAMESPACED,
            *decisions.NAMESPACED,
            *decision_links.NAMESPACED,
            *events.NAMESPACED,
            *streams.NAMESPACED,
            *functions.NAMESPACED,
            *function_code.NAMESPACED,
            *function_lines.NAMESPACED,
            *queues.NAMESPACED,
            *queue_samples.NAMESPACED,
            *batches.NAMESPACED,
            *queue_items.NAMESPACED,
            *leases.NAMESPACED,
            *triggers.NAMESPACED,
            *arrivals.NAMESPACED,
            *alerts.NAMESPACED,
            *users.NAMESPACED,
            *secrets.NAMESPACED,
        ],
    )
    options = Options()
    app = _Litestar(
        route_handlers=[everywhere, namespaced],
        request_class=ApiRequest,
        before_request=options,
        exception_handlers={Exception: failure.answer},
        openapi_config=OpenAPIConfig(
            title="Headrace",
            version=platform.version,
            description="Durable workflows with a work queue at their heart.",
            path="/api",
            servers=[Server(url="/")],
            tags=list(TAGS),
            components=Components(
                security_schemes={
                    "token": SecurityScheme(type="http", scheme="bearer"),
                    "session": SecurityScheme(
                        type="apiKey", name="headrace_session", security_scheme_in="cookie"
                    ),
                }
            ),
            use_handler_docstrings=True,
            # No pages that load scripts from elsewhere, on the origin that has the session's cookie.
            render_plugins=[Description()],
        ),
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=1024, gzip_compress_level=5, exclude_opt_key="headrace_uncompressed"
        ),
        request_max_body_size=BODY_BYTES_MAX,
        type_encoders={msgspec.Raw: bytes},
        signature_types=[RunningPlatform, Principal],
        logging_config=None,
    )
    app.state.platform = platform
    options.learn(app)
    return app


def _router(path: str, shared: dict[str, Any], handlers: Sequence[HTTPRouteHandler]) -> Router:
    """Return a router of handlers, and of one for OPTIONS on all their paths.

    Without it Litestar makes one for each path, which is as much work as all the others.
    """

    def options() -> None:
        """Never called: `Options` answers."""

    paths = sorted({each for handler in handlers for each in handler.paths})
    declared = HTTPRouteHandler(
        paths, http_method=["OPTIONS"], include_in_schema=False, status_code=204, sync_to_thread=False
    )(options)
    # First: paths that have one by then get none.
    return Router(path, route_handlers=[declared, *handlers], **shared)


def the_principal(request: Request[Any, Any, Any]) -> Principal:
    """Return who makes the request, as the guard found out."""
    principal: Principal = request.scope["headrace_principal"]  # type: ignore[typeddict-item]
    return principal
