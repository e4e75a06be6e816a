"""Performs what a task asks for: functions, HTTP, OpenAPI, processes, scripts, containers.

`standard_calls` puts everything together; `Calls.perform` answers an `Invoke` with `CallCompleted` or
`CallFailed`, and never raises for it.
"""

from headrace.call.calls import Calls
from headrace.call.client import HttpOptions
from headrace.call.function import FunctionTargets
from headrace.call.inprocess import FunctionContext
from headrace.call.performer import Performer
from headrace.call.policy import HostPolicy
from headrace.call.standard import standard_calls

__all__ = [
    "Calls",
    "FunctionContext",
    "FunctionTargets",
    "HostPolicy",
    "HttpOptions",
    "Performer",
    "standard_calls",
]
