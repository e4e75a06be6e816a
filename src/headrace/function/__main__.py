"""`python -m headrace.function PATH [--name NAME]`: serve the function of a file or a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from headrace.errors import HeadraceError
from headrace.function import capture
from headrace.function.load import load_function
from headrace.function.server import serve


def main() -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m headrace.function",
        description="Serve the @function of a Python file or folder over HTTP, on HOST and PORT.",
    )
    parser.add_argument("path", type=Path, help="a Python file, or a folder with main.py")
    parser.add_argument("--name", help="which function, when there are several")
    arguments = parser.parse_args()
    capture.install()  # before the function's module can keep a reference to sys.stderr
    try:
        serve(load_function(arguments.path, arguments.name))
    except HeadraceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
