"""Containers: with a real engine where there is one, and with a command line that only records."""

from __future__ import annotations

import asyncio
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from headrace.errors import STANDARD_ERROR_BASE


def working_engine() -> str | None:
    for name in ("podman", "docker"):
        if (
            shutil.which(name)
            and subprocess.run([name, "ps"], capture_output=True, check=False).returncode == 0
        ):
            return name
    return None


needs_engine = pytest.mark.skipif(working_engine() is None, reason="neither podman nor docker works here")

RECORDER = """\
#!/bin/sh
printf '%s\\n' "$*" >> "$(dirname "$0")/log"
case "$1" in
  ps) [ -f "$(dirname "$0")/leftover" ] && [ "$2" = --all ] && cat "$(dirname "$0")/leftover"; exit 0 ;;
  run) case "$*" in
      *hangs*) echo $$ > "$(dirname "$0")/pid"; exec sleep 1000 ;;
      *absent*) echo "no such image" >&2; exit 125 ;;
      *fails*) echo "failed" >&2; exit 4 ;;
      *) printf 'token=%s ' "$TOKEN"; cat ;;
    esac ;;
esac
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch):
    """A `podman` that records what it is asked, and runs nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    file = folder / "podman"
    file.write_text(RECORDER)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


@pytest.fixture
def run(make_calls, invoke):
    calls = make_calls()

    async def run(container, **more):
        return await calls.perform(invoke("container", {"container": container, **more}, input="in"))

    run.calls = calls
    return run


def log(folder: Path) -> list[str]:
    return (folder / "log").read_text().splitlines()


async def test_output_environment_and_stdin(run, engine):
    container = {"image": "alpine", "name": "mine", "environment": {"TOKEN": "s3cret"}, "stdin": "Hello"}
    assert (await run(container)).output == "token=s3cret Hello"
    assert log(engine) == [
        "ps --quiet",
        "ps --all --quiet --filter label=headrace.invocation=exec-1.7.1",
        "run --name mine --pull=missing --label headrace.invocation=exec-1.7.1"
        " --env TOKEN --interactive alpine",
    ]


@pytest.mark.parametrize(("cleanup", "removed"), [("always", True), ("never", False), ("eventually", True)])
async def test_lifetime(run, engine, cleanup, removed):
    lifetime = {"cleanup": cleanup, "after": "PT1H"}
    await run({"image": "alpine", "name": "mine", "lifetime": lifetime})
    if cleanup == "eventually":
        assert "rm --force mine" not in log(engine)
    await run.calls.aclose()
    assert ("rm --force mine" in log(engine)) is removed


async def test_what_an_earlier_delivery_left_is_removed(run, engine):
    (engine / "leftover").write_text("abc\ndef\n")
    await run({"image": "alpine", "name": "mine"})
    assert "rm --force abc def" in log(engine)


@pytest.mark.parametrize(("cleanup", "told"), [("always", "rm --force mine"), ("never", "kill mine")])
async def test_cancel_ends_the_container(run, engine, cleanup, told):
    task = asyncio.create_task(run({"image": "hangs", "name": "mine", "lifetime": {"cleanup": cleanup}}))
    while not (engine / "pid").exists():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await run.calls.aclose()
    assert told in log(engine)


async def test_errors(run, engine):
    result = await run({"image": "absent"})
    assert (result.error.title, result.error.detail) == (
        "the container could not be started",
        "no such image",
    )
    assert result.retryable is True
    result = await run({"image": "fails"})
    assert (result.error.title, result.retryable) == ("the process exited with code 4", False)
    assert (await run({"image": "fails"}, **{"return": "code"})).output == 4


async def test_unawaited_it_answers_its_input(run, engine):
    assert (await run({"image": "hangs", "name": "mine"}, **{"await": False})).output == "in"
    await run.calls.aclose()


async def test_without_an_engine_it_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = await run({"image": "alpine"})
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert "podman is not installed; docker is not installed. Install podman" in result.error.detail


@needs_engine
async def test_a_real_container(run):
    container = {
        "image": "alpine",
        "command": 'echo "STDIN was: $(cat)"\necho "ARGS are $1 $2"\n',
        "stdin": "Hello World",
        "arguments": ["Foo", "Bar"],
        "lifetime": {"cleanup": "always"},
    }
    assert (await run(container)).output == "STDIN was: Hello World\nARGS are Foo Bar"
