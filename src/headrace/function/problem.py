"""Errors of a function as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

PROBLEM_TYPE = "application/problem+json"

# Statuses below 500 that are worth another attempt; every 5xx is.
_RETRYABLE_4XX = frozenset({408, 429})


class FunctionError(Exception):
    """A failure that the flow should see as it is: raise it from a function.

    `status` is an HTTP status of 400 to 599. Statuses 408, 429 and 5xx are tried again, all others are
    final; `retryable` overrules that. Without `status` it is 503 when `retryable`, else 422.
    `type` is a URI that `catch.errors.with.type` can match; without it the caller chooses the standard one.
    `extensions` are further members of the problem, which `catch` sees too.
    """

    def __init__(
        self,
        detail: str | None = None,
        *,
        status: int | None = None,
        title: str | None = None,
        type: str | None = None,
        retryable: bool | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        if status is None:
            status = 503 if retryable else 422
        if not isinstance(status, int) or not 400 <= status <= 599:
            raise ValueError(f"status of a FunctionError must be 400 to 599, not {status!r}")
        super().__init__(detail or title or reason(status))
        self.status = status
        self.title = title or reason(status)
        self.detail = detail
        self.type = type
        self.extensions = dict(extensions or {})
        self._retryable = retryable

    @property
    def retryable(self) -> bool:
        """Whether another attempt may succeed."""
        if self._retryable is not None:
            return self._retryable
        return self.status >= 500 or self.status in _RETRYABLE_4XX

    @property
    def problem(self) -> dict[str, Any]:
        """The problem+json body. `retryable` is a member only where it was given."""
        body = dict(self.extensions)
        if self.type is not None:
            body["type"] = self.type
        body["status"] = self.status
        body["title"] = self.title
        if self.detail is not None:
            body["detail"] = self.detail
        if self._retryable is not None:
            body["retryable"] = self._retryable
        return body


def reason(status: int) -> str:
    """Return the phrase that goes with an HTTP status, `Error` for one without."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
