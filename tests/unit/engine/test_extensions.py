"""Extensions: tasks before and after other tasks (dsl-reference.md, "Extension")."""

from __future__ import annotations

import pytest

from unit.engine.driver import drive


def extended(extension: str, tasks: str, more: str = "") -> str:
    text = """
    use: {functions: {g: {set: {from: g}}}, extensions: [{ext: {EXTENSION}}MORE]}
    do: [TASKS]
    """
    return text.replace("EXTENSION", extension).replace("MORE", more).replace("TASKS", tasks)


AROUND = "extend: set, before: [{b: {set: {n: b}}}], after: [{z: {set: {n: z}}}]"


def test_before_and_after_do_not_change_the_data() -> None:
    run = drive(extended(AROUND, "{x: {set: '${ [.] }'}}"), 1)
    assert run.output == [1]
    assert run.ended() == ["b:completed", "z:completed", "x:completed"]
    b, z, x = run.records
    assert b.parent_id == z.parent_id == x.run_id
    assert (b.input, z.input) == (1, [1])
    assert b.pointer == "/use/extensions/0/ext/before/0/b"


def test_they_see_the_extended_task() -> None:
    before = "before: [{b: {call: a, with: {t: '${ [$task.name, $task.reference, $task.definition.set] }'}}}]"
    after = "after: [{z: {call: b, with: {out: '${ $task.output }', in: '${ $task.input }'}}}]"
    run = drive(extended(f"extend: set, {before}, {after}", "{x: {set: {n: 1}}}"), 7)
    assert run.invoked[0].arguments == {"t": ["x", "/do/0/x", {"n": 1}]}
    assert run.answer("a").invoked[1].arguments == {"out": {"n": 1}, "in": 7}
    assert run.answer("b").output == {"n": 1}


@pytest.mark.parametrize(
    ("extend", "names"),
    [
        ("all", ["x", "f", "y", "o", "i", "w"]),
        ("set", ["x", "y", "i"]),
        ("composite", ["f", "o"]),
        ("wait", ["w"]),
    ],
)
def test_what_is_extended(extend: str, names: list[str]) -> None:
    tasks = """
      {x: {set: {n: 1}}},
      {f: {fork: {branches: [{y: {set: {n: 1}}}]}}},
      {o: {do: [{i: {set: {n: 1}}}]}},
      {w: {wait: PT1S}}
    """
    emit = "before: [{e: {emit: {event: {with: {type: '${ $task.name }'}}}}}]"
    run = drive(extended(f"extend: {extend}, {emit}", tasks))
    run.later(1)
    assert [event["type"] for event in run.emitted] == names


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        ('$task.name == "x"', True),
        ('$task.name == "y"', False),
        ("$task.set.n == 1", True),
        (".n == 5", True),
        (".n.m.o", False),  # it cannot be evaluated here: it does not hold
    ],
)
def test_when(when: str, applies: bool) -> None:
    extension = f"extend: set, when: '{when}', before: [{{b: {{emit: {{event: {{with: {{type: t}}}}}}}}}}]"
    run = drive(extended(extension, "{x: {set: {n: 1}}}"), {"n": 5})
    assert run.output == {"n": 1}
    assert bool(run.emitted) is applies


def test_when_is_asked_once_for_before_and_after() -> None:
    extension = """extend: set, when: '$context == null',
        before: [{b: {wait: PT1S, export: {as: '5'}}}], after: [{z: {emit: {event: {with: {type: t}}}}}]"""
    run = drive(extended(extension, "{x: {set: {n: 1}}}")).later(1)
    assert len(run.emitted) == 1


def test_exit_before_gives_that_output_instead_of_the_tasks() -> None:
    extension = "extend: call, before: [{b: {set: {mocked: true}, then: exit}}, {c: {call: c}}]"
    tasks = "{x: {call: a, output: {as: '[.]'}, then: z}}, {y: {call: b}}, {z: {set: '${ . }'}}"
    run = drive(extended(extension, tasks))
    assert run.output == [{"mocked": True}]
    assert not run.invoked


def test_exit_before_runs_what_comes_after() -> None:
    after = "after: [{z: {emit: {event: {with: {type: t}}}}}]"
    extension = f"extend: call, before: [{{b: {{set: {{n: 1}}, then: exit}}}}], {after}"
    run = drive(extended(extension, "{x: {call: a}}"))
    assert run.output == {"n": 1}
    assert len(run.emitted) == 1


def test_end_in_an_extension_ends_the_workflow() -> None:
    extension = "extend: call, before: [{b: {set: {n: 1}, then: end}}]"
    assert drive(extended(extension, "{x: {call: a}}, {y: {call: b}}")).output == {"n": 1}


def test_the_tasks_own_then_counts_after_the_extension() -> None:
    text = extended(
        AROUND.replace("extend: set", "extend: call"),
        "{x: {call: a, then: z}}, {y: {call: b}}, {z: {call: c}}",
    )
    assert drive(text).answer("a", 1).answer("c", 2).output == 2


def test_a_fault_in_an_extension_is_that_of_the_task() -> None:
    text = """
    use: {extensions: [{ext: {extend: call, when: '$task.name == "x"', before: [{b: {call: b}}]}}]}
    do: [{t: {try: [{x: {call: a}}], catch: {do: [{h: {set: '${ $error.instance }'}}]}}}]
    """
    run = drive(text).fail("b")
    assert run.output == "/use/extensions/0/ext/before/0/b"
    assert run.ended()[:2] == ["b:faulted", "x:faulted"]


def test_extensions_apply_in_their_order_and_do_not_extend_each_other() -> None:
    one = "extend: all, before: [{b1: {set: {n: 1}}}], after: [{z1: {set: {n: 1}}}]"
    two = ", {two: {extend: all, before: [{b2: {set: {n: 1}}}], after: [{z2: {set: {n: 1}}}]}}"
    run = drive(extended(one, "{x: {set: {n: 1}}}", two))
    assert [record.name for record in run.records] == ["b1", "b2", "z1", "z2", "x"]


def test_a_skipped_task_is_not_extended() -> None:
    run = drive(extended("extend: all, before: [{b: {call: b}}]", "{x: {if: 'false', set: {n: 1}}}"), 1)
    assert run.output == 1
    assert not run.invoked


def test_the_timeout_of_the_task_counts_before_but_not_after() -> None:
    extension = "extend: call, before: [{b: {wait: PT3S}}], after: [{z: {wait: PT60S}}]"
    tasks = "{x: {call: a, timeout: {after: PT5S}}}"
    assert drive(extended(extension, tasks)).later(5).later(5).fault == ("timeout", 408, "/do/0/x")
    run = drive(extended(extension, tasks)).later(3).answer("a", 1).later(60)
    assert run.output == 1


def test_context_exported_in_an_extension_is_seen_by_the_task() -> None:
    extension = "extend: set, before: [{b: {call: a, export: {as: '{seen: .}'}}}]"
    assert drive(extended(extension, "{x: {set: '${ $context }'}}")).answer("a", 5).output == {"seen": 5}


def test_a_task_with_extensions_keeps_what_its_kind_remembers() -> None:
    tasks = """
      {t: {try: [{x: {call: a}}], catch: {retry: {delay: PT1S}}}},
      {f: {fork: {branches: [{y: {call: b}}, {z: {call: c}}]}}},
      {l: {listen: {to: {all: [{with: {type: p}}, {with: {type: q}}]}}}},
      {s: {switch: [{one: {when: 'true', then: end}}]}}
    """
    around = "before: [{b: {set: {n: 1}}}], after: [{z: {set: {n: 1}}}]"
    kinds = ("try", "composite", "listen", "switch")
    extensions = ", ".join(f"{{e{kind}: {{extend: {kind}, {around}}}}}" for kind in kinds)
    run = drive(f"use: {{extensions: [{extensions}]}}\ndo: [{tasks}]")
    run.fail("a").later(1).answer("a", 1).answer("c", 3).answer("b", 2)
    assert run.event("q", "q").event("p", "p").output == ["q", "p"]
    assert run.run("s").details == {"case": "one"}
