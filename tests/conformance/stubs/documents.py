"""Where the specification's documents are: `HEADRACE_OWS_DIR`, or `../shared/ows` beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

OWS = Path(os.environ.get("HEADRACE_OWS_DIR") or Path(__file__).parents[3].parent / "shared" / "ows")


def need(folder: Path) -> None:
    """Skip the test where the documents are missing; in CI they must be there, so fail."""
    if not folder.is_dir():
        message = f"the specification's documents are not at {folder}; set HEADRACE_OWS_DIR"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
