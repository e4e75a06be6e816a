"""Every route × every role: who is let in, and who is not.

What a route takes is written here a second time, by the nouns and verbs of `docs/decisions/0006-server.md`:
a new route that is not in this table fails, and so does one whose rule says something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from litestar import Litestar

from headrace.access.role import ROLES
from headrace.api.app import create_app
from headrace.api.rule import OPEN, SIGNED_IN
from integration.api.served import TOKEN, Reply, Served

NAMESPACE = "shop"
SPACE = "/api/v1/namespaces/{namespace:str}"
# A changing request with a role comes as far as this body, which no route can use.
USELESS = b"[["

# The first line that fits a method and path says which role it takes, and where.
TABLE = (
    # Without anybody's token: is the server there, and how to log in.
    (r"GET /(healthz|readyz)", OPEN),
    (r"GET /api/v1/session/(methods|visitor|oidc/start|oidc/callback)", OPEN),
    (r"POST /api/v1/session", OPEN),
    # Who has a link to a decision.
    (r"(GET|POST) /api/v1/decision", OPEN),
    # Oneself.
    (r"(GET|DELETE) /api/v1/session", SIGNED_IN),
    (r"PUT /api/v1/session/password", SIGNED_IN),
    (r"(GET|DELETE) /api/v1/sessions(/{\w+:str})?", SIGNED_IN),
    # Admin: users, tokens, roles, the log, the key.
    (r"\w+ /api/v1/users(/.+)?", "admin"),
    (r"POST /api/v1/secret-key/rotate", "admin"),
    (r"\w+ /api/v1/(tokens(/.+)?|audit)", "admin anywhere"),
    (r"\w+ SPACE/members(/.+)?", "admin"),
    # Viewer: reads.
    (r"GET /api/v1/(version|namespaces)", "viewer anywhere"),
    (r"GET /metrics", "viewer"),
    (r"(GET|POST|DELETE) /mcp", "viewer anywhere"),
    (r"GET SPACE/decisions/{\w+:str}/{\w+:int}/links", "operator"),
    # Code is what a flow's authors write.
    (r"GET SPACE/flowapps/{\w+:str}/functions/{\w+:str}/code", "editor"),
    (r"GET SPACE/.+", "viewer"),
    (r"POST SPACE/flowapps/validate", "viewer"),
    # What is written is tried on what one may look at anyway.
    (r"POST SPACE/expressions/evaluate", "viewer"),
    # Who is asked, answers: a viewer, where a decision is theirs.
    (r"POST SPACE/decisions/{\w+:str}/{\w+:int}/answer", "viewer"),
    (r"\w+ SPACE/decisions/{\w+:str}/{\w+:int}/links(/.+)?", "operator"),
    # Operator: starts, reruns, cancels, signals, works on queues, pauses.
    (r"POST SPACE/flowapps/{\w+:str}/(pause|resume|executions)", "operator"),
    (r"POST SPACE/flowapps/{\w+:str}/functions/{\w+:str}/restart", "operator"),
    (r"(POST|DELETE|PUT|PATCH) SPACE/(executions|events|queues|triggers|schedules)(/.+)?", "operator"),
    (r"\w+ SPACE/(alerts|silences)/(.+/)?(silence|silences)(/.+)?", "operator"),
    (r"POST SPACE/flowapps/{\w+:str}/triggers/{\w+:str}/(pause|resume|fire)", "operator"),
    # Editor: FlowApps, secrets, alerts.
    (r"(POST|PUT|DELETE|PATCH) SPACE/(flowapps|secrets|alerts|silences)(/.+)?", "editor"),
)  # fmt: skip


CODES = {401: "unauthenticated", 403: "forbidden"}

# The framework's own pages, with the description of the API and nothing else.
DOCUMENTATION = re.compile(r"/api(/(?!v1)[^/]+)?")


class Route(NamedTuple):
    method: str
    path: str
    takes: str  # a role, `open`, or `signed-in`
    anywhere: bool


def expectation(method: str, path: str) -> tuple[str, bool]:
    for pattern, takes in TABLE:
        if re.fullmatch(pattern.replace("SPACE", re.escape(SPACE)), f"{method} {path}"):
            role, _, anywhere = takes.partition(" ")
            return role, bool(anywhere)
    raise AssertionError(f"{method} {path} is in no line of the table: say what it takes")


def routes_of(app: Litestar) -> Iterator[Route]:
    for route in app.routes:
        if DOCUMENTATION.fullmatch(route.path):
            continue
        for method in sorted(getattr(route, "methods", ())):
            if method not in ("OPTIONS", "HEAD"):
                yield Route(method, route.path_format or route.path, *expectation(method, _template(route)))


def _template(route: object) -> str:
    return str(route.path)  # type: ignore[attr-defined]


def place_of(route: Route) -> str:
    """Return the path with something in the place of each parameter."""
    path = route.path.replace("{namespace}", NAMESPACE).replace("{namespace:str}", NAMESPACE)
    path = re.sub(r"{(generation|run_id|number)(:int)?}", "7", path)
    return re.sub(r"{[^}]*}", "none", path)


CALLERS = {
    "nobody": None,
    "unknown": None,
    **{f"{role} of it": {NAMESPACE: role} for role in ROLES},
    "admin of another": {"bank": "admin"},
    **{f"{role} everywhere": {"*": role} for role in ROLES},
}


def may(route: Route, caller: str) -> int:
    """Return 401 or 403 for who may not, 0 for who may."""
    if route.takes == OPEN:
        return 0
    if caller in ("nobody", "unknown"):
        return 401
    if route.takes == SIGNED_IN:
        return 0
    role, _, where = caller.partition(" ")
    there = {
        "everywhere": True,
        "of it": "{namespace" in route.path or route.anywhere,
        "of another": route.anywhere,
    }[where]
    return 0 if there and ROLES.index(role) >= ROLES.index(route.takes) else 403  # type: ignore[arg-type]


async def ask(served: Served, method: str, path: str, token: str | None) -> Reply:
    """Send a request and return how it begins to be answered: some answers do not end."""
    assert served.session is not None
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    body = None if method in ("GET", "HEAD", "DELETE", "OPTIONS") else USELESS
    async with served.session.request(
        method,
        path,
        headers=headers | ({"content-type": "application/json"} if body else {}),
        data=body,
        allow_redirects=False,
    ) as answer:
        found = {name.lower(): value for name, value in answer.headers.items()}
        data = await answer.json() if "problem" in found.get("content-type", "") else None
        return Reply(answer.status, found, "", data)


async def test_every_route_and_every_role(served: Served) -> None:
    given: dict[str, str | None] = {"nobody": None, "unknown": "hr_unknown"}
    for caller, roles in CALLERS.items():
        if roles is not None:
            reply = await served.post("/api/v1/tokens", {"name": caller, "roles": roles})
            assert reply.status == 201, reply.text
            given[caller] = reply.data["token"]
    # Who asks is said by each request alone.
    assert served.session is not None
    served.session.headers.pop("authorization")
    wrong: list[str] = []
    count = 0
    for route in routes_of(create_app(served.platform)):
        for caller, token in given.items():
            reply = await ask(served, route.method, place_of(route), token)
            count += 1
            expected = may(route, caller)
            got = reply.status if reply.status in (401, 403) else 0
            if (
                route.takes == OPEN
                and reply.status in (400, 401)
                and route.path.startswith("/api/v1/session")
            ):
                got = 0  # a login that cannot be
            if got != expected or reply.status >= 500:
                wrong.append(
                    f"{route.method} {route.path} by {caller}: {reply.status}, not {expected or 'let in'}"
                )
            elif expected and reply.code != CODES[expected]:
                wrong.append(f"{route.method} {route.path} by {caller}: {reply.code}")
    assert not wrong, "\n".join(wrong)
    assert count > 500


async def test_each_route_declares_what_the_table_says(served: Served) -> None:
    from headrace.api.rule import rule_of

    wrong = []
    for route in create_app(served.platform).routes:
        handlers = getattr(route, "route_handler_map", {})
        for method, entry in handlers.items():
            handler = entry[0] if isinstance(entry, tuple) else entry
            if method in ("OPTIONS", "HEAD") or DOCUMENTATION.fullmatch(route.path):
                continue
            declared, expected = rule_of(handler.opt), expectation(method, route.path)
            if expected[0] in (OPEN, SIGNED_IN):
                expected = (expected[0], True)
            if declared != expected:
                wrong.append(f"{method} {route.path} declares {declared}, the table says {expected}")
    assert not wrong, "\n".join(wrong)


async def test_nothing_is_told_about_a_path_by_its_options(served: Served) -> None:
    for path in ("/api/v1/users", f"/api/v1/namespaces/{NAMESPACE}/secrets"):
        reply = await ask(served, "OPTIONS", path, None)
        assert reply.status in (204, 401, 405), reply.status
        assert "access-control-allow-origin" not in reply.headers


async def test_the_administrator_of_the_tests_is_one(served: Served) -> None:
    reply = await served.get("/api/v1/session")
    assert reply.data["roles"] == {"*": "admin"}
    assert TOKEN not in reply.text


async def test_an_object_of_another_namespace_is_not_there(served: Served) -> None:
    await served.deploy(
        """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: greet, namespace: bank}
spec:
  version: 1.0.0
  steps:
    - hello: {set: {text: hi}}
""",
        namespace="bank",
    )
    started = await served.post("flowapps/greet/executions", {}, namespace="bank")
    assert started.status in (200, 201, 202), started.text
    execution_id = started.data["id"]
    for path in ("flowapps/greet", f"executions/{execution_id}", f"executions/{execution_id}/history"):
        assert (await served.get(path, namespace="bank")).status == 200
        reply = await served.get(path, namespace=NAMESPACE)
        assert (reply.status, reply.code) == (404, "not-found")
