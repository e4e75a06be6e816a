"""Every route that changes something × the log of changes: who, when, what, before and after.

A route that is not in the table fails: say how it succeeds and what it leaves, or why it leaves nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from headrace.api.app import create_app
from integration.api.flows import GREET, GREET_2, LISTEN
from integration.api.served import Reply, Served, options
from integration.api.test_rules import DOCUMENTATION

PASSWORD, CANARY = "a-password-of-the-tests", "c4n4ry-0f-the-audit"
WAIT = {"prefer": "wait=20"}
USERS, TOKENS, SESSION = "/api/v1/users", "/api/v1/tokens", "/api/v1/session"

STARTED = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: started}
spec:
  version: 1.0.0
  functions: {count: {source: cmd/count}}
  triggers: [{name: api, http: {path: /orders, method: POST}}]
  steps: [{take: {set: {taken: true}}}]
"""
CLAIM = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: claim}
spec:
  version: 1.0.0
  steps:
    - review:
        listen: {to: {one: {with: {type: com.example.decided}}}}
        metadata: {approval: {title: Expenses, answerers: {role: operator}}}
"""
EVENT = {"specversion": "1.0", "id": "e1", "source": "/tests", "type": "com.example.other"}
RULE = {"faulted": {"count": 1, "within": "PT1M"}, "webhook": {"url": "http://127.0.0.1:1/"}}

# Why a route that changes something, or looks as if it did, leaves no entry.
UNRECORDED = {
    "POST /flowapps/{name:str}/executions": "the execution's own record says who: see test_started_by.py",
    "POST /events": "the event is on record itself",
    "POST /queues/{queue:str}/items": "traffic: an item's own history says when, and who leased it",
    "POST /queues/{queue:str}/lease": "traffic, as above",
    "POST /queues/{queue:str}/complete": "traffic, as above",
    "POST /queues/{queue:str}/extend": "traffic, as above",
    "POST /queues/{queue:str}/release": "traffic, as above",
    "POST /queues/{queue:str}/fail": "traffic, as above",
    "POST /mcp": "what it can do is start executions, whose own records say who: see test_started_by.py",
    "POST /flowapps/validate": "keeps nothing",
    "POST /expressions/evaluate": "keeps nothing",
    "POST /alerts/rules/{name:str}/test": "keeps nothing",
    "POST /alerts/rules/{name:str}/preview": "keeps nothing",
    "POST /api/v1/decision": "is the decision's answer by a link: decision.answer, see test_decisions.py",
}


class Case(NamedTuple):
    """How a change succeeds, and its entry: the action, and which of `before` and `after` it shows."""

    do: Callable[[Served, dict[str, Any]], Awaitable[Reply]]
    action: str
    shows: str = "before after"


def ask(method: str, path: str, body: Any = ..., *, text: bytes | None = None, **headers: str) -> Any:
    """Return what makes a request; names in braces are of what was made before."""

    async def asked(served: Served, made: dict[str, Any]) -> Reply:
        place = path.format(**made)
        if text is not None:
            return await served.call(method, place, data=text)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await served.call(method, place, body, headers=named)

    return asked


async def _in_session(served: Served, method: str, path: str, body: Any = ...) -> Reply:
    """Make a request as Eve, who logs in for it."""
    assert served.session is not None
    begun = await served.post(SESSION, {"name": "eve", "password": PASSWORD})
    cookie = begun.headers["set-cookie"].partition(";")[0]
    proof = {"cookie": cookie, "x-headrace-csrf": begun.data["csrf"]}
    token = served.session.headers.pop("authorization")
    try:
        return await served.call(method, path, body, headers=proof)
    finally:
        served.session.headers["authorization"] = token


async def _end_one(served: Served, made: dict[str, Any]) -> Reply:
    await served.post(SESSION, {"name": "eve", "password": PASSWORD})
    [first, *_] = (await served.get("/api/v1/sessions")).data["items"]
    return await served.call("DELETE", f"/api/v1/sessions/{first['id']}")


def in_session(method: str, path: str, body: Any = ...) -> Any:
    async def asked(served: Served, made: dict[str, Any]) -> Reply:
        return await _in_session(served, method, path, body)

    return asked


async def _silence(served: Served, made: dict[str, Any]) -> Reply:
    reply = await served.post("alerts/silences", {"until": served.platform.clock.now() + 60, "reason": "r"})
    made["silence"] = reply.data["id"]
    return reply


async def _link(served: Served, made: dict[str, Any]) -> Reply:
    reply = await served.post(f"decisions/{made['claim']}/{made['run']}/links", {"label": "Bob"})
    made["link"] = reply.data["id"]
    return reply


async def _token(served: Served, made: dict[str, Any]) -> Reply:
    reply = await served.post(TOKENS, {"name": "robot", "roles": {"default": "viewer"}})
    made["token"] = reply.data["id"]
    return reply


NOTHING = "a session is its own before and after"
# In this order: what one makes the next ones change.
CASES: dict[str, Case] = {
    "POST /flowapps": Case(ask("POST", "flowapps", text=GREET_2.encode()), "flowapp.apply"),
    "PUT /flowapps/{name:str}": Case(ask("PUT", "flowapps/greet", text=GREET.encode()), "flowapp.apply"),
    "POST /flowapps/{name:str}/pause": Case(ask("POST", "flowapps/greet/pause"), "flowapp.pause"),
    "POST /flowapps/{name:str}/resume": Case(ask("POST", "flowapps/greet/resume"), "flowapp.resume"),
    "PUT /flowapps/{name:str}/layout": Case(ask("PUT", "flowapps/greet/layout", {"a": 1}), "flowapp.layout"),
    "POST /flowapps/{flow:str}/triggers/{name:str}/pause": Case(
        ask("POST", "flowapps/started/triggers/api/pause"), "trigger.pause"
    ),
    "POST /flowapps/{flow:str}/triggers/{name:str}/resume": Case(
        ask("POST", "flowapps/started/triggers/api/resume"), "trigger.resume"
    ),
    "POST /flowapps/{flow:str}/triggers/{name:str}/fire": Case(
        ask("POST", "flowapps/started/triggers/api/fire", {"payload": {}}), "trigger.fire", "after"
    ),
    "PUT /flowapps/{flow:str}/functions/{function:str}/code": Case(
        ask("PUT", "flowapps/started/functions/count/code", {"text": "x = 1\n"}), "function.code"
    ),
    "POST /flowapps/{flow:str}/functions/{function:str}/restart": Case(
        ask("POST", "flowapps/started/functions/count/restart"), "function.restart", "before"
    ),
    "POST /executions/{execution_id:str}/suspend": Case(
        ask("POST", "executions/{waiting}/suspend"), "execution.suspend"
    ),
    "POST /executions/{execution_id:str}/resume": Case(
        ask("POST", "executions/{waiting}/resume"), "execution.resume"
    ),
    "POST /executions/{execution_id:str}/signal": Case(
        ask("POST", "executions/{waiting}/signal", EVENT, content_type="application/cloudevents+json"),
        "execution.signal",
        "after",
    ),
    "POST /executions/{execution_id:str}/cancel": Case(
        ask("POST", "executions/{waiting}/cancel"), "execution.cancel"
    ),
    "POST /executions/{execution_id:str}/rerun": Case(
        ask("POST", "executions/{ended}/rerun"), "execution.rerun", "after"
    ),
    "POST /executions/rerun": Case(
        ask("POST", "executions/rerun", {"filter": {"flow": "greet"}}), "execution.rerun-many", "after"
    ),
    "POST /executions/cancel": Case(
        ask("POST", "executions/cancel", {"filter": {"flow": "listen"}}), "execution.cancel-many", "after"
    ),
    "DELETE /executions/{execution_id:str}": Case(
        ask("DELETE", "executions/{ended}"), "execution.delete", "before"
    ),
    "POST /executions/delete": Case(
        ask("POST", "executions/delete", {"filter": {"flow": "nosuch"}}), "execution.delete-many", "after"
    ),
    "POST /decisions/{execution_id:str}/{run_id:int}/links": Case(_link, "decision-link.create", "after"),
    "DELETE /decisions/{execution_id:str}/{run_id:int}/links/{link_id:str}": Case(
        ask("DELETE", "decisions/{claim}/{run}/links/{link}"), "decision-link.revoke", "before"
    ),
    "POST /decisions/{execution_id:str}/{run_id:int}/answer": Case(
        ask("POST", "decisions/{claim}/{run}/answer", {"choice": "approve"}), "decision.answer", "after"
    ),
    "POST /queues/{queue:str}/pause": Case(ask("POST", "queues/jobs/pause"), "queue.pause"),
    "POST /queues/{queue:str}/resume": Case(ask("POST", "queues/jobs/resume"), "queue.resume"),
    "POST /queues/{queue:str}/redrive": Case(
        ask("POST", "queues/jobs/redrive", {}), "queue.redrive", "after"
    ),
    "POST /queues/{queue:str}/purge": Case(
        ask("POST", "queues/jobs/purge", {"what": "ready"}), "queue.purge", "after"
    ),
    "PUT /alerts/rules/{name:str}": Case(ask("PUT", "alerts/rules/late", RULE), "alert.put", "after"),
    "DELETE /alerts/rules/{name:str}": Case(ask("DELETE", "alerts/rules/late"), "alert.delete", "before"),
    "POST /alerts/silences": Case(_silence, "silence.add", "after"),
    "DELETE /alerts/silences/{silence:str}": Case(
        ask("DELETE", "alerts/silences/{silence}"), "silence.end", "before"
    ),
    "PUT /secrets/{name:str}": Case(ask("PUT", "secrets/key", {"value": CANARY}), "secret.create", "after"),
    "POST /api/v1/secret-key/rotate": Case(
        ask("POST", "/api/v1/secret-key/rotate"), "secret-key.rotate", "after"
    ),
    "DELETE /secrets/{name:str}": Case(ask("DELETE", "secrets/key"), "secret.delete", "before"),
    "POST /api/v1/users": Case(
        ask("POST", USERS, {"name": "ada", "password": PASSWORD, "roles": {}}), "user.create", "after"
    ),
    "PATCH /api/v1/users/{name:str}": Case(
        ask("PATCH", f"{USERS}/ada", {"roles": {"bank": "viewer"}}), "user.update"
    ),
    "PUT /members/{name:str}": Case(ask("PUT", "members/ada", {"role": "viewer"}), "user.member"),
    "DELETE /members/{name:str}": Case(ask("DELETE", "members/ada"), "user.member"),
    "DELETE /api/v1/users/{name:str}": Case(ask("DELETE", f"{USERS}/ada"), "user.delete", "before"),
    "POST /api/v1/tokens": Case(_token, "token.create", "after"),
    "DELETE /api/v1/tokens/{token_id:str}": Case(
        ask("DELETE", TOKENS + "/{token}"), "token.revoke", "before"
    ),
    "POST /api/v1/session": Case(
        ask("POST", SESSION, {"name": "eve", "password": PASSWORD}), "session.login", "after"
    ),
    "DELETE /api/v1/session": Case(in_session("DELETE", SESSION), "session.end", NOTHING),
    "DELETE /api/v1/sessions/{session_id:str}": Case(_end_one, "session.end", NOTHING),
    "DELETE /api/v1/sessions": Case(in_session("DELETE", "/api/v1/sessions"), "session.end-all", NOTHING),
    "PUT /api/v1/session/password": Case(
        in_session("PUT", f"{SESSION}/password", {"old_password": PASSWORD, "new_password": PASSWORD + "-2"}),
        "user.password",
    ),
    "DELETE /flowapps/{name:str}": Case(ask("DELETE", "flowapps/greet"), "flowapp.delete", "before"),
}


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server with a project, whose function's code can be written."""
    project = tmp_path / "project"
    (project / "config").mkdir(parents=True)
    (project / "config" / "flowapp.yaml").write_text(STARTED)
    (project / "cmd" / "count").mkdir(parents=True)
    (project / "cmd" / "count" / "main.py").write_text("x = 0\n")
    running = Served(options(tmp_path, projects=[project]))
    await running.start()
    yield running
    await running.stop()


async def _prepared(served: Served) -> dict[str, Any]:
    """Have something of each noun; return the names of what was made."""
    for flow in (GREET, LISTEN, CLAIM):
        await served.deploy(flow)
    ended = await served.post("flowapps/greet/executions", {"name": "Ada"}, headers=WAIT)
    made = {"ended": ended.headers["headrace-execution"]}
    for name, flow in (("waiting", "listen"), ("claim", "claim")):
        made[name] = (await served.post(f"flowapps/{flow}/executions", {})).data["id"]
        async with asyncio.timeout(20):
            while (await served.get(f"executions/{made[name]}")).data["status"] != "waiting":
                await asyncio.sleep(0.01)
    [decision] = (await served.get("decisions")).data["items"]
    made["run"] = decision["run_id"]
    assert (await served.post("queues/jobs/items", {"items": [{"data": 1}]})).status == 201
    eve = {"name": "eve", "password": PASSWORD, "roles": {}}
    assert (await served.post(USERS, eve)).status == 201
    return made


def _routes(served: Served) -> set[str]:
    """Return the routes that may change something, without the namespace."""
    found = set()
    for route in create_app(served.platform).routes:
        if not DOCUMENTATION.fullmatch(route.path):
            for method in {"POST", "PUT", "PATCH", "DELETE"} & set(getattr(route, "methods", ())):
                found.add(f"{method} {route.path.removeprefix('/api/v1/namespaces/{namespace:str}')}")
    return found


async def test_every_change_is_on_record(served: Served) -> None:
    routes = _routes(served)
    unsaid = routes - CASES.keys() - UNRECORDED.keys()
    assert not unsaid, f"say what these leave in the log of changes, or why nothing: {sorted(unsaid)}"
    assert not (CASES.keys() - routes), "there are no such routes any more"
    made = await _prepared(served)
    wrong = []
    for route, case in CASES.items():
        began = served.platform.clock.now()
        reply = await case.do(served, made)
        if reply.status >= 300:
            wrong.append(f"{route}: {reply.text}")
            continue
        request_id = reply.headers["x-request-id"]
        entries = (await served.get("/api/v1/audit", {"request_id": request_id})).data["items"]
        if len(entries) != 1:
            wrong.append(f"{route}: {len(entries)} entries")
            continue
        [entry] = entries
        namespaced = not route.partition(" ")[2].startswith("/api/")
        shown = {name for name in ("before", "after") if entry[name] is not None}
        expected = set() if case.shows == NOTHING else set(case.shows.split())
        facts = {
            "action": entry["action"] == case.action,
            "who": entry["principal"].partition(":")[0] in ("token", "user") and entry["name"] != "",
            "when": began <= entry["at"] <= served.platform.clock.now(),
            "what": entry["object"] != "",
            "where": entry["namespace"] == ("default" if namespaced else None) and entry["address"],
            f"{case.shows}, not {sorted(shown)}": shown == expected,
        }
        wrong += [f"{route}: {name} ({entry})" for name, holds in facts.items() if not holds]
    assert not wrong, "\n".join(wrong)
    log = (await served.get("/api/v1/audit", {"limit": "500"})).text
    assert CANARY not in log and PASSWORD not in log
