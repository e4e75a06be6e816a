"""Calls of kind `openapi` (dsl-reference.md, "OpenAPI Call")."""

from __future__ import annotations

from headrace.call.unavailable import UnavailablePerformer


class OpenApiPerformer(UnavailablePerformer):
    """Not yet."""

    def __init__(self, authenticator: object, resources: object) -> None: ...
