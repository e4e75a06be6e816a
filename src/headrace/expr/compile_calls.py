"""Compiles functions: those defined in jq, their parameters, and the builtins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from headrace.expr import builtin_table as table
from headrace.expr import syntax as s
from headrace.expr.codes import (
    MANY,
    ONE,
    ClosureParameter,
    Code,
    Env,
    Fn,
    Scope,
    UserFunction,
    ValueParameter,
    many,
)
from headrace.expr.compile_core import Compiler, path, product, value
from headrace.expr.limits import Budget

# Optimistic compilation of a recursive function tries twice; nested ones would double each time.
_MAX_ATTEMPTS = 3


class TailCall:
    """What a function returns to be called again: recursion in tail position takes no stack."""

    __slots__ = ("env", "v")

    def __init__(self, v: Any, env: Env) -> None:
        self.v = v
        self.env = env


class Argument:
    """An expression passed as parameter. Its path form is compiled when it is first needed."""

    def __init__(self, c: Compiler, node: s.Node, scope: Scope) -> None:
        self._source = (c, node, scope)
        self._path: Fn | None = None
        self.many = c.compile_many(node, scope)

    def path(self) -> Fn:
        """Return the argument as path function."""
        if self._path is None:
            c, node, scope = self._source
            self._path = c.compile_path(node, scope)
        return self._path


class Closure(NamedTuple):
    """A parameter at run time: the expression and the variables it sees."""

    argument: Argument
    env: Env


@value(s.Define)
def _define(c: Compiler, node: s.Define, scope: Scope) -> Code:
    tail = c.tail
    function = declare(c, node.function, scope)
    inner = scope.with_function(node.function.name, len(node.function.params), function)
    return c.compile(node.body, inner, tail)


@path(s.Define)
def _define_path(c: Compiler, node: s.Define, scope: Scope) -> Fn:
    function = declare(c, node.function, scope)
    inner = scope.with_function(node.function.name, len(node.function.params), function)
    return c.compile_path(node.body, inner)


def declare(c: Compiler, definition: s.Function, scope: Scope) -> UserFunction:
    """Compile a definition. Its path form follows when it is used as one."""
    function = UserFunction(definition, scope, scope.size)
    function.scope = scope.with_function(definition.name, len(definition.params), function)
    function.compiling = True
    body_scope = _parameters(function)
    c.attempts += 1
    # First guess that a call gives exactly one output; if the body then turns out to give several,
    # compile it once more for that.
    function.kind = ONE if c.attempts <= _MAX_ATTEMPTS else MANY
    code = c.compile(definition.body, body_scope, function)
    if code.kind != function.kind:
        if function.recursive or function.kind == MANY:
            function.kind = MANY
            function.tail_called = False
            code = c.compile(definition.body, body_scope)
        else:
            function.kind = code.kind
    function.value_fn = many(code) if function.kind == MANY else code.fn
    function.compiling = False
    c.attempts -= 1
    return function


def _parameters(function: UserFunction) -> Scope:
    scope = function.scope
    for param in function.definition.params:
        if param.startswith("$"):
            name = param[1:]
            slot = scope.size
            scope = scope.with_variables(name).with_function(name, 0, ValueParameter(slot))
        else:
            slot = scope.size
            scope = Scope(slot + 1, scope.variables, scope.functions, scope.labels)
            scope = scope.with_function(param, 0, ClosureParameter(slot))
    return scope


def _path_of(c: Compiler, function: UserFunction) -> None:
    """Compile the path form of a function, unless it is being done already."""
    if function.path_fn is None and not function.path_compiling:
        function.path_compiling = True
        function.path_fn = c.compile_path(function.definition.body, _parameters(function))
        function.path_compiling = False


@value(s.Call)
def _call(c: Compiler, node: s.Call, scope: Scope) -> Code:
    tail = c.tail
    target = scope.functions.get((node.name, len(node.args)))
    if target is None:
        return _builtin(c, node, scope)
    if isinstance(target, ValueParameter):
        slot = target.slot
        return Code(ONE, lambda v, env: env[slot])
    c.uses_budget = True
    if isinstance(target, ClosureParameter):
        return Code(MANY, _call_closure(target.slot))
    return _call_function(c, target, node.args, scope, tail)


def _call_closure(slot: int) -> Fn:
    def run(v: Any, env: Env) -> Iterator[Any]:
        budget: Budget = env[0]
        budget.left -= 1
        if budget.left < 0:
            budget.refill()
        closure: Closure = env[slot]
        return closure.argument.many(v, closure.env)  # type: ignore[no-any-return]

    return run


def _call_function(
    c: Compiler, function: UserFunction, args: tuple[s.Node, ...], scope: Scope, tail: UserFunction | None
) -> Code:
    if function.compiling:
        function.recursive = True
    makers: list[Code] = []
    for param, arg in zip(function.definition.params, args, strict=True):
        makers.append(c.compile(arg, scope) if param.startswith("$") else _closure(c, arg, scope))
    if function.kind == ONE and all(maker.kind == ONE for maker in makers):
        fns = [maker.fn for maker in makers]
        if tail is function:
            function.tail_called = True
            return Code(ONE, _tail_call(function.size, fns))
        return Code(ONE, _single_call(function, fns))
    run = _many_call([many(maker) for maker in makers], function.size, _value_body(function))
    return Code(MANY, run)


def _closure(c: Compiler, arg: s.Node, scope: Scope) -> Code:
    argument = Argument(c, arg, scope)
    return Code(ONE, lambda v, env: Closure(argument, env))


def _tail_call(size: int, fns: list[Fn]) -> Fn:
    return lambda v, env: TailCall(v, env[:size] + tuple([fn(v, env) for fn in fns]))


def _single_call(function: UserFunction, fns: list[Fn]) -> Fn:
    size = function.size

    def run(v: Any, env: Env) -> Any:
        budget: Budget = env[0]
        budget.left -= 1
        if budget.left < 0:
            budget.refill()
        inner = env[:size] + tuple([fn(v, env) for fn in fns]) if fns else env[:size]
        if budget.depth >= budget.limits.depth:
            raise budget.too_deep()
        budget.depth += 1
        try:
            assert function.value_fn is not None
            out = function.value_fn(v, inner)
            while type(out) is TailCall:
                budget.left -= 1
                if budget.left < 0:
                    budget.refill()
                out = function.value_fn(out.v, out.env)
            return out
        finally:
            budget.depth -= 1

    return run


def _value_body(function: UserFunction) -> Fn:
    def run(v: Any, env: Env) -> Iterator[Any]:
        assert function.value_fn is not None
        out = function.value_fn(v, env)
        if function.kind == MANY:
            yield from out
            return
        while type(out) is TailCall:
            env[0].charge(1)
            out = function.value_fn(out.v, out.env)
        yield from many(Code(function.kind, lambda v, env: out))(v, env)

    return run


def _many_call(makers: list[Fn], size: int, body: Fn, look: Callable[[Any], Any] = lambda v: v) -> Fn:
    """Call a function for every combination of `$parameters`, the first one slowest."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        budget: Budget = env[0]
        budget.charge(1)
        if budget.depth >= budget.limits.depth:
            raise budget.too_deep()
        budget.depth += 1
        try:
            if not makers:
                yield from body(item, env[:size])
                return
            v = look(item)

            def choose(position: int, chosen: Env) -> Iterator[Any]:
                if position == len(makers):
                    yield from body(item, chosen)
                    return
                for argument in makers[position](v, env):
                    budget.charge(1)
                    yield from choose(position + 1, (*chosen, argument))

            yield from choose(0, env[:size])
        finally:
            budget.depth -= 1

    return run


@path(s.Call)
def _call_path(c: Compiler, node: s.Call, scope: Scope) -> Fn:
    target = scope.functions.get((node.name, len(node.args)))
    if isinstance(target, ClosureParameter):
        slot = target.slot

        def run(pv: Any, env: Env) -> Iterator[Any]:
            env[0].charge(1)
            closure: Closure = env[slot]
            return closure.argument.path()(pv, closure.env)  # type: ignore[no-any-return]

        return run
    if isinstance(target, UserFunction):
        return _call_function_path(c, target, node.args, scope)
    if target is None:
        found = table.PATH.get((node.name, len(node.args)))
        if found is not None:
            return found(c, node.args, scope)
        prelude = _prelude(c, node)
        if prelude is not None:
            return _call_function_path(c, prelude, node.args, scope)
    return c.without_path(c.compile(node, scope))


def _call_function_path(c: Compiler, function: UserFunction, args: tuple[s.Node, ...], scope: Scope) -> Fn:
    _path_of(c, function)
    makers = []
    for param, arg in zip(function.definition.params, args, strict=True):
        makers.append(c.compile(arg, scope) if param.startswith("$") else _closure(c, arg, scope))

    def body(pv: Any, env: Env) -> Iterator[Any]:
        assert function.path_fn is not None
        return function.path_fn(pv, env)  # type: ignore[no-any-return]

    return _many_call([many(maker) for maker in makers], function.size, body, lambda pv: pv[1])


def _builtin(c: Compiler, node: s.Call, scope: Scope) -> Code:
    key = (node.name, len(node.args))
    special = table.SPECIAL.get(key)
    if special is not None:
        return special(c, node.args, scope)
    native = table.NATIVE.get(key)
    if native is not None:
        return _native(c, native, node, scope)
    prelude = _prelude(c, node)
    if prelude is not None:
        c.uses_budget = True
        return _call_function(c, prelude, node.args, scope, None)
    if node.name in table.REFUSED:
        c.fail(node.offset, f"`{node.name}` is refused: {table.REFUSED[node.name]};")
    shown = f"{node.name}/{len(node.args)}"
    known = table.known_functions()
    arities = sorted(arity for name, arity in known if name == node.name)
    if arities:
        c.fail(node.offset, f"{shown} is not defined; `{node.name}` takes {_counts(arities)},")
    names = {name for name, _ in known} | {name for name, _ in scope.functions}
    return c.fail(node.offset, f"{shown} is not defined{c.suggest(node.name, names)}")


def _counts(arities: list[int]) -> str:
    counts = " or ".join(str(arity) for arity in arities)
    return f"{counts} argument{'' if arities == [1] else 's'}"


def _native(c: Compiler, native: table.Native, node: s.Call, scope: Scope) -> Code:
    codes = [c.compile(arg, scope) for arg in node.args]
    fn: Any = native.fn
    if native.context == table.BUDGET:
        c.uses_budget = True
        # The budget is fetched like one more argument.
        budget = Code(ONE, lambda v, env: env[0])
        return product([Code(ONE, lambda v, env: v), budget, *codes], fn)
    if native.context == table.LIMIT:
        limit = c.limits.output_bytes
        return product([Code(ONE, lambda v, env: v), *codes], lambda *args: fn(limit, *args))
    if not codes:
        return Code(ONE, lambda v, env: fn(v))
    return product([Code(ONE, lambda v, env: v), *codes], fn)


def _prelude(c: Compiler, node: s.Call) -> UserFunction | None:
    """Return a builtin that is written in jq, compiled for this program."""
    key = (node.name, len(node.args))
    definition = table.PRELUDE.get(key)
    if definition is None:
        return None
    function = c.prelude.get(key)
    if function is None:
        source, c.source = c.source, f"<definition of {node.name}>"
        function = declare(c, definition, c.root)
        c.source = source
        c.prelude[key] = function
    return function
