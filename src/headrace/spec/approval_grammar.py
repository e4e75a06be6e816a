"""The shape of `metadata.approval` of a `listen` task: what people see who decide (docs/approvals.md)."""

from __future__ import annotations

import re
from typing import Any

from headrace.spec.grammar import DURATION, PLAIN, TEXT, VALUE
from headrace.spec.shape import Anything, Either, ListOf, Object, Property, Text
from headrace.spec.text_rules import is_expression
from headrace.spec.walk import Scope, Walk

ROLES = ("viewer", "operator", "editor", "admin")
TONES = ("positive", "negative", "neutral")
_CHOICE_NAME = Text(
    pattern=re.compile(r"\A[A-Za-z][A-Za-z0-9_-]{0,62}\Z"),
    means="a choice's name: a letter, then up to 62 letters, digits, `-` and `_`",
    example="approve",
)
_CHOICE = Either(
    _CHOICE_NAME,
    Object(
        "a choice", {"name": _CHOICE_NAME, "title": PLAIN, "tone": Text(values=TONES)}, required=("name",)
    ),
)


def choice_name(choice: Any) -> Any:
    """Return the name of a choice, which may be all that there is of it."""
    return choice.get("name") if isinstance(choice, dict) else choice


def _distinct_choices(walk: Walk, approval: dict[str, Any], pointer: str) -> None:
    choices = approval.get("choices")
    if not isinstance(choices, list):
        return
    if not choices:
        walk.error("empty", f"{pointer}/choices", "there is nothing to choose", "name a choice, or remove it")
    names = [choice_name(each) for each in choices]
    for index, name in enumerate(names):
        if isinstance(name, str) and name in names[:index]:
            message = f"the choice `{name}` is there twice"
            walk.error("duplicate-choice", f"{pointer}/choices/{index}", message, "remove one of them")


def _somebody_answers(walk: Walk, answerers: dict[str, Any], pointer: str) -> None:
    if not answerers.get("role") and answerers.get("users") in (None, []):
        walk.error("empty", pointer, "nobody may answer", "name a `role`, or `users`", at_key=True)


APPROVAL = Object(
    "an approval",
    {
        "title": TEXT,
        "description": TEXT,
        "data": VALUE,
        "choices": ListOf(_CHOICE),
        "form": Property(Anything(role="form-schema"), lambda scope, _: Scope(place=scope.place)),
        "answerers": Object(
            "`answerers`",
            {"role": Text(values=ROLES), "users": ListOf(PLAIN)},
            rules=(_somebody_answers,),
        ),
        "due": DURATION,
    },
    required=("title",),
    rules=(_distinct_choices,),
)

LISTEN_METADATA = Object("`metadata`", {"approval": APPROVAL}, extra=Anything())


def approval_listens_for_one(walk: Walk, task: dict[str, Any], pointer: str) -> None:
    """Check that a task with an approval listens for the one event that Headrace makes of the answer."""
    metadata = task.get("metadata")
    if not isinstance(metadata, dict) or "approval" not in metadata:
        return
    example = "write `to: {one: {with: {type: com.example.decided}}}`"
    if "foreach" in task:
        message = "an approval is one event, and `foreach` is for many"
        walk.error("approval", f"{pointer}/foreach", message, "make a task after it", at_key=True)
    listen = task.get("listen")
    to = listen.get("to") if isinstance(listen, dict) else None
    if not isinstance(to, dict):
        return  # said already
    if set(to) != {"one"}:
        walk.error("approval", f"{pointer}/listen/to", "an approval listens for `one` event", example)
        return
    one = to["one"]
    wanted = one.get("with") if isinstance(one, dict) else None
    if not isinstance(wanted, dict):
        return
    for name in ("correlate",):
        if name in one:
            message = "the answer to an approval is for its execution alone; there is nothing to correlate"
            walk.error("approval", f"{pointer}/listen/to/one/{name}", message, "remove it", at_key=True)
    kind = wanted.get("type")
    if not isinstance(kind, str) or not kind or is_expression(kind):
        walk.error(
            "approval", f"{pointer}/listen/to/one/with", "the event of an approval has a `type`", example
        )
    for name in wanted:
        if name != "type":
            message = (
                f"the event of an approval is made by Headrace, and is known by its type; `{name}` is not"
            )
            walk.error("approval", f"{pointer}/listen/to/one/with/{name}", message, "remove it", at_key=True)
