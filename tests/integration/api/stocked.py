"""A server with something of everything, so that requests meet real objects."""

from __future__ import annotations

from typing import Any

from integration.api.flows import GREET, GREET_2, LISTEN, REFUSE
from integration.api.served import Served

PASSWORD = "a-password-of-the-tests"

# Starts by all that starts a flow without a broker.
STARTED = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: started}
spec:
  version: 1.0.0
  functions:
    echo: {source: cmd/echo}
  triggers:
    - {name: api, http: {path: /orders, method: POST, reply: output}}
    - {name: nightly, cron: {schedule: "0 3 * * *"}}
    - {name: paid, event: {with: {type: com.example.paid}}}
    - {name: jobs, queue: {name: arriving}}
  steps:
    - take: {call: echo}
"""


def echo(data: Any) -> Any:
    """Return what it is given, and say so."""
    print("echo", data)
    return data


FUNCTIONS = {"echo": echo}


async def stock(served: Served) -> dict[str, Any]:
    """Deploy, start, put and make some of all there is. Return what paths may name, by parameter."""
    for name in ("greet", "spare"):
        await served.deploy(GREET.replace("greet", name))
        await served.deploy(GREET_2.replace("greet", name))
    await served.deploy(REFUSE)
    await served.deploy(LISTEN)
    await served.deploy(STARTED)
    executions = []
    for flow, body in (("greet", {"name": "Ada"}), ("refuse", {}), ("started", {"order": 1})):
        reply = await served.post(f"flowapps/{flow}/executions", body, headers={"prefer": "wait=20"})
        executions.append(reply.headers["headrace-execution"])
    waiting = [await served.post("flowapps/listen/executions", {}) for _ in range(3)]
    executions += [reply.data["id"] for reply in waiting]
    leased = await _queue(served)
    users = {}
    for name in ("ada", "spare"):
        made = await served.post("/api/v1/users", {"name": name, "password": PASSWORD, "roles": {}})
        users[name] = made.headers["etag"]
        await served.call("PUT", f"secrets/{name}", {"value": "a-secret"})
        await served.call("PUT", f"members/{name}", {"role": "viewer"})
    token = await served.post("/api/v1/tokens", {"name": "robot", "roles": {"default": "viewer"}})
    session = await served.post("/api/v1/session", {"name": "ada", "password": PASSWORD})
    assert session.status == 201, session.text
    sessions = (await served.get("/api/v1/sessions")).data["items"]
    await served.call("PUT", "flowapps/greet/layout", {"hello": {"x": 1, "y": 2}})
    event = {"specversion": "1.0", "id": "e1", "source": "/tests", "type": "com.example.other"}
    await served.post("events", event, headers={"content-type": "application/cloudevents+json"})
    # In a session whoever asks is found by its cookie, too: only the token shall count.
    assert served.session is not None
    served.session.cookie_jar.clear()
    return {
        "namespace": ["default", "default", "default", "shop"],
        "name": ["greet", "listen", "started"],
        "flow": ["started"],
        "function": ["echo"],
        "queue": ["jobs"],
        "item": ["ready-1", "dead", leased["id"]],
        "execution_id": executions,
        "run_id": [0, 1, 2],
        "generation": [1, 2],
        "token_id": [token.data["id"]],
        "session_id": [each["id"] for each in sessions],
        "leased": leased,
        "etags": [*users.values(), '"1"', '"2.0"'],
    }


async def _queue(served: Served) -> dict[str, Any]:
    """Have items in every state; return the one that is leased."""
    items = [{"id": "dead", "data": 1, "max_attempts": 1}]
    assert (await served.post("queues/jobs/items", {"items": items})).status == 201
    [dead] = (await served.post("queues/jobs/lease", {})).data["items"]
    failed = {"id": "dead", "token": dead["token"], "error": "bad", "final": True}
    assert (await served.post("queues/jobs/fail", {"items": [failed]})).status == 200
    items = [{"id": "leased", "data": {"a": 1}}]
    await served.post("queues/jobs/items", {"items": items})
    [leased] = (await served.post("queues/jobs/lease", {"lease_seconds": 3600})).data["items"]
    more: list[dict[str, Any]] = [
        {"id": "ready-1", "text": "a text"},
        {"id": "ready-2", "data_base64": "AP8="},
        {"id": "later", "data": None, "delay_seconds": 3600},
    ]
    assert (await served.post("queues/jobs/items", {"items": more})).status == 201
    return {"id": leased["id"], "token": leased["token"]}
