"""The host with real processes: Python, Node.js and any command; deaths, floods, reloads."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from headrace.function import output as output_module
from headrace.function.command import FunctionCommandError
from headrace.function.host import FunctionStartError, UnknownFunctionError
from headrace.function.port import LOOPBACK, lease_port
from headrace.function.supervisor import SupervisorTimes

from .conftest import DEADLINE_SECONDS, Project, is_running, until

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")

ECHO = """
    from headrace.function import function

    @function
    async def echo(data):
        print("got", data)
        return data
"""
NODE = """
    import http from "node:http";
    http.createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        if (request.method === "POST") console.log("node got", body);
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ got: body, env: Object.keys(process.env).sort() }));
      });
    }).listen(process.env.PORT, process.env.HOST);
"""
# A server without the SDK: it ignores SIGTERM until what it does is done.
COMMAND = """
    import http.server, os, signal, sys

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404); self.end_headers()
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200); self.send_header("content-length", str(len(body))); self.end_headers()
            self.wfile.write(body)
        def log_message(self, *args):
            pass

    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if "child" in sys.argv:
        import subprocess
        print("child", subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
    http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


@needs_node
async def test_python_and_node_side_by_side(project: Project) -> None:
    project.write("py", "main.py", ECHO)
    project.write("nd", "index.mjs", NODE)
    environment = {**os.environ, "DATABASE_PASSWORD": "hunter2"}
    functions = {"py": {}, "nd": {"env": {"RATE": 2}}, "far": {"url": "http://far.test/f"}}
    host = project.host(functions, environment=environment)
    await host.start()
    assert await project.invoke(host, "py", {"a": 1}, "e.1.1") == (200, {"a": 1})
    status, answer = await project.invoke(host, "nd", [2], "e.2.1")
    assert (status, answer["got"]) == (200, "[2]")
    extra = {"HEADRACE_FUNCTION", "HOST", "PORT", "PYTHONUNBUFFERED", "RATE", "PATH", "HOME", "LANG"}
    extra.add("PYTHONDONTWRITEBYTECODE")
    extra.add("LC_CTYPE")  # Python sets it itself where LANG names no locale
    assert set(answer["env"]) <= extra
    assert await host.address("far") == "http://far.test/f"
    await until(lambda: project.texts("e.1.1"))
    assert project.texts("e.1.1") == ["got {'a': 1}"]
    assert project.texts("e.2.1") == ["node got [2]"]  # a plain line: the only invocation in flight
    status_of = host.status()
    assert [status_of[name].state for name in ("py", "nd", "far")] == ["ready"] * 3
    assert status_of["py"].address == await host.address("py")
    pids = [status_of["py"].pid, status_of["nd"].pid]
    assert all(pid and is_running(pid) for pid in pids)
    await host.stop()
    assert not any(pid and is_running(pid) for pid in pids)
    assert host.status()["py"].state == "stopped"
    with pytest.raises(FunctionStartError, match="is stopped"):
        await host.address("py")


async def test_functions_start_when_they_are_asked_for(project: Project) -> None:
    project.write("py", "main.py", ECHO)
    host = project.host({"py": {}})
    assert host.status()["py"].state == "stopped"
    addresses = await asyncio.gather(*(host.address("py") for _ in range(10)))
    assert len(set(addresses)) == 1
    with pytest.raises(UnknownFunctionError, match="no function 'nope' in the FlowApp; it has: py"):
        await host.address("nope")


async def test_any_command(project: Project) -> None:
    project.write("any", "serve.py", COMMAND)
    host = project.host({"any": {"source": "cmd/any", "command": f"exec {sys.executable} serve.py"}})
    assert await project.invoke(host, "any", {"x": 1}) == (200, {"x": 1})


async def test_a_killed_process_is_started_again(project: Project) -> None:
    project.write("py", "main.py", ECHO)
    host = project.host({"py": {}})
    await host.address("py")
    for restarts in (1, 2):
        pid = host.status()["py"].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda pid=pid: host.status()["py"].pid not in (pid, None))
        assert await project.invoke(host, "py", restarts) == (200, restarts)
        assert host.status()["py"].restarts == restarts
    assert "signal SIGKILL" in (host.status()["py"].last_error or "")
    assert "ended with signal SIGKILL; it is started again" in project.texts(stream="host")


async def test_what_dies_at_its_start_tells_its_last_lines(project: Project) -> None:
    project.write("bad", "main.py", "print('reading config')\nraise RuntimeError('no such table')\n")
    host = project.host({"bad": {}})
    with pytest.raises(FunctionStartError, match="ended at its start with exit code 1") as caught:
        await host.address("bad")
    assert "reading config" in str(caught.value)
    assert "RuntimeError: no such table" in str(caught.value)
    with pytest.raises(FunctionStartError, match="no such table"):  # at once, from now on
        await host.address("bad")
    assert host.status()["bad"].restarts >= 2
    assert host.status()["bad"].state in ("backoff", "starting")


async def test_what_cannot_be_run_says_so(project: Project) -> None:
    project.write("go", "go.mod", "module x")
    host = project.host({"go": {}, "gone": {}})
    with pytest.raises(FunctionCommandError, match="command: go run"):
        await host.address("go")
    with pytest.raises(FunctionCommandError, match="does not exist"):
        await host.address("gone")
    assert len(project.texts(stream="host")) == 2  # said once each, however often it is tried


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("print('deaf'); import threading; threading.Event().wait()", "nothing listens on it"),
        (
            "import os, socket; s = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))\n"
            "while True: s.accept()[0].sendall(b'SMTP ready\\r\\n')",
            "what it answers is not HTTP",
        ),
        (
            "import os, socket, threading; s = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))\n"
            "threading.Event().wait()",
            "does not answer GET /healthz",
        ),
    ],
)
async def test_what_never_answers_is_given_up(project: Project, code: str, message: str) -> None:
    project.write("mute", "serve.py", code)
    host = project.host(
        {"mute": {"source": "cmd/mute", "command": [sys.executable, "serve.py"]}},
        times=SupervisorTimes(startup_seconds=0.7, drain_seconds=1, stop_seconds=1),
    )
    await host.start()
    error = await until(lambda: host.status()["mute"].last_error)
    assert "did not answer on port" in error
    assert message in error


async def test_a_flood_is_read_and_does_not_stop_the_function(project: Project) -> None:
    project.write(
        "flood",
        "main.py",
        """
        import os
        from headrace.function import function

        @function
        def flood(data):
            for number in range(data):
                print("line", number)
            os.write(2, b"plain\\n" * data)
            return "done"
        """,
    )
    host = project.host({"flood": {}})
    assert await project.invoke(host, "flood", 100_000, "e.1.1") == (200, "done")
    await host.stop()
    dropped = [int(text.split()[0]) for text in project.texts(stream="host") if "lines dropped" in text]
    kept = project.texts("e.1.1")
    assert len(kept) + sum(dropped) == 200_000
    assert len(kept) >= output_module.LINES_BURST_MAX
    assert kept[:2] in (["line 0", "line 1"], ["plain", "plain"])


async def test_garbage_is_taken_as_text(project: Project) -> None:
    project.write(
        "junk",
        "main.py",
        """
        import os
        from headrace.function import function

        @function
        def junk(data):
            os.write(1, bytes(range(256)) + b"\\n" + b"{\\"headrace\\":{\\"invocation\\":\\n")
            os.write(1, b"x" * 300_000 + b"\\n")
            return 1
        """,
    )
    host = project.host({"junk": {}})
    assert await project.invoke(host, "junk", 1, "e.1.1") == (200, 1)
    lines = project.texts("e.1.1")
    assert lines[1].endswith("\ufffd" * 128)
    assert lines[2] == '{"headrace":{"invocation":'
    assert lines[3].endswith(f"… ({300_000 - 131_072} bytes cut)")


@pytest.mark.parametrize("kind", ["def", "async def"])
async def test_lines_of_concurrent_invocations_do_not_mix(project: Project, kind: str) -> None:
    pause = "await asyncio.sleep(0)" if kind == "async def" else "time.sleep(0)"
    project.write(
        "talk",
        "main.py",
        f"""
        import asyncio, logging, sys, time
        from headrace.function import Context, function

        @function(threads=20)
        {kind} talk(data, context: Context):
            for step in range(10):
                sys.stdout.write(f"{{data}}: ")
                {pause}
                sys.stdout.write(f"step {{step}}\\n")
                {pause}
                logging.info("%s logged %s", data, step)
                context.logger.info("%s bound %s", data, step)
            print(f"{{data}}: no newline", end="")
            return data
        """,
    )
    host = project.host({"talk": {}})
    await host.address("talk")
    await asyncio.gather(*(project.invoke(host, "talk", n, f"e{n}.1.1") for n in range(20)))
    await host.stop()
    for number in range(20):
        out = project.texts(f"e{number}.1.1", "stdout")
        assert out == [*(f"{number}: step {step}" for step in range(10)), f"{number}: no newline"]
        err = project.texts(f"e{number}.1.1", "stderr")
        expected = [f"INFO {number} {word} {step}" for step in range(10) for word in ("logged", "bound")]
        assert err == expected


async def test_reload_replaces_the_process_when_the_new_one_is_ready(project: Project) -> None:
    code = """
        import pathlib, time
        from headrace.function import function

        @function
        def version(data):
            if data:
                pathlib.Path(data, "began").touch()
                while not pathlib.Path(data, "go").exists():
                    time.sleep(0.01)
            return "VERSION"
        """
    file = project.write("v", "main.py", code.replace("VERSION", "old"))
    host = project.host({"v": {}}, reload=True)
    assert await project.invoke(host, "v") == (200, "old")
    old = host.status()["v"].pid
    assert old is not None
    slow = asyncio.create_task(project.invoke(host, "v", str(project.folder), "e.2.1"))
    await until((project.folder / "began").exists)

    file.write_text("syntax error here")
    await until(lambda: "SyntaxError" in (host.status()["v"].last_error or ""))
    assert host.status()["v"].pid == old  # what works goes on
    assert host.status()["v"].state == "ready"

    file.write_text(textwrap.dedent(code.replace("VERSION", "newer")))
    await until(lambda: host.status()["v"].pid != old)
    assert await project.invoke(host, "v", None, "e.3.1") == (200, "newer")
    assert is_running(old)  # it still has an invocation
    (project.folder / "go").touch()
    assert await slow == (200, "old")
    await until(lambda: not is_running(old))
    assert "reloaded: the new code answers now" in project.texts(stream="host")


async def test_reload_mends_what_did_not_start(project: Project) -> None:
    file = project.write("f", "main.py", "raise SystemExit('not yet')")
    host = project.host({"f": {}}, reload=True)
    with pytest.raises(FunctionStartError, match="not yet"):
        await host.address("f")
    file.write_text(textwrap.dedent(ECHO))
    await until(lambda: host.status()["f"].state == "ready")
    assert await project.invoke(host, "f", 5) == (200, 5)


async def test_what_ignores_sigterm_is_killed_with_its_children(project: Project) -> None:
    project.write("any", "serve.py", COMMAND)
    host = project.host(
        {"any": {"source": "cmd/any", "command": [sys.executable, "serve.py", "deaf", "child"]}},
        times=SupervisorTimes(stop_seconds=0.1),
    )
    await host.address("any")
    pid = host.status()["any"].pid
    lines = await until(lambda: [text for text in project.texts() if text.startswith("child")])
    child = int(lines[0].split()[1])
    assert pid and is_running(pid) and is_running(child)
    await host.stop()
    assert not is_running(pid)
    await until(lambda: not is_running(child))
    assert any("killed: it did not end" in text for text in project.texts(stream="host"))


async def test_nothing_outlives_a_host_that_is_killed(project: Project) -> None:
    project.write("py", "main.py", ECHO)
    project.write("any", "serve.py", COMMAND)
    script = project.folder / "host.py"
    command = [sys.executable, "serve.py", "deaf", "child"]
    script.write_text(
        textwrap.dedent(f"""
        import asyncio
        import uvloop
        from headrace.function.host import FunctionHost

        async def main():
            functions = {{"py": {{}}, "any": {{"source": "cmd/any", "command": {command!r}}}}}
            print_line = lambda log: print(log.text, flush=True)
            host = FunctionHost({str(project.folder)!r}, functions, on_log=print_line)
            await host.start()
            for name in functions:
                await host.address(name)
                print("pid", host.status()[name].pid, flush=True)
            await asyncio.Event().wait()

        uvloop.run(main())  # as the server does
        """)
    )
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    pids: list[int] = []
    try:
        while len(pids) < 3:
            line = await asyncio.to_thread(process.stdout.readline)
            assert line, "the host ended by itself"
            if line.startswith(("pid", "child")):
                pids.append(int(line.split()[1]))
        assert all(is_running(pid) for pid in pids)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    await until(lambda: not any(is_running(pid) for pid in pids), "the end of all children")


def test_leased_ports_are_free_and_differ() -> None:
    leases = [lease_port() for _ in range(50)]
    try:
        assert len({lease.port for lease in leases}) == 50
        for lease in leases:
            with socket.create_server((LOOPBACK, lease.port)):
                pass
    finally:
        for lease in leases:
            lease.release()
            lease.release()


def test_another_host_on_the_machine_leases_other_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headrace.function.port._FIRST", 29_990)
    code = (
        "import headrace.function.port as port; port._FIRST = 29_990\n"
        "leases = [port.lease_port() for _ in range(4)]\n"
        "print([lease.port for lease in leases]); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    theirs = set(eval(other.stdout.readline()))
    ours = [lease_port() for _ in range(4)]
    try:
        assert not theirs & {lease.port for lease in ours}
    finally:
        for lease in ours:
            lease.release()
        other.communicate("\n", timeout=DEADLINE_SECONDS)


@needs_node
async def test_the_example_project(project: Project) -> None:
    example = Path(__file__).parents[3] / "examples" / "order-fulfilment"
    project.folder = example
    host = project.host({name: {} for name in ("check-stock", "score-risk", "charge", "reserve", "ship")})
    await host.start()
    line = {"sku": "CUP-6", "quantity": 4}
    status, answer = await project.invoke(host, "check-stock", line)
    assert (status, answer["amount"], answer["available"]) == (200, 16_800, False)
    payment = {"order": "SO-1", "card": {"last4": "0002"}, "amount": 100}
    assert (await project.invoke(host, "charge", payment))[0] == 402
    payment["card"] = {"last4": "0119"}
    assert [(await project.invoke(host, "charge", payment))[0] for _ in range(2)] == [503, 200]
    order = {
        "id": "SO-1",
        "placed": "2024-10-19T00:00:00Z",
        "customer": {"since": "2024-10-01"},
        "card": {"country": "US"},
        "shipTo": {"country": "NL", "street": "Unit 14"},
    }
    status, risk = await project.invoke(host, "score-risk", {"order": order, "total": 600_000}, "e.9.1")
    assert (status, risk["score"], len(risk["reasons"])) == (200, 100, 4)
    assert project.texts("e.9.1")[0].startswith("order SO-1: risk 100")
    lines = [{"sku": "MACHINE-PRO", "quantity": 1}, {"sku": "KETTLE-09", "quantity": 2}]
    status, reserved = await project.invoke(host, "reserve", {"order": "SO-1", "lines": lines})
    assert {parcel["warehouse"] for parcel in reserved["parcels"]} == {"Leipzig", "Rotterdam"}
    shipment = {"order": "SO-1", "shipTo": order["shipTo"], "parcels": reserved["parcels"]}
    status, shipped = await project.invoke(host, "ship", shipment)
    assert [parcel["carrier"] for parcel in shipped["parcels"]] == ["PostNL", "Rhenus"]
