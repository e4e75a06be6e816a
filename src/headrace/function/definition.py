"""`@function`: marks a callable as a function of a flow and leaves it callable."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, overload

from headrace.function.context import Context


class Function:
    """A callable that takes the data and, if it declares a second parameter, the `Context`.

    `name` defaults to the callable's name with dashes for underscores. `threads` is how many invocations of
    a sync callable run at the same time (`None`: the server's choice). Raises `TypeError` for a callable
    with no parameter for the data, or with more required parameters than two.
    """

    def __init__(self, target: Callable[..., Any], *, name: str | None = None, threads: int | None = None):
        functools.update_wrapper(self, target)
        self.target = target
        self.name = name or getattr(target, "__name__", type(target).__name__).replace("_", "-")
        self.threads = threads
        self.is_async = inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(
            getattr(target, "__call__", None)  # noqa: B004 - an object with an async __call__
        )
        self.takes_context = _takes_context(target, self.name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it directly, as tests and library mode do; a missing context becomes an empty one."""
        if self.takes_context and len(args) == 1 and not kwargs:
            return self.target(args[0], Context())
        return self.target(*args, **kwargs)

    def invoke(self, data: Any, context: Context) -> Any:
        """Call it with what it declares; returns an awaitable when `is_async`."""
        return self.target(data, context) if self.takes_context else self.target(data)

    def __repr__(self) -> str:
        return f"Function({self.name!r})"


@overload
def function(target: Callable[..., Any], /) -> Function: ...


@overload
def function(
    *, name: str | None = None, threads: int | None = None
) -> Callable[[Callable[..., Any]], Function]: ...


def function(
    target: Callable[..., Any] | None = None, /, *, name: str | None = None, threads: int | None = None
) -> Function | Callable[[Callable[..., Any]], Function]:
    """Mark a sync or async callable as a function: `@function`, or `@function(name=…, threads=…)`."""
    if target is not None:
        return Function(target)
    return lambda decorated: Function(decorated, name=name, threads=threads)


def _takes_context(target: Callable[..., Any], name: str) -> bool:
    positional = 0
    required = 0
    for parameter in inspect.signature(target).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional = max(positional, 1)  # *args alone takes the data
        elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            positional += 1
            required += parameter.default is parameter.empty
        elif parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty:
            raise TypeError(
                f"Function {name!r}: the keyword-only parameter {parameter.name!r} needs a default"
            )
    if positional == 0:
        raise TypeError(f"Function {name!r} must take the data as its first parameter")
    if required > 2:
        raise TypeError(
            f"Function {name!r} must take the data and at most a Context, not {required} parameters"
        )
    return positional >= 2
