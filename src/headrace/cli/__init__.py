"""The command line, one file per command.

Nothing is imported here: `headrace --help` must answer at once, and a command loads the engine only when it
runs one.
"""

from __future__ import annotations


def main() -> None:
    """Run `headrace` with the arguments of the process; the entry point of the package."""
    from headrace.cli.app import main as run

    run()
