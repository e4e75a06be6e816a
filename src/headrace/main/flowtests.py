"""The stage of flow tests: stores in memory, and a project's functions for calls that are made for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from headrace.call import HostPolicy, HttpOptions, standard_calls
from headrace.call.auth import Authenticator
from headrace.call.client import HttpClient
from headrace.call.resource import Resources
from headrace.main.hosts import HostedCalls, Hosts
from headrace.runtime.definitions import Catalog, Deployed
from headrace.runtime.secrets import ChainedSecrets, EnvironmentSecrets, FileSecrets, SecretProvider
from headrace.store.port import Store
from headrace.store.sqlite import SqliteStore


class ProjectStage:
    """What the cases of one project need (`headrace.flowtest.Stage`). Use it in `async with`.

    `secrets` is a file or folder for calls that are made for real; `on_log` gets the lines that functions
    write.
    """

    def __init__(
        self,
        project: Path,
        *,
        secrets: Path | None = None,
        catalog: Path | None = None,
        on_log: Callable[[Any], None] = lambda line: None,
    ) -> None:
        self._project = project.absolute()
        self.catalog: Catalog | None = Catalog(None if catalog is None else str(catalog.absolute()))
        self.secrets: SecretProvider | None = None
        if secrets is not None:
            self.secrets = ChainedSecrets((FileSecrets(secrets), EnvironmentSecrets()))
        self._http = HttpOptions(policy=HostPolicy.local())
        self._hosts = Hosts(on_log, reload=False)
        self._client = HttpClient(self._http)
        self._resources = Resources(Authenticator(self._client), self._project, files_anywhere=True)
        self._standard = standard_calls(functions=self._hosts, http=self._http, base_dir=self._project)

    async def __aenter__(self) -> ProjectStage:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._standard.aclose()
        await self._client.aclose()
        await self._hosts.stop()

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """Open a store in memory."""
        store = await SqliteStore.open(":memory:", durability="normal")
        try:
            yield store
        finally:
            await store.close()

    def calls(self, flow: Deployed) -> HostedCalls:
        """Return what calls the project's functions, and everything else, for real."""
        entries = {
            name: entry or {}
            for name, entry in flow.definition.functions.items()
            if not (entry or {}).get("url")
        }
        self._hosts.serve(f"{flow.namespace}/{flow.name}", self._project, entries)
        return HostedCalls(self._standard, self._hosts)

    async def fetch(self, uri: str, policy: Any) -> bytes:
        """Fetch a document that a definition refers to."""
        return await self._resources.fetch(uri, policy)
