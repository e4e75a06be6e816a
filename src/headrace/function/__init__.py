"""The SDK for step code, and the local host that serves `cmd/*` over HTTP.

Business code needs one import::

    from headrace.function import Context, FunctionError, function

    @function
    def charge(order: dict, context: Context) -> dict:
        if order["total"] <= 0:
            raise FunctionError("Nothing to charge", status=422)
        return {"receipt": context.invocation_id}

`python -m headrace.function cmd/charge` serves it, and `headrace.function.host.FunctionHost` serves all
functions of a project, whatever their languages. What a request looks like stands in
`headrace.function.event`, how log lines are attributed to invocations in `headrace.function.framing`.
"""

from __future__ import annotations

from typing import Any

from headrace.function.context import Context
from headrace.function.definition import Function, function
from headrace.function.problem import FunctionError

__all__ = ["Context", "Function", "FunctionError", "function", "serve"]


def serve(target: Function | Any, **options: Any) -> None:
    """Serve one function over HTTP until SIGTERM or SIGINT; `options` are those of `server.serve`."""
    # Imported here: a test that only calls business code should not pay for asyncio and an HTTP parser.
    from headrace.function.server import serve as serve_function

    serve_function(target, **options)
