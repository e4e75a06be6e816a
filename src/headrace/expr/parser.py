"""Tokens of a jq program to its tree, by precedence climbing."""

from __future__ import annotations

from typing import NoReturn

from headrace.expr import syntax as s
from headrace.expr.lexer import END, KEYWORDS, Token, fail, tokenize
from headrace.expr.limits import ExpressionSyntaxError

# Binding strength and association ("left", "right", or "none" for operators that do not chain).
_BINARY = {
    "//": (1, "right"),
    "=": (2, "none"),
    "|=": (2, "none"),
    "+=": (2, "none"),
    "-=": (2, "none"),
    "*=": (2, "none"),
    "/=": (2, "none"),
    "%=": (2, "none"),
    "//=": (2, "none"),
    "or": (3, "left"),
    "and": (4, "left"),
    "==": (5, "none"),
    "!=": (5, "none"),
    "<": (5, "none"),
    "<=": (5, "none"),
    ">": (5, "none"),
    ">=": (5, "none"),
    "+": (6, "left"),
    "-": (6, "left"),
    "*": (7, "left"),
    "/": (7, "left"),
    "%": (7, "left"),
}

_MODULE_WORDS = {
    "import": "modules cannot be imported here; define the function with `def` in the expression",
    "include": "modules cannot be included here; define the function with `def` in the expression",
    "module": "an expression cannot be a module; leave the `module` line out",
}


def parse(source: str) -> s.Node:
    """Return the tree of a program. Raises ExpressionSyntaxError."""
    source = source.removeprefix("\ufeff")
    try:
        parser = _Parser(source, tokenize(source))
        node = parser.pipe()
        parser.expect(END)
        return node
    except RecursionError:
        raise ExpressionSyntaxError("the expression is nested too deeply; split it up") from None


class _Parser:
    def __init__(self, source: str, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.at = 0

    # Reading tokens

    @property
    def kind(self) -> str:
        return self.tokens[self.at].kind

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != END:
            self.at += 1
        return token

    def accept(self, kind: str) -> bool:
        if self.kind == kind:
            self.take()
            return True
        return False

    def expect(self, kind: str, where: str = "") -> Token:
        if self.kind != kind:
            self.unexpected(f"`{kind}`{where}" if kind != END else "an operator or the end")
        return self.take()

    def unexpected(self, wanted: str) -> NoReturn:
        token = self.tokens[self.at]
        if token.kind in _MODULE_WORDS:
            fail(self.source, token.offset, _MODULE_WORDS[token.kind])
        shown = f"unexpected `{token.value}`" if isinstance(token.value, str) else f"unexpected {token.kind}"
        fail(self.source, token.offset, f"{shown}, expected {wanted},")

    def name_after_dollar(self) -> str:
        if self.kind == "$":
            self.take()
            if self.kind in KEYWORDS:
                return str(self.take().value)
        elif self.kind == "variable":
            return str(self.take().value)
        return self.unexpected("a `$variable`")

    # Expressions

    def pipe(self, comma: bool = True) -> s.Node:
        if self.kind == "def":
            function = self.function()
            return s.Define(function, self.pipe(comma))
        if self.kind == "label":
            self.take()
            name = self.name_after_dollar()
            self.expect("|", " after the label")
            return s.Label(name, self.pipe(comma))
        left = self.commas() if comma else self.operand_or_bind(comma)
        if self.accept("|"):
            return s.Pipe(left, self.pipe(comma))
        return left

    def commas(self) -> s.Node:
        left = self.operand_or_bind(True)
        while self.accept(","):
            right = self.pipe() if self.kind in ("def", "label") else self.operand_or_bind(True)
            left = s.Comma(left, right)
        return left

    def operand_or_bind(self, comma: bool) -> s.Node:
        node = self.binary(1)
        if self.kind != "as":
            return node
        self.take()
        patterns = self.patterns()
        self.expect("|", " after the pattern of `as`")
        return s.Bind(node, patterns, self.pipe(comma))

    def binary(self, lowest: int) -> s.Node:
        left = self.unary()
        # After a comparison or assignment the same strength must not follow: `1 < 2 < 3` is an error.
        forbidden = 0
        while True:
            op = self.kind
            found = _BINARY.get(op)
            if found is None or found[0] < lowest:
                return left
            strength, association = found
            if strength == forbidden:
                fail(
                    self.source,
                    self.tokens[self.at].offset,
                    f"`{op}` cannot follow an operator of the same kind without parentheses,",
                )
            self.take()
            if self.kind == "def":
                right = self.pipe()
            else:
                right = self.binary(strength if association == "right" else strength + 1)
            forbidden = strength if association == "none" else 0
            left = _combine(op, left, right)

    def unary(self) -> s.Node:
        if self.accept("-"):
            body = self.unary()
            if isinstance(body, s.Literal) and type(body.value) in (int, float):
                return s.Literal(-body.value)
            return s.Negate(body)
        return self.postfix()

    def postfix(self) -> s.Node:
        node = self.term()
        while True:
            kind = self.kind
            if kind == "field":
                node = s.Index(node, s.Literal(self.take().value))
            elif kind == ".":
                self.take()
                if self.kind in ("string", "format"):
                    node = s.Index(node, self.string())
                elif self.kind == "[":
                    node = self.bracket(node)
                else:
                    self.unexpected("a key or `[` after the dot")
            elif kind == "[":
                node = self.bracket(node)
            elif kind == "?":
                self.take()
                node = _optional(node)
            else:
                return node

    def bracket(self, term: s.Node) -> s.Node:
        self.expect("[")
        if self.accept("]"):
            return s.Iterate(term)
        if self.accept(":"):
            end = self.pipe()
            self.expect("]")
            return s.Slice(term, None, end)
        key = self.pipe()
        if self.accept(":"):
            stop = None if self.kind == "]" else self.pipe()
            self.expect("]")
            return s.Slice(term, key, stop)
        self.expect("]")
        return s.Index(term, key)

    def term(self) -> s.Node:
        token = self.tokens[self.at]
        kind = token.kind
        match kind:
            case ".":
                self.take()
                # `.` then a bare format is not an index; only a string is.
                if self.kind == "string" or (
                    self.kind == "format" and self.tokens[self.at + 1].kind == "string"
                ):
                    return s.Index(s.Identity(), self.string())
                return s.Identity()
            case "field":
                self.take()
                return s.Index(s.Identity(), s.Literal(token.value))
            case "..":
                self.take()
                return s.Recurse()
            case "number":
                self.take()
                return s.Literal(token.value)
            case "string" | "format":
                if kind == "format" and self.tokens[self.at + 1].kind != "string":
                    self.take()
                    return s.Format(token.value)
                return self.string()
            case "(":
                self.take()
                body = self.pipe()
                self.expect(")")
                return body
            case "[":
                self.take()
                if self.accept("]"):
                    return s.Literal([])
                body = self.pipe()
                self.expect("]")
                return s.Array(body)
            case "{":
                return self.object()
            case "variable" | "$":
                return self.variable()
            case "if":
                return self.conditional()
            case "try":
                self.take()
                tried = self.unary()
                return s.Try(tried, self.unary() if self.accept("catch") else None)
            case "reduce" | "foreach":
                return self.loop()
            case "identifier":
                return self.call()
            case "def":
                function = self.function()
                return s.Define(function, self.pipe())
            case "label":
                return self.pipe()
        return self.unexpected("a value")

    def variable(self) -> s.Node:
        token = self.tokens[self.at]
        if token.kind == "$" and self.tokens[self.at + 1].kind == "__loc__":
            self.name_after_dollar()
            return self.location(token)
        name = self.name_after_dollar()
        if name == "__loc__":
            return self.location(token)
        return s.Variable(name, token.offset)

    def location(self, token: Token) -> s.Node:
        line = self.source.count("\n", 0, token.offset) + 1
        return s.Literal({"file": "<top-level>", "line": line})

    def conditional(self) -> s.Node:
        self.take()
        condition = self.pipe()
        self.expect("then", " after the condition")
        yes = self.pipe()
        if self.kind == "elif":
            return s.If(condition, yes, self.conditional())
        no: s.Node = s.Identity()
        if self.accept("else"):
            no = self.pipe()
        self.expect("end", " to close the `if`")
        return s.If(condition, yes, no)

    def loop(self) -> s.Node:
        word = self.take().kind
        source = self.binary(1)
        self.expect("as", f" after the source of `{word}`")
        patterns = self.patterns()
        self.expect("(")
        start = self.pipe()
        self.expect(";", f" between the parts of `{word}`")
        update = self.pipe()
        extract = None
        if word == "foreach" and self.accept(";"):
            extract = self.pipe()
        self.expect(")")
        if word == "reduce":
            return s.Reduce(source, patterns, start, update)
        return s.Foreach(source, patterns, start, update, extract)

    def call(self) -> s.Node:
        token = self.take()
        name = token.value
        match name:
            case "null":
                return s.Literal(None)
            case "true":
                return s.Literal(True)
            case "false":
                return s.Literal(False)
            case "break" if self.kind in ("$", "variable"):
                return s.BreakTo(self.name_after_dollar(), token.offset)
            case "break":
                fail(self.source, token.offset, "`break` needs a label to break to: `break $name`,")
        args: list[s.Node] = []
        if self.accept("("):
            args.append(self.pipe())
            while self.accept(";"):
                args.append(self.pipe())
            self.expect(")")
        return s.Call(name, tuple(args), token.offset)

    def function(self) -> s.Function:
        self.take()
        if self.kind not in KEYWORDS and self.kind != "identifier":
            self.unexpected("the name of the function")
        name = self.take().value
        params: list[str] = []
        if self.accept("("):
            while True:
                if self.kind in ("variable", "$"):
                    params.append("$" + self.name_after_dollar())
                elif self.kind == "identifier" or self.kind in KEYWORDS:
                    params.append(self.take().value)
                else:
                    self.unexpected("a parameter name")
                if not self.accept(";"):
                    break
            self.expect(")")
        self.expect(":", " before the body of the function")
        body = self.pipe()
        self.expect(";", " after the body of the function")
        return s.Function(name, tuple(params), body)

    # Strings and objects

    def string(self) -> s.Node:
        style = self.take().value if self.kind == "format" else "text"
        token = self.expect("string")
        parts: list[str | s.Node] = []
        for part in token.value:
            if isinstance(part, str):
                parts.append(part)
            else:
                inner = _Parser(self.source, part)
                parts.append(inner.pipe())
                inner.expect(END)
        if not parts:
            return s.Literal("")
        if len(parts) == 1 and isinstance(parts[0], str):
            return s.Literal(parts[0])
        return s.Text(style, tuple(parts))

    def object(self) -> s.Node:
        self.take()
        entries: list[tuple[s.Node, s.Node]] = []
        while not self.accept("}"):
            entries.append(self.entry())
            if not self.accept(","):
                self.expect("}", " or `,` in the object")
                break
        return s.Object(tuple(entries)) if entries else s.Literal({})

    def entry(self) -> tuple[s.Node, s.Node]:
        token = self.tokens[self.at]
        kind = token.kind
        if kind in ("variable", "$"):
            value = self.variable()
            if isinstance(value, s.Variable):
                if self.accept(":"):
                    return value, self.pipe(comma=False)
                return s.Literal(value.name), value
            return s.Literal("__loc__"), value
        key: s.Node
        if kind == "(":
            self.take()
            key = self.pipe()
            self.expect(")")
            self.expect(":", " after the key expression")
            self.check_key(key, token.offset)
            return key, self.pipe(comma=False)
        if kind in ("string", "format"):
            key = self.string()
        elif kind == "identifier" or kind in KEYWORDS:
            key = s.Literal(self.take().value)
        elif kind == "number" or kind == "-":
            fail(
                self.source,
                token.offset,
                "an object key must be a name, a string, a `$variable`, or an expression in parentheses;"
                " a number was found",
            )
        else:
            self.unexpected("a key or `}`")
        if self.accept(":"):
            return key, self.pipe(comma=False)
        return key, s.Index(s.Identity(), key)

    def check_key(self, key: s.Node, offset: int) -> None:
        if isinstance(key, s.Literal) and not isinstance(key.value, str):
            fail(self.source, offset, f"an object key must be a string, not {key.value!r},")

    # Patterns

    def patterns(self) -> tuple[s.Pattern, ...]:
        found = [self.pattern()]
        while self.accept("?//"):
            found.append(self.pattern())
        return tuple(found)

    def pattern(self) -> s.Pattern:
        if self.kind in ("variable", "$"):
            return s.PatternVariable(self.name_after_dollar())
        if self.accept("["):
            items = [self.pattern()]
            while self.accept(","):
                items.append(self.pattern())
            self.expect("]", " or `,` in the pattern")
            return s.PatternArray(tuple(items))
        if self.accept("{"):
            entries = [self.pattern_entry()]
            while self.accept(","):
                entries.append(self.pattern_entry())
            self.expect("}", " or `,` in the pattern")
            return s.PatternObject(tuple(entries))
        return self.unexpected("a `$variable`, `[` or `{` as pattern")

    def pattern_entry(self) -> tuple[s.Node, str | None, s.Pattern | None]:
        token = self.tokens[self.at]
        if token.kind in ("variable", "$"):
            name = self.name_after_dollar()
            return s.Literal(name), name, self.pattern() if self.accept(":") else None
        key: s.Node
        if token.kind == "(":
            self.take()
            key = self.pipe()
            self.expect(")")
            self.check_key(key, token.offset)
        elif token.kind in ("string", "format"):
            key = self.string()
        elif token.kind == "identifier" or token.kind in KEYWORDS:
            key = s.Literal(self.take().value)
        else:
            self.unexpected("a key of the pattern")
        self.expect(":", " and the pattern of this key")
        return key, None, self.pattern()


_KEY = "*key"


def _optional(node: s.Node) -> s.Node:
    """`node?`: after an access, only the access itself may fail; errors of what it is in remain."""
    match node:
        case s.Index(term, s.Literal() as key) if not isinstance(term, s.Identity):
            return s.Pipe(term, s.Try(s.Index(s.Identity(), key), None))
        case s.Index(term, key) if not isinstance(key, s.Literal):
            access = s.Index(s.Identity(), s.Variable(_KEY, 0))
            return s.Bind(key, (s.PatternVariable(_KEY),), s.Pipe(term, s.Try(access, None)))
        case s.Iterate(term) if not isinstance(term, s.Identity):
            return s.Pipe(term, s.Try(s.Iterate(s.Identity()), None))
    return s.Try(node, None)


def _combine(op: str, left: s.Node, right: s.Node) -> s.Node:
    match op:
        case "//":
            return s.Alternative(left, right)
        case "or":
            return s.Or(left, right)
        case "and":
            return s.And(left, right)
        case "=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=":
            return s.Assign(op, left, right)
    return s.Binary(op, left, right)
