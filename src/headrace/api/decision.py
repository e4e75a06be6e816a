"""A decision as the API shows it, and the one way in which it is answered. Times are epoch seconds (UTC)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import jsonschema_rs
import msgspec
import orjson

from headrace.access.role import ROLES, Principal, allows
from headrace.api.platform import RunningPlatform
from headrace.api.problem import Problem, bad_request, conflict, not_found
from headrace.engine.approval import DECISION_ATTRIBUTE, EXECUTION_ATTRIBUTE
from headrace.runtime.transition import NAMESPACE_ATTRIBUTE
from headrace.store.decisions import Answered, DecisionAnswer, DecisionRow, Decisions, DecisionStatus, May

ANSWER_BYTES_MAX = 256 * 1024
PROBLEMS_MAX = 50
DELIVERY_SECONDS = 10.0
SOURCE = "/headrace/decisions"


class Choice(msgspec.Struct, kw_only=True):
    """One of what may be chosen. `tone` says how it is meant, for the colour of its button."""

    name: str
    title: str
    tone: Literal["positive", "negative", "neutral"]


class Asked(msgspec.Struct, kw_only=True):
    """What is shown to those who decide. `form` is a JSON Schema of an object, or null."""

    title: str
    description: str
    data: Any
    choices: list[Choice]
    form: Any


class DecisionSummary(msgspec.Struct, kw_only=True):
    """A decision in a list. `may_answer` is about who asks; `role` and `users` are who may.

    `status`: open; decided; ended (the task ended without an answer); overtaken (answered, and too late).
    """

    execution_id: str
    run_id: int
    namespace: str
    flow: str
    task: str
    title: str
    status: DecisionStatus
    asked_at: float
    due_at: float | None
    overdue: bool
    role: str | None
    users: list[str]
    may_answer: bool
    ended_at: float | None
    decided_by: str | None
    via: str | None
    choice: str | None


class DecisionDetail(DecisionSummary, kw_only=True):
    """A decision with what it is decided on; `answer` is what the form was filled in with."""

    asked: Asked
    answer: Any


class Answer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A choice, and what the form asks for."""

    choice: Annotated[str, msgspec.Meta(max_length=63)]
    answer: dict[str, Any] = {}


def decisions_of(platform: RunningPlatform) -> Decisions:
    """Return the decisions of a platform. Raises `Problem` 501 where it has none."""
    if platform.decisions is None or platform.access is None:
        raise Problem(501, "unsupported", "this process keeps no decisions")
    decisions: Decisions = platform.decisions
    return decisions


def may_answer(principal: Principal, namespace: str) -> May:
    """Return what tells whether somebody may answer: by their role, or as the user that is named."""
    held = frozenset(role for role in ROLES if allows(principal, role, namespace))
    user = principal.name if principal.kind == "user" else None

    def may(role: str | None, users: Sequence[str]) -> bool:
        return role in held or (user is not None and user in users)

    return may


def summary_of(row: DecisionRow, may: May, now: float) -> DecisionSummary:
    """Return a decision as lists show it."""
    return DecisionSummary(**_facts(row, may, now))


def detail_of(row: DecisionRow, may: May, now: float) -> DecisionDetail:
    """Return a decision with what it is decided on."""
    answer = None if row.answer is None else msgspec.Raw(row.answer)
    return DecisionDetail(**_facts(row, may, now), asked=asked_of(row), answer=answer)


def asked_of(row: DecisionRow) -> Asked:
    """Return what is shown to those who decide."""
    return msgspec.json.decode(row.shown, type=Asked)


def _facts(row: DecisionRow, may: May, now: float) -> dict[str, Any]:
    is_open = row.status == "open"
    return {
        "execution_id": row.execution_id,
        "run_id": row.run_id,
        "namespace": row.namespace,
        "flow": row.flow,
        "task": row.pointer,
        "title": row.title,
        "status": row.status,
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "overdue": is_open and row.due_at is not None and row.due_at < now,
        "role": row.role,
        "users": list(row.users),
        "may_answer": is_open and may(row.role, row.users),
        "ended_at": row.ended_at,
        "decided_by": row.decided_by,
        "via": row.via,
        "choice": row.choice,
    }


async def decide(
    platform: RunningPlatform,
    row: DecisionRow,
    given: Answer,
    by: Principal,
    *,
    via: Literal["user", "token", "link"],
    link: str | None = None,
    request_id: str | None = None,
) -> DecisionRow:
    """Take an answer, hand it to the execution, and return the decision as it then is.

    Raises `Problem` 400 and 422 for an answer that does not fit, 404 for a link that is no good any more, 409
    where it is not the first, or too late.
    """
    if row.status != "open":
        raise no_more(row)
    _check(row, given)
    access = platform.access
    now = platform.clock.now()
    # What somebody types is masked as everything is that is kept about them.
    texts = list(access.secrets.texts(row.namespace))
    answer = _masked(given.answer, texts)
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = {
        "specversion": "1.0",
        "id": f"{row.execution_id}.{row.run_id}",
        "source": SOURCE,
        "type": row.event_type,
        "subject": row.execution_id,
        "time": at,
        "datacontenttype": "application/json",
        NAMESPACE_ATTRIBUTE: row.namespace,
        EXECUTION_ATTRIBUTE: row.execution_id,
        DECISION_ATTRIBUTE: str(row.run_id),
        "data": {"choice": given.choice, "answer": answer, "by": by.name, "via": via, "at": at},
    }
    entry = access.audit.entry(
        by,
        "decision.answer",
        f"{row.execution_id}/{row.run_id}",
        namespace=row.namespace,
        after={"title": row.title, "choice": given.choice, "answer": answer, "via": via, "link": link},
        request_id=request_id,
    )
    taken = await decisions_of(platform).answer(
        DecisionAnswer(
            execution_id=row.execution_id,
            run_id=row.run_id,
            choice=given.choice,
            answer=orjson.dumps(answer),
            by=by.name,
            via=via,
            at=now,
            event=orjson.dumps(event),
            entry=entry,
            link=link,
        )
    )
    if taken is None:
        raise not_found("decision", f"{row.execution_id}/{row.run_id}")
    if taken.sequence is None:
        raise _refusal(taken)
    with contextlib.suppress(TimeoutError):
        # It is durable and will come: only how it ended is not known if the execution takes long to take it.
        async with asyncio.timeout(DELIVERY_SECONDS):
            await platform.runtime.deliver(taken.sequence, event)
    after = await decisions_of(platform).get(row.execution_id, row.run_id)
    if after is None or after.status != "overtaken":
        return taken.row if after is None else after
    raise no_more(after)


def no_more(row: DecisionRow) -> Problem:
    """Return the refusal of an answer that is not the first, or that came too late."""
    if row.status == "decided":
        return Problem(
            409,
            "already-decided",
            f"{row.decided_by or 'somebody'} has decided: {row.choice or 'by an event'}",
            remedy="a decision is taken once; look at what became of the execution",
            members={"decided_by": row.decided_by, "choice": row.choice, "decided_at": row.ended_at},
        )
    return conflict(
        "too-late",
        "the task has ended without this decision: its time was over, or the execution was ended",
        "look at what became of the execution",
    )


def _refusal(taken: Answered) -> Problem:
    if taken.why_not == "not-open":
        return no_more(taken.row)
    return Problem(404, str(taken.why_not), "the link is no good any more", remedy="ask for another one")


def _check(row: DecisionRow, given: Answer) -> None:
    """Raise `Problem` 400 or 422 for an answer that is not what was asked for."""
    if len(orjson.dumps(given.answer)) > ANSWER_BYTES_MAX:
        raise bad_request(
            "answer-too-large", f"an answer has at most {ANSWER_BYTES_MAX} bytes of JSON", pointer="/answer"
        )
    asked = asked_of(row)
    names = [each.name for each in asked.choices]
    if given.choice not in names:
        raise bad_request(
            "no-such-choice",
            f"{given.choice!r} is none of the choices",
            remedy=f"choose {' or '.join(names)}",
            pointer="/choice",
        )
    if asked.form is None:
        if given.answer:
            raise bad_request(
                "no-form", "this decision has no form", remedy="leave it out", pointer="/answer"
            )
        return
    problems = form_problems(asked.form, given.answer)
    if problems:
        raise Problem(
            422,
            "bad-answer",
            f"the answer does not fit the form: {problems[0]['detail']}",
            remedy="mend what `problems` points to",
            pointer=problems[0]["pointer"],
            problems=problems,
        )


def form_problems(form: Any, answer: Any) -> list[dict[str, str]]:
    """Return what is wrong with an answer: JSON Pointers into the request, and why."""
    validator = jsonschema_rs.validator_for(form, validate_formats=True)
    problems = []
    for error in validator.iter_errors(answer):
        place = [*error.instance_path]
        missing = getattr(error.kind, "property", None)
        if isinstance(missing, str):
            place.append(missing)  # what is required is missing: the place is where it would be
        problems.append({"pointer": "/answer" + "".join(map(_segment, place)), "detail": error.message})
        if len(problems) == PROBLEMS_MAX:
            break
    return problems


def _segment(part: str | int) -> str:
    return "/" + str(part).replace("~", "~0").replace("/", "~1")


def _masked(answer: Any, texts: list[str]) -> Any:
    """Return an answer without the texts of secrets, wherever they stand."""
    if isinstance(answer, str):
        for text in texts:
            answer = answer.replace(text, "***")
        return answer
    if isinstance(answer, dict):
        return {str(_masked(name, texts)): _masked(each, texts) for name, each in answer.items()}
    if isinstance(answer, list):
        return [_masked(each, texts) for each in answer]
    return answer
