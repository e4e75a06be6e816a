"""listen: which events are consumed, until when, and what is made of them."""

from __future__ import annotations

import pytest

from headrace.engine import events
from unit.engine.driver import Drive, drive


def listening(to: str, rest: str = "") -> str:
    return f"do: [{{l: {{listen: {{to: {to}}}{rest}}}}}]"


ONE = "{one: {with: {type: order}}}"
BOTH = "{all: [{with: {type: order}}, {with: {type: payment}}]}"


# --- one, any, all --------------------------------------------------------------------------------------


def test_one_takes_the_first_event_that_matches() -> None:
    run = drive(listening(ONE))
    assert run.subscriptions() == [("order",)]
    assert run.status == "waiting"
    assert run.event("other", 1).commands == []
    run.event("order", 2)
    assert run.output == [2]
    assert run.unsubscribed() == 1


def test_all_takes_one_event_for_each_filter_in_the_order_of_coming() -> None:
    run = drive(listening(BOTH)).event("payment", 1)
    assert run.event("payment", 2).finish is None  # that filter has its event
    assert run.event("order", 3).output == [1, 3]


def test_all_of_nothing_is_over_at_once() -> None:
    assert drive(listening("{all: []}")).output == []


def test_any_without_until_takes_one_event() -> None:
    text = listening("{any: [{with: {type: order}}, {with: {type: payment}}]}")
    run = drive(text)
    assert run.subscriptions() == [("order", "payment")]
    assert run.event("other").event("payment", 1).output == [1]


def test_an_empty_any_takes_every_event() -> None:
    run = drive(listening("{any: []}"))
    assert run.subscriptions() == [()]
    assert run.event("whatever", 1).output == [1]


def test_any_until_an_expression_over_what_was_consumed_so_far() -> None:
    run = drive(listening("{any: [{with: {type: order}}], until: 'map(.n) | add >= 5'}"))
    run.event("order", {"n": 2}).event("order", {"n": 2})
    assert run.finish is None
    assert run.event("order", {"n": 2}).output == [{"n": 2}] * 3


def test_any_until_an_event_that_is_no_part_of_the_output() -> None:
    run = drive(listening("{any: [{with: {type: order}}], until: {one: {with: {type: closed}}}}"))
    assert run.subscriptions() == [("order", "closed")]
    assert run.event("order", 1).event("order", 2).event("closed", 3).output == [1, 2]


def test_any_until_all_of_several_events() -> None:
    run = drive(listening("{any: [], until: {all: [{with: {type: x}}, {with: {type: y}}]}}"))
    run.event("y").event("order", 1).event("y", "again")
    assert run.finish is None
    assert run.event("x").output == [1, "again"]


def test_until_ends_on_what_the_events_so_far_correlate_with() -> None:
    by_patient = "correlate: {patient: {from: .data.patient}}"
    run = drive(
        listening(
            f"{{any: [{{with: {{type: heat}}, {by_patient}}}],"
            f" until: {{one: {{with: {{type: gone}}, {by_patient}}}}}}}"
        )
    )
    run.event("heat", {"patient": 1}).event("gone", {"patient": 2})
    assert run.finish is None
    assert run.event("gone", {"patient": 1}).output == [{"patient": 1}]


def test_a_repeated_delivery_is_ignored() -> None:
    run = drive(listening(BOTH)).event("order", 1, sequence=7)
    assert run.event("payment", 2, sequence=7).commands == []
    assert run.event("payment", 2, sequence=6).commands == []
    assert run.event("payment", 2, sequence=8).output == [1, 2]


def test_an_event_is_for_every_task_that_listens() -> None:
    text = "do: [{f: {fork: {branches: [{l: {listen: {to: ONE}}}, {m: {listen: {to: ONE}}}]}}}]"
    text = text.replace("ONE", ONE)
    assert drive(text).event("order", 1).output == [[1], [1]]


def test_an_event_is_not_for_a_task_that_it_starts() -> None:
    text = f"do: [{{l: {{listen: {{to: {ONE}}}}}}}, {{m: {{listen: {{to: {ONE}}}}}}}]"
    run = drive(text).event("order", 1)
    assert run.finish is None
    assert run.event("order", 2).output == [2]


def test_a_timeout_ends_the_subscription() -> None:
    run = drive(listening(ONE, ", timeout: {after: PT5S}")).later(5)
    assert run.fault == ("timeout", 408, "/do/0/l")
    assert run.unsubscribed() == 1


# --- filters --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("with_", "matches"),
    [
        ("{type: t}", True),
        ("{type: t, source: /s}", True),
        ("{type: t, source: /other}", False),
        ("{type: t, subject: missing}", False),
        ("{type: 't.*'}", True),
        ("{type: 'com.t'}", False),
        ("{type: '[a-s]'}", False),
        ("{source: '/s|/u'}", True),
        ("{id: '(unclosed'}", False),
        ("{type: t, tenant: acme}", True),
        ("{type: t, data: {n: 5}}", True),
        ("{type: t, data: {n: 5, inner: {deep: true}}}", True),
        ("{type: t, data: {n: 6}}", False),
        ("{type: t, data: {n: true}}", False),
        ("{type: t, data: '${ .n > 4 }'}", True),
        ("{type: t, data: '${ .n > 5 }'}", False),
        ("{type: t, data: '${ {n: .n, inner: .inner} }'}", True),
        ("{type: '${ . == \"t\" }'}", True),
        ("{type: '${ \"t\" }'}", True),
        ("{type: '${ $context.wanted }'}", True),
        ("{type: '${ $input.unwanted }'}", False),
    ],
)
def test_filters(with_: str, matches: bool) -> None:
    run = drive(listening(f"{{one: {{with: {with_}}}}}"), {"wanted": "t", "unwanted": "u"})
    run.event("t", {"n": 5, "inner": {"deep": True}}, tenant="acme")
    assert (run.finish is not None) is matches


def test_a_dot_is_no_sign_of_a_pattern() -> None:
    run = drive(listening("{one: {with: {type: com.test.order}}}"))
    assert run.event("comxtest.order").finish is None
    assert run.event("com.test.order", 1).output == [1]


def test_the_coarse_index_has_every_type_where_one_is_a_pattern() -> None:
    assert drive(listening("{any: [{with: {type: a}}, {with: {type: 'b.*'}}]}")).subscriptions() == [()]
    assert drive(listening("{one: {with: {source: /s}}}")).subscriptions() == [()]


def test_an_event_on_which_a_filter_fails_does_not_match() -> None:
    run = drive(listening("{one: {with: {data: '${ .n > 4 }'}}}")).event("t", "no object")
    assert run.finish is None
    assert run.event("t", {"n": 5}).output == [{"n": 5}]


# --- correlation ----------------------------------------------------------------------------------------

_BY_ROOM = "correlate: {room: {from: .data.room}}"
ROOM = f"{{all: [{{with: {{type: heat}}, {_BY_ROOM}}}, {{with: {{type: damp}}, {_BY_ROOM}}}]}}"


def test_the_first_event_fixes_the_value_for_the_others() -> None:
    run = drive(listening(ROOM))
    run.event("heat", {"room": 1}).event("damp", {"room": 2}).event("damp", {})
    assert run.finish is None
    assert run.event("damp", {"room": 1, "n": 3}).output == [{"room": 1}, {"room": 1, "n": 3}]
    assert run.run("l").details is not None
    assert run.run("l").details["correlated"] == {"room": 1}


def test_an_event_without_the_value_does_not_match() -> None:
    run = drive(listening("{one: {with: {type: heat}, correlate: {room: {from: .data.room}}}}"))
    assert run.event("heat", {}).finish is None
    assert run.event("heat", {"room": 4}).output == [{"room": 4}]


@pytest.mark.parametrize("expect", ["'${ .room }'", "'7'", "'${ $context.room }'"])
def test_expect_is_what_the_value_must_be(expect: str) -> None:
    to = f"{{one: {{with: {{type: heat}}, correlate: {{room: {{from: .data.room, expect: {expect}}}}}}}}}"
    run = drive(listening(to), {"room": 7})
    assert run.event("heat", {"room": 8}).finish is None
    assert run.event("heat", {"room": 7}).output == [{"room": 7}]


def test_true_and_one_do_not_correlate() -> None:
    run = drive(listening(ROOM)).event("heat", {"room": 1}).event("damp", {"room": True})
    assert run.finish is None


# --- reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("data", {"n": 1}),
        ("raw", '{"n":1}'),
        ("envelope", {"specversion": "1.0", "id": "e1", "source": "/s", "type": "order", "data": {"n": 1}}),
    ],
)
def test_read(read: str, expected: object) -> None:
    text = f"do: [{{l: {{listen: {{to: {ONE}, read: {read}}}}}}}]"
    assert drive(text).event("order", {"n": 1}).output == [expected]


def test_read_binary_text_and_nothing() -> None:
    assert drive(listening(ONE)).event("order", data_base64="AAE=").output == ["AAE="]
    raw = f"do: [{{l: {{listen: {{to: {ONE}, read: raw}}}}}}]"
    assert drive(raw).event("order", data_base64="AAE=").output == ["AAE="]
    assert drive(raw).event("order", "text").output == ["text"]
    assert drive(raw).event("order").output == [None]


# --- foreach --------------------------------------------------------------------------------------------

EACH = """
do:
  - l:
      listen:
        to: {any: [{with: {type: order}}], until: {one: {with: {type: closed}}}}
      foreach:
        item: order
        at: i
        do: [{x: {call: a, with: {order: '${ $order }', i: '${ $i }', in: '${ . }'}}}]
        output: {as: '{done: .}'}
        export: {as: '($context // []) + [$output.done]'}
  - y: {set: {out: '${ . }', context: '${ $context }'}}
"""


def test_foreach_works_on_one_event_at_a_time_in_order() -> None:
    run = drive(EACH.replace("($context // [])", '(if $context == "in" then [] else $context end)'), "in")
    run.event("order", "o1").event("order", "o2")
    assert [call.arguments for call in run.invoked] == [{"order": "o1", "i": 0, "in": "in"}]
    run.answer("a", 1)
    assert run.invoked[1].arguments == {"order": "o2", "i": 1, "in": "in"}
    run.event("order", "o3").event("closed")
    run.answer("a", 2)
    run.event("order", "too late")
    run.answer("a", 3)
    assert run.output == {"out": [{"done": 1}, {"done": 2}, {"done": 3}], "context": [1, 2, 3]}
    assert [record.iteration for record in run.runs("x")] == [0, 1, 2]
    assert run.runs("x")[0].variables == {"order": "o1", "i": 0}


def test_the_context_that_foreach_exported_is_on_record() -> None:
    text = """
    do:
      - l:
          listen: {to: {one: {with: {type: order}}}}
          foreach: {export: {as: '{got: .}'}}
      - y: {set: '${ $context }'}
    """
    run = drive(text).event("order", 1)
    assert run.output == {"got": 1}
    assert run.rerun(task="y").output == {"got": 1}


def test_foreach_until_an_expression_sees_what_became_of_the_events() -> None:
    text = """
    do:
      - l:
          listen: {to: {any: [], until: '(map(.n) | add // 0) >= 3'}}
          foreach: {do: [{x: {set: {n: '${ $item }'}}}]}
    """
    run = drive(text).event("t", 1).event("t", 1).event("t", 1)
    assert run.output == [{"n": 1}, {"n": 1}, {"n": 1}]


def test_events_beyond_until_are_not_worked_on() -> None:
    text = """
    do:
      - l:
          listen: {to: {any: [], until: 'length >= 1'}}
          foreach: {do: [{x: {call: a}}]}
    """
    run = drive(text).event("t", 1).event("t", 2).answer("a", "first")
    assert run.output == ["first"]
    assert len(run.invoked) == 1


def test_exit_ends_the_work_on_one_event_and_end_the_workflow() -> None:
    text = """
    do:
      - l:
          listen: {to: {any: [], until: 'length == 2'}}
          foreach: {do: [{x: {set: '${ $item }', then: THEN}}, {y: {set: {n: y}}}]}
    """
    assert drive(text.replace("THEN", "exit")).event("t", 1).event("t", 2).output == [1, 2]
    assert drive(text.replace("THEN", "end")).event("t", 1).output == 1


def test_a_fault_in_foreach_ends_the_listening() -> None:
    text = "do: [{l: {listen: {to: {any: [], until: 'false'}}, foreach: {do: [{x: {call: a}}]}}}]"
    run = drive(text).event("t").event("t").fail("a")
    assert run.fault == ("communication", 503, "/do/0/l/foreach/do/0/x")
    assert run.unsubscribed() == 1


def test_foreach_checks_its_schemas() -> None:
    text = """
    do:
      - l:
          listen: {to: {one: {with: {type: t}}}}
          foreach: {output: {schema: {document: {type: number}}}}
    """
    assert drive(text).event("t", 1).output == [1]
    assert drive(text).event("t", "x").fault == ("validation", 400, "/do/0/l")


def test_events_that_come_while_suspended_are_kept_in_order() -> None:
    run: Drive = drive(listening(BOTH)).suspend()
    run.send(events.EventReceived(sequence=1, event={"type": "payment", "data": 1}))
    run.send(events.EventReceived(sequence=1, event={"type": "order", "data": "repeated"}))
    run.send(events.EventReceived(sequence=2, event={"type": "order", "data": 2}))
    assert run.finish is None
    assert run.resume().output == [1, 2]


# --- emit -----------------------------------------------------------------------------------------------


def test_emit_generates_what_the_author_leaves_out() -> None:
    run = drive("do: [{e: {emit: {event: {with: {type: done, data: {n: '${ .n }'}}}}}}]", {"n": 1})
    expected = {
        "specversion": "1.0",
        "id": "x1.1",
        "source": "/test/flow/1.0.0",
        "time": "2027-01-15T08:00:00.000Z",
        "type": "done",
        "data": {"n": 1},
        "datacontenttype": "application/json",
    }
    assert run.emitted == [expected]
    assert run.output == expected


def test_emit_keeps_what_the_author_writes() -> None:
    written = "{id: i, source: /here, type: t, time: '2020-01-01T00:00:00Z', subject: s, tenant: acme}"
    [event] = drive(f"do: [{{e: {{emit: {{event: {{with: {written}}}}}}}}}]").emitted
    assert event == {
        "specversion": "1.0",
        "id": "i",
        "source": "/here",
        "type": "t",
        "time": "2020-01-01T00:00:00Z",
        "subject": "s",
        "tenant": "acme",
    }


def test_emit_without_a_type_is_an_expression_error() -> None:
    assert drive("do: [{e: {emit: {event: {with: {type: '${ null }'}}}}}]").fault == (
        "expression",
        400,
        "/do/0/e",
    )
