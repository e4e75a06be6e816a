"""Puts the performers of all kinds together."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from headrace.call.auth import Authenticator
from headrace.call.calls import Calls
from headrace.call.client import HttpClient, HttpOptions
from headrace.call.function import FunctionPerformer, FunctionTargets
from headrace.call.http import HttpPerformer
from headrace.call.performer import Performer
from headrace.call.unavailable import UnavailablePerformer

_UNAVAILABLE = ("grpc", "asyncapi", "a2a", "mcp")


class _StandardCalls(Calls):
    """Calls that own the HTTP client that several performers share."""

    def __init__(self, performers: Mapping[str, Performer], client: HttpClient) -> None:
        super().__init__(performers)
        self._client = client

    async def aclose(self) -> None:
        await super().aclose()
        await self._client.aclose()


def standard_calls(
    *,
    functions: FunctionTargets,
    http: HttpOptions | None = None,
    base_dir: Path,
    python_functions: Mapping[str, Callable[..., Any]] | None = None,
    function_timeout_seconds: float = 300.0,
) -> Calls:
    """Return performers for every kind of call of the DSL.

    `functions` says where functions are, `python_functions` are called in this process instead.
    `base_dir` is what relative references of documents resolve against. Raises `HeadraceError` for a
    Python function that cannot be called with (data) or (data, context).
    """
    options = http if http is not None else HttpOptions()
    client = HttpClient(options)
    authenticator = Authenticator(client)
    tls = None
    if options.root_certificates_pem is not None:
        tls = ssl.create_default_context()
        tls.load_verify_locations(cadata=options.root_certificates_pem.decode("ascii"))
    performers: dict[str, Performer] = {
        "function": FunctionPerformer(
            functions,
            policy=options.policy,
            python_functions=python_functions,
            timeout_seconds=function_timeout_seconds,
            response_bytes_max=options.max_response_bytes,
            tls=tls,
        ),
        "http": HttpPerformer(authenticator),
    }
    unavailable = UnavailablePerformer()
    performers.update(dict.fromkeys(_UNAVAILABLE, unavailable))
    return _StandardCalls(performers, client)
