"""Calls of kind `container` (dsl-reference.md, "Container Process"), by the command line of an engine.

Podman and Docker understand the same commands; whichever is installed and works is used.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headrace.call.child import Children, clean_environment
from headrace.call.performer import CallError, call_error, completed, excerpt, failed, here, seconds_of
from headrace.call.process import (
    argument_list,
    awaited,
    definition_of,
    environment_of,
    result_of,
    returned_of,
    stdin_of,
)
from headrace.call.request import plain_text
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed

ENGINES = ("podman", "docker")
_PULL = {"ifNotPresent": "missing", "always": "always", "never": "never"}
_CLEANUPS = ("always", "never", "eventually")
_LABEL = "headrace.invocation"
_NAMESPACE = uuid.UUID("6f1d7f5c-1f3e-5c56-9b3c-0d5f0b2a7c11")
# Where the engine's command line finds its daemon, storage and registry logins.
_ENGINE_VARIABLES = (
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_CERT_PATH",
    "DOCKER_TLS_VERIFY",
    "CONTAINER_HOST",
    "CONTAINERS_CONF",
    "CONTAINERS_STORAGE_CONF",
    "REGISTRY_AUTH_FILE",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)
_ENGINE_FAILED = 125  # the exit code of `run` when the engine, not the container, failed
_ENGINE_TRUSTED_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class ContainerRun:
    """A container to run: the engine's arguments, and the variables its command line needs."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    stdin: bytes | None
    cleanup: str
    after_seconds: float


def container_run(call: Invoke) -> ContainerRun:
    """Translate the arguments of `call` into `run ...` of podman or docker. Raises `CallError`.

    Values of environment variables are not among the arguments, where every user of the machine could
    read them: the engine takes them from its own environment.
    """
    container = definition_of(call, "container")
    image = container.get("image")
    if not isinstance(image, str) or not image or image.startswith("-"):
        raise call_error("configuration", "unusable `image`", f"{image!r} is no image name")
    name = _name(container.get("name"), call)
    pull = container.get("pullPolicy") or "ifNotPresent"
    if pull not in _PULL:
        raise call_error("configuration", f"unknown pull policy {pull!r}", f"it is one of {', '.join(_PULL)}")
    cleanup, after_seconds = _lifetime(container.get("lifetime"))
    asked = environment_of(container.get("environment"))
    own = clean_environment({}, _ENGINE_VARIABLES)
    arguments = ["run", "--name", name, f"--pull={_PULL[pull]}", "--label", f"{_LABEL}={call.invocation_id}"]
    passed: dict[str, str] = {}
    for variable, value in asked.items():
        if variable in own or variable in _ENGINE_VARIABLES:  # it must not change the engine's own
            arguments += ["--env", f"{variable}={value}"]
        else:
            arguments += ["--env", variable]
            passed[variable] = value
    for host, inside in _pairs(container.get("ports"), "ports"):
        arguments += ["--publish", f"{host}:{inside}"]
    for host, inside in _pairs(container.get("volumes"), "volumes"):
        arguments += ["--volume", f"{host}:{inside}"]
    stdin = stdin_of(container.get("stdin"))
    if stdin is not None:
        arguments.append("--interactive")
    command = container.get("command")
    extra = argument_list(container.get("arguments"))
    if command is None:
        arguments += [image, *extra]
    elif isinstance(command, str):
        # The reference's example is a script with `$1` and `$2`: a shell runs it, whatever the entrypoint.
        arguments += ["--entrypoint", "/bin/sh", image, "-c", command, "sh", *extra]
    else:
        raise call_error("configuration", "unusable `command`", "it is a text")
    return ContainerRun(name, arguments, {**own, **passed}, stdin, cleanup, after_seconds)


def _name(given: Any, call: Invoke) -> str:
    if given is not None:
        if not isinstance(given, str) or not re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*", given):
            raise call_error(
                "configuration", "unusable `name`", f"{given!r} is no container name: letters, digits, _ . -"
            )
        return given
    # {workflow.name}-{uuid}.{workflow.namespace}-{task.name}; the uuid is that of the attempt.
    flow, _, _ = call.flow.partition(":")
    namespace, _, workflow = flow.rpartition("/")
    task = call.pointer.rpartition("/")[2]
    made = f"{workflow}-{uuid.uuid5(_NAMESPACE, call.invocation_id)}.{namespace or 'default'}-{task}"
    return re.sub(r"[^a-zA-Z0-9_.-]", "_", made).lstrip("_.-")


def _lifetime(lifetime: Any) -> tuple[str, float]:
    if lifetime is None:
        return "never", 0.0
    cleanup = lifetime.get("cleanup") if isinstance(lifetime, Mapping) else None
    if cleanup not in _CLEANUPS:
        raise call_error(
            "configuration", "unusable `lifetime`", f"its `cleanup` is one of {', '.join(_CLEANUPS)}"
        )
    if cleanup != "eventually":
        return str(cleanup), 0.0
    if lifetime.get("after") is None:
        raise call_error("configuration", "incomplete `lifetime`", "`cleanup: eventually` needs `after`")
    return "eventually", seconds_of(lifetime["after"], "the lifetime's `after`")


def _pairs(mapping: Any, what: str) -> list[tuple[str, str]]:
    if mapping is None:
        return []
    if not isinstance(mapping, Mapping):
        raise call_error("configuration", f"unusable `{what}`", "they map the host's to the container's")
    return [(str(host), plain_text(inside)) for host, inside in mapping.items()]


class ContainerPerformer:
    """Performs calls of kind `container`. `engines` are the command lines to look for, best first."""

    def __init__(self, children: Children, base_dir: Path, *, engines: tuple[str, ...] = ENGINES) -> None:
        self._children = children
        self._base_dir = base_dir
        self._engines = engines
        self._found: tuple[str, float] | None = None

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Run the container and answer with what `return` asks for."""
        try:
            returned = returned_of(call.arguments) if isinstance(call.arguments, Mapping) else "stdout"
            run = container_run(call)
            engine = await self._engine()
            # What an earlier delivery of this very attempt may have left must not run beside this one.
            await self._remove_leftovers(engine, call)
            if not awaited(call.arguments):
                self._children.spawn(self._run_unawaited(engine, run))
                return completed(call, call.input, worker=here())
            return completed(call, await self._run(engine, run, returned), worker=here())
        except CallError as failure:
            return failed(call, failure, worker=here())
        except OSError as error:
            self._found = None
            return failed(
                call, call_error("runtime", "the container engine cannot be started", error.strerror)
            )

    async def aclose(self) -> None:
        """Nothing to give back: the children belong to whoever made them."""

    async def _run(self, engine: str, run: ContainerRun, returned: str) -> Any:
        ended = False
        try:
            outcome = await self._children.run(
                [engine, *run.arguments],
                stdin=run.stdin,
                environment=run.environment,
                directory=self._base_dir,
            )
            ended = True
        finally:
            if run.cleanup == "eventually" and ended:
                self._children.spawn(self._remove_later(engine, run))
            elif run.cleanup != "never":
                # Awaited, so that the next one of the same name finds it free.
                await asyncio.shield(self._children.finish(self._quietly(engine, "rm", "--force", run.name)))
            elif not ended:
                # Engines keep the container of a killed command line running: they have to be told.
                await asyncio.shield(self._children.finish(self._quietly(engine, "kill", run.name)))
        if outcome.code == _ENGINE_FAILED:
            self._found = None
            raise call_error(
                "runtime",
                "the container could not be started",
                excerpt(outcome.stderr.decode("utf-8", "replace")),
                retryable=True,
            )
        return result_of(outcome, returned)

    async def _run_unawaited(self, engine: str, run: ContainerRun) -> None:
        try:
            await self._run(engine, run, "code")
        except (CallError, OSError):
            return  # nobody waits for the outcome

    async def _remove_later(self, engine: str, run: ContainerRun) -> None:
        """Delete a container after its time; earlier when the server stops before."""
        try:
            await asyncio.sleep(run.after_seconds)
        finally:
            self._children.finish(self._quietly(engine, "rm", "--force", run.name))

    async def _remove_leftovers(self, engine: str, call: Invoke) -> None:
        label = f"label={_LABEL}={call.invocation_id}"
        outcome = await self._ask(engine, "ps", "--all", "--quiet", "--filter", label)
        identifiers = outcome.split()
        if identifiers:
            await self._quietly(engine, "rm", "--force", *identifiers)

    async def _engine(self) -> str:
        """Return the path of an engine that works. Raises `CallError` (configuration)."""
        now = time.monotonic()
        if self._found is not None and now - self._found[1] < _ENGINE_TRUSTED_SECONDS:
            return self._found[0]
        problems: list[str] = []
        for name in self._engines:
            path = shutil.which(name)
            if path is None:
                problems.append(f"{name} is not installed")
                continue
            try:
                await self._ask(path, "ps", "--quiet")
            except CallError as error:
                problems.append(f"{name} does not work: {error.error.detail}")
            else:
                self._found = (path, now)
                return path
        raise call_error(
            "configuration",
            "no container engine",
            f"{'; '.join(problems)}. Install podman, or docker with its daemon running, on this server",
        )

    async def _ask(self, engine: str, *arguments: str) -> str:
        outcome = await self._children.run(
            [engine, *arguments],
            stdin=None,
            environment=clean_environment({}, _ENGINE_VARIABLES),
            directory=Path(os.sep),
        )
        if outcome.code != 0:
            raise call_error(
                "runtime", "the container engine failed", excerpt(outcome.stderr.decode("utf-8", "replace"))
            )
        return outcome.stdout.decode("utf-8", "replace")

    async def _quietly(self, engine: str, *arguments: str) -> None:
        try:
            await self._ask(engine, *arguments)
        except (CallError, OSError):
            return  # it is gone already, or the engine is
