"""A `listen` task that waits for a person: what is shown to them, made when the task is entered.

Source: docs/decisions/0009-human-approval.md. Such a task takes no event but the one that Headrace makes of
an answer, for this execution and this task run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from headrace.engine.commands import Decision
from headrace.spec.convert import build
from headrace.spec.duration import Duration

if TYPE_CHECKING:
    from headrace.engine.evaluate import Compiler
    from headrace.engine.machine import Machine
    from headrace.engine.planner import Planner
    from headrace.engine.state import Frame

# CloudEvents extensions that Headrace alone sets: for which execution an event is, and which of its task runs
# it is the answer to.
EXECUTION_ATTRIBUTE = "headraceexecution"
DECISION_ATTRIBUTE = "headracedecision"

DEFAULT_CHOICES: tuple[dict[str, str], ...] = ({"name": "approve"}, {"name": "reject"})
DEFAULT_ROLE = "operator"
TITLE_CHARACTERS_MAX = 300
DESCRIPTION_CHARACTERS_MAX = 20_000

_TONES = {"approve": "positive", "accept": "positive", "reject": "negative", "deny": "negative"}


class ApprovalPlan:
    """A compiled `metadata.approval`. `form` is a JSON Schema, `due` a duration."""

    __slots__ = ("choices", "data", "description", "due", "form", "role", "title", "type", "users")

    def __init__(self, planner: Planner, pointer: str, approval: dict[str, Any], compiler: Compiler) -> None:
        def template(name: str) -> Any:
            return planner.compile(f"{pointer}/{name}", compiler.template, approval[name])

        self.title = template("title")
        self.description = template("description") if "description" in approval else None
        self.data = template("data") if "data" in approval else None
        self.choices = [_choice(each) for each in approval.get("choices") or DEFAULT_CHOICES]
        self.form: Any = approval.get("form")
        answerers = approval.get("answerers")
        self.role: str | None = DEFAULT_ROLE if answerers is None else answerers.get("role")
        self.users = tuple((answerers or {}).get("users") or ())
        due = approval.get("due")
        if isinstance(due, dict):
            due = build(Duration, due)
        self.due = None if due is None else planner.duration(due, f"{pointer}/due", compiler)

    def ask(self, machine: Machine, frame: Frame) -> Decision:
        """Return what is shown to those who decide. Raises `Fault` for an expression that fails."""

        def of(part: Any) -> Any:
            return part.evaluate(machine, frame, frame.input)

        due_at = None
        if self.due is not None:
            due_at = machine.now + machine.duration_seconds(self.due, frame, frame.input)
        return Decision(
            title=_text(of(self.title), TITLE_CHARACTERS_MAX),
            description=""
            if self.description is None
            else _text(of(self.description), DESCRIPTION_CHARACTERS_MAX),
            data=frame.input if self.data is None else of(self.data),
            choices=self.choices,
            form=self.form,
            role=self.role,
            users=self.users,
            due_at=due_at,
        )


def approval_of(metadata: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the `approval` in the metadata of a task, if it has one."""
    approval = None if metadata is None else metadata.get("approval")
    return approval if isinstance(approval, dict) else None


def answers(event: dict[str, Any], execution_id: str, run_id: int) -> bool:
    """Tell whether an event is the answer to what a task run asked."""
    return event.get(EXECUTION_ATTRIBUTE) == execution_id and event.get(DECISION_ATTRIBUTE) == str(run_id)


def _choice(choice: str | dict[str, Any]) -> dict[str, str]:
    given = {"name": choice} if isinstance(choice, str) else choice
    name = given["name"]
    title = given.get("title") or name.replace("-", " ").replace("_", " ").capitalize()
    return {"name": name, "title": title, "tone": given.get("tone") or _TONES.get(name, "neutral")}


def _text(value: Any, characters: int) -> str:
    text = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= characters else text[: characters - 1] + "…"
