"""Bad input over a real socket, at every route: it is refused, tells nothing, and changes nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from headrace.api import front
from headrace.api.app import BODY_BYTES_MAX
from integration.api.contents import contents
from integration.api.flows import GREET, elsewhere
from integration.api.served import TOKEN, Served
from integration.api.stocked import FUNCTIONS, stock

CANARY = "c4n4ry-that-nobody-may-repeat"
DEEP = b"[" * 100_000 + b"]" * 100_000
SPACE = "/api/v1/namespaces/{namespace}"


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return FUNCTIONS


@pytest.fixture
async def known(served: Served) -> dict[str, Any]:
    """What is there, by the names of parameters."""
    found = await stock(served)
    # The queue trigger and the timers come to rest, so that only requests change something.
    await served.post("flowapps/started/pause")
    return found


@pytest.fixture
async def document(served: Served) -> dict[str, Any]:
    found: dict[str, Any] = (await served.get("/api/openapi.json")).data
    return found


class Operation:
    """One operation of the description."""

    def __init__(self, method: str, path: str, data: dict[str, Any]) -> None:
        self.method = method.upper()
        self.path = path
        self.id: str = data["operationId"]
        security = data.get("security", ())
        # To everybody, as health and how to log in; or to who holds a link.
        self.open = {} in security or not security
        content = data.get("requestBody", {}).get("content", {})
        self.media_type = next(iter(content), None)
        media = content.get(self.media_type, {})
        examples = [each["value"] for each in media.get("examples", {}).values()]
        self.example = media.get("example", examples[0] if examples else None)
        self.parameters = [each["name"] for each in data.get("parameters", ()) if each["in"] == "path"]

    def at(self, known: Mapping[str, Any], **given: str) -> str:
        """Return the path with what is there in the place of parameters."""
        path = self.path
        for name in self.parameters:
            value = given.get(name) or known.get(name, ["never-1"])[0]
            if name == "name" and name not in given:
                value = self._name()
            path = path.replace(f"{{{name}}}", str(value))
        return path

    def _name(self) -> str:
        if "/triggers/" in self.path:
            return "paid"
        return "greet" if "/flowapps/" in self.path else "ada"


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method, data in item.items():
            yield Operation(method, path, data)


async def raw(served: Served, request: bytes) -> bytes:
    """Send bytes, and return what comes until the server has nothing more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.server.url.rpartition(":")[2]))
    try:
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def head(method: str, path: str, *more: str, token: str = TOKEN) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "host: a",
        f"authorization: Bearer {token}",
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def closing(method: str, path: str, *more: str) -> bytes:
    """A head after whose answer the server closes."""
    return head(method, path, "connection: close", *more)


async def test_a_body_of_100_mb_is_refused_before_it_is_sent(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    before = contents(tmp_path)
    with_body = [each for each in operations(document) if each.media_type is not None]
    paths = [(each.method, each.at(known)) for each in with_body]
    for method, path in [*paths, ("POST", "/hooks/default/orders"), ("POST", "/mcp")]:
        # The head alone: the answer comes without a byte of the body.
        answer = await raw(
            served, closing(method, path, "content-type: application/json", f"content-length: {10**8}")
        )
        assert answer.startswith(b"HTTP/1.1 413"), (method, path, answer[:200])
        assert b'"code":"too-large"' in answer
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/namespaces/default/flowapps",
        "/api/v1/namespaces/default/flowapps/greet/executions",
        "/api/v1/namespaces/default/queues/jobs/items",
        "/api/v1/namespaces/default/events",
        "/hooks/default/orders",
        "/mcp",
    ],
)
async def test_a_body_without_length_is_cut_where_it_is_too_large(
    served: Served, known: dict[str, Any], tmp_path: Path, path: str
) -> None:
    before = contents(tmp_path)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.server.url.rpartition(":")[2]))
    writer.write(head("POST", path, "content-type: application/json", "transfer-encoding: chunked"))
    chunk = b"100000\r\n" + b"1" * 2**20 + b"\r\n"
    sent = 0
    answered = asyncio.ensure_future(reader.readuntil(b"too-large"))
    while not answered.done() and sent < 100:
        writer.write(chunk)
        await writer.drain()
        sent += 1
    answer = await asyncio.wait_for(answered, 30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 413"), answer[:300]
    # What is on its way in buffers aside, the answer did not wait for more.
    assert sent * 2**20 < 4 * BODY_BYTES_MAX
    assert contents(tmp_path) == before


async def test_json_that_is_100_000_deep_is_a_bad_request(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    before = contents(tmp_path)
    for each in operations(document):
        if each.media_type is None:
            continue
        for body in (DEEP, b'{"data":' * 100_000 + b"1" + b"}" * 100_000):
            reply = await served.call(
                each.method, each.at(known), data=body, headers={"content-type": "application/json"}
            )
            if each.id == "validateFlowApp":
                assert (reply.status, reply.data["valid"]) == (200, False)
            else:
                assert reply.status in (400, 422), (each.id, reply.status, reply.text[:300])
    assert contents(tmp_path) == before


async def test_packed_bodies_are_not_unpacked(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    before = contents(tmp_path)
    for each in operations(document):
        if each.media_type is None:
            continue
        reply = await served.call(
            each.method,
            each.at(known),
            data=bomb,
            headers={"content-type": "application/json", "content-encoding": "gzip"},
        )
        assert (reply.status, reply.code) == (415, "unsupported-media-type"), each.id
        assert reply.headers["accept-encoding"] == "identity"
    for encoding, status in (("deflate, gzip", 415), ("identity", 202)):
        reply = await served.post("flowapps/greet/executions", {}, headers={"content-encoding": encoding})
        assert reply.status == status
        if status == 415:
            assert contents(tmp_path) == before


# In JSON text, as it is sent; none is a mistake where any value is taken.
WRONG = ("[[]]", '{"a": {"b": []}}', "1e400", "-" + "9" * 30, '"\\udcff"', '"\\u0000"', "null", "1.5", '""')


@pytest.mark.parametrize(
    "wrongs", [("[[]]", "-" + "9" * 30), pytest.param(WRONG, marks=pytest.mark.long)], ids=["few", "many"]
)
async def test_members_that_are_wrong_are_told(
    served: Served, known: dict[str, Any], document: dict[str, Any], wrongs: tuple[str, ...]
) -> None:
    """Each member of each body, and each member in those of its lists, in turn."""
    told = 0
    for each in operations(document):
        if each.media_type != "application/json" or each.example is None:
            continue
        texts = {text for wrong in wrongs for text in spoiled(each.example, wrong)}
        for text in sorted(texts):
            reply = await served.call(
                each.method,
                each.at(known),
                data=text.encode(),
                headers={"content-type": "application/json", "prefer": "wait=0"},
            )
            assert reply.status < 500, (each.id, text, reply.text)
            if reply.status >= 400:
                assert reply.code and reply.data["detail"], (each.id, text)
                told += 1
    assert told > 100


def spoiled(value: Any, wrong: str) -> Iterator[str]:
    """Return the JSON texts of a value with each part of it replaced by another text."""
    yield wrong
    if isinstance(value, dict):
        for name, inner in value.items():
            rest = {key: other for key, other in value.items() if key != name}
            members = [f"{json.dumps(key)}: {json.dumps(other)}" for key, other in rest.items()]
            twice = f"{json.dumps(name)}: {json.dumps(inner)}"
            for text in spoiled(inner, wrong):
                given = f"{json.dumps(name)}: {text}"
                yield "{" + ", ".join([*members, given]) + "}"
                # The same member twice: the last one counts, whichever it is.
                yield "{" + ", ".join([twice, *members, given]) + "}"
    elif isinstance(value, list) and value:
        yield from (f"[{text}]" for text in spoiled(value[0], wrong))


async def test_other_media_types_are_refused(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    before = contents(tmp_path)
    for each in operations(document):
        if each.media_type != "application/json" or each.id in ("startExecution",):
            continue
        for media_type in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ):
            body = json.dumps(each.example).encode()
            reply = await served.call(
                each.method, each.at(known), data=body, headers={"content-type": media_type}
            )
            assert (reply.status, reply.code) == (415, "unsupported-media-type"), (
                each.id,
                media_type,
                reply.text,
            )
    assert contents(tmp_path) == before


async def test_tokens_that_are_wrong_expired_or_revoked_open_nothing(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    admin = {"*": "admin"}
    made = await served.post("/api/v1/tokens", {"name": "old", "roles": admin, "expires_in_seconds": 0.01})
    revoked = await served.post("/api/v1/tokens", {"name": "gone", "roles": {"default": "admin"}})
    assert (await served.call("DELETE", f"/api/v1/tokens/{revoked.data['id']}")).status == 204
    old = {"authorization": f"Bearer {made.data['token']}"}
    while (await served.get("/api/v1/session", headers=old)).status != 401:
        pass  # until its hundredth of a second is over
    before = contents(tmp_path)
    tokens = {
        "wrong": "hr_" + "0" * 40,
        "expired": made.data["token"],
        "revoked": revoked.data["token"],
        "another kind of text": "\\\"'; --",
        "cut": TOKEN[:-1],
    }
    bodies: dict[str, set[str]] = {}
    for each in operations(document):
        if each.open:
            continue
        for kind, token in tokens.items():
            reply = await served.call(
                each.method, each.at(known), data=b"{}", headers={"authorization": f"Bearer {token}"}
            )
            assert (reply.status, reply.code) == (401, "unauthenticated"), (each.id, kind)
            assert token not in reply.text
            if kind in ("wrong", "revoked"):
                bodies.setdefault(each.id, set()).add(reply.data["detail"])
    # Whether there ever was such a token is not told.
    assert all(len(details) == 1 for details in bodies.values()), bodies
    assert contents(tmp_path) == before


# What makes an object where there is none, or is about users, who are of no namespace.
MAKING = {
    "putFlowApp",
    "putSecret",
    "putAlertRule",
    "testAlertRule",
    "previewAlertRule",
    "putMember",
    "deleteMember",
    "putItems",
    "leaseItems",
}


async def test_an_object_of_another_namespace_is_as_one_that_never_was(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    """Every route with an object's name, asked in another namespace, also by its administrator."""
    await served.deploy(elsewhere(GREET.replace("greet", "theirs"), "shop"), "shop")
    token = (await served.post("/api/v1/tokens", {"name": "shop", "roles": {"shop": "admin"}})).data["token"]
    before = contents(tmp_path)
    asked = 0
    for each in operations(document):
        names = [name for name in each.parameters if name != "namespace"]
        if not each.path.startswith(SPACE) or not names or each.id in MAKING:
            continue
        never = {name: "never-1" if name not in ("run_id", "generation") else "99" for name in names}
        real = {name: str(known[name][0]) for name in names if name != "name" and name in known}
        for bearer in (TOKEN, token):
            replies = []
            for given in (real, never):
                path = each.at({**known, "silence": ["never-1"]}, namespace="shop", **given)
                reply = await served.call(
                    each.method,
                    path,
                    data=None if each.media_type is None else json.dumps(each.example).encode(),
                    headers={"authorization": f"Bearer {bearer}"}
                    | ({} if each.media_type is None else {"content-type": each.media_type}),
                    query={"with": "never-1"} if each.id == "diffExecutions" else None,
                )
                replies.append(_anonymous(reply.status, reply.data, path))
            assert replies[0] == replies[1], each.id
            assert replies[0][0] == 404, (each.id, replies)
            asked += 1
    assert asked > 60
    assert contents(tmp_path) == before


def _anonymous(status: int, data: Any, path: str) -> tuple[int, str]:
    """Return an answer without the names that were asked for."""
    text = json.dumps({**data, "instance": ""} if isinstance(data, dict) else data)
    for name in sorted(set(path.split("/")), key=len, reverse=True):
        if not name.isdigit() and len(name) > 1 and name not in ("api", "v1", "namespaces", "shop"):
            text = text.replace(name, "…")
    return status, re.sub(r"\d+", "…", text)


async def test_other_namespaces_are_closed_to_who_has_no_role_there(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    """403 whether there is something or not: also the existence of a namespace is not told."""
    token = (await served.post("/api/v1/tokens", {"name": "shop", "roles": {"shop": "admin"}})).data["token"]
    before = contents(tmp_path)
    for each in operations(document):
        if not each.path.startswith(SPACE):
            continue
        replies = [
            await served.call(
                each.method,
                each.at({**known, "silence": ["x"]}, namespace=namespace),
                data=None if each.media_type is None else json.dumps(each.example).encode(),
                headers={"authorization": f"Bearer {token}"},
            )
            for namespace in ("default", "nowhere")
        ]
        assert [reply.status for reply in replies] == [403, 403], each.id
        details = [
            reply.data["detail"].replace(f"'{name}'", "")
            for reply, name in zip(replies, ("default", "nowhere"), strict=True)
        ]
        assert details[0] == details[1]
    assert contents(tmp_path) == before


async def test_other_methods_are_refused_with_those_that_there_are(
    served: Served, known: dict[str, Any], document: dict[str, Any], tmp_path: Path
) -> None:
    before = contents(tmp_path)
    methods: dict[str, set[str]] = {}
    for each in operations(document):
        methods.setdefault(each.path, set()).add(each.method)
    for each in operations(document):
        path = each.at({**known, "silence": ["x"]})
        for method in {"GET", "PUT", "POST", "DELETE", "PATCH", "TRACE", "BREW"} - methods[each.path]:
            answer = await raw(served, closing(method, path, "content-length: 0"))
            if b" 404 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0]:
                # Another route has the same form: `/executions/cancel` is no execution.
                assert method in ("GET", "DELETE", "PUT", "BREW"), (method, path, answer)
                continue
            if answer.startswith((b"HTTP/1.1 405",)):
                allowed = [line for line in answer.lower().split(b"\r\n") if line.startswith(b"allow: ")]
                assert (
                    set(allowed[0].decode().removeprefix("allow: ").upper().split(", ")) - {"OPTIONS", "HEAD"}
                    >= methods[each.path]
                ), (method, path)
                continue
            raise AssertionError((method, path, answer[:200]))
        allow = (await served.call("OPTIONS", path)).headers["allow"].split(", ")
        assert set(allow) >= methods[each.path], path
    assert contents(tmp_path) == before


async def test_lines_cannot_be_added_to_the_head_of_an_answer(served: Served, known: dict[str, Any]) -> None:
    for path in (
        "/api/v1/namespaces/default%0d%0ax-injected:%201/flowapps/greet",
        "/api/v1/namespaces/default/flowapps/greet%0d%0ax-injected:%201",
        "/api/v1/namespaces/default/executions?after=%0d%0ax-injected:%201",
        "/api/v1/session/oidc/start?next=%0d%0ax-injected:%201",
        "/hooks/default%0d%0ax-injected:%201/orders",
        "/hooks/default/orders%0d%0ax-injected:%201",
        "/no-such-page%0d%0ax-injected:%201",
    ):
        answer = await raw(served, closing("GET", path))
        top = answer.partition(b"\r\n\r\n")[0].lower()
        assert top.startswith(b"http/1.1 "), path
        assert b"\r\nx-injected" not in top, path
    for line in ("x-request-id: a\rx-injected: 1", "idempotency-key: a\nx-injected: 1", "prefer: wait=1\x00"):
        answer = await raw(
            served, closing("POST", "/api/v1/namespaces/default/flowapps/greet/executions", line)
        )
        assert b"\r\nx-injected" not in answer.lower(), line


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/assets/../../pyproject.toml",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/assets/..%5c..%5cpyproject.toml",
        "/%2e%2e/headrace.db",
        "//etc/passwd",
        "/api/v1/namespaces/default/flowapps/..%2f..%2fusers",
        "/api/v1/namespaces/..%2f..%2f/flowapps",
        "/hooks/../api/v1/users",
        "/hooks/default/..%2f..%2forders",
    ],
)
async def test_paths_lead_nowhere_else(served: Served, path: str) -> None:
    answer = await raw(served, closing("GET", path))
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400", b"HTTP/1.1 200")), answer[:200]
    if answer.startswith(b"HTTP/1.1 200"):
        # The dashboard's page, which stands for all paths that are not the API's; or an empty list.
        assert b"<!doctype html>" in answer.lower() or b'"items":[]' in answer, answer[:500]
    for content in (b"root:", b"[project]", b"SQLite format"):
        assert content not in answer


async def test_a_file_beside_a_queue_cannot_be_named(served: Served, tmp_path: Path) -> None:
    before = sorted(file.name for file in tmp_path.parent.rglob("*"))
    for name in ("..%2f..%2fout", "%2e%2e", "a%00b", "-", "%20"):
        reply = await served.post(f"queues/{name}/items", {"items": [{"data": 1}]})
        assert reply.status in (201, 400, 404), (name, reply.text)
    after = {file.name for file in tmp_path.parent.rglob("*")} - set(before)
    assert all(name.startswith("queue.db") for name in after), after


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "WHOLE_BODY_SECONDS_MAX", 0.3)
    monkeypatch.setattr(front, "BODY_SECONDS_MAX", 0.2)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    "path", ["/api/v1/namespaces/default/flowapps/greet/executions", "/hooks/default/orders"]
)
async def test_a_sender_that_drips_is_not_waited_for(
    served: Served, known: dict[str, Any], tmp_path: Path, path: str
) -> None:
    """A byte now and then keeps a connection alive, but not for ever."""
    before = contents(tmp_path)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.server.url.rpartition(":")[2]))
    writer.write(closing("POST", path, "content-type: application/json", "content-length: 1000"))
    answered = asyncio.ensure_future(reader.read())
    while not answered.done():
        writer.write(b" ")
        await asyncio.wait({answered}, timeout=0.05)
    writer.close()
    assert b"HTTP/1.1 408" in answered.result() and b'"code":"too-slow"' in answered.result()
    assert contents(tmp_path) == before


@pytest.mark.parametrize("tag", ['"999"', 'W/"999"', '"0"'])
async def test_changes_to_what_was_changed_meanwhile_are_refused(
    served: Served, known: dict[str, Any], tmp_path: Path, tag: str
) -> None:
    before = contents(tmp_path)
    for method, path, body in (
        ("PUT", "flowapps/greet", GREET.replace("1.0.0", "9.0.0").encode()),
        ("DELETE", "flowapps/greet", None),
        ("PATCH", "/api/v1/users/ada", b'{"disabled": true}'),
    ):
        reply = await served.call(
            method, path, data=body, headers={"if-match": tag, "content-type": "application/json"}
        )
        assert (reply.status, reply.code) == (412, "changed-meanwhile"), (method, path, reply.text)
    reply = await served.call("PUT", "flowapps/greet", data=GREET.encode(), headers={"if-none-match": "*"})
    assert (reply.status, reply.code) == (412, "changed-meanwhile")
    for wrong in ("greet", '"x"', '"1", "2"', '"' + "9" * 400 + '"', "\x80"):
        reply = await served.call("DELETE", "flowapps/greet", headers={"if-match": wrong})
        assert (reply.status, reply.code) == (400, "bad-etag"), wrong
    assert contents(tmp_path) == before


SECRET_PLACES = [
    ("POST", "/api/v1/users", {"name": "eve", "password": "…", "roles": {}}),
    ("PATCH", "/api/v1/users/ada", {"password": "…"}),
    ("POST", "/api/v1/session", {"name": "ada", "password": "…"}),
    ("POST", "/api/v1/session", {"token": "…"}),
    ("PUT", "/api/v1/session/password", {"old_password": "…", "new_password": "…"}),
    ("PUT", "secrets/key", {"value": "…"}),
]


async def test_secrets_in_bad_requests_are_repeated_nowhere(
    served: Served, known: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    texts = []
    before = contents(tmp_path)
    for method, path, body in SECRET_PLACES:
        for shape in (
            [CANARY], {CANARY: CANARY}, {"a": CANARY}, CANARY + "\x00" * 3000, CANARY + "\udc80",
        ):  # fmt: skip
            whole = {name: shape if value == "…" else value for name, value in body.items()}
            for sent in (
                whole,
                {**whole, "more": CANARY},
                [whole],
                {"roles": CANARY, **whole, "name": [CANARY]},
            ):
                reply = await served.call(method, path, sent)
                if reply.status < 400:
                    # An object is a secret that may be put.
                    assert path == "secrets/key"
                    before = contents(tmp_path)
                texts.append(reply.text)
        for cut in (b'{"password": "' + CANARY.encode(), b"\xff" + CANARY.encode()):
            texts.append((await served.call(method, path, data=cut)).text)
    for path in ("/metrics", "/api/v1/audit?limit=500", "secrets"):
        texts.append((await served.get(path)).text)
    assert [text for text in texts if CANARY in text] == []
    assert CANARY not in caplog.text
    unchanged = contents(tmp_path)
    for table in ("login_attempts", "audit"):
        # That somebody tried is noted, without what they tried.
        before.pop(f"headrace.db {table}")
        assert CANARY not in repr(unchanged.pop(f"headrace.db {table}"))
    assert unchanged == before
    await served.stop()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file.name


@pytest.fixture(autouse=True)
async def no_traceback(served: Served, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """Nothing that comes in is a defect of the server."""
    yield
    assert "a request failed" not in caplog.text
