"""The errors that Headrace raises, and the OWS error that a workflow sees.

Two families, never mixed:

* `HeadraceError` and its children are Python exceptions for the people who run Headrace: a file that
  does not parse, a store that another process owns, a full disk. Each message says what happened,
  where, and what to do next.
* `WorkflowError` is the value that the OWS DSL calls an *error* (RFC 9457 problem details, with the
  JSON Pointer of the component as `instance`). It travels inside executions and history.
"""

from __future__ import annotations

from typing import Any

import msgspec

STANDARD_ERROR_BASE = "https://open-workflow-specification.org/spec/1.0.0/errors/"

# Documents written before the specification was renamed use these; they mean the same type.
_FORMER_BASES = (
    "https://serverlessworkflow.io/spec/1.0.0/errors/",
    "https://serverlessworkflow.io/dsl/errors/types/",
    "https://open-workflow-specification.org/dsl/errors/types/",
)

# Default status per standard type: dsl-reference.md, "Standard Error Types".
STANDARD_ERROR_STATUS = {
    "configuration": 400,
    "validation": 400,
    "expression": 400,
    "authentication": 401,
    "authorization": 403,
    "timeout": 408,
    "communication": 500,
    "runtime": 500,
}


def canonical_error_type(type_uri: str) -> str:
    """Return `type_uri` with a former base of the standard error types replaced by today's.

    Both host names are understood (`serverlessworkflow.io`, `open-workflow-specification.org`), so a
    filter written with one matches an error raised with the other. Other URIs come back unchanged.
    """
    for base in _FORMER_BASES:
        if type_uri.startswith(base):
            return STANDARD_ERROR_BASE + type_uri[len(base) :]
    return type_uri


class WorkflowError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An OWS error: RFC 9457 problem details (dsl-reference.md, "Error").

    `instance` is the JSON Pointer of the task that raised it. `extensions` keeps members of a
    problem+json body that the specification does not name.
    """

    type: str
    status: int
    title: str | None = None
    detail: str | None = None
    instance: str | None = None
    extensions: dict[str, Any] | None = None

    @classmethod
    def standard(
        cls,
        kind: str,
        *,
        title: str | None = None,
        detail: str | None = None,
        instance: str | None = None,
        status: int | None = None,
    ) -> WorkflowError:
        """Make an error of a standard `kind`, e.g. `"timeout"`, with its default status."""
        return cls(
            type=STANDARD_ERROR_BASE + kind,
            status=STANDARD_ERROR_STATUS[kind] if status is None else status,
            title=title,
            detail=detail,
            instance=instance,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the error as plain JSON data, as expressions and history see it."""
        data: dict[str, Any] = {"type": self.type, "status": self.status}
        if self.title is not None:
            data["title"] = self.title
        if self.detail is not None:
            data["detail"] = self.detail
        if self.instance is not None:
            data["instance"] = self.instance
        if self.extensions:
            for key, value in self.extensions.items():
                data.setdefault(key, value)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> WorkflowError:
        """Rebuild an error from `as_dict()`; unknown members become `extensions`."""
        known = {"type", "status", "title", "detail", "instance"}
        rest = {k: v for k, v in data.items() if k not in known}
        return cls(
            type=data["type"],
            status=data["status"],
            title=data.get("title"),
            detail=data.get("detail"),
            instance=data.get("instance"),
            extensions=rest or None,
        )


class HeadraceError(Exception):
    """Base of every exception that Headrace raises on purpose."""


class ExpressionError(HeadraceError):
    """An expression does not compile or failed while it ran; becomes an OWS `expression` error."""


class ExpressionLimitError(ExpressionError):
    """An expression used up its budget of steps, depth, time or output size."""
