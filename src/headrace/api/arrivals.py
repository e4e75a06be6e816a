"""What came to a trigger last, as its expressions see it, without what is secret in it.

It is read, and taken out of, only here: whoever sends something to a trigger does not wait for that.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal
from urllib.parse import quote, quote_plus

import msgspec
from litestar.params import PathParameter

from headrace.api.platform import Platform
from headrace.api.problem import Problem, not_found
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.runtime.secrets import Masker
from headrace.source.arrivals import PAYLOAD_BYTES_MAX, Arrival, ArrivalOutcome, Cause, secret_names
from headrace.source.port import SourceError
from headrace.spec.flowapp import Definition
from headrace.spec.masking import MASK, texts_in
from headrace.spec.trigger import Trigger

# Names of headers and fields of a query that say who somebody is.
_CREDENTIAL = re.compile(
    r"passw|secret|token|signature|hmac|credential|authoriz|authent|(^|[-_])(auth|jwt|sid|sig)($|[-_])|assertion"
    r"|cookie|session|csrf|(api|access|private|subscription|functions?|auth|signing|client)[-_]?key",
    re.IGNORECASE,
)

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Flow = Annotated[str, PathParameter(max_length=253, description="A FlowApp's name.")]
Name = Annotated[str, PathParameter(max_length=253, description="A trigger's name.")]


class ArrivalView(msgspec.Struct, kw_only=True):
    """Something that came to a trigger. Times are epoch seconds (UTC).

    `outcome`: started, duplicate, refused, failed, or filtered (an event that its filters did not take).
    `cause` of what started nothing: paused, full, mapping (`input` or `dedupe` failed on it), start (the flow
    cannot be started), signature, request (it cannot be read: its `body` is the text that was sent),
    unavailable (nothing could be written), filter. `detail` says it in words.

    `payload` is what `input` and `dedupe` see; larger ones than 64 KiB are `omitted`. `hidden` names what is
    `***` in it because it says who somebody is: `headers.x-api-key`. Texts of secrets are `***`, too.
    """

    at: float
    outcome: ArrivalOutcome
    cause: Cause = ""
    detail: str | None = None
    execution: str | None = None
    payload: Any = msgspec.UNSET
    omitted: Literal["too-large"] | None = None
    hidden: list[str] = []


class ArrivalsView(msgspec.Struct, kw_only=True):
    """What came to a trigger since the server started, as far as it is kept: the last of each sort.

    `last`: the last that came to it. `refused`: the last that was refused or failed; it may be the same one.
    `filtered`: the last event that its filters did not take.
    """

    last: ArrivalView | None
    refused: ArrivalView | None
    filtered: ArrivalView | None


@get("/flowapps/{flow:str}/triggers/{name:str}/arrivals", rule("viewer"), tag="Triggers", id="getArrivals")
async def get_arrivals(platform: Platform, namespace: Namespace, flow: Flow, name: Name) -> ArrivalsView:
    """Return what came to a trigger last, and what became of it. Credentials and secrets are `***`.

    It is in memory: after a restart, or when a secret of the namespace was changed, there is nothing.
    """
    if platform.sources is None:
        raise Problem(501, "unsupported", "this process runs no triggers")
    try:
        arrived = platform.sources.arrived(namespace, flow, name)
    except SourceError as error:
        raise not_found("trigger", f"{flow}/{name}", "list them with GET .../triggers") from error
    _, deployed = await platform.deploying.current(namespace, flow)
    teller = _Teller(
        _masker(platform, namespace, deployed.definition), _own_header(deployed.definition, name)
    )
    return ArrivalsView(
        last=teller.told(arrived.last),
        refused=teller.told(arrived.refused),
        filtered=teller.told(arrived.filtered),
    )


class _Teller:
    """Tells what came without what is secret."""

    def __init__(self, masker: Masker, own_header: str | None) -> None:
        self._masker = masker
        self._own_header = own_header

    def told(self, arrival: Arrival | None) -> ArrivalView | None:
        if arrival is None:
            return None
        view = ArrivalView(
            at=arrival.at,
            outcome=arrival.outcome,
            cause=arrival.cause,
            detail=None if arrival.detail is None else self._masker.mask_text(arrival.detail),
            execution=arrival.execution_id,
        )
        text = None
        if arrival.payload is not None:
            hidden: list[str] = []
            data = self._without_credentials(arrival.payload.seen(), hidden)
            text = self._masker.mask(self._masker.encode(data))
            view.hidden = sorted(set(hidden))
        if text is None or len(text) > PAYLOAD_BYTES_MAX:
            view.omitted, view.hidden = "too-large", []
        else:
            view.payload = msgspec.Raw(text)
        return view

    def _without_credentials(self, data: Any, hidden: list[str]) -> Any:
        """Return what came with `***` for headers, and fields of a query, that say who somebody is."""
        if isinstance(data, list):
            return [self._without_credentials(each, hidden) for each in data]
        if not isinstance(data, dict):
            return data
        told = dict(data)
        for part in ("headers", "query"):
            fields = told.get(part)
            if isinstance(fields, dict):
                names = [name for name in fields if self._is_credential(name)]
                hidden += [f"{part}.{name}" for name in names]
                told[part] = {**fields, **dict.fromkeys(names, MASK)}
        return told

    def _is_credential(self, name: str) -> bool:
        return name.lower() == self._own_header or _CREDENTIAL.search(name) is not None


def _own_header(definition: Definition, name: str) -> str | None:
    """Return the header that a trigger is signed in."""
    trigger = _trigger(definition, name)
    if trigger is None or trigger.http is None or isinstance(trigger.http.access, str):
        return None
    return trigger.http.access.header.lower()


def _trigger(definition: Definition, name: str) -> Trigger | None:
    return next((trigger for trigger in definition.all_triggers() if trigger.name == name), None)


def _masker(platform: Platform, namespace: str, definition: Definition) -> Masker:
    """Return what masks the secrets of a flow, and all that are kept for its namespace."""
    secrets = {name: platform.runtime.secret(name, namespace) for name in secret_names(definition)}
    texts = [] if platform.access is None else platform.access.secrets.texts(namespace)
    # As they are, then as they stand in a path or query, and in a body that cannot be read.
    written = [form for text in (*texts, *texts_in(secrets)) for form in _forms(text)]
    return Masker({"": secrets, "-": texts, "--": written})


def _forms(text: str) -> set[str]:
    return {
        quote(text, safe=""),
        quote_plus(text),
        *(json.dumps(text, ensure_ascii=way)[1:-1] for way in (True, False)),
    }


NAMESPACED = (get_arrivals,)
