"""Puts the performers of all kinds together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from headrace.call.auth import Authenticator
from headrace.call.calls import Calls
from headrace.call.child import Children
from headrace.call.client import HttpClient, HttpOptions, tls_context
from headrace.call.container import ContainerPerformer
from headrace.call.function import FunctionPerformer, FunctionTargets
from headrace.call.http import HttpPerformer
from headrace.call.openapi import OpenApiPerformer
from headrace.call.performer import Performer
from headrace.call.process import ProcessOptions, ShellPerformer
from headrace.call.resource import Resources
from headrace.call.script import ScriptPerformer
from headrace.call.unavailable import SwitchedOffPerformer, UnavailablePerformer

_PROCESSES = ("shell", "script", "container")
_UNAVAILABLE = ("grpc", "asyncapi", "a2a", "mcp")


class StandardCalls(Calls):
    """Calls of every kind, and what several of them share.

    `resources` fetches documents under the same host policy: schemas, functions of a catalog.
    """

    def __init__(
        self,
        performers: Mapping[str, Performer],
        *,
        client: HttpClient,
        children: Children,
        resources: Resources,
    ) -> None:
        super().__init__(performers)
        self.resources = resources
        self._client = client
        self._children = children

    async def aclose(self) -> None:
        """Close the performers, end the processes that still run, close the connections."""
        await super().aclose()
        await self._children.aclose()
        await self._client.aclose()


def standard_calls(
    *,
    functions: FunctionTargets,
    http: HttpOptions | None = None,
    base_dir: Path,
    python_functions: Mapping[str, Callable[..., Any]] | None = None,
    function_timeout_seconds: float = 300.0,
    processes: ProcessOptions | None = None,
) -> StandardCalls:
    """Return performers for every kind of call of the DSL.

    `functions` says where functions are, `python_functions` are called in this process instead.
    `base_dir` is what relative references of documents resolve against, and where processes run.
    `processes` limits them, or switches kinds off. Raises `HeadraceError` for a
    Python function that cannot be called with (data) or (data, context).
    """
    options = http if http is not None else HttpOptions()
    client = HttpClient(options)
    authenticator = Authenticator(client)
    process_options = processes if processes is not None else ProcessOptions()
    children = Children(
        output_bytes_max=process_options.output_bytes_max,
        terminate_seconds=process_options.terminate_seconds,
    )
    resources = Resources(
        authenticator,
        base_dir,
        files_anywhere=options.policy.unrestricted,
        bytes_max=options.max_response_bytes,
    )
    performers: dict[str, Performer] = {
        "function": FunctionPerformer(
            functions,
            policy=options.policy,
            python_functions=python_functions,
            timeout_seconds=function_timeout_seconds,
            response_bytes_max=options.max_response_bytes,
            tls=None if options.root_certificates_pem is None else tls_context(options),
            resolve=client.resolve,
            resolved_hosts=options.resolve,
        ),
        "http": HttpPerformer(authenticator),
        "openapi": OpenApiPerformer(authenticator, resources),
        "shell": ShellPerformer(children, base_dir),
        "script": ScriptPerformer(children, resources, base_dir),
        "container": ContainerPerformer(children, base_dir),
    }
    for kind in _PROCESSES:
        if kind not in process_options.kinds:
            performers[kind] = SwitchedOffPerformer()
    unavailable = UnavailablePerformer()
    performers.update(dict.fromkeys(_UNAVAILABLE, unavailable))
    return StandardCalls(performers, client=client, children=children, resources=resources)
