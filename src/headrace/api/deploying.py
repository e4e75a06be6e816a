"""Applying FlowApps: check, keep, and tell everything that runs on them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from headrace.api.conditional import etag
from headrace.api.problem import Problem, changed_meanwhile, conflict, not_found
from headrace.errors import HeadraceError
from headrace.runtime.clock import Clock
from headrace.runtime.definitions import Definitions, Deployed
from headrace.spec.flowapp import Definition, parse_definition
from headrace.spec.problem import Problem as SpecProblem
from headrace.store.flowapps import FlowAppChange, FlowAppRow, FlowApps
from headrace.store.port import StoreError

PAGE = 500
DEFINITION_FILE = Path("config") / "flowapp.yaml"

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """What runs on FlowApps: triggers, alerts, function hosts."""

    def check(self, deployed: Deployed) -> None:
        """Raise `HeadraceError` when this FlowApp cannot run beside the others."""
        ...

    async def apply(self, deployed: Deployed, *, paused: bool) -> None:
        """Run on this content from now on, whatever ran before."""
        ...

    async def remove(self, namespace: str, name: str) -> None:
        """Run nothing of this FlowApp any more."""
        ...


class Applied(msgspec.Struct, frozen=True):
    """What became of an application; `before` is what it took the place of."""

    row: FlowAppRow
    deployed: Deployed
    changed: bool
    before: FlowAppRow | None = None


class Deploying:
    """The deployed FlowApps. One per platform."""

    def __init__(
        self,
        *,
        flowapps: FlowApps,
        definitions: Definitions,
        clock: Clock,
        serve: Callable[[Deployed, Path | None], None],
        forget: Callable[[str, str], None],
        new_project: Callable[[str, str], Path | None] = lambda namespace, name: None,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._flowapps = flowapps
        self._definitions = definitions
        self._clock = clock
        self._serve = serve
        self._forget = forget
        self._new_project = new_project
        self._listeners = tuple(listeners)
        # What runs, so that starting needs no look into the store, which only this process writes.
        self._running: dict[tuple[str, str], tuple[FlowAppRow, Deployed]] = {}

    async def restore(self) -> int:
        """Run what an earlier process had deployed; return how many FlowApps that are.

        One that this version cannot read is reported and left alone.
        """
        after: tuple[str, str] | None = None
        count = 0
        while True:
            rows = await self._flowapps.page(after=after, limit=PAGE)
            for row in rows:
                try:
                    whole = await self._flowapps.get(row.namespace, row.name)
                    await self._run(whole or row, await self._definitions.by_digest(row.digest))
                    count += 1
                except HeadraceError as error:
                    _log.error("FlowApp %s/%s does not run: %s", row.namespace, row.name, error)
            if len(rows) < PAGE:
                return count
            after = (rows[-1].namespace, rows[-1].name)

    def validate(self, text: str, file: str) -> list[SpecProblem]:
        """Return all problems of a definition, warnings too."""
        return parse_definition(text, file)[1]

    async def apply(
        self,
        namespace: str,
        text: str,
        *,
        by: str,
        name: str | None = None,
        file: str = "flowapp.yaml",
        message: str = "",
        project: Path | None = None,
        strict: bool = False,
        expected_generation: int | None = None,
    ) -> Applied:
        """Check a definition, keep it, make it the current one, and run on it.

        Raises `InvalidDefinition` with all problems; `Problem` 400 for another namespace or name than the
        path's, 409 where `strict` and the version has other content, 412 when it is at another generation
        than `expected_generation`. After any of these nothing is changed.
        """
        definition, _ = parse_definition(text, file, compile_expression=None)
        if definition is not None:
            self._check_identity(definition.namespace, namespace, "/metadata/namespace", "namespace")
            if name is not None:
                self._check_identity(definition.name, name, "/metadata/name", "name")
            known = await self._flowapps.get(namespace, definition.name)
            _check_generation(known, expected_generation)
            if project is None and known is not None and known.project is not None:
                project = Path(known.project)
            elif project is None and _has_code(definition):
                # Its functions need a place for their code; from now on the flow lives there.
                project = await asyncio.to_thread(self._new_project, namespace, definition.name)
        if project is not None:
            file = str(project / DEFINITION_FILE)
        try:
            deployed = await self._definitions.deploy(text, file, self._clock.now(), local=not strict)
        except StoreError as error:
            raise conflict("version-taken", str(error), "give it a new `spec.version`") from error
        for listener in self._listeners:
            try:
                listener.check(deployed)
            except HeadraceError as error:
                raise conflict("cannot-run", str(error)) from error
        before = await self._flowapps.get(deployed.namespace, deployed.name)
        row = await self._flowapps.put(
            FlowAppChange(
                namespace=deployed.namespace,
                name=deployed.name,
                digest=deployed.row.digest,
                version=deployed.version,
                text=text,
                project=None if project is None else str(project),
                message=message,
                at=self._clock.now(),
                by=by,
                expected_generation=expected_generation,
            )
        )
        if row is None:
            _check_generation(await self._flowapps.get(namespace, deployed.name), expected_generation)
            raise conflict("changed-meanwhile", "the FlowApp was changed meanwhile", "read it again")
        if project is not None:
            await asyncio.to_thread(write_definition, project, text)
        await self._run(row, deployed)
        return Applied(row, deployed, before is None or before.generation != row.generation, before)

    async def current(self, namespace: str, name: str) -> tuple[FlowAppRow, Deployed]:
        """Return a FlowApp and its current content. Raises `Problem` 404."""
        running = self._running.get((namespace, name))
        if running is not None:
            return running
        row = await self._flowapps.get(namespace, name)
        if row is None:
            raise not_found("FlowApp", name, "list them with GET .../flowapps")
        return row, await self._definitions.by_digest(row.digest)

    def running(self, namespace: str) -> dict[str, Deployed]:
        """Return the current contents of the FlowApps of a namespace that run, by name."""
        return {name: deployed for (of, name), (_, deployed) in self._running.items() if of == namespace}

    async def version(self, namespace: str, name: str, version: str) -> Deployed:
        """Return a content that a FlowApp has or had: by its version, or `latest`. Raises `Problem` 404."""
        row, deployed = await self.current(namespace, name)
        if version in ("latest", row.version):
            return deployed
        try:
            return await self._definitions.by_name(namespace, name, version)
        except StoreError:
            raise
        except HeadraceError as error:
            raise not_found("version", version, str(error)) from error

    async def pause(self, namespace: str, name: str, paused: bool, by: str) -> FlowAppRow:
        """Let a FlowApp's triggers start nothing more, or start again. Raises `Problem` 404."""
        row = await self._flowapps.pause(namespace, name, paused, self._clock.now(), by)
        if row is None:
            raise not_found("FlowApp", name)
        await self._run(row, await self._definitions.by_digest(row.digest))
        return row

    async def remove(self, namespace: str, name: str) -> None:
        """Undeploy: nothing starts any more; executions that run go on, and history stays.

        Its project keeps all files; the definition is set aside, or the next start would deploy it again.
        """
        row = await self._flowapps.get(namespace, name)
        if row is None or not await self._flowapps.remove(namespace, name):
            raise not_found("FlowApp", name)
        if row.project is not None:
            await asyncio.to_thread(set_aside, Path(row.project))
        self._running.pop((namespace, name), None)
        for listener in self._listeners:
            await listener.remove(namespace, name)
        self._forget(namespace, name)

    async def _run(self, row: FlowAppRow, deployed: Deployed) -> None:
        self._serve(deployed, None if row.project is None else Path(row.project))
        for listener in self._listeners:
            await listener.apply(deployed, paused=row.paused)
        self._running[row.namespace, row.name] = (row, deployed)

    def _check_identity(self, written: str, wanted: str, pointer: str, what: str) -> None:
        if written != wanted:
            raise Problem(
                400,
                "other-place",
                f"the definition's {what} is {written!r}, the path's is {wanted!r}",
                remedy="make them the same",
                pointer=pointer,
            )


def _has_code(definition: Definition) -> bool:
    """Return whether functions of a definition are to run here."""
    return any(not (entry or {}).get("url") for entry in definition.functions.values())


def write_definition(project: Path, text: str) -> None:
    """Write a definition to its project, unless it is there: the file in git is the truth.

    The file is replaced whole, so that a reader never sees half of it. Raises `HeadraceError`.
    """
    file = project / DEFINITION_FILE
    with contextlib.suppress(OSError):
        if file.read_text("utf-8") == text:
            return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        fresh.write_text(text, "utf-8")
        os.replace(fresh, file)
    except OSError as error:
        raise HeadraceError(f"the FlowApp is deployed, but {file} cannot be written: {error}") from error


def set_aside(project: Path) -> None:
    """Rename the definition of a project, so that the project is none any more; nothing is lost."""
    file = project / DEFINITION_FILE
    try:
        file.replace(file.with_name(f"{file.name}.deleted"))
    except FileNotFoundError:
        return
    except OSError as error:
        _log.warning("%s cannot be set aside; the next start deploys it again: %s", file, error)


def _check_generation(row: FlowAppRow | None, expected: int | None) -> None:
    generation = 0 if row is None else row.generation
    if expected is not None and expected != generation:
        who = "" if row is None else f" by {row.updated_by}"
        problem = changed_meanwhile(
            f"the FlowApp is at generation {generation}{who}, not at {expected}",
            None if row is None else etag(row.generation, row.paused),
        )
        problem.members["generation"] = generation
        raise problem
