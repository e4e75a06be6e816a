"""Calls of kind `shell`, and what all processes share (dsl-reference.md, "Run", "Process Result")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headrace.call.child import Children, Outcome, clean_environment
from headrace.call.performer import CallError, call_error, completed, failed, here
from headrace.call.request import plain_text
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed

_RETURNS = ("stdout", "stderr", "code", "all", "none")
_STDERR_CHARACTERS = 2000  # in the detail of an error
# Linux refuses a single argument of 128 KiB; environment and arguments together may have more.
_ARGUMENT_BYTES_MAX = 128 * 1024 - 1


@dataclass(frozen=True, slots=True)
class ProcessOptions:
    """How processes run. Whoever runs a shared server may take kinds out: processes run as its user."""

    kinds: frozenset[str] = frozenset({"shell", "script", "container"})
    output_bytes_max: int = 10 * 1024 * 1024  # of stdout and of stderr
    terminate_seconds: float = 5.0  # between SIGTERM and SIGKILL


@dataclass(frozen=True, slots=True)
class Work:
    """A program to run, ready to be started."""

    argv: list[str]
    stdin: bytes | None
    environment: dict[str, str]
    when_done: Callable[[], None] | None = None


class ShellPerformer:
    """Performs calls of kind `shell`: `sh -c` with the arguments as `$1`, `$2`, ..."""

    def __init__(self, children: Children, base_dir: Path) -> None:
        self._children = children
        self._base_dir = base_dir

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Run the command and answer with what `return` asks for."""
        try:
            shell = definition_of(call, "shell")
            command = shell.get("command")
            if not isinstance(command, str):
                raise call_error("configuration", "unusable `command`", "it is a text")
            work = Work(
                ["/bin/sh", "-c", command, "sh", *argument_list(shell.get("arguments"))],
                stdin_of(shell.get("stdin")),
                clean_environment(environment_of(shell.get("environment"))),
            )
            output = await output_of(self._children, call, work, self._base_dir)
            return completed(call, output, worker=here())
        except CallError as failure:
            return failed(call, failure, worker=here())

    async def aclose(self) -> None:
        """Nothing to give back: the children belong to whoever made them."""


async def output_of(children: Children, call: Invoke, work: Work, directory: Path) -> Any:
    """Run `work` and return the task's output. Raises `CallError`.

    Not awaited, the output is the task's transformed input, as the reference says.
    """
    returned = returned_of(call.arguments)
    try:
        if not awaited(call.arguments):
            await children.start(
                work.argv,
                stdin=work.stdin,
                environment=work.environment,
                directory=directory,
                when_done=work.when_done,
            )
            return call.input
        try:
            outcome = await children.run(
                work.argv, stdin=work.stdin, environment=work.environment, directory=directory
            )
        finally:
            if work.when_done is not None:
                work.when_done()
    except FileNotFoundError as error:
        missing = error.filename or work.argv[0]
        raise call_error(
            "configuration", "the process cannot be started", f"{missing} does not exist"
        ) from error
    except OSError as error:
        raise call_error(
            "runtime", "the process cannot be started", error.strerror or str(error), retryable=True
        ) from error
    return result_of(outcome, returned)


def definition_of(call: Invoke, kind: str) -> Mapping[str, Any]:
    """Return the definition of a process in the arguments of `call`. Raises `CallError` (configuration)."""
    definition = call.arguments.get(kind) if isinstance(call.arguments, Mapping) else None
    if not isinstance(definition, Mapping):
        raise call_error("configuration", "unusable process", f"`run.{kind}` is not an object")
    return definition


def returned_of(arguments: Mapping[str, Any]) -> str:
    """Return what the output shall be: `stdout` (default), `stderr`, `code`, `all` or `none`."""
    returned = arguments.get("return") or "stdout"
    if returned not in _RETURNS:
        raise call_error(
            "configuration", f"unknown return {returned!r}", f"it is one of {', '.join(_RETURNS)}"
        )
    return str(returned)


def awaited(arguments: Mapping[str, Any]) -> bool:
    """Tell whether the task waits for the process; it does unless `await` is false."""
    return arguments.get("await") is not False


def result_of(outcome: Outcome, returned: str) -> Any:
    """Return the output that `returned` asks for.

    A process that fails is an error, unless the author asks to see its code (`code`, `all`). Newlines at
    the end of the texts are dropped, as `$(...)` does in a shell. Raises `CallError` (runtime).
    """
    stdout, stderr = _text(outcome.stdout), _text(outcome.stderr)
    if returned == "code":
        return outcome.code
    if returned == "all":
        return {"code": outcome.code, "stdout": stdout, "stderr": stderr}
    if outcome.code != 0:
        # The end of stderr, because that is where programs say why they gave up.
        end = stderr if len(stderr) <= _STDERR_CHARACTERS else "[...] " + stderr[-_STDERR_CHARACTERS:]
        raise call_error("runtime", f"the process exited with code {outcome.code}", end.strip() or None)
    if returned == "none":
        return None
    return stdout if returned == "stdout" else stderr


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace").rstrip("\n").removesuffix("\r")


def argument_list(arguments: Any) -> list[str]:
    """Return positional arguments as texts; what is not text is passed as JSON."""
    if arguments is None:
        return []
    if not isinstance(arguments, list):
        raise call_error("configuration", "unusable `arguments`", "they are a list of texts")
    return [_argument(value, f"argument {number}") for number, value in enumerate(arguments, 1)]


def environment_of(environment: Any) -> dict[str, str]:
    """Return environment variables as texts; `null` leaves one out. Raises `CallError` (configuration)."""
    if environment is None:
        return {}
    if not isinstance(environment, Mapping):
        raise call_error("configuration", "unusable `environment`", "it is an object of names and values")
    for name in environment:
        if not name or "=" in name or "\0" in name:
            raise call_error("configuration", "unusable `environment`", f"{name!r} is no variable name")
    return {
        name: _argument(value, f"environment variable {name}")
        for name, value in environment.items()
        if value is not None
    }


def _argument(value: Any, what: str) -> str:
    text = plain_text(value)
    if "\0" in text:
        raise call_error("configuration", f"unusable {what}", "it holds a NUL character")
    if len(text.encode("utf-8", "surrogatepass")) > _ARGUMENT_BYTES_MAX:
        raise call_error("configuration", f"unusable {what}", "it is too long; pass it by `stdin`")
    return text


def stdin_of(stdin: Any) -> bytes | None:
    """Return the standard input: text in UTF-8, anything else as JSON; `None` is an empty one."""
    return None if stdin is None else plain_text(stdin).encode()
