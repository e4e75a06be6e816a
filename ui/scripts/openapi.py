"""Write the API's OpenAPI document to standard output, without starting a server."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any, cast

from headrace.api.app import create_app
from headrace.api.description import description


def main() -> None:
    """Print the document."""
    # The routes are the same whatever platform is behind them; only the version is asked of it.
    app = create_app(cast(Any, SimpleNamespace(version="0")))
    json.dump(description(app), sys.stdout)


if __name__ == "__main__":
    main()
