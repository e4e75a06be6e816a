"""Cases on the real engine: mocks, skipped time, events, expectations."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.flowtest.play import failures, flowapp, passes, verdict_of

ONE = flowapp("- a: {call: f, with: {n: '${ .n }'}}\n- b: {call: g}")
DAYS_30 = 30 * 86_400


# --- mocks ----------------------------------------------------------------------------------------------


async def test_mocks_answer_and_are_called_with_the_evaluated_arguments() -> None:
    verdict = await passes(
        ONE,
        """
        input: {n: 2}
        mocks: {a: {output: {x: 1}}, b: {compute: "{y: (.x + 1), by: $call.target, at: $call.task}"}}
        expect:
          output: {y: 2, by: g, at: /do/1/b}
          path: [a, b]
          calls: {a: [{with: {n: 2}}], b: {times: 1, with: {x: 1}, assert: .x == 1}}
        """,
    )
    assert [(call.name, call.target, call.data, call.answered) for call in verdict.calls] == [
        ("a", "f", {"n": 2}, "output"),
        ("b", "g", {"x": 1}, "compute"),
    ]


async def test_an_unmocked_call_is_a_failure_that_no_catch_hides() -> None:
    flow = flowapp("- t: {try: [{a: {call: f, with: {n: 1}}}], catch: {}}\n- after: {set: {ok: true}}")
    verdict = await verdict_of(flow, "input: 1")
    [failure] = verdict.failures
    assert failure.what == "mocks"
    assert '`a` (/do/0/t/try/0/a) calls function f with {"n": 1}, and has no mock' in failure.message
    assert "`mocks: {a: {output: …}}`, or let it run: `real: [a]`" in failure.message
    assert (failure.line, failure.column, failure.pointer) == (2, 3, "/cases/it/mocks")


async def test_a_list_answers_call_by_call_and_then_has_no_answer() -> None:
    flow = flowapp("- loop: {for: {in: '${ [1, 2, 3] }'}, do: [{a: {call: f, with: '${ {$item} }'}}]}")
    flow = flow.replace("with: '${ {$item} }'", "with: {item: '${ $item }'}")
    await passes(flow, "mocks: {a: [{output: 1, times: 2}, {output: 3}]}\nexpect: {output: 3}")
    [(what, message)] = await failures(flow, "mocks: {a: [{output: 1}, {output: 2}]}")
    assert what == "mocks"
    assert message.startswith(
        "the mock of `a`: it has no answer left for call 3; add one, or write `times: any`"
    )


async def test_answers_by_condition_and_by_iteration() -> None:
    flow = flowapp("- loop: {for: {in: '${ [1, 2, 3] }'}, do: [{a: {call: f, with: {n: '${ $item }'}}}]}")
    await passes(
        flow,
        """
        mocks: {a: [{when: .n == 2, output: two}, {output: other, times: any}]}
        expect: {calls: {a: 3}, output: other, assert: '$path == ["loop", "a", "a", "a"]'}
        """,
    )
    await passes(
        flow,
        "mocks: {a: {iterations: [{output: 1}, {output: 2}, [{output: 3}]]}}\nexpect: {output: 3}",
    )
    [(_, message)] = await failures(flow, "mocks: {a: {iterations: [{output: 1}]}}")
    assert "has answers for 1 iterations, but was called in iteration 1" in message
    [(_, message)] = await failures(flow, "mocks: {a: [{when: .n == 2, output: two}]}")
    assert "no answer's `when` holds for call 1" in message
    [(_, message)] = await failures(flow, "mocks: {a: {compute: .n.x}}")
    assert "the expression failed" in message


async def test_a_reference_goes_before_a_name_and_the_case_before_the_file() -> None:
    flow = flowapp("- x: {do: [{a: {call: f}}]}\n- y: {do: [{a: {call: g}}]}")
    await passes(
        flow,
        "mocks: {a: {output: name}, /do/1/y/do/0/a: {compute: '[.]'}}\nexpect: {output: [name]}",
    )


async def test_a_result_passes_by_the_tasks_output() -> None:
    flow = flowapp("- a: {call: f, output: {as: '{wrapped: .}'}, export: {as: '{seen: .}'}}")
    await passes(
        flow, "mocks: {a: {output: 1}}\nexpect: {output: {wrapped: 1}, context: {seen: {wrapped: 1}}}"
    )
    await passes(flow, "mocks: {a: {result: 1}}\nexpect: {output: 1, context: {seen: 1}}")


async def test_the_functions_own_retries_are_made_on_skipped_time() -> None:
    flow = flowapp("- a: {call: f}").replace("f: {source: cmd/f}", "f: {source: cmd/f, retries: 2}")
    await passes(
        flow,
        """
        mocks: {a: [{error: 503}, {error: {status: 429}, delay: PT5S}, {output: 1}]}
        expect: {output: 1, calls: {a: 3}, duration: PT8S, path: [a]}
        """,
    )
    await passes(flow, "mocks: {a: {error: 404}}\nexpect: {error: 404, calls: {a: 1}}")
    await passes(flow, "mocks: {a: {error: 503, retryable: false}}\nexpect: {error: 503, calls: {a: 1}}")


# --- time -----------------------------------------------------------------------------------------------


async def test_waits_timeouts_and_delays_take_no_real_time() -> None:
    flow = flowapp(
        """
        - later: {wait: {days: 30}}
        - t:
            try: [{slow: {call: f, timeout: {after: PT1H}}}]
            catch: {errors: {with: {status: 408}}, do: [{late: {set: {late: true}}}]}
        - tell: {set: {at: '${ now }', late: '${ .late }'}}
        """
    )
    for answer in ("{never: true}", "{output: 1, delay: PT2H}"):
        await passes(
            flow,
            f"""
            now: 2026-01-01T00:00:00Z
            mocks: {{slow: {answer}}}
            expect:
              output: {{late: true, at: {1_767_225_600 + DAYS_30 + 3600}}}
              duration: {{days: 30, hours: 1}}
            """,
        )
    await passes(
        flow,
        """
        mocks: {slow: {output: {}, delay: PT59M}}
        expect: {duration: {min: P30D, max: PT721H}, path: {never: [late]}}
        """,
    )


async def test_a_race_is_won_by_the_faster_mock() -> None:
    flow = flowapp("- r: {fork: {compete: true, branches: [{a: {call: f}}, {b: {call: g}}]}}")
    await passes(
        flow,
        "mocks: {a: {output: a, delay: PT2S}, b: {output: b, delay: PT1S}}\n"
        "expect: {output: b, duration: PT1S, path: [r, a, b]}",
    )
    await passes(
        flow, "mocks: {a: {output: a, delay: PT2S}, b: {never: true}}\nexpect: {output: a, duration: PT2S}"
    )


async def test_any_number_of_calls_waits_on_the_clock_at_the_same_time() -> None:
    branches = ", ".join(f"{{b{number}: {{call: f}}}}" for number in range(400))
    flow = flowapp(f"- all: {{fork: {{branches: [{branches}]}}}}\n- count: {{set: {{n: '${{ length }}'}}}}")
    names = ", ".join(f"b{number}: *one" for number in range(1, 400))
    await passes(
        flow,
        f"mocks: {{b0: &one {{output: 1, delay: PT1S}}, {names}}}\n"
        "expect: {output: {n: 400}, duration: PT1S}",
    )


async def test_what_can_never_go_on_says_what_it_waits_for() -> None:
    flow = flowapp("- l: {listen: {to: {one: {with: {type: paid}}}}}")
    verdict = await verdict_of(flow, "input: 1")
    [failure] = verdict.failures
    assert failure.message == "expected completed, got waiting"
    assert failure.differences == (
        'it waits in `l` (/do/0/l) for an event like [{"with": {"type": "paid"}}]; '
        "give it one with `publish`",
    )
    await passes(flow, "expect: {status: waiting, path: [l]}")
    [(_, message)] = await failures(flowapp("- a: {call: f}"), "mocks: {a: {never: true}}")
    assert message == "expected completed, got running"


async def test_a_flow_without_end_is_given_up() -> None:
    flow = flowapp("- w: {wait: {seconds: 1}}\n- again: {set: {a: 1}, then: w}")
    [(what, message)] = await failures(flow, "input: 1", seconds_max=0.5)
    assert what == "case" and message.startswith("not finished after 0.5 s of real time; the last task was")


# --- events ---------------------------------------------------------------------------------------------

LISTENING = flowapp(
    """
    - first: {listen: {to: {one: {with: {type: a}}}}}
    - pause: {wait: {hours: 1}}
    - second:
        try: [{awaited: {listen: {to: {one: {with: {type: b}}}, read: envelope}, timeout: {after: PT1H}}}]
        catch: {do: [{gone: {set: {gone: true}}}]}
    """
)


async def test_events_are_published_when_somebody_listens() -> None:
    verdict = await passes(
        LISTENING,
        """
        publish: [{event: {type: a, data: 1}}, {event: {type: b, data: {n: 2}, subject: s}, when: awaited}]
        expect: {duration: PT1H, path: [first, pause, second, awaited]}
        """,
    )
    [event] = verdict.output
    assert (event["type"], event["data"], event["subject"]) == ("b", {"n": 2}, "s")
    assert event["time"] == "2027-01-15T09:00:00.000Z"


async def test_events_are_published_at_their_time() -> None:
    await passes(
        LISTENING,
        """
        publish: [{event: {type: a}, at: PT10M}, {event: {type: b, data: 1}, at: PT2H}]
        expect: {duration: PT2H, path: {never: [gone]}}
        """,
    )
    # Ten minutes and an hour of pause, an hour of timeout: what comes later comes too late.
    found = await failures(
        LISTENING, "publish: [{event: {type: a}, at: PT10M}, {event: {type: b}, at: PT2H11M}]"
    )
    assert found == [("publish", "the event b was not published: the execution completed before")]


async def test_published_events_are_expected() -> None:
    flow = flowapp(
        "- e1: {emit: {event: {with: {type: x, source: /s, data: {n: '${ . }'}}}}}\n"
        "- e2: {emit: {event: {with: {type: y, source: /s}}}}"
    )
    await passes(flow, "input: 7\nexpect: {events: [{type: x, data: {n: 7}}, {type: /./}]}")
    await passes(flow, "input: 7\nexpect: {events: {contains: [{type: y}]}}")
    found = await failures(flow, "input: 7\nexpect: {events: [{type: x, data: {n: 8}}]}")
    assert found == [
        ("expect.events", "event 1 is another one"),
        ("expect.events", "expected 1 event, 2 events came"),
    ]
    [(what, _)] = await failures(flow, "expect: {events: {contains: [{type: z}]}}")
    assert what == "expect.events.contains"


# --- children, functions of the workflow ----------------------------------------------------------------


async def test_a_child_workflow_is_mocked_by_the_task_that_runs_it() -> None:
    flow = flowapp(
        """
        - c:
            try: [{sub: {run: {workflow: {namespace: test, name: other, version: 1.0.0, input: {n: 1}}}}}]
            catch: {errors: {with: {status: 404}}, do: [{none: {set: {none: true}}}]}
        """
    )
    verdict = await passes(
        flow, "mocks: {sub: {output: {x: 1}, delay: PT1H}}\nexpect: {output: {x: 1}, duration: PT1H}"
    )
    assert [(call.name, call.kind, call.data) for call in verdict.calls] == [("sub", "workflow", {"n": 1})]
    await passes(
        flow, "mocks: {sub: {error: 404}}\nexpect: {output: {none: true}, calls: {sub: {with: {n: 1}}}}"
    )
    [(_, message)] = await failures(flow, "input: 1")
    assert 'calls another workflow with {"n": 1}, and has no mock' in message and "real" not in message


async def test_names_are_checked_against_the_flow() -> None:
    flow = flowapp("- a: {call: f}\n- w: {wait: {seconds: 1}}")
    found = await failures(
        flow,
        """
        mocks: {aa: {output: 1}, w: {output: 1}}
        real: [x]
        publish: [{event: {type: t}, when: a}]
        expect: {path: [b], calls: {w: 1}}
        """,
    )
    messages = [message for _, message in found]
    assert messages == [
        "flow has no task `aa`; did you mean `a`?",
        "`w` is a `wait` task, which no mock answers for; time is skipped, so it needs no mock",
        "flow has no task `x`; its tasks are `a` and `w`",
        "`a` is a `call` task and never listens; name a `listen` task",
        "flow has no task `b`; its tasks are `a` and `w`",
        "`w` is a `wait` task, which no mock answers for; time is skipped, so it needs no mock",
    ]


# --- secrets --------------------------------------------------------------------------------------------

SECRETS = flowapp(
    "- a: {call: f, with: {key: '${ $secrets.bank.token }', say: 'Bearer ${ $secrets.bank.token }'}}",
    use="{secrets: [bank]}",
)


async def test_secrets_are_given_and_masked_wherever_they_could_be_read() -> None:
    verdict = await passes(
        SECRETS,
        """
        secrets: {bank: {token: swordfish}}
        mocks: {a: {compute: "{echo: .key}"}}
        expect:
          output: {echo: "***"}
          calls: {a: {with: {key: "***", say: Bearer ***}}}
        """,
    )
    assert "swordfish" not in str(verdict)
    failed = await verdict_of(
        SECRETS,
        "secrets: {bank: {token: swordfish}}\nmocks: {a: {compute: .}}\n"
        "expect: {output: 1, calls: {a: [{with: {}}]}}",
    )
    assert failed.failures and "swordfish" not in str(failed)


async def test_mocks_work_with_secrets_and_their_errors_do_not_tell_them() -> None:
    flow = SECRETS + "    - long: {set: {long: '${ .echo | length }'}}\n"
    case = "secrets: {bank: {token: swordfish}}\nmocks: {a: {compute: '{echo: .key}'}}\n"
    await passes(flow, case + "expect: {output: {long: 9}}")
    [(_, message)] = await failures(flow, case.replace("{echo: .key}", ".key.x"))
    assert "the expression failed" in message and "swordfish" not in message


async def test_a_secret_that_is_not_given_is_the_flows_error() -> None:
    await passes(SECRETS, "expect: {error: {type: authorization, detail: /bank/}}")


# --- real functions -------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("f", "g"):
        (tmp_path / "cmd" / name).mkdir(parents=True)
        (tmp_path / "cmd" / name / "main.py").write_text(
            "from headrace.function import function\n\n\n@function\n"
            f"def {name}(data):\n    return {{'{name}': data}}\n"
        )
    return tmp_path


async def test_what_a_case_says_is_real_runs_for_real(project: Path) -> None:
    await passes(ONE, "input: {n: 1}\nreal: functions\nexpect: {output: {g: {f: {n: 1}}}}", project=project)
    verdict = await passes(
        ONE,
        "input: {n: 1}\nreal: [f]\nmocks: {b: {compute: '[.]'}}\nexpect: {output: [{f: {n: 1}}]}",
        project=project,
    )
    assert [call.answered for call in verdict.calls] == ["real", "compute"]
    # What the case says goes before what the file says.
    shared = "mocks: {a: {output: 1}, b: {output: 2}}\nreal: [b]\n"
    verdict = await passes(ONE, "input: {n: 1}\nexpect: {output: 2}", project=project, shared=shared)
    verdict = await passes(
        ONE, "input: {n: 1}\nreal: [b]\nexpect: {output: {g: 1}}", project=project, shared=shared
    )
    [(_, message)] = await failures(ONE, "input: {n: 1}\nreal: [a]", project=project)
    assert message.startswith("`b` (/do/1/b) calls function g with")


# --- expectations ---------------------------------------------------------------------------------------


async def test_every_expectation_that_does_not_hold_is_told_with_its_line() -> None:
    verdict = await verdict_of(
        ONE,
        """
        input: {n: 1}
        mocks: {a: {output: {x: 1}}, b: {output: {y: 2}}}
        expect:
          output: {y: 3}
          matches: {z: 1}
          assert:
            - .y == 2
            - .y == 3
            - .y.z
          path: [a, a]
          calls:
            a: 2
            b: {with: {x: 2}}
          events: [{type: t}]
          context: {n: 2}
          duration: PT1S
        """,
    )
    assert [(failure.line, failure.what, failure.differences) for failure in verdict.failures] == [
        (6, "expect.output", (".y: expected 3, got 2",)),
        (7, "expect.matches", (".z: expected 1, is missing",)),
        (10, "expect.assert", ('on {"y": 2}',)),
        (11, "expect.assert", ('on {"y": 2}',)),
        (12, "expect.path", ("  a", "- a", "+ b")),
        (14, "expect.calls.a", ('1: with {"n": 1}',)),
        (15, "expect.calls.b", (".x: expected 2, got 1",)),
        (16, "expect.events", ()),
        (17, "expect.context", (".n: expected 2, got 1",)),
        (18, "expect.duration", ()),
    ]


async def test_another_error_than_expected_is_told_whole() -> None:
    flow = flowapp("- r: {raise: {error: {type: 'https://x.test/e', status: 418, title: T}}}")
    await passes(flow, "expect: {error: {type: 'https://x.test/e', status: 418, instance: /do/0/r}}")
    verdict = await verdict_of(flow, "expect: {error: {status: 404}}")
    [failure] = verdict.failures
    assert failure.differences[0] == ".status: expected 404, got 418"
    assert '"title": "T"' in failure.differences[1]
    verdict = await verdict_of(flow, "expect: {output: 1}")
    [failure] = verdict.failures
    assert failure.message == "expected completed, got faulted"
    assert '"status": 418' in failure.differences[0]


async def test_a_case_can_be_skipped_with_a_reason() -> None:
    verdict = await verdict_of(ONE, "skip: no bank yet")
    assert (verdict.status, verdict.skip) == ("skipped", "no bank yet")


async def test_long_pure_loops_and_lean_history_hide_nothing_from_the_path() -> None:
    flow = flowapp(
        "- loop: {for: {in: '${ [range(300)] }'}, do: [{inc: {set: {n: '${ .n + 1 }'}}}]}", history="outcome"
    )
    verdict = await passes(flow, "input: {n: 0}\nexpect: {output: {n: 300}}")
    assert verdict.path == ("loop", *["inc"] * 300)


async def test_a_case_goes_the_same_way_every_time() -> None:
    flow = flowapp(
        """
        - t:
            try: [{a: {call: f}}]
            catch: {retry: {delay: PT1S, jitter: {from: PT0S, to: PT10S}, limit: {attempt: {count: 5}}}}
        - tell: {set: {id: '${ $workflow.id }'}}
        """
    )
    case = "mocks: {a: [{error: 503, times: 4}, {output: 1}]}"
    first, second = await passes(flow, case), await passes(flow, case)
    assert first.skipped_seconds == second.skipped_seconds > 4
    assert first.output == second.output
