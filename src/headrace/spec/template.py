"""Text templates of alerts: Jinja's look, a small part of its language, and budgets.

Authors of flows write templates and the server renders them, so what could call code, loop for ever or fill
the memory is not there: output, filters of a fixed list, `if` and `for` are. What is left takes time and
space in proportion to the template and its data, and is cut off at a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from headrace.errors import HeadraceError

if TYPE_CHECKING:
    import jinja2

TEMPLATE_CHARACTERS_MAX = 16 * 1024
OUTPUT_CHARACTERS_MAX = 256 * 1024
LOOPS_MAX = 10_000
DEPTH_MAX = 100

_NODES = frozenset(
    {
        *("Template", "Output", "TemplateData", "Name", "Const", "Tuple", "List", "Dict", "Pair", "Keyword"),
        *("Getattr", "Getitem", "Slice", "Filter", "Test", "If", "For", "CondExpr", "And", "Or", "Not"),
        *("Compare", "Operand", "Concat", "Add", "Sub", "Neg", "Pos"),
    }
)
_FILTERS = frozenset(
    {
        *("abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "join"),
        *("json", "last", "length", "lower", "round", "string", "title", "tojson", "trim", "truncate"),
        "upper",
    }
)
_TESTS = frozenset(
    {
        *("defined", "undefined", "none", "true", "false", "boolean", "integer", "float", "number", "string"),
        *("mapping", "sequence", "even", "odd", "eq", "ne", "gt", "ge", "lt", "le", "in", "equalto"),
        *("greaterthan", "lessthan", "==", "!=", ">", ">=", "<", "<="),
    }
)
_BUDGET = "budget of this rendering"


class TemplateError(HeadraceError):
    """A template cannot be used; says what is wrong with it and where."""


class Template:
    """A template that was compiled. `render` takes the values of its names."""

    def __init__(self, template: jinja2.Template) -> None:
        self._template = template

    def render(self, values: Mapping[str, Any]) -> str:
        """Return the text. Raises `TemplateError`: a name is missing, types do not fit, too much came out."""
        import jinja2

        try:
            length, parts = 0, []
            for part in self._template.generate({**values, _BUDGET: [LOOPS_MAX]}):
                length += len(part)
                if length > OUTPUT_CHARACTERS_MAX:
                    raise TemplateError(f"the template gives more than {OUTPUT_CHARACTERS_MAX} characters")
                parts.append(part)
        except TemplateError:
            raise
        except jinja2.TemplateError as error:
            raise TemplateError(f"the template cannot be rendered: {error.message}") from error
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            # Their texts may quote values, secret ones too.
            raise TemplateError(f"the template cannot be rendered: {type(error).__name__}") from error
        return "".join(parts)


@lru_cache(maxsize=1024)
def compile_template(text: str) -> Template:
    """Compile a template. Raises `TemplateError` with the line and what to write instead."""
    import jinja2

    if len(text) > TEMPLATE_CHARACTERS_MAX:
        raise TemplateError(
            f"the template has {len(text)} characters; up to {TEMPLATE_CHARACTERS_MAX} are taken"
        )
    environment = _environment()
    try:
        tree = environment.parse(text)
        _restrict(tree, environment, 0)
        return Template(environment.from_string(tree))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"line {error.lineno} of the template: {error.message}") from error
    except RecursionError as error:
        raise TemplateError("the template is nested too deeply") from error


def complaint(text: str) -> str | None:
    """Say what is wrong with a template; None when nothing is."""
    try:
        compile_template(text)
    except TemplateError as error:
        return str(error)
    return None


def _restrict(node: jinja2.nodes.Node, environment: jinja2.Environment, depth: int) -> None:
    """Refuse what is not in the language, and count the rounds of every loop."""
    from jinja2 import nodes

    kind = type(node).__name__
    if depth > DEPTH_MAX:
        raise TemplateError("the template is nested too deeply")
    if kind not in _NODES:
        raise TemplateError(
            f"line {node.lineno} of the template: {_words(kind)} is not part of the language of templates; "
            "it has {{ names }}, filters, `if` and `for`"
        )
    known = _FILTERS if kind == "Filter" else _TESTS if kind == "Test" else None
    if known is not None and node.name not in known:  # type: ignore[attr-defined]
        name = node.name  # type: ignore[attr-defined]
        raise TemplateError(
            f"line {node.lineno} of the template: there is no {kind.lower()} `{name}`; "
            f"there are {', '.join(sorted(each for each in known if each.isalpha()))}"
        )
    if isinstance(node, nodes.Name) and node.name == _BUDGET:
        raise TemplateError(f"line {node.lineno} of the template: unusable name")
    for child in node.iter_child_nodes():
        _restrict(child, environment, depth + 1)
    if isinstance(node, nodes.For):
        if node.recursive:
            raise TemplateError(f"line {node.lineno} of the template: a loop cannot be recursive")
        node.iter = nodes.Filter(
            node.iter, "counted", [], [], None, None, lineno=node.lineno, environment=environment
        )


def _words(kind: str) -> str:
    words = {
        "Call": "a call",
        "Mul": "multiplication",
        "Pow": "`**`",
        "Assign": "`set`",
        "Macro": "`macro`",
        "Include": "`include`",
        "Extends": "`extends`",
        "Import": "`import`",
        "With": "`with`",
    }
    return words.get(kind, f"`{kind.lower()}`")


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    @jinja2.pass_context
    def counted(context: Any, items: Iterable[Any]) -> Iterator[Any]:
        budget = context[_BUDGET]
        for item in items:
            budget[0] -= 1
            if budget[0] < 0:
                raise TemplateError(f"the template's loops take more than {LOOPS_MAX} rounds")
            yield item

    environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.globals.clear()
    filters: dict[str, Callable[..., Any]] = {
        name: environment.filters[name] for name in _FILTERS if name in environment.filters
    }
    filters |= {
        "counted": counted,
        "join": _join,
        "json": _json,
        "round": _round,
        "tojson": _json,
        "truncate": _truncate,
    }
    environment.filters = filters
    environment.tests = {name: environment.tests[name] for name in _TESTS if name in environment.tests}
    return environment


def _json(value: Any) -> str:
    import orjson

    text: str = orjson.dumps(value).decode()
    if len(text) > OUTPUT_CHARACTERS_MAX:  # a text of quotes doubles with every turn
        raise TemplateError(f"`tojson` gives more than {OUTPUT_CHARACTERS_MAX} characters")
    return text


def _round(value: Any, digits: int = 0) -> float:
    return round(float(value), max(-20, min(20, digits)))


def _join(items: Any, separator: str = "") -> str:
    texts = [str(item) for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > OUTPUT_CHARACTERS_MAX:
        raise TemplateError(f"`join` gives more than {OUTPUT_CHARACTERS_MAX} characters")
    return separator.join(texts)


def _truncate(text: Any, length: int = 255) -> str:
    whole = str(text)
    return whole if len(whole) <= length else whole[:length].rstrip() + " [...]"
