"""Headrace: durable workflows with a work queue at their heart.

`from headrace import Headrace` is the library; the names below are loaded when they are first used, so that
importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from headrace.main import ExecutionFaulted, Handle, Headrace
    from headrace.runtime.clock import ManualClock

__all__ = ["ExecutionFaulted", "Handle", "Headrace", "ManualClock", "__version__"]

_PLACES = {
    "ExecutionFaulted": "headrace.main",
    "Handle": "headrace.main",
    "Headrace": "headrace.main",
    "ManualClock": "headrace.runtime.clock",
}


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'headrace' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(place), name)
