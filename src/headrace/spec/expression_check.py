"""Joins validation to the expression compiler: what `validate` compiles with unless it is told otherwise."""

from __future__ import annotations

from collections.abc import Collection

from headrace.expr import compile_runtime_expression, compile_value


def check_expression(text: str, bare: bool, language: str, mode: str, variables: Collection[str]) -> None:
    """Compile one text of a definition; raises `ExpressionError` when it does not compile.

    `bare`: the property is an expression even without `${ }`. `variables` are the names that exist there.
    """
    if bare:
        compile_runtime_expression(text, language=language, variables=variables)
    else:
        compile_value(
            text, language=language, mode="loose" if mode == "loose" else "strict", variables=variables
        )
