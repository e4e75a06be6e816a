"""A flow test from an execution: what it was given, what its calls answered, how it ended."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.params import QueryParameter

from headrace.api.execution import ExecutionId, Namespace, known
from headrace.api.platform import Platform
from headrace.api.problem import Problem, conflict
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.engine.state import FINAL_STATUSES

TAG = "Executions"
MEDIA_TYPE = "application/yaml"


@get(
    "/executions/{execution_id:str}/test",
    rule("viewer"),
    tag=TAG,
    id="getTest",
    problems=(409, 501),
    media_type=MEDIA_TYPE,
)
async def get_test(
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    name: Annotated[
        str | None,
        QueryParameter(min_length=1, max_length=200, description="Of the case; by default, by the id."),
    ] = None,
) -> Response[str]:
    """Return a test of the flow that does what this execution did, to be kept as tests/NAME.test.yaml.

    Comments at its head say what a person should know; secrets are masked, as they are in history.
    """
    row = await known(platform, namespace, execution_id)
    if row.status not in FINAL_STATUSES:
        raise conflict("not-ended", f"the execution is {row.status}", "wait for it with GET .../wait")
    if platform.save_test is None:
        raise Problem(501, "unsupported", "this server writes no tests", remedy="use `headrace up`")
    return Response(await platform.save_test(execution_id, name), media_type=MEDIA_TYPE)


NAMESPACED = (get_test,)
