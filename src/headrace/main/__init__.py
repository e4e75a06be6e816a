"""The composition root: the only place that names concrete backends.

`library.py` is the engine inside a program, `hosts.py` its function processes, `server.py` the platform.
"""

from headrace.main.library import (
    DEFAULT_NAMESPACE,
    ExecutionFaulted,
    Handle,
    Headrace,
    InvalidDefinition,
    open_store,
)

__all__ = ["DEFAULT_NAMESPACE", "ExecutionFaulted", "Handle", "Headrace", "InvalidDefinition", "open_store"]
