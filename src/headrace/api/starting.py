"""Starting executions, and waiting for their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import orjson
from litestar import Request, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from headrace.api.execution import ExecutionId, Namespace, Status, known, raw, starter_of
from headrace.api.json_body import read_json
from headrace.api.outcome import ended, fault_of, told
from headrace.api.platform import Caller, Platform
from headrace.api.prefer import WAIT_SECONDS_MAX, wait_seconds
from headrace.api.problem import Problem, bad_request, conflict
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.runtime.definitions import Deployed
from headrace.runtime.ids import new_execution_id
from headrace.runtime.results import Result

TAG = "Executions"
KEY_CHARACTERS_MAX = 255
# Keys of what triggers start (docs/decisions/0006-server.md); nobody else's.
TRIGGER_KEYS = "trigger/"


@dataclass
class StartOperation(Operation):
    """An operation whose body is any JSON value."""

    def __post_init__(self) -> None:
        """Describe the body."""
        example = Example(summary="An order", value={"order": {"id": "A-1001", "total": 1250}})
        self.request_body = RequestBody(
            content={"application/json": OpenAPIMediaType(schema=Schema(), examples={"order": example})},
            description="The input: any JSON value; none is null.",
            required=False,
        )


class Started(msgspec.Struct, kw_only=True):
    """An execution that is durably started. `replayed`: the key was used before, and this is that one."""

    id: str
    location: str
    replayed: bool


class Outcome(msgspec.Struct, kw_only=True):
    """How an execution stands: with output or error when it is final."""

    id: str
    status: Status
    ended: bool
    output: Any = None
    error: Any = None


@post(
    "/flowapps/{name:str}/executions",
    rule("operator"),
    tag=TAG,
    id="startExecution",
    problems=(409, 415),
    status_code=202,
    operation_class=StartOperation,
    responses={
        200: ResponseSpec(
            Any, description="The output, where `Prefer: wait=N` was kept.", generate_examples=False
        )
    },
    description=(
        "Start an execution; it is durable when this answers. With `Prefer: wait=N` (up to 300 seconds) the "
        "answer is the flow's output when it ends in time; one that faults is its error as a problem, with "
        "the error's status. Too late, or caller gone: it goes on, and is found by its id or key."
    ),
)
async def start_execution(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    name: Annotated[str, PathParameter(max_length=253, description="The FlowApp's name.")],
    version: Annotated[
        str | None,
        QueryParameter(max_length=255, description="One that it has or had; none: the current."),
    ] = None,
    idempotency_key: Annotated[
        str | None,
        HeaderParameter(
            name="Idempotency-Key",
            max_length=KEY_CHARACTERS_MAX,
            description="The same key again starts nothing and answers for the first execution.",
        ),
    ] = None,
    prefer: Annotated[
        str | None, HeaderParameter(name="Prefer", description="`wait=N`: answer with the output.")
    ] = None,
) -> Response[Any]:
    """Start an execution."""
    input = read_json(await request.body(), request.headers.get("content-type", ""), "the input")
    deployed = await _startable(platform, namespace, name, version)
    key = checked_key(idempotency_key)
    execution_id = new_execution_id(platform.clock.now())
    with platform.enter("start", request.headers.get("traceparent")) as parent:
        started = await platform.runtime.start_execution(
            deployed,
            input,
            key=key,
            execution_id=execution_id,
            traceparent=parent,
            started_by=starter_of(principal),
        )
    replayed = started != execution_id
    if replayed:
        await _check_same(platform, started, input, deployed)
    location = f"/api/v1/namespaces/{namespace}/executions/{started}"
    headers = {"location": location, "headrace-execution": started}
    seconds = wait_seconds(request.headers.getall("prefer", []))
    if seconds is not None:
        result = await ended(platform.runtime, started, seconds, request.receive)
        if result is not None:
            return await _answer(
                platform, result, deployed, {**headers, "preference-applied": f"wait={seconds}"}
            )
    return Response(
        Started(id=started, location=location, replayed=replayed), status_code=202, headers=headers
    )


async def _startable(platform: Platform, namespace: str, name: str, version: str | None) -> Deployed:
    """Return the content to run. Raises `Problem` 404, and 409 where the FlowApp is paused."""
    row, deployed = await platform.deploying.current(namespace, name)
    if row.paused:
        raise conflict("paused", f"FlowApp {name!r} is paused", "resume it with POST .../resume")
    if version is None:
        return deployed
    return await platform.deploying.version(namespace, name, version)


def checked_key(key: str | None) -> str | None:
    """Return an idempotency key. Raises `Problem` 400."""
    if key is None:
        return None
    text = key.strip()
    if not text or not text.isprintable():
        raise bad_request(
            "bad-key", "Idempotency-Key is empty or has control characters", pointer="header:Idempotency-Key"
        )
    if text.startswith(TRIGGER_KEYS):
        raise bad_request(
            "bad-key",
            f"Idempotency-Key begins with {TRIGGER_KEYS!r}, as those of triggers do",
            remedy="choose another key",
            pointer="header:Idempotency-Key",
        )
    return text


async def _check_same(platform: Platform, execution_id: str, input: Any, deployed: Deployed) -> None:
    """Refuse a key that was used for something else: its caller would take another's result for theirs."""
    row = await platform.store.execution(execution_id)
    if row is None or deployed.plan.secret_names:
        # Inputs that name a secret are kept without it, and cannot be compared.
        return
    known_input = None if row.input is None else orjson.loads(row.input)
    if known_input != input:
        raise Problem(
            409,
            "key-reused",
            f"this Idempotency-Key was used for execution {execution_id}, which has another input",
            remedy="use a new key for a new request",
            members={"execution": execution_id},
        )


async def _answer(
    platform: Platform, result: Result, deployed: Deployed, headers: dict[str, str]
) -> Response[Any]:
    result = await told(platform, result)
    if result.status == "completed":
        return Response(result.output, status_code=200, headers=headers)
    problem = fault_of(result)
    problem.headers.update(headers)
    raise problem


@get(
    "/executions/{execution_id:str}/wait",
    rule("viewer"),
    tag=TAG,
    id="waitForExecution",
    responses={202: ResponseSpec(Outcome, description="It has not ended yet.", generate_examples=False)},
)
async def wait_for_execution(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    seconds: Annotated[
        float, QueryParameter(ge=0, le=WAIT_SECONDS_MAX, description="How long at most.")
    ] = 30.0,
) -> Response[Outcome]:
    """Return how an execution ended, as soon as it does; 202 when it has not in time."""
    row = await known(platform, namespace, execution_id)
    if row.ended_at is None:
        await ended(platform.runtime, execution_id, seconds, request.receive)
        row = await known(platform, namespace, execution_id)
    final = row.ended_at is not None
    status: Literal["completed"] | Any = row.status
    outcome = Outcome(id=row.id, status=status, ended=final, output=raw(row.output), error=raw(row.error))
    return Response(outcome, status_code=200 if final else 202)


NAMESPACED = (start_execution, wait_for_execution)
