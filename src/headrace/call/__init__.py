"""Performs what a task asks for: functions, HTTP, OpenAPI, processes, scripts, containers.

`standard_calls` puts everything together; `Calls.perform` answers an `Invoke` with `CallCompleted` or
`CallFailed`, and never raises for it.
"""

from headrace.call.calls import Calls
from headrace.call.client import HttpOptions
from headrace.call.function import FunctionTargets
from headrace.call.inprocess import FunctionContext
from headrace.call.performer import CallError, Performer
from headrace.call.policy import HostPolicy
from headrace.call.process import ProcessOptions
from headrace.call.resource import Resources
from headrace.call.standard import StandardCalls, standard_calls

__all__ = [
    "CallError",
    "Calls",
    "FunctionContext",
    "FunctionTargets",
    "HostPolicy",
    "HttpOptions",
    "Performer",
    "ProcessOptions",
    "Resources",
    "StandardCalls",
    "standard_calls",
]
