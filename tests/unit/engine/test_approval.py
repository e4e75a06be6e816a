"""`listen` with `metadata.approval`: what is asked, and what counts as the answer."""

from __future__ import annotations

import pytest

from headrace.engine.commands import Decision, Subscribe, Unsubscribe
from headrace.runtime.why import why
from unit.engine.driver import NOW, Drive, drive, error_type

INPUT = {"who": "Ada", "amount": 12}
WHOLE = """
title: "Pay ${ .amount } to ${ .who }"
description: "${ .who }"
data: "${ {amount} }"
choices: [approve, {name: send-back, tone: negative}]
form: {type: object}
answerers: {users: [grace]}
due: "${ \\"PT\\" + (.amount | tostring) + \\"S\\" }"
"""


def asking(approval: str = "{title: Pay}", rest: str = "") -> str:
    lines = "".join(f"\n          {line}" for line in approval.strip().splitlines())
    return f"""do:
  - pay:
      listen: {{to: {{one: {{with: {{type: decided}}}}}}}}
      metadata:
        approval:{lines}{rest}
"""


def decision_of(run: Drive) -> Decision:
    [subscribe] = run.of(Subscribe)
    assert isinstance(subscribe.decision, Decision)
    return subscribe.decision


def test_what_is_asked_is_made_of_the_input() -> None:
    run = drive(asking(WHOLE), INPUT)
    assert decision_of(run) == Decision(
        title="Pay 12 to Ada",
        description="Ada",
        data={"amount": 12},
        choices=[
            {"name": "approve", "title": "Approve", "tone": "positive"},
            {"name": "send-back", "title": "Send back", "tone": "negative"},
        ],
        form={"type": "object"},
        role=None,
        users=("grace",),
        due_at=NOW + 12,
    )
    [waiting] = run.waiting()
    assert why(waiting, NOW + 60) == "pay waits for a decision: Pay 12 to Ada, since 1 min"


def test_what_is_not_said() -> None:
    asked = decision_of(drive(asking(), INPUT))
    assert asked.data == INPUT
    assert [each["name"] for each in asked.choices] == ["approve", "reject"]
    assert (asked.role, asked.users, asked.form, asked.due_at) == ("operator", (), None, None)


def test_a_title_that_is_no_text_or_too_long() -> None:
    assert decision_of(drive(asking('{title: "${ {a: 1} }"}'), INPUT)).title == '{"a": 1}'
    long = decision_of(drive(asking('{title: "${ \\"x\\" * 1000 }"}'), INPUT)).title
    assert (len(long), long[-1]) == (300, "…")


def test_an_expression_that_fails_faults_the_task() -> None:
    run = drive(asking('{title: "${ error(\\"no\\") }"}'), INPUT)
    assert run.status == "faulted"
    assert run.finish is not None and run.finish.error is not None
    assert run.finish.error["type"] == error_type("expression")
    assert run.of(Subscribe) == []


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"headraceexecution": "x1"},
        {"headracedecision": "1"},
        {"headraceexecution": "other", "headracedecision": "1"},
        {"headraceexecution": "x1", "headracedecision": "2"},
    ],
)
def test_other_events_of_its_type_are_no_answer(attributes: dict[str, str]) -> None:
    run = drive(asking(), INPUT).event("decided", {"choice": "approve"}, **attributes)
    assert run.status == "waiting"
    run.event("decided", {"choice": "reject"}, headraceexecution="x1", headracedecision="1")
    assert run.output == [{"choice": "reject"}]
    [ended] = run.of(Unsubscribe)
    assert (ended.decision, ended.answered) == (True, True)


def test_a_timeout_and_a_cancel_end_it_without_an_answer() -> None:
    for run in (
        drive(asking(rest="\n      timeout: {after: PT1H}"), INPUT).later(3601),
        drive(asking(), INPUT).cancel(),
    ):
        [ended] = run.of(Unsubscribe)
        assert (ended.decision, ended.answered) == (True, False)


def test_other_listening_tasks_ask_nobody() -> None:
    run = drive("do: [{l: {listen: {to: {one: {with: {type: a}}}}, metadata: {owner: me}}}]")
    [subscribe] = run.of(Subscribe)
    assert subscribe.decision is None
    [ended] = run.event("a").of(Unsubscribe)
    assert not ended.decision
