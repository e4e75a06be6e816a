"""`headrace version`."""

from __future__ import annotations

import platform


def version() -> None:
    """Print the versions of Headrace, Python and SQLite."""
    import sqlite3

    from headrace import __version__

    print(f"headrace {__version__}")
    print(f"python {platform.python_version()}  sqlite {sqlite3.sqlite_version}  {platform.system().lower()}")
