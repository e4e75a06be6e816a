"""From `init` to `rerun`: the way of a newcomer."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from e2e.command import environment, headrace


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `init` makes it, with one completed, one faulted execution, in this order."""
    folder = tmp_path_factory.mktemp("work")
    made = headrace("init", "shop", cwd=folder)
    assert "Run it: cd shop && headrace run" in made.stdout
    headrace("run", "-i", '{"item": "tea", "quantity": 10}', "--key", "tea", cwd=folder / "shop")
    headrace("run", "-i", '{"item": "gold"}', cwd=folder / "shop", code=1)
    return folder / "shop"


def test_new_project_is_valid(shop: Path) -> None:
    done = headrace("validate", "--strict", cwd=shop)
    assert done.stdout == ""
    assert done.stderr == "1 file: valid\n"


def test_new_project_runs_at_once_from_any_folder_of_it(shop: Path) -> None:
    done = headrace("run", cwd=shop / "cmd")
    assert json.loads(done.stdout)["receipt"] == "2 x coffee: 29.00"
    assert (shop / ".headrace" / "headrace.db").is_file()
    assert not (shop / "cmd" / ".headrace").exists()


def test_new_project_has_tests_that_pass(shop: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=shop,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_init_overwrites_nothing(shop: Path) -> None:
    before = (shop / "README.md").read_text()
    done = headrace("init", str(shop), cwd=shop, code=2)
    assert "config/flowapp.yaml" in done.stderr and "nothing is overwritten" in done.stderr
    assert (shop / "README.md").read_text() == before


def test_init_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    headrace("init", "--name", "My Flow!", cwd=tmp_path)
    assert "name: my-flow," in (tmp_path / "config" / "flowapp.yaml").read_text()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    (tmp_path / "file").touch()
    assert "is a file" in headrace("init", "file", cwd=tmp_path, code=2).stderr


def test_output_alone_is_on_stdout(shop: Path) -> None:
    done = headrace("run", "-", cwd=shop, code=2)
    assert done.stdout == ""
    done = headrace("run", "--input", "-", cwd=shop, input='{"item": "cocoa", "quantity": 1}')
    assert json.loads(done.stdout)["total"] == 9.0
    assert "✔ quote" in done.stderr and "✔ receipt" in done.stderr
    assert "\x1b" not in done.stderr
    quiet = headrace("run", "--no-trace", "-o", "yaml", cwd=shop)
    assert yaml.safe_load(quiet.stdout)["total"] == 29.0
    assert quiet.stderr == ""
    table = headrace("run", "--no-trace", "-o", "table", cwd=shop).stdout.splitlines()
    assert table[0].split() == ["NAME", "VALUE"]
    assert "total     29.0" in table


def test_input_from_a_file(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "wish.json").write_text('{"item": "tea", "quantity": 1}')
    done = headrace("run", "--input", f"@{tmp_path / 'wish.json'}", cwd=shop)
    assert json.loads(done.stdout)["total"] == 6.25


def test_reader_that_has_enough_is_no_error(shop: Path) -> None:
    command = f"{sys.executable} -m headrace.cli history export -o csv | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=shop, capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stderr == ""
    assert done.stdout.startswith("execution_id,")


def test_faulted_execution_is_explained(shop: Path) -> None:
    done = headrace("run", "-i", '{"item": "gold"}', cwd=shop, code=1)
    assert done.stdout == ""
    for expected in (
        "communication (404): Unknown item",
        "We have no gold",
        "type  https://open-workflow-specification.org/spec/1.0.0/errors/communication",
        "task  /do/0/quote  (config/flowapp.yaml:12:7)",
        "    12 |     - quote:",
        "headrace executions rerun",
    ):
        assert expected in done.stderr, done.stderr


def test_lines_of_the_failing_function_are_shown(shop: Path, tmp_path: Path) -> None:
    headrace("init", cwd=tmp_path)
    (tmp_path / "cmd" / "quote" / "main.py").write_text(
        "from headrace.function import function\n\n\n@function\ndef quote(wish: dict) -> dict:\n"
        "    print('about to divide')\n    return {'total': 1 / 0}\n"
    )
    done = headrace("run", cwd=tmp_path, code=1)
    assert "what the function wrote:" in done.stderr
    assert "about to divide" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_show_tells_the_whole_story(shop: Path) -> None:
    listed = json.loads(headrace("executions", "list", "--key", "tea", "-o", "json", cwd=shop).stdout)
    [tea] = listed
    plain = headrace("executions", "show", tea["id"], cwd=shop).stdout
    assert f"{tea['id']}  completed in" in plain
    assert "✔ isLarge  [2]  switch" in plain and "→ large" in plain
    assert "INFO tea costs 6.25" not in plain
    # Abbreviated, with everything.
    full = headrace("executions", "show", tea["id"][-8:], "--full", "--logs", cwd=shop).stdout
    assert "stderr: INFO tea costs 6.25" in full
    assert 'input  {"item": "tea", "quantity": 10}' in full
    data = json.loads(headrace("executions", "show", tea["id"], "-o", "json", cwd=shop).stdout)
    assert data["input"] == {"item": "tea", "quantity": 10}
    assert [run["name"] for run in data["history"]] == ["quote", "isLarge", "discount", "receipt"]
    assert any(line["text"] == "INFO tea costs 6.25" for line in data["logs"])


def test_list_is_filtered(shop: Path) -> None:
    def ids(*filters: str) -> list[str]:
        done = headrace("executions", "list", "-o", "json", *filters, cwd=shop)
        return [row["id"] for row in json.loads(done.stdout)]

    everything = ids("-l", "100")
    faulted = ids("--status", "faulted")
    assert set(faulted) < set(everything)
    assert ids("--flow", "shop", "-l", "100") == everything
    assert ids("--flow", "default/shop", "-l", "100") == everything
    assert ids("--flow", "other") == []
    assert ids("--since", "1h", "-l", "100") == everything
    assert ids("--since", "2999-01-01") == []
    assert ids("--limit", "1") == everything[:1]
    assert "no status" in headrace("executions", "list", "--status", "broken", cwd=shop, code=2).stderr
    assert "--since 'x'" in headrace("executions", "list", "--since", "x", cwd=shop, code=2).stderr
    table = headrace("executions", "list", cwd=shop).stdout.splitlines()
    assert table[0].split()[:3] == ["ID", "STATUS", "FLOW"]


def test_unknown_execution(shop: Path) -> None:
    assert "there is no execution nosuch" in headrace("executions", "show", "nosuch", cwd=shop, code=2).stderr


def test_rerun_from_a_task_with_other_input(shop: Path) -> None:
    [tea] = json.loads(headrace("executions", "list", "--key", "tea", "-o", "json", cwd=shop).stdout)
    done = headrace("executions", "rerun", tea["id"], "--from", "receipt", cwd=shop)
    assert json.loads(done.stdout)["total"] == 56.25
    shown = json.loads(headrace("executions", "show", "last", "-o", "json", cwd=shop).stdout)
    assert shown["rerun_of"] == tea["id"]
    assert [(run["name"], run.get("carried", False)) for run in shown["history"]] == [
        ("quote", True),
        ("isLarge", True),
        ("discount", True),
        ("receipt", False),
    ]
    assert "carried over" in headrace("executions", "show", "last", cwd=shop).stdout
    assert f"was rerun as {shown['id']}" in headrace("executions", "show", tea["id"], cwd=shop).stdout
    changed = headrace(
        "executions", "rerun", tea["id"], "--from", "1", "-i", '{"item": "tea", "quantity": 1}', cwd=shop
    )
    assert json.loads(changed.stdout)["total"] == 6.25
    done = headrace("executions", "rerun", tea["id"], "--from", "nosuch", cwd=shop, code=2)
    assert "the history has no run of a task 'nosuch'" in done.stderr


def test_rerun_on_another_version(shop: Path, tmp_path: Path) -> None:
    text = (shop / "config" / "flowapp.yaml").read_text()
    fixed = shop / "config" / "fixed.yaml"
    fixed.write_text(text.replace("version: 0.1.0", "version: 0.1.1").replace(">= 50", ">= 5"))
    headrace("run", "-i", '{"item": "cocoa", "quantity": 1}', cwd=shop)
    done = headrace(
        "executions", "rerun", "last", "--from", "isLarge", "--file", "config/fixed.yaml", cwd=shop
    )
    assert json.loads(done.stdout)["total"] == 8.1


def test_history_is_exported(shop: Path) -> None:
    [tea] = json.loads(headrace("executions", "list", "--key", "tea", "-o", "json", cwd=shop).stdout)
    lines = headrace("history", "export", tea["id"], "-o", "jsonl", cwd=shop).stdout.splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["quote", "isLarge", "discount", "receipt"]
    rows = list(
        csv.DictReader(io.StringIO(headrace("history", "export", tea["id"], "-o", "csv", cwd=shop).stdout))
    )
    assert json.loads(rows[0]["input"]) == {"item": "tea", "quantity": 10}
    assert rows[1]["kind"] == "switch"
    as_yaml = yaml.safe_load(headrace("history", "export", tea["id"], "-o", "yaml", cwd=shop).stdout)
    as_json = json.loads(headrace("history", "export", tea["id"], cwd=shop).stdout)
    assert as_yaml == as_json
    assert as_json["status"] == "completed"


def test_wait_gives_the_outcome_of_what_has_ended(shop: Path) -> None:
    [tea] = json.loads(headrace("executions", "list", "--key", "tea", "-o", "json", cwd=shop).stdout)
    assert json.loads(headrace("executions", "wait", tea["id"], cwd=shop).stdout)["total"] == 56.25
    failed = json.loads(
        headrace("executions", "list", "--status", "faulted", "-l", "1", "-o", "json", cwd=shop).stdout
    )
    done = headrace("executions", "wait", failed[0]["id"], cwd=shop, code=1)
    assert done.stdout == "" and "We have no gold" in done.stderr
