"""Values of a workflow document that may hold expressions: `${ ... }` and text around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr.json_text import to_json
from headrace.expr.lexer import scan_embedded
from headrace.expr.limits import ExpressionSyntaxError, Limits, too_large
from headrace.expr.port import Expression

Compile = Callable[[str], Expression]
# From (data, variables) to the value.
Render = Callable[[Any, Mapping[str, Any]], Any]


class Template:
    """A JSON value with its expressions compiled. `constant` when there are none."""

    def __init__(self, value: Any, render: Render | None, free_variables: frozenset[str]) -> None:
        self.constant = render is None
        self.free_variables = free_variables
        self._value = value
        self._render = render

    def evaluate(self, data: Any, variables: Mapping[str, Any]) -> Any:
        """Return the value with expressions replaced by their results.

        A constant template returns the very object it was compiled from. Raises ExpressionError.
        """
        return self._value if self._render is None else self._render(data, variables)


def is_expression(text: str) -> bool:
    """Tell whether the whole text is one `${ ... }`, spaces around it aside."""
    return bare_expression(text) is not None


def bare_expression(text: str, language: str = "jq") -> str | None:
    """Return what is inside a text that is one `${ ... }` as a whole, else None."""
    stripped = text.strip()
    if not (stripped.startswith("${") and stripped.endswith("}")):
        return None
    try:
        end = _end_of(stripped, 2, language)
    except ExpressionSyntaxError:
        # Something inside does not lex; that is for the compiler to report.
        return stripped[2:-1] if stripped.find("${", 2) < 0 else None
    return stripped[2:end] if end == len(stripped) - 1 else None


def unwrap(source: str, language: str) -> str:
    """Return the expression of a property that takes `expr` as well as `${ expr }`."""
    inner = bare_expression(source, language)
    return source if inner is None else inner


def _end_of(text: str, start: int, language: str) -> int:
    """Return where the `}` of an expression is that starts at `start`. Raises ExpressionSyntaxError."""
    if language == "jq":
        return scan_embedded(text, start, "}")
    return _end_of_braces(text, start)


def _end_of_braces(text: str, start: int) -> int:
    """The same for languages with quotes `"`, `'`, backticks, `/* */` comments and braces."""
    depth = 0
    position = start
    while position < len(text):
        char = text[position]
        if char in "\"'`":
            position += 1
            while position < len(text) and text[position] != char:
                position += 2 if text[position] == "\\" and char != "`" else 1
        elif text.startswith("/*", position):
            end = text.find("*/", position + 2)
            position = len(text) if end < 0 else end + 1
        elif char == "{":
            depth += 1
        elif char == "}":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    raise ExpressionSyntaxError("this has no closing `}`", start)


def build(
    value: Any, compile_source: Compile, language: str, mode: Literal["strict", "loose"], limits: Limits
) -> Template:
    """Compile the expressions in a JSON value. Raises ExpressionSyntaxError."""
    free: set[str] = set()
    builder = _Builder(compile_source, language, mode, limits, free)
    render = builder.value(value)
    return Template(value, render, frozenset(free))


class _Builder:
    def __init__(
        self, compile_source: Compile, language: str, mode: str, limits: Limits, free: set[str]
    ) -> None:
        self.compile_source = compile_source
        self.language = language
        self.loose = mode == "loose"
        self.limits = limits
        self.free = free

    def value(self, value: Any) -> Render | None:
        """Return how to evaluate a value; None if it is constant."""
        if type(value) is str:
            return self.text(value)
        if type(value) is dict:
            return self.object(value)
        if type(value) is list:
            return self.array(value)
        return None

    def object(self, value: dict[str, Any]) -> Render | None:
        parts = [(key, self.value(part), part) for key, part in value.items()]
        if all(render is None for _, render, _ in parts):
            return None

        def render_object(data: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
            made = {}
            for key, render, part in parts:
                made[key] = part if render is None else render(data, variables)
            return made

        return render_object

    def array(self, value: list[Any]) -> Render | None:
        parts = [(self.value(part), part) for part in value]
        if all(render is None for render, _ in parts):
            return None
        return lambda data, variables: [
            part if render is None else render(data, variables) for render, part in parts
        ]

    def text(self, text: str) -> Render | None:
        if self.loose:
            return self.guess(text)
        return self.marked(text) if "${" in text else None

    def marked(self, text: str) -> Render:
        """Compile a text with `${ }` in it."""
        inner = bare_expression(text, self.language)
        return self.interpolation(text) if inner is None else self.expression(inner).evaluate

    def guess(self, text: str) -> Render | None:
        """Loose mode: a text is an expression if it compiles, and its result if it evaluates."""
        if not text.strip():
            return None
        try:
            compiled = self.marked(text) if "${" in text else self.expression(text).evaluate
        except ExpressionSyntaxError:
            return None

        def render(data: Any, variables: Mapping[str, Any]) -> Any:
            try:
                return compiled(data, variables)
            except ExpressionLimitError:
                raise
            except ExpressionError:
                return text

        return render

    def expression(self, source: str) -> Expression:
        expression = self.compile_source(source)
        self.free |= expression.free_variables
        return expression

    def interpolation(self, text: str) -> Render:
        """`text ${ expr } text`: texts verbatim, null as nothing, anything else as compact JSON."""
        pieces: list[str | Expression] = []
        at = 0
        while (start := text.find("${", at)) >= 0:
            if start > at:
                pieces.append(text[at:start])
            end = _end_of(text, start + 2, self.language)
            try:
                pieces.append(self.expression(text[start + 2 : end]))
            except ExpressionSyntaxError as error:
                raise ExpressionSyntaxError(str(error), error.offset + start + 2) from error
            at = end + 1
        if at < len(text):
            pieces.append(text[at:])
        limit = self.limits.output_bytes

        def render(data: Any, variables: Mapping[str, Any]) -> str:
            chunks = []
            for piece in pieces:
                if isinstance(piece, str):
                    chunks.append(piece)
                    continue
                value = piece.evaluate(data, variables)
                if value is not None:
                    chunks.append(value if type(value) is str else to_json(value, limit))
            made = "".join(chunks)
            if len(made) > limit:
                raise too_large("a string", limit)
            return made

        return render
