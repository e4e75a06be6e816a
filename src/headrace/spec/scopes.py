"""What an expression can see at each place (dsl.md, "Runtime expression arguments").

The table of the specification says which of the arguments (`$context`, `$input`, ...) exist where. Loops
and catches add variables of their own to everything inside of them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.spec.walk import Rescope, Scope

_ALWAYS = frozenset({"secrets", "workflow", "runtime"})
ALL_ARGUMENTS = _ALWAYS | {"context", "input", "output", "task", "authorization"}

# Before there is an execution: nothing of a workflow, and no secrets for what somebody sent.
TRIGGER = frozenset({"runtime"})
WORKFLOW_INPUT = _ALWAYS
WORKFLOW_OUTPUT = _ALWAYS | {"context"}
WORKFLOW_TIMEOUT = _ALWAYS | {"input"}
TASK_BEFORE = _ALWAYS | {"context", "task"}
TASK_BODY = TASK_BEFORE | {"input", "authorization"}
TASK_EXPORT = TASK_BODY | {"output"}
EXTENSION = TASK_BEFORE | {"input"}


def at(place: str, arguments: frozenset[str]) -> Rescope:
    """Make the scope of a place: the arguments are the place's, the variables stay."""

    def rescope(scope: Scope, _: Any) -> Scope:
        return msgspec.structs.replace(scope, place=place, arguments=arguments)

    return rescope


def _named(scope: Scope, *names: Any) -> Scope:
    more = {name for name in names if isinstance(name, str)}
    return msgspec.structs.replace(scope, variables=scope.variables | more)


def inside_for(scope: Scope, task: Any) -> Scope:
    """Add the variables of a `for` task."""
    loop = task.get("for")
    if not isinstance(loop, dict):
        loop = {}
    return _named(scope, loop.get("each", "item"), loop.get("at", "index"))


def inside_foreach(scope: Scope, iterator: Any) -> Scope:
    """Add the variables of a subscription iterator."""
    return _named(scope, iterator.get("item", "item"), iterator.get("at", "index"))


def inside_catch(scope: Scope, catch: Any) -> Scope:
    """Add the variable that holds the caught error."""
    return _named(scope, catch.get("as", "error"))


def function_body(scope: Scope, _: Any) -> Scope:
    """A function sees nothing of its caller but the input: no variables, no siblings."""
    return msgspec.structs.replace(scope, variables=frozenset(), siblings=None)


def _names(tasks: list[Any]) -> tuple[str, ...]:
    return tuple(name for item in tasks if isinstance(item, dict) for name in item)


def task_list(scope: Scope, tasks: Any) -> Scope:
    """Make the tasks of a list each other's siblings."""
    return msgspec.structs.replace(scope, siblings=_names(tasks), parallel=False)


def branches(scope: Scope, tasks: Any) -> Scope:
    """Make the branches of a fork each other's siblings, which run at the same time."""
    return msgspec.structs.replace(scope, siblings=_names(tasks), parallel=True)
