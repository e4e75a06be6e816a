"""Text of a jq program to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from headrace.expr.limits import ExpressionSyntaxError

KEYWORDS = frozenset(
    [
        "def",
        "if",
        "then",
        "elif",
        "else",
        "end",
        "as",
        "reduce",
        "foreach",
        "try",
        "catch",
        "label",
        "import",
        "include",
        "module",
        "and",
        "or",
        "__loc__",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `kind` is an operator or keyword as written, or one of: `number`, `string`,
    `identifier`, `field`, `variable`, `format`, `end of the expression`.

    The value of a string is a list whose items are str, or the tokens of an interpolation.
    """

    kind: str
    value: Any
    offset: int


END = "end of the expression"

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+ | \#(?:[^\\\r\n]|\\[^\r\n]|\\\r?\n|\\\r|\\\Z)*)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<field>\.[a-zA-Z_][a-zA-Z_0-9]*)
  | (?P<variable>\$[ \t]*(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*)
  | (?P<identifier>(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*)
  | (?P<format>@[a-zA-Z0-9_]+)
  | (?P<operator>\?//=?|\|=|//=|[-+*/%]=|==|!=|<=|>=|//|\.\.|[.?=;,:|+\-*/%<>()\[\]{}$])
  | (?P<quote>")
    """,
    re.VERBOSE,
)
_TEXT = re.compile(r'[^"\\]+')
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX = re.compile(r"u([0-9a-fA-F]{4})")
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


def fail(source: str, offset: int, problem: str) -> NoReturn:
    """Raise ExpressionSyntaxError with the place shown."""
    line = source.count("\n", 0, offset) + 1
    column = offset - (source.rfind("\n", 0, offset) + 1) + 1
    excerpt = source[max(0, offset - 20) : offset + 20].replace("\n", " ").strip()
    where = f"line {line}, column {column}" if "\n" in source else f"character {offset + 1}"
    near = f" (near `{excerpt}`)" if excerpt else ""
    raise ExpressionSyntaxError(f"{problem} at {where}{near}", offset)


def tokenize(source: str) -> list[Token]:
    """Return the tokens of the whole source, the last being END. Raises ExpressionSyntaxError."""
    tokens, _ = _scan(source, 0, nested=False)
    return tokens


def scan_embedded(source: str, start: int, closer: str) -> int:
    """Return the position of the `closer` that ends the jq text beginning at `start`.

    Strings, comments and brackets inside are skipped properly. Raises ExpressionSyntaxError when
    the text does not lex or never ends.
    """
    _, end = _scan(source, start, nested=True, closer=closer)
    return end


def _scan(source: str, start: int, *, nested: bool, closer: str = ")") -> tuple[list[Token], int]:
    tokens: list[Token] = []
    expected: list[str] = []
    position = start
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            fail(source, position, f"unexpected character {source[position]!r}")
        kind = match.lastgroup or ""
        text = match.group()
        if kind == "quote":
            parts, end = _scan_string(source, position)
            tokens.append(Token("string", parts, position))
            position = end
            continue
        if kind == "operator":
            if text in _CLOSERS:
                expected.append(_CLOSERS[text])
            elif text in ")]}":
                if nested and not expected and text == closer:
                    tokens.append(Token(END, None, position))
                    return tokens, position
                if not expected or expected.pop() != text:
                    fail(source, position, f"unexpected `{text}`")
            tokens.append(Token(text, text, position))
        elif kind == "identifier":
            tokens.append(Token(text if text in KEYWORDS else kind, text, position))
        elif kind == "variable":
            tokens.append(Token(kind, text[1:].lstrip(), position))
        elif kind in ("field", "format"):
            tokens.append(Token(kind, text[1:], position))
        elif kind == "number":
            tokens.append(Token(kind, _number(text), position))
        position = match.end()
    if nested:
        fail(source, start, f"this has no closing `{closer}`")
    tokens.append(Token(END, None, len(source)))
    return tokens, position


def _number(text: str) -> int | float:
    if text.isdigit() and len(text) < 4000:
        return int(text)
    number = float(text)
    if number.is_integer() and abs(number) < 2**53:
        return int(number)
    return number


def _scan_string(source: str, start: int) -> tuple[list[str | list[Token]], int]:
    """Read the string whose opening quote is at `start`; return its parts and the end position."""
    parts: list[str | list[Token]] = []
    text: list[str] = []
    position = start + 1
    while position < len(source):
        char = source[position]
        if char == '"':
            if text:
                parts.append(_join(source, start, text))
            return parts, position + 1
        if char != "\\":
            match = _TEXT.match(source, position)
            assert match is not None
            text.append(match.group())
            position = match.end()
            continue
        escape = source[position + 1 : position + 2]
        if escape == "(":
            if text:
                parts.append(_join(source, start, text))
                text = []
            tokens, end = _scan(source, position + 2, nested=True)
            parts.append(tokens)
            position = end + 1
        elif escape in _ESCAPES and escape:
            text.append(_ESCAPES[escape])
            position += 2
        elif escape == "u":
            unit = _HEX.match(source, position + 1)
            if unit is None:
                fail(source, position, "invalid \\uXXXX escape: it takes four hexadecimal digits")
            text.append(chr(int(unit.group(1), 16)))
            position = unit.end()
        else:
            fail(source, position, f"invalid escape `\\{escape}` (write `\\\\` for a backslash)")
    fail(source, start, "this string has no closing quote")


def _join(source: str, start: int, chunks: list[str]) -> str:
    """Join the text and make pairs of UTF-16 surrogates one character; lone ones are refused."""
    text = "".join(chunks)
    if any("\ud800" <= char <= "\udfff" for char in text):
        try:
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            fail(source, start, "invalid surrogate pair \\uXXXX\\uXXXX in this string")
    return text
