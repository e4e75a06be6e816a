"""What waits for people: asked, listed, answered once, by those who may, and by links."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from headrace.runtime.clock import ManualClock
from integration.api.served import Reply, Served, options

CLAIM = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: claim}
spec:
  version: 1.0.0
  use: {secrets: [bank]}
  steps:
    - review:
        listen: {to: {one: {with: {type: com.example.decided}}}}
        timeout: {after: P3D}
        metadata:
          approval:
            title: "Expenses of ${ .employee }"
            description: "${ \\"by \\" + $secrets.bank }"
            data: "${ {amount} }"
            form:
              type: object
              properties:
                account: {type: string, enum: [office, travel]}
                lines: {type: array, items: {type: object, properties: {n: {type: integer}}}}
              required: [account]
            answerers: {role: ROLE, users: [grace]}
            due: PT1H
"""
TYPE = "com.example.decided"
GOOD = {"choice": "approve", "answer": {"account": "travel"}}


async def eventually(served: Served, path: str, fits: Any) -> Any:
    async with asyncio.timeout(20):
        while True:
            reply = await served.get(path)
            if fits(reply.data):
                return reply.data
            await asyncio.sleep(0.01)


async def ask(served: Served, role: str = "operator", employee: str = "Ada") -> str:
    """Deploy, start, and return the path of the decision that waits."""
    await served.call("PUT", "secrets/bank", {"value": "canary-of-the-bank"})
    await served.deploy(CLAIM.replace("ROLE", role))
    started = await served.post("flowapps/claim/executions", {"employee": employee, "amount": 12})
    execution_id = started.data["id"]
    await eventually(served, f"executions/{execution_id}", lambda data: data["status"] == "waiting")
    [row] = [
        each for each in (await served.get("decisions")).data["items"] if each["execution_id"] == execution_id
    ]
    return f"decisions/{execution_id}/{row['run_id']}"


async def link_call(served: Served, method: str, token: str, body: Any = ...) -> Reply:
    """Call what links open, as somebody who has nothing but a link."""
    assert served.session is not None
    own = served.session
    async with aiohttp.ClientSession(served.server.url) as nobody:
        served.session = nobody
        try:
            return await served.call(method, "/api/v1/decision", body, headers={"headrace-link": token})
        finally:
            served.session = own


async def test_a_decision_is_asked_shown_answered_and_on_record(served: Served) -> None:
    path = await ask(served)
    [summary] = (await served.get("decisions")).data["items"]
    assert summary["title"] == "Expenses of Ada"
    assert (summary["status"], summary["role"], summary["users"]) == ("open", "operator", ["grace"])
    assert summary["due_at"] == pytest.approx(summary["asked_at"] + 3600)
    assert summary["may_answer"] is True
    shown = (await served.get(path)).data
    assert shown["asked"]["data"] == {"amount": 12}
    assert shown["asked"]["description"] == "by ***"  # as in history: no secrets
    assert [each["name"] for each in shown["asked"]["choices"]] == ["approve", "reject"]
    execution_id = summary["execution_id"]
    [why] = (await served.get(f"executions/{execution_id}")).data["why"]
    assert "waits for a decision: Expenses of Ada" in why["words"]
    answered = await served.post(f"{path}/answer", GOOD)
    assert answered.status == 200, answered.text
    assert (answered.data["status"], answered.data["choice"]) == ("decided", "approve")
    ended = (await served.get(f"executions/{execution_id}/wait")).data
    [output] = ended["output"]
    assert output["choice"] == "approve"
    assert output["answer"] == {"account": "travel"}
    assert output["via"] == "token" and output["by"] and output["at"].endswith("Z")
    entries = (await served.get("/api/v1/audit")).data["items"]
    [entry] = [each for each in entries if each["action"] == "decision.answer"]
    assert entry["after"]["choice"] == "approve"
    assert (await served.get("decisions")).data["items"] == []
    [done] = (await served.get("decisions", {"status": "ended"})).data["items"]
    assert (done["decided_by"], done["choice"]) == (output["by"], "approve")


async def test_of_many_answers_at_once_one_counts(served: Served) -> None:
    path = await ask(served)
    answers = [{"choice": choice, "answer": {"account": "office"}} for choice in ("approve", "reject") * 10]
    replies = await asyncio.gather(*(served.post(f"{path}/answer", each) for each in answers))
    taken = [reply for reply in replies if reply.status == 200]
    assert len(taken) == 1
    assert {reply.code for reply in replies if reply.status != 200} == {"already-decided"}
    refused = next(reply for reply in replies if reply.status != 200)
    assert refused.data["choice"] == taken[0].data["choice"]
    execution_id = path.split("/")[1]
    [output] = (await served.get(f"executions/{execution_id}/wait")).data["output"]
    assert output["choice"] == taken[0].data["choice"]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"choice": "perhaps"}, 400, "no-such-choice", "/choice"),
        ({"choice": "approve"}, 422, "bad-answer", "/answer/account"),
        ({"choice": "approve", "answer": {"account": "moon"}}, 422, "bad-answer", "/answer/account"),
        (
            {"choice": "approve", "answer": {"account": "office", "lines": [{"n": "x"}]}},
            422,
            "bad-answer",
            "/answer/lines/0/n",
        ),
    ],
)
async def test_an_answer_that_does_not_fit_changes_nothing(
    served: Served, body: Any, status: int, code: str, pointer: str
) -> None:
    path = await ask(served)
    reply = await served.post(f"{path}/answer", body)
    assert (reply.status, reply.code, reply.data["pointer"]) == (status, code, pointer), reply.text
    assert (await served.get(path)).data["status"] == "open"


async def test_who_may_answer(served: Served) -> None:
    path = await ask(served, role="admin")
    made = await served.post("/api/v1/tokens", {"name": "grace", "roles": {"default": "operator"}})
    token = made.data["token"]
    headers = {"authorization": f"Bearer {token}"}
    # A token may have any name: it is not the user of that name.
    reply = await served.call("POST", f"{path}/answer", GOOD, headers=headers)
    assert (reply.status, reply.code) == (403, "forbidden")
    assert "admin" in reply.data["detail"] and "grace" in reply.data["detail"]
    assert (await served.call("GET", "decisions", query={"mine": "true"}, headers=headers)).data[
        "items"
    ] == []
    assert len((await served.get("decisions", {"mine": "true"})).data["items"]) == 1
    counts = (await served.call("GET", "decisions/count", headers=headers)).data
    assert counts == {"open": 1, "overdue": 0, "mine": 0, "more": False}
    link = await served.call("POST", f"{path}/links", {"label": "x"}, headers=headers)
    assert link.status == 403
    user = {"name": "grace", "password": "a long password of hers", "roles": {"default": "viewer"}}
    assert (await served.post("/api/v1/users", user)).status == 201
    login = {"name": "grace", "password": user["password"]}
    async with aiohttp.ClientSession(served.server.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as her:
        async with her.post("/api/v1/session", json=login) as answer:
            csrf = (await answer.json())["csrf"]
        url = served.path(f"{path}/answer")
        async with her.post(url, json=GOOD, headers={"x-headrace-csrf": csrf}) as answer:
            assert answer.status == 200, await answer.text()
            assert (await answer.json())["decided_by"] == "grace"


async def test_another_namespace_sees_nothing(served: Served) -> None:
    path = await ask(served)
    assert (await served.get("decisions", namespace="other")).data["items"] == []
    for method, rest, body in (
        ("GET", "", ...),
        ("POST", "/answer", GOOD),
        ("POST", "/links", {"label": "x"}),
    ):
        reply = await served.call(method, path + rest, body, namespace="other")
        assert (reply.status, reply.code) == (404, "not-found")


async def test_no_event_from_outside_is_an_answer(served: Served) -> None:
    path = await ask(served)
    execution_id, run_id = path.split("/")[1:]
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": TYPE, "data": {"choice": "approve"}}
    structured = {"content-type": "application/cloudevents+json"}
    assert (await served.call("POST", "events", event, headers=structured)).status == 202
    signal = f"executions/{execution_id}/signal"
    assert (await served.call("POST", signal, event | {"id": "2"}, headers=structured)).status == 202
    for target in ("events", signal):
        forged = event | {"id": "3", "headracedecision": run_id}
        reply = await served.call("POST", target, forged, headers=structured)
        assert (reply.status, reply.code) == (400, "bad-event")
    emitting = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: forger}
spec:
  version: 1.0.0
  steps:
    - forge:
        emit: {event: {with: {source: /f, type: com.example.decided, headraceexecution: "${ .id }",
          headracedecision: "${ .run }", data: {choice: approve}}}}
"""
    await served.deploy(emitting)
    await served.post(
        "flowapps/forger/executions", {"id": execution_id, "run": run_id}, headers={"prefer": "wait=20"}
    )
    # An event that is published after all of them was dealt with: so were they.
    assert (await served.call("POST", "events", event | {"id": "4"}, headers=structured)).status == 202
    await eventually(served, "events", lambda data: all(each["delivered"] for each in data["items"]))
    assert (await served.get(f"executions/{execution_id}")).data["status"] == "waiting"
    assert (await served.get(path)).data["status"] == "open"


async def test_a_cancelled_execution_asks_no_more(served: Served) -> None:
    path = await ask(served)
    execution_id = path.split("/")[1]
    await served.post(f"executions/{execution_id}/cancel")
    assert (await served.get(path)).data["status"] == "ended"
    reply = await served.post(f"{path}/answer", GOOD)
    assert (reply.status, reply.code) == (409, "too-late")
    await served.call("DELETE", f"executions/{execution_id}")
    assert (await served.get(path)).status == 404


async def test_a_suspended_execution_takes_the_answer_when_it_goes_on(served: Served) -> None:
    path = await ask(served)
    execution_id = path.split("/")[1]
    await served.post(f"executions/{execution_id}/suspend")
    assert (await served.post(f"{path}/answer", GOOD)).data["status"] == "decided"
    assert (await served.get(f"executions/{execution_id}")).data["status"] == "suspended"
    await served.post(f"executions/{execution_id}/resume")
    assert (await served.get(f"executions/{execution_id}/wait")).data["status"] == "completed"


async def test_an_answer_that_its_execution_cannot_take_is_told_so(served: Served) -> None:
    path = await ask(served)
    execution_id = path.split("/")[1]
    # Suspended, so that the answer waits; then cancelled, so that it never comes.
    await served.post(f"executions/{execution_id}/suspend")
    assert (await served.post(f"{path}/answer", GOOD)).status == 200
    await served.post(f"executions/{execution_id}/cancel")
    shown = (await served.get(path)).data
    assert (shown["status"], shown["choice"]) == ("overtaken", "approve")


async def test_decisions_survive_a_restart(served: Served) -> None:
    path = await ask(served)
    token = (await served.post(f"{path}/links", {"label": "Joan"})).data["token"]
    await served.restart()
    assert (await served.get(path)).data["status"] == "open"
    assert (await link_call(served, "GET", token)).data["asked"]["title"] == "Expenses of Ada"
    assert (await served.post(f"{path}/answer", GOOD)).status == 200
    execution_id = path.split("/")[1]
    assert (await served.get(f"executions/{execution_id}/wait")).data["status"] == "completed"


async def test_an_answer_that_was_taken_before_a_crash_comes_after_it(served: Served) -> None:
    path = await ask(served)
    execution_id, run_id = path.split("/")[1:]

    async def crash(sequence: int, event: Any) -> None:
        raise RuntimeError("the process ends here")

    served.platform.runtime.deliver = crash  # type: ignore[method-assign]
    assert (await served.post(f"{path}/answer", GOOD)).status == 500
    assert (await served.get(f"executions/{execution_id}")).data["status"] == "waiting"
    await served.restart()
    [output] = (await served.get(f"executions/{execution_id}/wait")).data["output"]
    assert output["choice"] == "approve"
    assert (await served.get(f"decisions/{execution_id}/{run_id}")).data["status"] == "decided"


async def test_a_rerun_asks_again(served: Served) -> None:
    path = await ask(served)
    execution_id = path.split("/")[1]
    assert (await served.post(f"{path}/answer", GOOD)).status == 200
    assert (await served.get(f"executions/{execution_id}/wait")).data["status"] == "completed"
    again = (await served.post(f"executions/{execution_id}/rerun", {"task": "review"})).data["id"]
    await eventually(served, f"executions/{again}", lambda data: data["status"] == "waiting")
    [row] = (await served.get("decisions")).data["items"]
    assert (row["execution_id"], row["title"]) == (again, "Expenses of Ada")
    assert (await served.get(path)).data["status"] == "decided"


@pytest.mark.parametrize(
    "answer",
    [
        '{"account": "office", "n": 1000000000000000000000000000000}',
        '{"account": "office", "n": 1e400}',
        '{"account": "office", "n": NaN}',
        '["office"]',
        '{"account": "office", "text": "' + "x" * 300_000 + '"}',
        '{"account": "office", "deep": ' + "[" * 2000 + "]" * 2000 + "}",
    ],
)
async def test_an_answer_that_is_odd_is_refused_or_taken_whole(served: Served, answer: str) -> None:
    path = await ask(served)
    body = f'{{"choice": "approve", "answer": {answer}}}'.encode()
    reply = await served.call(
        "POST", f"{path}/answer", data=body, headers={"content-type": "application/json"}
    )
    assert reply.status in (200, 400, 413, 422), reply.text
    expected = "decided" if reply.status == 200 else "open"
    assert (await served.get(path)).data["status"] == expected


async def test_overdue_and_timeout(tmp_path: Path) -> None:
    clock = ManualClock(1_800_000_000.0)
    served = Served(options(tmp_path), clock=clock)
    await served.start()
    try:
        path = await ask(served)
        assert (await served.get("decisions", {"overdue": "true"})).data["items"] == []
        clock.advance(3601)
        [late] = (await served.get("decisions", {"overdue": "true"})).data["items"]
        assert late["overdue"] is True
        assert (await served.get("decisions/count")).data["overdue"] == 1
        clock.advance(3 * 86_400)
        await eventually(served, path, lambda data: data["status"] == "ended")
        reply = await served.post(f"{path}/answer", GOOD)
        assert (reply.status, reply.code) == (409, "too-late")
    finally:
        await served.stop()


# --- links ----------------------------------------------------------------------------------------------


async def test_a_link_shows_and_answers_one_decision_once(served: Served) -> None:
    path = await ask(served)
    made = await served.post(f"{path}/links", {"label": "Joan", "expires_in_seconds": 3600})
    assert made.status == 201, made.text
    token = made.data["token"]
    assert made.data["url"].endswith(f"/decide#{token}")
    listed = (await served.get(f"{path}/links")).data["items"]
    assert [each["label"] for each in listed] == ["Joan"] and token not in str(listed)
    for _ in range(3):  # looking, as previews of links do, decides nothing
        shown = await link_call(served, "GET", token)
        assert shown.status == 200
    assert shown.data["asked"]["data"] == {"amount": 12}
    assert not {"namespace", "execution_id", "flow"} & set(shown.data)
    bad = await link_call(served, "POST", token, {"choice": "approve"})
    assert (bad.status, bad.data["pointer"]) == (422, "/answer/account")
    done = await link_call(served, "POST", token, GOOD)
    assert (done.status, done.data["status"], done.data["choice"]) == (200, "decided", "approve")
    again = await link_call(served, "POST", token, GOOD | {"choice": "reject"})
    assert (again.status, again.code) == (409, "already-decided")
    shown = await link_call(served, "GET", token)
    assert (shown.data["choice"], shown.data["asked"]) == ("approve", None)
    execution_id = path.split("/")[1]
    [output] = (await served.get(f"executions/{execution_id}/wait")).data["output"]
    assert output["via"] == "link" and output["by"].startswith("Joan")


async def test_links_of_which_one_is_used(served: Served) -> None:
    path = await ask(served)
    tokens = [
        (await served.post(f"{path}/links", {"label": label})).data["token"] for label in ("a", "b", "c")
    ]
    revoked = (await served.get(f"{path}/links")).data["items"][2]["id"]
    assert (await served.call("DELETE", f"{path}/links/{revoked}")).status == 204
    assert (await served.call("DELETE", f"{path}/links/{revoked}")).status == 404
    gone = await link_call(served, "GET", tokens[2])
    assert (gone.status, gone.code) == (404, "link-revoked")
    assert (await link_call(served, "POST", tokens[0], GOOD)).status == 200
    other = await link_call(served, "GET", tokens[1])
    assert other.data["status"] == "decided" and other.data["asked"] is None


async def test_tokens_that_are_not_of_this_server(served: Served) -> None:
    path = await ask(served)
    token = (await served.post(f"{path}/links", {"label": "Joan"})).data["token"]
    link_id, _, signature = token.partition(".")
    other = (await served.post(f"{await ask(served)}/links", {"label": "x"})).data["token"]
    swapped = f"{link_id}.{other.partition('.')[2]}"
    for forged in (link_id, f"{link_id}.", f"{link_id}.{'A' * len(signature)}", swapped, "lnk_0.x", "é.é"):
        reply = await link_call(served, "POST", forged.encode("utf-8").decode("latin-1"), GOOD)
        assert reply.status in (400, 404), forged
    assert (await served.get(path)).data["status"] == "open"
    # A link is no session: nothing else opens.
    async with aiohttp.ClientSession(served.server.url) as nobody:
        headers = {"headrace-link": token, "authorization": f"Bearer {token}"}
        async with nobody.get(served.path(path), headers=headers) as answer:
            assert answer.status == 401


async def test_a_link_ends_in_time_and_is_not_asked_too_often(tmp_path: Path) -> None:
    clock = ManualClock(1_800_000_000.0)
    served = Served(options(tmp_path), clock=clock)
    await served.start()
    try:
        path = await ask(served)
        token = (await served.post(f"{path}/links", {"label": "J", "expires_in_seconds": 60})).data["token"]
        statuses = [(await link_call(served, "GET", token)).status for _ in range(61)]
        assert statuses == [200] * 60 + [429]
        clock.advance(61)
        late = await link_call(served, "POST", token, GOOD)
        assert (late.status, late.code) == (404, "link-expired")
        assert (await served.get(path)).data["status"] == "open"
    finally:
        await served.stop()
