"""Deployed definitions: read, checked, with the documents they refer to, and compiled once per version."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import orjson

from headrace.engine.decide import plan_workflow
from headrace.engine.plan import Plan
from headrace.errors import HeadraceError
from headrace.spec.expression_check import check_expression
from headrace.spec.flowapp import Definition, parse_definition
from headrace.spec.parse import parse
from headrace.spec.problem import Problem
from headrace.store.port import DefinitionRow, Store, StoreError

# Plans kept compiled; a plan that was dropped is compiled again from the store when it is needed.
PLANS_KEPT = 256

# Fetches a document by URI or path: schemas, catalog functions.
Fetch = Callable[[str, Any], Awaitable[bytes]]

BUILT_IN_CALLS = frozenset({"http", "openapi", "grpc", "asyncapi", "a2a", "mcp", "batch"})


class InvalidDefinition(HeadraceError):
    """A definition has errors. `problems` has all of them, with their places."""

    def __init__(self, problems: list[Problem]) -> None:
        errors = [problem for problem in problems if problem.severity == "error"]
        super().__init__("\n".join(str(problem) for problem in errors))
        self.problems = problems


class Deployed(msgspec.Struct, frozen=True):
    """A definition as it is in the store, with its compiled plan."""

    definition: Definition
    plan: Plan
    row: DefinitionRow
    problems: tuple[Problem, ...] = ()  # warnings

    @property
    def namespace(self) -> str:
        return self.row.namespace

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def version(self) -> str:
        return self.row.version


class Catalog:
    """The default catalog: a folder with `<name>/<version>/function.yaml`, or `functions/...` in it."""

    def __init__(self, root: str | None) -> None:
        self.root = root

    def places(self, name: str, version: str) -> list[str]:
        """Return where a function of the default catalog may be, best first."""
        if self.root is None:
            return []
        return [
            f"{self.root}/functions/{name}/{version}/function.yaml",
            f"{self.root}/{name}/{version}/function.yaml",
        ]


class Definitions:
    """Deploys definitions and gives them back by name, version or digest."""

    def __init__(
        self,
        store: Store,
        *,
        fetch: Fetch | None = None,
        catalog: Catalog | None = None,
        known_functions: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._catalog = catalog or Catalog(None)
        self._known_functions = known_functions
        self._by_digest: dict[str, Deployed] = {}
        self._latest: dict[tuple[str, str, str], str] = {}

    async def deploy(self, text: str, file: str, now: float, *, local: bool = False) -> Deployed:
        """Check a definition and keep it.

        With `local`, a version that was kept before with other content is kept again as
        `<version>+<digest>`, so that work on a laptop needs no new version number for every change.
        Raises `InvalidDefinition` with all problems, `StoreError` where a version has other content.
        """
        definition, problems = parse_definition(
            text, file, known_functions=self._known_functions(), compile_expression=check_expression
        )
        if definition is None or any(problem.severity == "error" for problem in problems):
            raise InvalidDefinition(problems)
        resources = await self._resources(definition)
        source = orjson.dumps({"text": text, "file": file, "resources": resources}).decode()
        digest = definition.digest
        if resources:
            # The same text over other documents is another definition.
            extra = orjson.dumps(resources, option=orjson.OPT_SORT_KEYS)
            digest = "sha256:" + hashlib.sha256(digest.encode() + extra).hexdigest()
        plan = self._plan(definition, digest, resources)
        row = DefinitionRow(
            digest=digest,
            namespace=definition.namespace,
            name=definition.name,
            version=definition.version,
            source=source,
            created_at=now,
        )
        try:
            row = await self._store.put_definition(row)
        except StoreError:
            if not local:
                raise
            row.version = f"{definition.version}+{digest.removeprefix('sha256:')[:8]}"
            row = await self._store.put_definition(row)
        plan.version = row.version
        deployed = Deployed(definition, plan, row, tuple(problems))
        self._keep(deployed)
        self._latest[(row.namespace, row.name, row.version)] = digest
        self._latest[(row.namespace, row.name, "latest")] = digest
        return deployed

    def _in_process(self, definition: Definition) -> dict[str, Any]:
        """Return the functions that the program itself provides and the definition does not name."""
        return {name: {} for name in self._known_functions() if name not in definition.functions}

    def _plan(self, definition: Definition, digest: str, resources: dict[str, Any]) -> Plan:
        functions = {**self._in_process(definition), **definition.functions}
        return plan_workflow(
            definition.workflow,
            digest=digest,
            functions=functions,
            resources=resources,
            history=definition.history,
        )

    def _keep(self, deployed: Deployed) -> None:
        self._by_digest.pop(deployed.row.digest, None)
        self._by_digest[deployed.row.digest] = deployed
        while len(self._by_digest) > PLANS_KEPT:
            del self._by_digest[next(iter(self._by_digest))]

    async def by_digest(self, digest: str) -> Deployed:
        """Return a kept definition. Raises `HeadraceError` when the store has none with this digest."""
        found = self._by_digest.get(digest)
        if found is not None:
            return found
        rows = await self._store.definitions(digest=digest)
        if not rows:
            raise HeadraceError(f"the store has no definition with digest {digest}")
        return self._load(rows[0])

    async def by_name(self, namespace: str, name: str, version: str = "latest") -> Deployed:
        """Return a kept definition by name; `latest` is the one deployed last."""
        digest = self._latest.get((namespace, name, version))
        if digest is not None and digest in self._by_digest:
            return self._by_digest[digest]
        rows = await self._store.definitions(namespace, name)
        if version != "latest":
            rows = [row for row in rows if row.version == version]
        if not rows:
            known = await self._store.definitions(namespace, name)
            raise HeadraceError(
                f"no workflow {namespace}/{name}:{version} is deployed"
                + (f"; its versions are {', '.join(row.version for row in known)}" if known else "")
            )
        return self._load(rows[0])

    def _load(self, row: DefinitionRow) -> Deployed:
        kept = orjson.loads(row.source)
        definition, problems = parse_definition(kept["text"], kept["file"], known_functions=None)
        if definition is None:
            raise HeadraceError(
                f"the definition {row.namespace}/{row.name}:{row.version} in the store does not pass this "
                f"version's validation: {problems[0] if problems else 'unknown reason'}"
            )
        plan = self._plan(definition, row.digest, kept.get("resources") or {})
        plan.version = row.version
        deployed = Deployed(definition, plan, row)
        self._keep(deployed)
        return deployed

    # --- documents that a definition refers to ----------------------------------------------------------

    async def _resources(self, definition: Definition) -> dict[str, Any]:
        """Fetch external schemas and catalog functions, so that the version keeps them as they are now."""
        resources: dict[str, Any] = {}
        known = {*definition.functions, *self._known_functions(), *definition.workflow.use.functions}
        pending: list[Any] = [definition.ows]
        while pending:
            for uri, policy in _schema_uris(pending[-1]):
                if uri not in resources:
                    resources[uri] = _parse(await self._get(uri, policy, "schema"), uri)
            calls = _called(pending.pop())
            for name in sorted(calls - known - BUILT_IN_CALLS - resources.keys()):
                function = await self._catalog_function(definition, name)
                resources[name] = function
                pending.append(function)
        return resources

    async def _catalog_function(self, definition: Definition, name: str) -> Any:
        """Return the task that a catalog keeps under `name:version@catalog`, or that a URL gives."""
        if "://" in name:
            uri = _raw_content(name)
            return _as_task(_parse(await self._get(uri, None, "function"), uri), name)
        function, _, rest = name.partition(":")
        version, _, catalog = rest.partition("@")
        catalogs = (definition.ows.get("use") or {}).get("catalogs") or {}
        if catalog in catalogs:
            endpoint = catalogs[catalog].get("endpoint")
            root = endpoint if isinstance(endpoint, str) else endpoint.get("uri", "")
            policy = None if isinstance(endpoint, str) else endpoint.get("authentication")
            uri = _raw_content(f"{root.rstrip('/')}/functions/{function}/{version}/function.yaml")
            return _as_task(_parse(await self._get(uri, policy, "function"), uri), name)
        problems = []
        for place in self._catalog.places(function, version):
            try:
                return _as_task(_parse(await self._get(place, None, "function"), place), name)
            except HeadraceError as error:
                problems.append(str(error))
        raise HeadraceError(
            f"the function {name!r} was not found: "
            + ("; ".join(problems) or "no default catalog is set (--catalog FOLDER)")
        )

    async def _get(self, uri: str, policy: Any, what: str) -> bytes:
        if self._fetch is None:
            raise HeadraceError(f"the {what} {uri} cannot be fetched: fetching is not set up")
        return await self._fetch(uri, policy)


def _parse(data: bytes, uri: str) -> Any:
    source, problems = parse(data.decode("utf-8", "replace"), uri)
    if source is None or any(problem.severity == "error" for problem in problems):
        raise HeadraceError(f"{uri} is neither YAML nor JSON: {problems[0] if problems else ''}")
    return source.data


def _as_task(data: Any, name: str) -> Any:
    if not isinstance(data, dict):
        raise HeadraceError(f"the function {name!r} is not a task definition (an object)")
    return data


def _raw_content(uri: str) -> str:
    """Turn a repository page into the address of its content (dsl.md, "File Structure").

    `https://github.com/OWNER/REPO[/tree/REF]/PATH` becomes the raw file of branch `main` or of REF.
    """
    prefix = "https://github.com/"
    if not uri.startswith(prefix):
        return uri
    parts = uri[len(prefix) :].split("/")
    owner, repository, path = parts[0], parts[1], parts[2:]
    reference = "refs/heads/main"
    if len(path) >= 2 and path[0] in ("tree", "blob"):
        reference, path = f"refs/heads/{path[1]}", path[2:]
    return f"https://raw.githubusercontent.com/{owner}/{repository}/{reference}/{'/'.join(path)}"


def _called(value: Any) -> set[str]:
    """Return every name that a `call` in the data names."""
    found: set[str] = set()
    if isinstance(value, dict):
        name = value.get("call")
        if isinstance(name, str):
            found.add(name)
        for key, part in value.items():
            if key not in ("with", "set", "metadata", "document"):
                found |= _called(part)
    elif isinstance(value, list):
        for part in value:
            found |= _called(part)
    return found


def _schema_uris(value: Any) -> list[tuple[str, Any]]:
    """Return (URI, authentication) of every external schema in the data."""
    found: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        schema = value.get("schema")
        if isinstance(schema, dict) and isinstance(schema.get("resource"), dict) and "document" not in schema:
            endpoint = schema["resource"].get("endpoint")
            if isinstance(endpoint, str):
                found.append((endpoint, None))
            elif isinstance(endpoint, dict) and isinstance(endpoint.get("uri"), str):
                found.append((endpoint["uri"], endpoint.get("authentication")))
        for part in value.values():
            found += _schema_uris(part)
    elif isinstance(value, list):
        for part in value:
            found += _schema_uris(part)
    return found
