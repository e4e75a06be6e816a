"""One http trigger, and one request to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from headrace.errors import ExpressionError
from headrace.source.arrivals import Cause
from headrace.source.gate import Gate
from headrace.source.http.answer import HttpAnswer, fault_answer, output_answer
from headrace.source.http.content import read_body, read_fields, read_headers
from headrace.source.http.problem import HttpProblem
from headrace.source.http.seen import SeenRequest
from headrace.source.mapping import Mapping, start_key
from headrace.source.port import Delivery, Fired, StartRequest, StartUnavailable
from headrace.spec.trigger import HttpTrigger, Signature

# Methods whose input is the query unless the trigger says otherwise.
QUERY_METHODS = frozenset({"GET", "HEAD", "DELETE"})
# What a client is told to wait after it was refused.
RETRY_AFTER_SECONDS = 1
PAUSED_RETRY_AFTER_SECONDS = 30

_KEY = re.compile(rb"[\x21-\x7e][\x20-\x7e]{0,254}\Z")
# W3C Trace Context.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\Z")


class HttpTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A trigger that answers a path, with what the server has to know of it."""

    gate: Gate
    method: str
    path: str  # as it is written: `/orders/{id}`
    access: str | Signature  # `token` | `public` | how requests are signed
    reply: str  # `accepted` | `output`
    wait_seconds: float  # how long a caller waits for the output
    response: Mapping | None = None

    @property
    def owner(self) -> str:
        """Who answers, for messages."""
        return f"trigger {self.gate.name.trigger!r} of {self.gate.name.namespace}/{self.gate.name.flow}"

    @classmethod
    def of(
        cls, gate: Gate, trigger: HttpTrigger, wait_seconds: float, response: Mapping | None
    ) -> HttpTarget:
        """Make the target of a trigger."""
        return cls(
            gate=gate,
            method=trigger.method,
            path=trigger.path,
            access=trigger.access,
            reply=trigger.reply,
            wait_seconds=wait_seconds,
            response=response,
        )


class HttpRoute:
    """A request's path matched to a trigger: `parameters` are the path's, decoded."""

    __slots__ = ("_seen", "parameters", "target")

    def __init__(self, target: HttpTarget, parameters: dict[str, str]) -> None:
        self.target = target
        self.parameters = parameters
        self._seen: SeenRequest | None = None

    def see(
        self,
        method: str,
        path: str,
        headers: Sequence[tuple[bytes, bytes]],
        query: bytes,
        body: bytes,
    ) -> None:
        """Take note of the request, for who looks at what came; all is as it was sent."""
        self._seen = SeenRequest(method, path, self.parameters, headers, query, body)

    def turned_away(self, cause: Cause, detail: str, *, let_in: bool = False) -> None:
        """Keep the request as one that was refused before it could fire the trigger."""
        self.target.gate.turned_away(self._seen, cause, detail, let_in=let_in)

    def request(
        self,
        method: str,
        path: str,
        headers: Sequence[tuple[bytes, bytes]],
        query: bytes,
        body: bytes,
    ) -> StartRequest:
        """Return what to start for a request. `path` and `query` are as they were sent, names of headers too.

        Raises `HttpProblem`: 400 (not JSON, a bad key), 415, 422 (the mapping fails on it).
        """
        gate = self.target.gate
        if self._seen is None:
            self.see(method, path, headers, query, body)
        try:
            content_type, key, traceparent, tracestate = _own_headers(headers)
            data = read_body(content_type, body)
            fields = read_fields(query.decode("latin-1"), "the query") if query else {}
        except HttpProblem as problem:
            self.turned_away("request", str(problem))
            raise
        default = fields if method in QUERY_METHODS else data
        payload: Any = None
        if gate.input is not None or gate.dedupe is not None:
            payload = {
                "method": method,
                "path": path,
                "params": self.parameters,
                "query": fields,
                "headers": read_headers(headers),
                "body": data,
            }
        delivery = Delivery(
            payload=payload,
            default_input=default,
            key=key,
            traceparent=traceparent,
            tracestate=tracestate,
        )
        try:
            return gate.request(delivery)
        except ExpressionError as error:
            fired = gate.note("failed", "mapping", f"the mapping failed: {error}")
            gate.came(self._seen, fired)
            raise HttpProblem(
                422,
                "mapping-failed",
                "The request does not fit the trigger",
                f"`input` or `dedupe` of {self.target.owner} fails on it: {error}",
                "send what the trigger expects",
            ) from error

    async def start(self, request: StartRequest, *, stays: bool = False) -> Fired:
        """Start; return what was `started`, or started before (`duplicate`), durably.

        Whoever asks may be cancelled, unless they say that they stay, which takes a task less.
        Raises `HttpProblem`: 429 (as many are open as may be), 503 (paused, or the store cannot be written),
        500 (the flow cannot be started).
        """
        gate = self.target.gate
        fired = gate.refusal()
        if fired is None:
            try:
                fired = await (gate.start_and_stay(request) if stays else gate.start(request))
            except StartUnavailable as error:
                self.turned_away("unavailable", str(error), let_in=True)
                raise HttpProblem(
                    503,
                    "unavailable",
                    "Nothing was started",
                    str(error),
                    "try again; with an Idempotency-Key that is safe",
                    retry_after_seconds=RETRY_AFTER_SECONDS,
                ) from error
        gate.came(self._seen, fired)
        if fired.execution_id is not None:
            return fired
        detail = fired.detail or ""
        if fired.reason == "full":
            raise HttpProblem(
                429,
                "too-many-open",
                "Too many executions are open",
                detail,
                "try again later",
                retry_after_seconds=RETRY_AFTER_SECONDS,
            )
        if fired.reason == "paused":
            raise HttpProblem(
                503,
                "paused",
                "The trigger is paused",
                f"{self.target.owner} is paused",
                "try again when it was resumed",
                retry_after_seconds=PAUSED_RETRY_AFTER_SECONDS,
            )
        raise HttpProblem(500, "start-failed", "The flow cannot be started", detail, "see its firings")

    def answer(self, execution_id: str, status: str, output: Any, error: dict[str, Any] | None) -> HttpAnswer:
        """Return how an execution ended as the answer to its caller (`reply: output`).

        Raises `HttpProblem` 500 where the trigger's `response` cannot be sent.
        """
        if status != "completed":
            return fault_answer(execution_id, status, error)
        try:
            return output_answer(output, self.target.response, self.target.gate.clock.now())
        except HttpProblem as problem:
            problem.extensions["execution"] = execution_id
            raise


def _own_headers(
    headers: Iterable[tuple[bytes, bytes]],
) -> tuple[str, str | None, str | None, str | None]:
    """Return content type, key, traceparent and tracestate of a request."""
    content_type, key, traceparent, tracestate = "", None, None, None
    for raw_name, value in headers:
        name = raw_name.lower()
        if name == b"content-type":
            content_type = value.decode("latin-1")
        elif name == b"idempotency-key":
            if not _KEY.match(value):
                raise HttpProblem(
                    400,
                    "invalid-idempotency-key",
                    "The Idempotency-Key cannot be used",
                    "it is 1 to 255 printable ASCII characters",
                    "use a UUID, one per thing that should happen once",
                )
            key = value.decode("ascii")
        elif name == b"traceparent":
            text = value.decode("latin-1").strip()
            traceparent = text if _TRACEPARENT.match(text) else None
        elif name == b"tracestate":
            tracestate = value.decode("latin-1")
    return content_type, key, traceparent, tracestate if traceparent is not None else None


def started_key(target: HttpTarget, idempotency_key: str) -> str:
    """Return under which key an execution is found that a request with this Idempotency-Key started."""
    return start_key(target.gate.name.trigger, idempotency_key)
