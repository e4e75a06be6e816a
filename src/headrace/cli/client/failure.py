"""What a server refuses, and a server that is not there, as errors for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headrace.errors import HeadraceError


class ServerUnavailable(HeadraceError):
    """The server cannot be reached, or takes no work now. The same command may succeed later."""


class ServerRefused(HeadraceError):
    """The server said no. `status` is HTTP's, `code` the problem's stable name, `body` all of it."""

    def __init__(self, text: str, status: int, code: str, body: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.body = dict(body or {})


def error_of(status: int, body: Any, *, url: str, login: str) -> ServerRefused | ServerUnavailable:
    """Return the error that a problem (RFC 9457) stands for. `login` is the command that gets a new token."""
    if not isinstance(body, dict) or "code" not in body:
        return ServerRefused(
            f"{url} answers with status {status}, and not as Headrace does; is that its address?",
            status,
            "no-problem",
        )
    lines = [_sentence(body)]
    if status == 401:
        lines[0] = f"{url} does not take the token: {body.get('detail') or body.get('title')}"
        lines.append(f"It was revoked, or has expired; `{login}` asks for another one.")
    lines += [_place(each) for each in body.get("problems") or () if isinstance(each, dict)]
    text = "\n".join(lines)
    if status == 503:
        return ServerUnavailable(f"{url} takes no work now: {text}")
    return ServerRefused(text, status, str(body["code"]), body)


def _sentence(body: Mapping[str, Any]) -> str:
    said = str(body.get("detail") or body.get("title") or body["code"])
    remedy = str(body.get("remedy") or "")
    # Remedies speak to whoever writes requests; what names routes helps nobody at a terminal.
    if remedy and "..." not in remedy and not body.get("problems"):
        said = f"{said}; {remedy}"
    return said


def _place(problem: Mapping[str, Any]) -> str:
    place = ":".join(str(problem[name]) for name in ("file", "line", "column") if name in problem)
    where = place or str(problem.get("pointer") or "")
    remedy = f"; {problem['remedy']}" if problem.get("remedy") else ""
    severity = f"{problem['severity']}: " if "severity" in problem else ""
    return f"{where}{': ' if where else ''}{severity}{problem.get('message', '')}{remedy}"
