"""A command as application: a process per item; exit code decides, standard output is the result."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from headrace.call.child import Children
from headrace.call.performer import CallError
from headrace.queue.port import Done, Leased
from headrace.worker.application import ApplicationError, Outcome, failed

ItemForm = Literal["stdin", "arg", "file"]

# Stands for the item (or for its file) in an argument; as in xargs and find.
PLACE = "{}"

# sysexits.h: come back later. Said here only to be kept out of the final codes.
EX_TEMPFAIL = 75

# The reader's own: the application knows nothing of queues, and the address may hold a password.
_NOT_INHERITED = ("HEADRACE_QUEUE", "HEADRACE_SECRET_KEY", "HEADRACE_TOKEN")


class CommandApplication:
    """An `Application`: runs a command for each item.

    `command` is split as a shell would, and run without one; with `shell`, it is a shell's text, which finds
    the item (or its file) as "$1". The item comes on standard input, as an argument, or in a file whose path
    is the argument: in place of `{}`, or as the last one.

    Exit code 0 completes the item, with standard output as result; `final_codes` set it aside; any other one
    (75, "come back later", among them) fails it with another attempt. The error is the end of standard error.
    """

    def __init__(
        self,
        command: str,
        *,
        queue: str,
        item: ItemForm = "stdin",
        shell: bool = False,
        final_codes: Collection[int] = (),
        output_bytes_max: int = 1024 * 1024,
        terminate_seconds: float = 5.0,
        worker_id: str = "",
    ) -> None:
        """Raises `ApplicationError` for a command that cannot be run, so that no item is spent on it."""
        self._form = item
        self._final_codes = frozenset(final_codes)
        if EX_TEMPFAIL in self._final_codes:
            raise ApplicationError(f"exit code {EX_TEMPFAIL} means 'try again'; it cannot be a final one")
        self._words = self._words_of(command, shell)
        self._children = Children(output_bytes_max=output_bytes_max, terminate_seconds=terminate_seconds)
        self._directory = Path.cwd()
        self._environment = {k: v for k, v in os.environ.items() if k not in _NOT_INHERITED}
        self._environment |= {"HEADRACE_QUEUE_NAME": queue, "HEADRACE_WORKER": worker_id}
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def _words_of(self, command: str, shell: bool) -> list[str]:
        if shell:
            # `$0` is what error messages begin with.
            return ["/bin/sh", "-c", command, "sh", *((PLACE,) if self._form != "stdin" else ())]
        try:
            words = shlex.split(command)
        except ValueError as error:
            raise ApplicationError(f"the command cannot be split into words: {error}: {command}") from error
        if not words:
            raise ApplicationError("the command is empty")
        if shutil.which(words[0]) is None:
            raise ApplicationError(
                f"there is no program {words[0]!r} to run; give its path, or --shell for a shell's text"
            )
        if self._form == "stdin":
            if any(PLACE in word for word in words):
                raise ApplicationError(
                    f"the command has {PLACE}, but items come on standard input; "
                    "choose --item arg or --item file"
                )
        elif not any(PLACE in word for word in words[1:]):
            words.append(PLACE)
        return words

    async def start(self) -> None:
        """Make the folder for items in files."""
        if self._form == "file":
            self._scratch = tempfile.TemporaryDirectory(prefix="headrace-items-")

    async def handle(self, item: Leased) -> Outcome:
        """Run the command for an item; a cancelled call ends the command and what it has started."""
        stdin: bytes | None = None
        filled: str | None = None
        try:
            if self._form == "stdin":
                stdin = item.payload
            elif self._form == "arg":
                filled = os.fsdecode(item.payload)
                if "\0" in filled:
                    return failed(item, "the item has a NUL byte, so it cannot be an argument", final=True)
            else:
                filled = self._write(item)
            words = self._words if filled is None else self._filled(filled)
            return await self._run(item, words, stdin)
        finally:
            if self._form == "file" and filled is not None:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(filled)

    def _filled(self, value: str) -> list[str]:
        if self._words[0] == "/bin/sh" and self._words[-1] == PLACE:
            # The shell's text is left alone: an item that is pasted into it could be a command.
            return [*self._words[:-1], value]
        return [self._words[0], *(word.replace(PLACE, value) for word in self._words[1:])]

    def _write(self, item: Leased) -> str:
        assert self._scratch is not None
        path = os.path.join(self._scratch.name, f"{item.token}-{os.urandom(4).hex()}")
        Path(path).write_bytes(item.payload)
        return path

    async def _run(self, item: Leased, words: Sequence[str], stdin: bytes | None) -> Outcome:
        environment = {
            **self._environment,
            "HEADRACE_ITEM_ID": item.id,
            "HEADRACE_ATTEMPT": str(item.attempt),
        }
        if item.headers and "traceparent" in item.headers:
            environment["TRACEPARENT"] = item.headers["traceparent"]
        try:
            ended = await self._children.run(
                words, stdin=stdin, environment=environment, directory=self._directory
            )
        except CallError as error:  # it wrote more than is kept, and would again
            return failed(item, str(error), final=True)
        except (OSError, ValueError) as error:
            too_long = isinstance(error, OSError) and error.errno == 7  # E2BIG
            hint = "; choose --item stdin or --item file" if too_long else ""
            return failed(item, f"the command cannot be run: {error}{hint}", final=too_long)
        if ended.code == 0:
            return Done(item.id, item.token, ended.stdout or None)
        text = ended.stderr.decode("utf-8", "replace").strip() or "it wrote nothing to standard error"
        return failed(item, f"exit code {ended.code}: {text}", final=ended.code in self._final_codes)

    async def aclose(self) -> None:
        """End the commands that still run."""
        await self._children.aclose()
        if self._scratch is not None:
            await asyncio.to_thread(self._scratch.cleanup)


def exit_codes_of(text: str) -> frozenset[int]:
    """Read a list of exit codes with ranges, `64,70-74`. Raises `ApplicationError`."""
    codes: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        try:
            codes.update(range(int(first), int(last if dash else first) + 1))
        except ValueError:
            raise ApplicationError(f"{part!r} is no exit code or range of them, as in 64,70-74") from None
    if any(not 1 <= code <= 255 for code in codes):
        raise ApplicationError(f"{text}: exit codes that say 'failed' are from 1 to 255")
    return frozenset(codes)
