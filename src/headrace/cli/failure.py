"""Errors on their way to the person: a message that helps, never a traceback unless it is asked for."""

from __future__ import annotations

import os
import sys

from headrace.cli import exit_codes


def report(error: BaseException) -> None:
    """Write an error to stderr, with the traceback under HEADRACE_DEBUG=1."""
    from headrace.cli.terminal import Paint
    from headrace.errors import HeadraceError

    if os.environ.get("HEADRACE_DEBUG") not in (None, "", "0"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    paint = Paint.of(sys.stderr)
    label = paint("error:", "red", "bold")
    if isinstance(error, HeadraceError):
        print(f"{label} {error}", file=sys.stderr)
        return
    text = str(error)
    print(
        f"{label} {type(error).__name__}{': ' + text if text else ''}\n"
        "This is a defect of Headrace. Set HEADRACE_DEBUG=1 to see where it happened, and report it.",
        file=sys.stderr,
    )


def exit_code_of(error: BaseException) -> int:
    """Return the exit code for an error that ended a command."""
    from headrace.errors import HeadraceError

    if not isinstance(error, HeadraceError):
        return exit_codes.INTERNAL
    from headrace.cli.client.failure import ServerUnavailable
    from headrace.store.port import StoreError

    return exit_codes.STORE if isinstance(error, StoreError | ServerUnavailable) else exit_codes.USAGE
