"""Shell commands and scripts, in real processes."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import os
import resource
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from headrace.call import ProcessOptions
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import STANDARD_ERROR_BASE

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
EXAMPLES = Path(os.environ.get("OWS_EXAMPLES", Path(__file__).parents[4] / "shared" / "ows" / "examples"))


@pytest.fixture
def run(make_calls, invoke):
    """Run a process: `run("shell", {...}, **{"return": "all"})`."""
    calls = make_calls(processes=ProcessOptions(output_bytes_max=100_000, terminate_seconds=0.2))

    async def run(kind: str, definition: Any, **more: Any) -> CallCompleted | CallFailed:
        deadline = more.pop("deadline", None)
        return await calls.perform(
            invoke(kind, {kind: definition, **more}, input={"in": 1}, deadline=deadline)
        )

    run.calls = calls
    return run


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch):
    """Where temporary files go, so that a test can see that none are left."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def until_gone(pid: int) -> None:
    """Wait until a process is gone. There is no event for a process that is not our child."""
    while True:
        try:
            os.kill(pid, 0)
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return
        except (ProcessLookupError, FileNotFoundError):
            return
        await asyncio.sleep(0.01)


def descriptors() -> set[int]:
    """Return the open ones of this process."""
    open_ones = set()
    for number in range(resource.getrlimit(resource.RLIMIT_NOFILE)[0]):
        with contextlib.suppress(OSError):
            os.fstat(number)
            open_ones.add(number)
    return open_ones


async def until_written(file: Path) -> str:
    async with asyncio.timeout(30):
        while not file.exists() or not file.read_text().endswith("\n"):
            await asyncio.sleep(0.01)
    return file.read_text().strip()


# --- shell ----------------------------------------------------------------------------------------------


async def test_the_reference_s_example(run):
    command = 'input=$(cat)\necho "STDIN was: $input"\necho "ARGS are $1 $2"\n'
    result = await run("shell", {"command": command, "stdin": "Hello World", "arguments": ["Foo", "Bar baz"]})
    assert result.output == "STDIN was: Hello World\nARGS are Foo Bar baz"


@pytest.mark.parametrize(
    ("returned", "output"),
    [
        (None, "out\n\n  x"),
        ("stdout", "out\n\n  x"),
        ("stderr", "err"),
        ("code", 0),
        ("all", {"code": 0, "stdout": "out\n\n  x", "stderr": "err"}),
        ("none", None),
    ],
)
async def test_return(run, returned, output):
    shell = {"command": "printf 'out\\n\\n  x\\n\\n'; echo err >&2"}
    assert (await run("shell", shell, **{"return": returned})).output == output


@pytest.mark.parametrize("returned", ["stdout", "stderr", "none", None])
async def test_a_failed_command_is_an_error(run, returned):
    result = await run("shell", {"command": "echo no such order >&2; exit 3"}, **{"return": returned})
    assert result.error.type == STANDARD_ERROR_BASE + "runtime"
    assert (result.error.title, result.error.detail) == ("the process exited with code 3", "no such order")
    assert result.retryable is False


async def test_a_failed_command_is_shown_to_who_asks(run):
    shell = {"command": "exit 3"}
    assert (await run("shell", shell, **{"return": "code"})).output == 3
    assert (await run("shell", shell, **{"return": "all"})).output["code"] == 3
    killed = {"command": "kill -9 $$"}
    assert (await run("shell", killed, **{"return": "code"})).output == 128 + signal.SIGKILL


async def test_the_environment_is_clean(run, monkeypatch):
    monkeypatch.setenv("HEADRACE_TOKEN", "s3cret")
    shell = {"command": "env", "environment": {"COLOR": "red", "COUNT": 3, "LIST": [1], "NONE": None}}
    lines = (await run("shell", shell)).output.splitlines()
    names = {line.partition("=")[0] for line in lines}
    assert {"COLOR=red", "COUNT=3", "LIST=[1]"} <= set(lines)
    assert names <= {"COLOR", "COUNT", "LIST", "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
                     "PWD", "SHLVL", "_", "OLDPWD"}  # fmt: skip


async def test_it_runs_in_the_base_directory(run, tmp_path):
    assert (await run("shell", {"command": "pwd -P"})).output == str(tmp_path.resolve())


async def test_stdin_may_be_data_or_large_or_missing(run):
    assert (await run("shell", {"command": "cat", "stdin": {"a": [1]}})).output == '{"a":[1]}'
    assert (await run("shell", {"command": "wc -c", "stdin": "x" * 1_000_000})).output.strip() == "1000000"
    assert (await run("shell", {"command": "cat"})).output == ""
    assert (await run("shell", {"command": "exit 0", "stdin": "x" * 1_000_000})).output == ""


async def test_what_is_not_text_is_replaced(run):
    assert (await run("shell", {"command": r"printf '\377a'"})).output == "\ufffda"


@pytest.mark.parametrize("command", ["yes", "yes >&2"])
async def test_output_is_limited(run, command):
    result = await run("shell", {"command": command})
    assert result.error.title == "the process wrote too much"


async def test_what_a_command_leaves_running_is_ended(run):
    result = await run("shell", {"command": "sleep 1000 >/dev/null 2>&1 & echo $!"})
    await until_gone(int(result.output))
    result = await run("shell", {"command": "sleep 1000 & echo $!"})  # it keeps the pipe open
    await until_gone(int(result.output))


@pytest.mark.parametrize("command", ["sleep 1000", "trap '' TERM; while true; do sleep 0.01; done"])
async def test_cancel_ends_the_whole_group(run, tmp_path, command):
    pids = tmp_path / "pids"
    shell = {"command": f"{{ {command}; }} & echo $$ $! > {pids}; {command}"}
    task = asyncio.create_task(run("shell", shell))
    written = await until_written(pids)
    run.calls.cancel("exec-1.7.1")
    with pytest.raises(asyncio.CancelledError):
        await task
    for pid in written.split():
        await until_gone(int(pid))


async def test_a_call_cancelled_while_its_process_starts_leaves_nothing(run, tmp_path):
    """At each step of starting in turn: the process may have started others before we know of it."""
    for steps in range(8):
        pids = tmp_path / f"pids{steps}"
        command = f"sleep 1000 & echo $! > {pids}; wait"
        task = asyncio.create_task(run("shell", {"command": command}))
        for _ in range(steps):
            await asyncio.sleep(0)
        # Not on the loop, so that our side of the start cannot go on meanwhile.
        time.sleep(0.02)  # noqa: ASYNC251
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        if pids.exists() and (written := pids.read_text()):  # it may have ended before it wrote
            await until_gone(int(written))


async def test_a_call_cancelled_while_its_process_starts_closes_its_own_descriptors_only(run):
    """Also later, when what the call has left behind is collected: a number may be another file's by then."""
    await run("shell", {"command": "true"})  # what is opened once is open from here on
    before = descriptors()
    cancelled = []
    for steps in range(8):
        task = asyncio.create_task(run("shell", {"command": "exec sleep 1000"}))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        cancelled.append(task)  # as who logs the error later would
    others = [os.open(os.devnull, os.O_RDONLY) for _ in range(32)]
    cancelled.clear()
    del task
    gc.collect()
    try:
        assert [number for number in others if number not in descriptors()] == []
    finally:
        for number in others:
            with contextlib.suppress(OSError):
                os.close(number)
    async with asyncio.timeout(30):
        while descriptors() != before:  # the processes end in the background
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("spare", [0, 2, 3])
async def test_without_descriptors_a_process_cannot_be_started_and_nothing_is_left(run, spare):
    await run("shell", {"command": "true"})
    before = descriptors()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = [number for number in range(soft) if number not in before]
    resource.setrlimit(resource.RLIMIT_NOFILE, (free[spare], hard))
    try:
        result = await run("shell", {"command": "true"})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert result.error.title == "the process cannot be started"
    assert result.error.detail == os.strerror(errno.EMFILE)
    assert descriptors() == before


async def test_the_deadline_ends_a_command(run):
    result = await run("shell", {"command": "sleep 1000"}, deadline=time.time() + 0.1)
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"


async def test_unawaited_answers_its_input_at_once_and_ends_with_the_server(run, tmp_path):
    pid_file = tmp_path / "pid"
    shell = {"command": f"echo $$ > {pid_file}; exec sleep 1000"}
    assert (await run("shell", shell, **{"await": False})).output == {"in": 1}
    pid = int(await until_written(pid_file))
    await run.calls.aclose()
    await until_gone(pid)


async def test_an_unawaited_process_runs_to_its_end(run, tmp_path):
    done = tmp_path / "done"
    result = await run("shell", {"command": f"cat > {done}", "stdin": "yes\n"}, **{"await": False})
    assert isinstance(result, CallCompleted), result
    assert await until_written(done) == "yes"


@pytest.mark.parametrize(
    "definition",
    [
        None,
        {},
        {"command": ["ls"]},
        {"command": "ls", "arguments": {"a": 1}},
        {"command": "ls", "arguments": ["a\0b"]},
        {"command": "ls", "arguments": ["x" * 200_000]},
        {"command": "ls", "environment": ["a"]},
        {"command": "ls", "environment": {"a=b": "c"}},
    ],
)
async def test_unusable_definitions_are_configuration_errors(run, definition):
    result = await run("shell", definition)
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"


async def test_an_unknown_return_and_a_missing_directory(run, make_calls, invoke, tmp_path):
    assert (await run("shell", {"command": "ls"}, **{"return": "x"})).error.status == 400
    calls = make_calls(base_dir=tmp_path / "missing")
    result = await calls.perform(invoke("shell", {"shell": {"command": "ls"}}))
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"


async def test_kinds_can_be_switched_off(make_calls, invoke):
    calls = make_calls(processes=ProcessOptions(kinds=frozenset()))
    for kind in ("shell", "script", "container"):
        result = await calls.perform(invoke(kind, {kind: {"command": "ls"}}))
        assert "switched off" in result.error.title


async def test_many_at_once(run):
    results = await asyncio.gather(
        *[run("shell", {"command": 'echo "$1"', "arguments": [str(n)]}) for n in range(30)]
    )
    assert [result.output for result in results] == [str(n) for n in range(30)]


# --- scripts --------------------------------------------------------------------------------------------


@needs_node
@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the specification's examples are not here")
async def test_the_specification_s_script_example(run, scratch):
    document = yaml.safe_load((EXAMPLES / "run-script-with-stdin-and-arguments.yaml").read_text())
    result = await run("script", document["do"][0]["runScript"]["run"]["script"])
    assert result.output == "stdin >  Hello Workflow\narg >  hello\nenv >  bar"
    assert list(scratch.iterdir()) == []


VALIDATE_EMAIL = """\
function validateEmail(email) {
  const re = /^[a-zA-Z0-9._-]+@[a-zA-Z0-9.-]+\\.[a-zA-Z]{2,6}$/;
  return re.test(email);
}
return { isValid: validateEmail(emailAddress) };
"""


@needs_node
async def test_the_specification_s_custom_function(run, scratch):
    for address, valid in (("a@b.cd", True), ("a@b", False)):
        script = {"language": "js", "code": VALIDATE_EMAIL, "arguments": {"emailAddress": address}}
        assert (await run("script", script)).output == {"isValid": valid}
    assert list(scratch.iterdir()) == []


@needs_node
@pytest.mark.parametrize(
    ("code", "arguments", "output"),
    [
        ("console.log(process.argv.slice(2))", ["a", 5], "[ 'a', '5' ]"),
        ("console.log(await Promise.resolve(5))", None, "5"),
        ("return", None, ""),
        ("return null", None, None),
        ("return 'text'", None, "text"),
        ("if (true) { return [1] }", None, [1]),
        ("return typeof require + process.argv[2]", ["x"], "undefinedx"),
        ("const f = () => { return 1 }; console.log(f())", None, "1"),
        ("console.log('return in a text')", None, "return in a text"),
        (
            "import fs from 'node:fs'\nimport {\n  join\n} from 'node:path';\nreturn join('a', typeof fs)",
            {},
            "a/object",
        ),
        ("const n = a.length; const a2 = 1; return { n, b }", {"a": [1, 2], "b": None}, {"n": 2, "b": None}),
        ("const a = 7; console.log(a)", {"a": 1}, "7"),
        ("console.log(q)", {"q": "'\"`${1}\n\u2028</script>"}, "'\"`${1}\n\u2028</script>"),
    ],
)
async def test_javascript(run, code, arguments, output):
    result = await run("script", {"language": "js", "code": code, "arguments": arguments})
    assert result.output == output


@needs_node
async def test_what_javascript_returns_does_not_hide_what_is_asked_for(run):
    script = {"language": "js", "code": "console.log('x'); return 5", "arguments": {}}
    assert (await run("script", script, **{"return": "all"})).output == {
        "code": 0,
        "stdout": "x",
        "stderr": "",
    }


@needs_node
async def test_a_failed_script_names_the_author_s_line(run, scratch):
    script = {"language": "js", "code": "const a = 1;\n\nthrow new Error(b)", "arguments": {"b": "no stock"}}
    result = await run("script", script)
    assert result.error.title == "the process exited with code 1"
    assert "no stock" in result.error.detail
    assert "script.mjs:3" in result.error.detail
    assert str(scratch) not in result.error.detail
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "arguments", "output"),
    [
        ("import sys\nprint(sys.argv[1:], sys.stdin.read())", ["a", "b"], "['a', 'b'] in"),
        ("from __future__ import annotations\nprint(__name__)", None, "__main__"),
        (
            "import sys\nprint(order['id'], note, sys.argv[1:])",
            {"order": {"id": 5}, "note": None},
            "5 None []",
        ),
        ("print('grüße')", None, "grüße"),
    ],
)
async def test_python(run, scratch, code, arguments, output):
    script = {"language": "python", "code": code, "arguments": arguments, "stdin": "in"}
    assert (await run("script", script)).output == output
    assert list(scratch.iterdir()) == []


async def test_a_python_script_may_be_given_a_path(run, tmp_path):
    (tmp_path / "shop.py").write_text("price = 5")
    script = {"language": "python", "code": "import shop; print(shop.price)"}
    result = await run("script", {**script, "environment": {"PYTHONPATH": str(tmp_path)}})
    assert result.output == "5"
    failed = await run("script", script)
    assert "No module named 'shop'" in failed.error.detail


async def test_a_script_s_source_is_fetched(run, tmp_path):
    (tmp_path / "job.py").write_text("print('from a file')")
    script = {"language": "python", "source": {"endpoint": {"uri": "job.py"}}}
    assert (await run("script", script)).output == "from a file"
    script["source"] = {"endpoint": "missing.py"}
    assert (await run("script", script)).error.status == 404


async def test_an_unawaited_script_cleans_up_after_itself(run, scratch, tmp_path):
    done = tmp_path / "done"
    script = {"language": "python", "code": f"open({str(done)!r}, 'w').write('yes\\n')"}
    assert (await run("script", script, **{"await": False})).output == {"in": 1}
    await until_written(done)
    await run.calls.aclose()
    assert list(scratch.iterdir()) == []


async def test_a_cancelled_script_leaves_nothing(run, scratch, tmp_path):
    pid_file = tmp_path / "pid"
    code = f"import os, time\nopen({str(pid_file)!r}, 'w').write(f'{{os.getpid()}}\\n')\ntime.sleep(1000)"
    task = asyncio.create_task(run("script", {"language": "python", "code": code}))
    pid = int(await until_written(pid_file))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_gone(pid)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    "definition",
    [
        {"language": "ruby", "code": "puts 1"},
        {"code": "x"},
        {"language": "python"},
        {"language": "python", "code": "x", "arguments": {"not a name": 1}},
        {"language": "python", "code": "x", "arguments": {"class": 1}},
        {"language": "python", "code": "x", "arguments": "x"},
        {"language": "python", "source": {"endpoint": 5}},
        {"language": "js", "code": "x", "arguments": {"await": 1}},
        {"language": "js", "code": "x", "arguments": {"a-b": 1}},
    ],
)
async def test_unusable_scripts_are_configuration_errors(run, scratch, definition):
    result = await run("script", definition)
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert list(scratch.iterdir()) == []


async def test_without_node_a_script_says_what_to_install(run, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    result = await run("script", {"language": "js", "code": "1"})
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert "install Node.js" in result.error.detail
