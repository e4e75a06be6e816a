"""What is asked of podman or docker: the exact command line."""

from __future__ import annotations

import pytest

from headrace.call import CallError
from headrace.call.container import container_run
from headrace.engine.commands import Invoke
from headrace.errors import STANDARD_ERROR_BASE


def run(container, **fields):
    given = {"attempt": 1, "pointer": "/do/0/runContainer", "flow": "test/run-container:0.1.0"}
    return container_run(
        Invoke(
            execution_id="e",
            run_id=1,
            kind="container",
            arguments={"container": container},
            **{**given, **fields},
        )
    )


def test_the_smallest():
    made = run({"image": "hello-world"})
    assert made.arguments == [
        "run", "--name", made.name, "--pull=missing", "--label", "headrace.invocation=e.1.1", "hello-world",
    ]  # fmt: skip
    assert (made.cleanup, made.stdin) == ("never", None)


def test_the_name_follows_the_convention_and_is_predictable():
    name = run({"image": "x"}).name
    workflow, _, rest = name.partition("-container-")
    assert workflow == "run"
    identifier, _, task = rest.partition(".")
    assert len(identifier) == 36
    assert task == "test-runContainer"
    assert run({"image": "x"}).name == name
    assert run({"image": "x"}, attempt=2).name != name
    assert run({"image": "x"}, pointer="/do/0/größe 1").name.endswith(".test-gr__e_1")
    assert run({"image": "x", "name": "mine"}).name == "mine"


def test_everything(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/x.sock")
    made = run(
        {
            "image": "alpine",
            "name": "mine",
            "command": 'echo "$1"',
            "arguments": ["Foo", 5],
            "ports": {"8080": 80},
            "volumes": {"/data": "/mnt:ro"},
            "environment": {"TOKEN": "s3cret", "PATH": "/bin", "DOCKER_HOST": "y"},
            "stdin": "Hello",
            "lifetime": {"cleanup": "eventually", "after": {"minutes": 30}},
            "pullPolicy": "always",
        }
    )
    assert made.arguments == [
        "run", "--name", "mine", "--pull=always", "--label", "headrace.invocation=e.1.1",
        "--env", "TOKEN", "--env", "PATH=/bin", "--env", "DOCKER_HOST=y",
        "--publish", "8080:80", "--volume", "/data:/mnt:ro", "--interactive",
        "--entrypoint", "/bin/sh", "alpine", "-c", 'echo "$1"', "sh", "Foo", "5",
    ]  # fmt: skip
    assert made.environment["TOKEN"] == "s3cret"
    assert made.environment["DOCKER_HOST"] == "unix:///run/x.sock"
    assert made.environment["PATH"] != "/bin"
    assert (made.stdin, made.cleanup, made.after_seconds) == (b"Hello", "eventually", 1800.0)


def test_arguments_without_a_command_go_to_the_image():
    assert run({"image": "alpine", "arguments": ["ls", "/"]}).arguments[-3:] == ["alpine", "ls", "/"]


@pytest.mark.parametrize(
    "container",
    [
        None,
        {},
        {"image": "--privileged"},
        {"image": "x", "name": "a b"},
        {"image": "x", "name": "-rm"},
        {"image": "x", "pullPolicy": "sometimes"},
        {"image": "x", "lifetime": {}},
        {"image": "x", "lifetime": {"cleanup": "eventually"}},
        {"image": "x", "lifetime": {"cleanup": "eventually", "after": "soon"}},
        {"image": "x", "ports": [80]},
        {"image": "x", "command": ["ls"]},
        {"image": "x", "environment": "A=1"},
    ],
)
def test_unusable_definitions_are_configuration_errors(container):
    with pytest.raises(CallError) as raised:
        run(container)
    assert raised.value.error.type == STANDARD_ERROR_BASE + "configuration"
