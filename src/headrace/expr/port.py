"""What every expression language offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Expression(Protocol):
    """A compiled expression. It keeps nothing between evaluations."""

    source: str
    free_variables: frozenset[str]

    def evaluate(self, data: Any, variables: Mapping[str, Any]) -> Any:
        """Return the result: None for no output, the output, or the list of several outputs.

        `variables` maps names without `$`. Raises ExpressionError, and ExpressionLimitError when a
        limit is hit.
        """

    def outputs(self, data: Any, variables: Mapping[str, Any]) -> list[Any]:
        """Return all outputs. Raises as `evaluate` does."""

    def test(self, data: Any, variables: Mapping[str, Any]) -> bool:
        """Return the truth of the result; in jq null, false and no output are false."""
