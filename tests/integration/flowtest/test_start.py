"""Cases that start as triggers start executions."""

from __future__ import annotations

import pytest

from integration.flowtest.play import failures, flowapp, passes

TRIGGERS = flowapp(
    "- echo: {set: '${ . }'}",
    triggers="""
    - name: api
      http:
        path: /orders/{id}
        method: POST
        input: '{id: .params.id, body, dry: .query.dry, h: .headers["x-a"]}'
    - name: plain
      http: {path: /plain}
    - name: nightly
      cron: {schedule: "0 3 * * *", timezone: Asia/Shanghai}
    - name: paid
      event: {with: {type: com.example.paid, data: '${ .amount > 10 }'}, input: '{amount: .data.amount, id}'}
    - name: raw
      event: {one: {with: {type: com.example.raw}}}
    - name: items
      queue: {name: work}
""",
).replace("'${ . }'", "{got: '${ . }'}")


@pytest.mark.parametrize(
    ("start", "got"),
    [
        (
            "trigger: {name: api, request: {params: {id: a/b}, query: {dry: true}, "
            "headers: {X-A: 1b}, body: {n: 1}}}",
            {"id": "a/b", "body": {"n": 1}, "dry": "true", "h": "1b"},
        ),
        ("trigger: {name: plain, request: {body: [1]}}", [1]),
        ("trigger: {name: plain}", None),
        (
            "trigger: {name: plain, request: {body: a=1&b=2, headers: "
            "{Content-Type: application/x-www-form-urlencoded}}}",
            {"a": "1", "b": "2"},
        ),
        (
            "trigger: {name: nightly, time: 2026-03-01T03:00:00+08:00}",
            {"scheduledAt": "2026-02-28T19:00:00.000Z", "trigger": "nightly"},
        ),
        ("trigger: {name: items, item: {n: 1}}", {"n": 1}),
        ("event: {type: com.example.paid, id: e1, data: {amount: 11}}", {"amount": 11, "id": "e1"}),
        ("event: {type: com.example.raw, data: x}", "x"),
        ("trigger: {name: raw, event: {type: com.example.raw, data: y}}", "y"),
    ],
)
async def test_what_comes_to_a_trigger_is_mapped_as_the_server_does(start: str, got: object) -> None:
    verdict = await passes(TRIGGERS, start)
    assert verdict.output == {"got": got}


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("trigger: {name: apo}", "the flow has no trigger `apo`; did you mean `api`?"),
        ("trigger: {name: api, time: 2026-03-01T03:00:00Z}", "give it `request`"),
        ("trigger: {name: paid}", "give it `event`"),
        ("event: {type: com.example.paid, data: {amount: 9}}", "no trigger takes the event"),
        ("trigger: {name: paid, event: {type: x}}", "`paid` does not take the event"),
        (
            "trigger: {name: plain, request: {body: '<a/>', headers: {content-type: image/png}}}",
            "the request is answered with 415",
        ),
    ],
)
async def test_what_starts_nothing_is_told(start: str, message: str) -> None:
    [(_, told)] = await failures(TRIGGERS, start)
    assert message in told


async def test_the_answer_to_a_request_is_expected() -> None:
    flow = flowapp(
        "- a: {call: f}\n- b: {set: {total: '${ .n }'}}",
        triggers="""
    - name: api
      http:
        path: /a
        reply: output
        response: '{status: 201, headers: {location: "/a/\\(.total)"}, body: .}'
    - name: later
      http: {path: /b}
""",
    )
    await passes(
        flow,
        """
        trigger: {name: api, request: {body: {}}}
        mocks: {a: {output: {n: 7}}}
        expect: {answer: {status: 201, headers: {Location: /a/7}, body: {total: 7}}}
        """,
    )
    await passes(
        flow,
        """
        trigger: {name: api}
        mocks: {a: {error: {status: 409, detail: taken}}}
        expect:
          status: faulted
          answer: {status: 409, headers: {content-type: application/problem+json}, body: {detail: taken}}
        """,
    )
    found = await failures(
        flow, "trigger: {name: api}\nmocks: {a: {output: {n: 7}}}\nexpect: {answer: {status: 200}}"
    )
    assert found == [("expect.answer", "the answer is another one")]
    [(_, message)] = await failures(
        flow, "trigger: {name: later}\nmocks: {a: {output: {n: 7}}}\nexpect: {answer: {status: 200}}"
    )
    assert message.startswith("no request is answered with the end")


async def test_the_schedule_of_a_workflow_starts_it_with_the_events() -> None:
    flow = (
        "document: {dsl: 1.0.3, namespace: test, name: on, version: 1.0.0}\n"
        "schedule: {on: {one: {with: {type: t}}}}\n"
        "do: [{echo: {set: {got: '${ . }'}}}]\n"
    )
    verdict = await passes(flow, "event: {type: t, data: {n: 1}}")
    assert verdict.output == {"got": [{"n": 1}]}
