"""A server per test. A module may give it Python functions by a fixture `functions` of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from integration.api.served import Served, options


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return {}


@pytest.fixture
async def served(tmp_path: Path, functions: Mapping[str, Any]) -> AsyncIterator[Served]:
    running = Served(options(tmp_path, functions=functions))
    await running.start()
    yield running
    await running.stop()
