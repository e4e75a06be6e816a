"""What is wrong with a request, or with what came of it, for the one who made it (RFC 9457)."""

from __future__ import annotations

from typing import Any

from headrace.errors import HeadraceError

TYPE_BASE = "https://headrace.dev/problems/"


class HttpProblem(HeadraceError):
    """A problem to answer with. `code` is stable, `detail` says what, `remedy` what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str,
        remedy: str | None = None,
        *,
        retry_after_seconds: int | None = None,
        extensions: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{title}: {detail}")
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.remedy = remedy
        self.retry_after_seconds = retry_after_seconds
        self.extensions = extensions or {}

    def body(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        return {
            "type": TYPE_BASE + self.code,
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **({} if self.remedy is None else {"remedy": self.remedy}),
            **self.extensions,
        }
