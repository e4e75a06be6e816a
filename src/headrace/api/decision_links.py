"""Links to decisions: made by those who may answer, used by somebody without an account.

The token of a link comes in the header `Headrace-Link`, never in an address: those end in logs.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import HeaderParameter, JSONBody, PathParameter

from headrace.access.failure import Refused
from headrace.access.link import link_id_of, new_link_id
from headrace.access.role import Principal
from headrace.api.decision import Answer, Asked, asked_of, decide, decisions_of, may_answer, no_more
from headrace.api.decisions import TAG, check_may, known
from headrace.api.execution import ExecutionId, Namespace, RunId
from headrace.api.failure import problem_of
from headrace.api.identify import address_of, request_id_of
from headrace.api.page import Page
from headrace.api.platform import Caller, Platform
from headrace.api.problem import Problem, not_found
from headrace.api.route import delete, get, post
from headrace.api.rule import open_to_all, rule
from headrace.store.decisions import DecisionRow, DecisionStatus, LinkRow

DAY_SECONDS = 86_400
LINKS_MAX = 100
PAGE = "/decide"

Token = Annotated[
    str, HeaderParameter(name="Headrace-Link", max_length=200, description="The token of the link.")
]


class NewLink(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """For whom a link is, and for how long it is good."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    expires_in_seconds: Annotated[int, msgspec.Meta(ge=60, le=90 * DAY_SECONDS)] = 7 * DAY_SECONDS


class DecisionLink(msgspec.Struct, kw_only=True):
    """A link to a decision; it answers once."""

    id: str
    label: str
    created_at: float
    created_by: str
    expires_at: float
    used_at: float | None
    revoked_at: float | None


class MadeLink(DecisionLink, kw_only=True):
    """A link that was just made. `url` and `token` are shown only now; the token goes in `Headrace-Link`."""

    url: str
    token: str


class LinkedDecision(msgspec.Struct, kw_only=True):
    """What a link shows: the decision, and nothing of where it belongs. `asked` is null when it is over."""

    label: str
    status: DecisionStatus
    asked_at: float
    due_at: float | None
    expires_at: float
    choice: str | None
    ended_at: float | None
    asked: Asked | None


@post(
    "/decisions/{execution_id:str}/{run_id:int}/links",
    rule("operator"),
    tag=TAG,
    id="createDecisionLink",
    problems=(409,),
    status_code=201,
)
async def create_link(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    execution_id: ExecutionId,
    run_id: RunId,
    data: JSONBody[NewLink],
) -> MadeLink:
    """Make a link by which somebody without an account decides, in the place of who makes it."""
    row = await known(platform, namespace, execution_id, run_id)
    check_may(row, may_answer(principal, namespace)(row.role, row.users), principal.name)
    if row.status != "open":
        raise no_more(row)
    decisions = decisions_of(platform)
    if len(await decisions.links(execution_id, run_id)) >= LINKS_MAX:
        raise Problem(409, "too-many-links", f"a decision has at most {LINKS_MAX} links")
    now = platform.clock.now()
    link = LinkRow(
        id=new_link_id(),
        execution_id=execution_id,
        run_id=run_id,
        label=data.label,
        created_at=now,
        created_by=principal.name,
        expires_at=now + data.expires_in_seconds,
    )
    token = await platform.links.token(link.id, _what(link))
    entry = platform.access.audit.entry(
        principal,
        "decision-link.create",
        link.id,
        namespace=namespace,
        after={"execution": execution_id, "run_id": run_id, "label": data.label, "expires": link.expires_at},
        request_id=request_id_of(request.scope),
    )
    if not await decisions.add_link(link, entry):
        raise no_more(await known(platform, namespace, execution_id, run_id))
    base = (platform.access.settings.public_url or platform.base_url).rstrip("/")
    return MadeLink(**msgspec.to_builtins(_shown(link)), token=token, url=f"{base}{PAGE}#{token}")


@get("/decisions/{execution_id:str}/{run_id:int}/links", rule("operator"), tag=TAG, id="listDecisionLinks")
async def list_links(
    platform: Platform, namespace: Namespace, execution_id: ExecutionId, run_id: RunId
) -> Page[DecisionLink]:
    """Return the links to a decision, without their tokens."""
    await known(platform, namespace, execution_id, run_id)
    return Page(items=[_shown(each) for each in await decisions_of(platform).links(execution_id, run_id)])


@delete(
    "/decisions/{execution_id:str}/{run_id:int}/links/{link_id:str}",
    rule("operator"),
    tag=TAG,
    id="revokeDecisionLink",
)
async def revoke_link(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    execution_id: ExecutionId,
    run_id: RunId,
    link_id: Annotated[str, PathParameter(max_length=100, description="A link's id.")],
) -> None:
    """Let a link answer no more."""
    await known(platform, namespace, execution_id, run_id)
    link = await decisions_of(platform).link(link_id)
    entry = platform.access.audit.entry(
        principal,
        "decision-link.revoke",
        link_id,
        namespace=namespace,
        before=None if link is None else {"execution": execution_id, "run_id": run_id, "label": link.label},
        request_id=request_id_of(request.scope),
    )
    mine = link is not None and (link.execution_id, link.run_id) == (execution_id, run_id)
    if not mine or not await decisions_of(platform).revoke_link(link_id, platform.clock.now(), entry):
        raise not_found("link that could be used", link_id)


@get("/api/v1/decision", open_to_all(), tag=TAG, id="getLinkedDecision", security=[{}], problems=(429,))
async def get_linked(
    request: Request[Any, Any, Any], platform: Platform, link_token: Token
) -> LinkedDecision:
    """Return what a link is about; it changes nothing."""
    link, row = await _opened(platform, request, link_token)
    return _linked(link, row)


@post(
    "/api/v1/decision",
    open_to_all(),
    tag=TAG,
    id="answerLinkedDecision",
    security=[{}],
    problems=(409, 422, 429),
)
async def answer_linked(
    request: Request[Any, Any, Any], platform: Platform, link_token: Token, data: JSONBody[Answer]
) -> LinkedDecision:
    """Decide by a link, once."""
    link, row = await _opened(platform, request, link_token)
    by = Principal(
        id=f"link:{link.id}",
        name=f"{link.label} (by a link of {link.created_by})",
        kind="link",
        roles={},
        address=address_of(platform.access, request.scope),
    )
    decided = await decide(
        platform, row, data, by, via="link", link=link.id, request_id=request_id_of(request.scope)
    )
    return _linked(link, decided)


async def _opened(
    platform: Platform, request: Request[Any, Any, Any], token: str
) -> tuple[LinkRow, DecisionRow]:
    """Return a link and what it is to. Raises `Problem` 404 for one that is no good, 429."""
    decisions = decisions_of(platform)
    try:
        platform.link_rate.take(address_of(platform.access, request.scope) or "unknown")
    except Refused as refused:
        raise problem_of(refused) from refused
    link = await decisions.link(link_id_of(token))
    if link is None or not await platform.links.signed(token, _what(link)):
        raise _no_good("bad-link", "this is no link of this server")
    row = await decisions.get(link.execution_id, link.run_id)
    if row is None or link.revoked_at is not None:
        raise _no_good("link-revoked", "the link was taken back")
    # Who has used a link is told what became of it, also when its time is over.
    if link.used_at is None and link.expires_at <= platform.clock.now():
        raise _no_good("link-expired", "the time of the link is over")
    return link, row


def _no_good(code: str, detail: str) -> Problem:
    return Problem(404, code, detail, remedy="ask whoever sent it for another one")


def _what(link: LinkRow) -> str:
    """Return what a link is for, as it is signed."""
    return f"decision\n{link.execution_id}\n{link.run_id}\n{link.expires_at:.3f}"


def _shown(link: LinkRow) -> DecisionLink:
    return DecisionLink(**{name: getattr(link, name) for name in DecisionLink.__struct_fields__})


def _linked(link: LinkRow, row: DecisionRow) -> LinkedDecision:
    is_open = row.status == "open"
    # Others may have decided in the meantime: what, is for who has used the link.
    own = link.used_at is not None or is_open or row.via == "link"
    return LinkedDecision(
        label=link.label,
        status=row.status,
        asked_at=row.asked_at,
        due_at=row.due_at,
        expires_at=link.expires_at,
        choice=row.choice if own else None,
        ended_at=row.ended_at,
        asked=asked_of(row) if is_open else None,
    )


NAMESPACED = (create_link, list_links, revoke_link)
GLOBAL = (get_linked, answer_linked)
