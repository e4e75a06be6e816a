"""Decisions: what waits for people in a namespace, and their answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody, QueryParameter

from headrace.api.decision import (
    Answer,
    DecisionDetail,
    DecisionSummary,
    decide,
    decisions_of,
    detail_of,
    may_answer,
    summary_of,
)
from headrace.api.execution import ExecutionId, Namespace, RunId
from headrace.api.identify import request_id_of
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Caller, Platform
from headrace.api.problem import Problem, not_found
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.store.decisions import DecisionFilter, DecisionPosition, DecisionRow

TAG = "Decisions"


class DecisionCounts(msgspec.Struct, kw_only=True):
    """How many are open; late ones; those that the caller may answer. `more`: there are more than counted."""

    open: int
    overdue: int
    mine: int
    more: bool


@get("/decisions", rule("viewer"), tag=TAG, id="listDecisions")
async def list_decisions(
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    status: Annotated[
        Literal["open", "ended"], QueryParameter(description="What waits, or what waits no more.")
    ] = "open",
    mine: Annotated[bool, QueryParameter(description="Open ones that the caller may answer.")] = False,
    overdue: Annotated[bool, QueryParameter(description="Open ones whose time is over.")] = False,
    flow: Annotated[str | None, QueryParameter(max_length=255)] = None,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[DecisionSummary]:
    """Return what waits for people, longest first; or what was decided or ended, the last first.

    A page may be short where few of many fit the filters: `next` says where to go on.
    """
    now = platform.clock.now()
    may = may_answer(principal, namespace)
    key = after(after_cursor, ((int, float), str, int))
    position = None if key is None else DecisionPosition(float(str(key[0])), str(key[1]), _whole(key[2]))
    found = await decisions_of(platform).page(
        DecisionFilter(
            namespace=namespace,
            open=status == "open",
            flow=flow,
            may=may if mine else None,
            due_before=now if overdue else None,
        ),
        after=position,
        limit=limit,
    )
    return Page(
        items=[summary_of(row, may, now) for row in found.rows],
        next=None if found.next is None else cursor(*found.next),
    )


@get("/decisions/count", rule("viewer"), tag=TAG, id="countDecisions")
async def count_decisions(platform: Platform, principal: Caller, namespace: Namespace) -> DecisionCounts:
    """Return how many wait."""
    may = may_answer(principal, namespace)
    counts = await decisions_of(platform).counts(namespace, may, platform.clock.now())
    return DecisionCounts(open=counts.open, overdue=counts.late, mine=counts.mine, more=counts.more)


@get("/decisions/{execution_id:str}/{run_id:int}", rule("viewer"), tag=TAG, id="getDecision")
async def get_decision(
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    execution_id: ExecutionId,
    run_id: RunId,
) -> DecisionDetail:
    """Return a decision with its data and its form."""
    row = await known(platform, namespace, execution_id, run_id)
    return detail_of(row, may_answer(principal, namespace), platform.clock.now())


@post(
    "/decisions/{execution_id:str}/{run_id:int}/answer",
    rule("viewer"),
    tag=TAG,
    id="answerDecision",
    problems=(409, 422),
)
async def answer_decision(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    execution_id: ExecutionId,
    run_id: RunId,
    data: JSONBody[Answer],
) -> DecisionDetail:
    """Decide, once: the execution goes on with the answer, which is durable when this returns."""
    row = await known(platform, namespace, execution_id, run_id)
    may = may_answer(principal, namespace)
    check_may(row, may(row.role, row.users), principal.name)
    decided = await decide(
        platform,
        row,
        data,
        principal,
        via="user" if principal.kind == "user" else "token",
        request_id=request_id_of(request.scope),
    )
    return detail_of(decided, may, platform.clock.now())


async def known(platform: Platform, namespace: str, execution_id: str, run_id: int) -> DecisionRow:
    """Return a decision of this namespace. Raises `Problem` 404 for any other."""
    row = await decisions_of(platform).get(execution_id, run_id)
    if row is None or row.namespace != namespace:
        raise not_found("decision", f"{execution_id}/{run_id}", "list them with GET .../decisions")
    return row


def check_may(row: DecisionRow, may: bool, name: str) -> None:
    """Raise `Problem` 403 unless somebody may answer; who may is no secret."""
    if may:
        return
    role = [] if row.role is None else [f"who has the role {row.role}"]
    who = " or ".join([*role, *row.users])
    raise Problem(
        403,
        "forbidden",
        f"this is decided by {who}, which {name!r} is not",
        remedy="ask them, or an administrator",
    )


def _whole(number: object) -> int:
    return min(int(str(number)), 2**62)


NAMESPACED = (list_decisions, count_decisions, get_decision, answer_decision)
