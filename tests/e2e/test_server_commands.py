"""The commands against a real server: each one, as somebody would use it who is logged in."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.command import answer, eventually, headrace
from e2e.server import TOKEN, Up, greet


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    server = Up(tmp_path_factory.mktemp("server"))
    server.start()
    try:
        server.login()
        server.apply(greet())
        yield server
    finally:
        server.stop()


def started(up: Up, input: str) -> str:
    """Start an execution that does not end by itself; return its id."""
    done = up.run("run", "greet", "--context", "there", "-i", input, "--timeout", "0.2", code=4)
    assert "it goes on at the server" in done.stderr
    return done.stderr.split()[1]


# --- who and where ------------------------------------------------------------------------------------------


def test_login_keeps_the_token_for_its_owner_alone(up: Up) -> None:
    done = up.run("login", up.url, "--name", "second", "--no-use", input=TOKEN + "\n")
    assert "as administrator (given) (admin in all)" in done.stdout
    assert TOKEN not in done.stdout + done.stderr
    file = up.home / "settings" / "headrace" / "tokens" / "second"
    assert file.read_text().strip() == TOKEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    contexts = {each["name"]: each for each in up.data("context", "list")}
    assert contexts["there"]["current"] and not contexts["second"]["current"]
    assert up.run("context", "use", "second", "-n", "other").stdout == f"second: {up.url}, namespace other\n"
    assert up.data("flowapps", "list") == []
    up.run("context", "use", "there")
    up.run("context", "delete", "second")
    assert not file.exists()
    assert [each["name"] for each in up.data("context", "list")] == ["there"]


def test_a_token_that_is_not_taken_is_not_kept(up: Up) -> None:
    done = up.run("login", up.url, "--name", "bad", input="hr_wrong\n", code=2)
    assert "does not take the token" in done.stderr and "hr_wrong" not in done.stderr
    assert "bad" not in [each["name"] for each in up.data("context", "list")]


@pytest.mark.parametrize(
    "command",
    [
        ("executions", "list"),
        ("executions", "cancel", "last"),
        ("executions", "rerun", "last"),
        ("run", "greet"),
        ("flowapps", "list"),
        ("triggers", "list"),
        ("functions", "list"),
        ("events", "list"),
        ("logs", "last", "-f"),
        ("queue", "ls"),
        ("queue", "put", "q", "x"),
        ("tokens", "list"),
        ("users", "list"),
        ("secrets", "list"),
        ("audit",),
    ],
    ids=" ".join,
)
def test_a_bad_token_and_no_server(up: Up, command: tuple[str, ...]) -> None:
    bad = up.run(*command, "--server", up.url, code=2, HEADRACE_TOKEN="hr_revoked-one")
    assert "does not take the token" in bad.stderr and f"`headrace login {up.url}`" in bad.stderr
    assert "hr_revoked-one" not in bad.stderr and bad.stdout == ""
    gone = up.run(*command, "--server", "http://127.0.0.1:1", code=5, HEADRACE_TOKEN=TOKEN)
    assert "http://127.0.0.1:1 cannot be reached: " in gone.stderr and "headrace up" in gone.stderr
    assert gone.stdout == ""


def test_without_a_token_nothing_is_sent(up: Up) -> None:
    done = up.run("flowapps", "list", "--server", "http://127.0.0.1:1", code=2)
    assert "`headrace login http://127.0.0.1:1`" in done.stderr


def test_a_token_file_that_others_can_read_is_not_used(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o644)
    done = up.run("flowapps", "list", "--server", up.url, "--token-file", str(file), code=2)
    assert "others can read the token" in done.stderr
    file.chmod(0o600)
    assert "greet" in up.run("flowapps", "list", "--server", up.url, "--token-file", str(file)).stdout


def test_another_namespace(up: Up) -> None:
    up.apply(greet("apart", namespace="other"))
    up.run("tokens", "make", "of-default", "--role", "operator@default", "--to", "of-default.token")
    mine = ("--server", up.url, "--token-file", "of-default.token")
    assert [each["name"] for each in up.data("flowapps", "list", *mine)] == ["greet"]
    for command in (("flowapps", "list"), ("executions", "list"), ("run", "apart"), ("queue", "ls")):
        refused = up.run(*command, *mine, "-n", "other", code=2)
        assert "in namespace 'other', which 'of-default' does not have" in refused.stderr
    refused = up.run("apply", "-f", "-", *mine, input=greet("more"), code=2)
    assert "editor" in refused.stderr
    # What is in another namespace is not there for who asks in this one.
    execution = up.data("run", "apart", "--context", "there", "-n", "other", "--no-trace")
    assert execution == {"text": "hello you"}
    [row] = up.data("executions", "list", "-n", "other")
    missing = up.run("executions", "show", row["id"], code=2)
    assert f"there is no execution {row['id']}" in missing.stderr


# --- FlowApps -----------------------------------------------------------------------------------------------


def test_apply_a_folder_and_look_at_versions(up: Up) -> None:
    folder = up.home / "flows"
    (folder / "one" / "config").mkdir(parents=True)
    (folder / "one" / "config" / "flowapp.yaml").write_text(greet("one"))
    (folder / "two.yaml").write_text(greet("two"))
    done = up.run("apply", "-f", "flows", "-m", "the first")
    assert done.stdout.splitlines() == [
        "default/one 1.0.0 created (generation 1)",
        "default/two 1.0.0 created (generation 1)",
    ]
    (folder / "two.yaml").write_text(greet("two", "1.1.0", "good day"))
    dry = up.run("apply", "-f", "flows", "--dry-run").stdout
    assert "default/one 1.0.0 unchanged\n" in dry and "default/two 1.1.0 would be changed\n" in dry
    assert "+  version: 1.1.0" in dry
    assert up.data("flowapps", "show", "two")["version"] == "1.0.0"
    done = up.run("apply", "-f", "flows", "-m", "more polite")
    assert "default/one 1.0.0 unchanged" in done.stdout
    assert "default/two 1.1.0 changed (generation 2)" in done.stdout
    assert up.run("flowapps", "show", "two", "--text").stdout == greet("two", "1.1.0", "good day")
    versions = up.data("flowapps", "versions", "two")
    assert [(each["version"], each["message"]) for each in versions] == [
        ("1.1.0", "more polite"),
        ("1.0.0", "the first"),
    ]
    assert "-  version: 1.0.0" in up.run("flowapps", "diff", "two", "--from", "1", "--to", "2").stdout
    old = up.data(
        "run", "two", "--context", "there", "--no-trace", "--version", "1.0.0", "-i", '{"name": "Ada"}'
    )
    assert old == {"text": "hello Ada"}


def test_of_files_with_one_bad_one_none_is_applied(up: Up) -> None:
    (up.home / "good.yaml").write_text(greet("good"))
    (up.home / "bad.yaml").write_text(greet("bad").replace("then: hello", "then: helo"))
    done = up.run("apply", "-f", "good.yaml", "-f", "bad.yaml", code=2)
    assert "bad.yaml:" in done.stderr and "hello" in done.stderr
    assert "good" not in [each["name"] for each in up.data("flowapps", "list")]
    twice = up.run("apply", "-f", "good.yaml", "-f", "-", code=2, input=greet("good"))
    assert "stands alone" in twice.stderr
    elsewhere = up.run("apply", "-f", "good.yaml", "-n", "other", code=2)
    assert "is for namespace 'default', not 'other'" in elsewhere.stderr


def test_pause_resume_delete(up: Up) -> None:
    up.apply(greet("short"))
    assert up.run("flowapps", "pause", "short").stdout == "default/short is paused\n"
    refused = up.run("run", "short", "--context", "there", code=2)
    assert "FlowApp 'short' is paused" in refused.stderr
    up.run("flowapps", "resume", "short")
    assert up.data("run", "short", "--context", "there", "--no-trace") == {"text": "hello you"}
    assert "needs --yes" in up.run("flowapps", "delete", "short", code=2).stderr
    up.run("flowapps", "delete", "short", "--yes")
    assert "there is no FlowApp 'short' here" in up.run("flowapps", "show", "short", code=2).stderr


# --- executions ---------------------------------------------------------------------------------------------


def test_run_follows_and_prints_the_output_alone(up: Up) -> None:
    done = up.run("run", "greet", "--context", "there", "-i", '{"name": "Ada"}', "--key", "ada")
    assert json.loads(done.stdout) == {"text": "hello Ada"}
    lines = done.stderr.splitlines()
    assert lines[0].startswith("execution 01")
    assert [line.split()[:2] for line in lines[1:]] == [["✔", "check"], ["✔", "hello"]]
    again = up.run("run", "greet", "--context", "there", "-i", '{"name": "Ada"}', "--key", "ada")
    assert json.loads(again.stdout) == {"text": "hello Ada"}
    assert "of key 'ada' was started before" in again.stderr
    other = up.run("run", "greet", "--context", "there", "-i", "{}", "--key", "ada", code=2)
    assert "has another input" in other.stderr


def test_a_fault_is_explained_as_at_home(up: Up) -> None:
    done = up.run("run", "greet", "--context", "there", "-i", '{"refuse": true}', code=1)
    assert done.stdout == ""
    assert "refused (402): Refused" in done.stderr
    assert "/do/2/refuse  (greet 1.0.0:" in done.stderr
    assert "--context there" in done.stderr
    shown = up.run("executions", "show", "last").stdout
    assert "✘ refuse" in shown and "faulted" in shown
    rerun = up.run("executions", "rerun", "last", "--input", '{"name": "Bob"}', "--no-trace")
    assert json.loads(rerun.stdout) == {"text": "hello Bob"}
    [newest] = up.data("executions", "list", "--limit", "1")
    assert newest["status"] == "completed" and newest["rerun_of"]
    assert newest["started_by"] == "token:given"
    mine = up.data("executions", "list", "--started-by", "token:given", "--limit", "1")
    assert mine == [newest]
    assert up.data("executions", "list", "--started-by", "user:ada") == []
    assert "\nstarted by administrator (given) (token:given)\n" in shown
    assert up.data("executions", "show", newest["rerun_of"])["reruns"] == [newest["id"]]


def test_run_takes_no_file_and_nothing_that_is_the_servers(up: Up) -> None:
    (up.home / "flow.yaml").write_text(greet())
    done = up.run("run", "flow.yaml", "--context", "there", code=2)
    assert "headrace apply -f flow.yaml" in done.stderr
    assert "name the FlowApp" in up.run("run", "--context", "there", code=2).stderr
    done = up.run("run", "greet", "--context", "there", "--secrets", "x", code=2)
    assert "--secrets: not with a server" in done.stderr
    assert "there is no FlowApp 'nosuch'" in up.run("run", "nosuch", "--context", "there", code=2).stderr


def test_an_open_execution_is_suspended_resumed_signalled_and_waited_for(up: Up) -> None:
    id = started(up, '{"wait": true}')
    shown = up.run("executions", "show", id[-6:]).stdout
    assert "pause waits for an event of type com.example.go" in shown
    assert up.run("executions", "wait", id, "--timeout", "0.1", code=4).stdout == ""
    assert up.run("executions", "suspend", id).stdout == f"{id} suspended\n"
    waiting = up.begin("executions", "resume", id, "--no-trace")
    eventually(lambda: up.data("executions", "show", id)["status"] == "waiting", "going on")
    up.run("events", "send", "--type", "com.example.go", "-d", '{"n": 1}', "--to", id)
    code, stdout, stderr = answer(waiting)
    assert (code, json.loads(stdout)) == (0, [{"n": 1}]), stderr
    assert up.data("executions", "wait", id) == [{"n": 1}]
    over = up.run("executions", "cancel", id, code=2)
    assert "nothing is left to cancel" in over.stderr


def test_cancel_and_delete(up: Up) -> None:
    id = started(up, '{"wait": true}')
    refused = up.run("executions", "delete", id, code=2)
    assert "only what is over can be deleted" in refused.stderr
    assert up.run("executions", "cancel", id).stdout == f"{id} cancelled\n"
    assert f"execution {id} cancelled" in up.run("executions", "wait", id, code=3).stderr
    assert up.run("executions", "delete", id).stdout == f"{id} deleted\n"
    assert "there is no execution" in up.run("executions", "show", id, code=2).stderr


def test_lists_are_filtered_and_exported(up: Up) -> None:
    up.run("run", "greet", "--context", "there", "-i", '{"refuse": true}', code=1)
    faulted = up.data("executions", "list", "--status", "faulted", "--flow", "default/greet", "--since", "1h")
    assert faulted and {each["status"] for each in faulted} == {"faulted"}
    assert up.data("executions", "list", "--flow", "other/greet") == []
    rows = up.run("history", "export", faulted[0]["id"], "-o", "jsonl").stdout.splitlines()
    assert [json.loads(row)["name"] for row in rows] == ["check", "refuse"]
    saved = up.run("executions", "save-test", faulted[0]["id"], "-o", "saved.test.yaml")
    assert "it passes" in saved.stderr and "status: faulted" in (up.home / "saved.test.yaml").read_text()
    named = up.run("executions", "save-test", faulted[0]["id"], "-o", "-", "--name", "refuses")
    assert "  refuses:\n" in named.stdout and f"execution {faulted[0]['id']}" in named.stdout


# --- events, triggers, functions ----------------------------------------------------------------------------


def test_events_of_options_a_file_and_stdin(up: Up) -> None:
    one = up.run("events", "send", "--type", "a.one", "--id", "1", "--source", "/till", "-a", "region=north")
    assert one.stdout == "1\n"
    again = up.run(
        "events", "send", "--type", "a.one", "--id", "1", "--source", "/till", "-a", "region=north"
    )
    assert again.stdout == "1  (was there)\n"
    (up.home / "events.json").write_text(json.dumps([{"type": "a.two", "id": str(n)} for n in range(2500)]))
    taken = up.data("events", "send", "events.json")
    assert [each["id"] for each in taken] == [str(n) for n in range(2500)]
    lines = '{"type": "a.three", "data": 1}\n\n{"type": "a.three", "data": 2}\n'
    assert len(up.run("events", "send", "-", input=lines).stdout.split()) == 2
    newest = up.data("events", "list", "--limit", "2")
    assert [each["event"]["data"] for each in newest] == [2, 1]
    bad = up.run("events", "send", "-", input='{"type": "a", "Bad": 1}', code=2)
    assert "Bad" in bad.stderr and "attributes" in bad.stderr
    assert "give a FILE" in up.run("events", "send", code=2).stderr


def test_triggers(up: Up) -> None:
    found = {each["name"]: each for each in up.data("triggers", "list", "--flow", "greet")}
    assert found["api"]["kind"] == "http" and found["api"]["url"].endswith("/hooks/default/greet")
    assert found["nightly"]["next_at"].endswith("Z")
    assert up.run("triggers", "pause", "greet/nightly").stdout == "greet/nightly paused\n"
    id = up.run("triggers", "fire", "greet/nightly").stdout.strip()
    assert up.data("executions", "wait", id) == {"text": "hello you"}
    shown = up.data("triggers", "show", "greet/nightly")
    assert shown["paused"] and shown["firings"][0]["execution"] == id
    assert "greet/nightly" in up.run("triggers", "show", "greet/nightly").stdout
    assert up.run("triggers", "resume", "greet/nightly").stdout == "greet/nightly running\n"
    assert "is not FLOWAPP/TRIGGER" in up.run("triggers", "show", "greet", code=2).stderr
    assert "there is no trigger 'greet/nosuch'" in up.run("triggers", "show", "greet/nosuch", code=2).stderr


# --- queues -------------------------------------------------------------------------------------------------


def test_queues(up: Up) -> None:
    there = ("--context", "there")
    up.run("queue", "put", "jobs", "plain", '{"a":1}', "--priority", "3", *there)
    (up.home / "items.txt").write_text("".join(f"item {n}\n" for n in range(2500)))
    many = up.run("queue", "put-many", "jobs", "items.txt", "--once", "day-1", *there)
    assert "2,500 items put on jobs" in many.stdout
    again = up.run("queue", "put-many", "jobs", "items.txt", "--once", "day-1", *there)
    assert "0 items put on jobs (2,500 were there)" in again.stdout
    items = up.data("queue", "ls", "jobs", "--limit", "3", *there)
    assert [each["payload"] for each in items] == ["plain", '{"a":1}', "item 0"]
    assert up.data("queue", "show", "jobs", items[0]["id"], *there)["priority"] == 3
    assert "knows no item nosuch" in up.run("queue", "show", "jobs", "nosuch", *there, code=2).stderr
    assert up.data("queue", "stats", "jobs", *there)["ready"] == 2502
    assert up.data("queue", "pause", "jobs", *there) == {"queue": "jobs", "paused": True}
    assert up.data("queue", "ls", *there)[0]["paused"]
    up.run("queue", "resume", "jobs", *there)
    assert up.data("queue", "dead", "jobs", *there) == []
    assert up.data("queue", "redrive", "jobs", *there) == {"redriven": 0}
    assert up.data("queue", "purge", "jobs", "all", "--yes", *there) == {"purged": 2502}
    assert "drained" in up.run("queue", "watch", "jobs", "--until-drained", "-o", "json", *there).stdout
    assert "there is no queue 'nosuch'" in up.run("queue", "stats", "nosuch", *there, code=2).stderr
    assert "--queue and a server" in up.run("queue", "ls", "--queue", "q.db", *there, code=2).stderr


# --- access -------------------------------------------------------------------------------------------------


def test_users(up: Up) -> None:
    password = "correct horse battery staple"
    done = up.run("users", "add", "ada", "--role", "editor@default", input=password + "\n")
    assert done.stdout == "ada: editor@default\n" and password not in done.stderr
    assert (
        up.run("users", "change", "ada", "--role", "viewer", "--disable").stdout == "ada: viewer; disabled\n"
    )
    assert up.data("users", "list")[0]["roles"] == {"*": "viewer"}
    up.run("users", "change", "ada", "--password", input="another long password\n")
    assert "is not ROLE" in up.run("users", "add", "bob", "--role", "king", input=password, code=2).stderr
    short = up.run("users", "add", "bob", input="short\n", code=2)
    assert "/password" in short.stderr and "short\n" not in short.stdout
    assert "nothing was given" in up.run("users", "add", "bob", input="", code=2).stderr
    up.run("users", "delete", "ada", "--yes")
    assert up.data("users", "list") == []


def test_tokens_are_shown_once_or_written_for_their_owner(up: Up) -> None:
    made = up.run("tokens", "make", "ci", "--role", "viewer@default", "--expires", "1h")
    text = made.stdout.strip()
    assert text.startswith("hr_") and text not in made.stderr
    [row] = [each for each in up.data("tokens", "list") if each["name"] == "ci"]
    assert row["roles"] == {"default": "viewer"} and row["expires_at"]
    assert text not in json.dumps(row)
    up.run("flowapps", "list", "--server", up.url, HEADRACE_TOKEN=text)
    up.run("tokens", "revoke", row["id"])
    up.run("flowapps", "list", "--server", up.url, code=2, HEADRACE_TOKEN=text)
    done = up.run("tokens", "make", "job", "--role", "operator", "--to", "job.token")
    assert "hr_" not in done.stdout + done.stderr
    assert stat.S_IMODE((up.home / "job.token").stat().st_mode) == 0o600
    taken = up.run("tokens", "make", "job", "--role", "operator", "--to", "job.token", code=2)
    assert "nothing is overwritten" in taken.stderr


def test_secrets_come_from_stdin_and_go_nowhere_else(up: Up) -> None:
    canary = "canary-4242-secret"
    said = [
        up.run("secrets", "put", "key", input=canary + "\n"),
        up.run("secrets", "put", "login", "--json", input=json.dumps({"password": canary})),
        up.run("secrets", "put", "broken", "--json", input="{" + canary, code=2),
        up.run("secrets", "list", "-o", "json"),
        up.run("audit", "--limit", "10", "-o", "json"),
    ]
    assert not any(canary in done.stdout + done.stderr for done in said)
    assert [each["name"] for each in json.loads(said[3].stdout)] == ["key", "login"]
    assert "stdin is empty" in up.run("secrets", "put", "key", input="", code=2).stderr
    up.run("secrets", "delete", "login", "--yes")
    assert [each["name"] for each in up.data("secrets", "list")] == ["key"]


def test_audit(up: Up) -> None:
    up.run("flowapps", "pause", "greet")
    up.run("flowapps", "resume", "greet")
    rows = up.data("audit", "--action", "flowapp", "--object", "greet", "--since", "1h", "--limit", "2")
    assert [each["action"] for each in rows] == ["flowapp.resume", "flowapp.pause"]
    assert rows[0]["before"] == {"paused": True} and rows[0]["at"].endswith("Z")
    assert up.data("audit", "-n", "nosuch") == []


def test_what_needs_a_server_says_so_without_one(tmp_path: Path) -> None:
    for command in (("apply", "-f", "x.yaml"), ("flowapps", "list"), ("audit",), ("secrets", "list")):
        (tmp_path / "x.yaml").write_text(greet())
        done = headrace(*command, cwd=tmp_path, code=2)
        assert "headrace login URL" in done.stderr
