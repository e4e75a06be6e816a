"""URI templates as the workflow DSL has them: RFC 6570 simple string expansion, nothing more."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from headrace.errors import ExpressionError
from headrace.expr.json_text import number_text
from headrace.expr.values import type_name

_EXPRESSION = re.compile(r"\{([^{}]*)\}")


def expand_uri_template(template: str, data: Any) -> str:
    """Replace each `{name}` by the top-level property of that name, percent-encoded.

    The name is taken verbatim (`{pet.id}` is the property "pet.id"). A missing property or null
    gives nothing. Raises ExpressionError for an array or an object.
    """
    if "{" not in template:
        return template

    def expand(match: re.Match[str]) -> str:
        name = match.group(1)
        value = data.get(name) if type(data) is dict else None
        if value is None:
            return ""
        if type(value) is str:
            return quote(value, safe="-._~")
        if type(value) is bool:
            return "true" if value else "false"
        if type(value) is int or type(value) is float:
            return quote(number_text(value), safe="-._~")
        raise ExpressionError(
            f"the URI template {template!r} needs a string, number, boolean or null for {{{name}}}, "
            f"but the value is an {type_name(value)}; use a runtime expression for parts of it"
        )

    return _EXPRESSION.sub(expand, template)
