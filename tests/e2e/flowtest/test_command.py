"""`headrace test` and `headrace executions save-test` in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from e2e.command import headrace

EXAMPLE = Path(__file__).parents[3] / "examples" / "order-fulfilment"
MOCKS = "{quote: {output: {total: 1}}, receipt: {output: 1}}"
CASE = f"cases: {{a: {{input: {{item: tea, quantity: 1}}, mocks: {MOCKS}}}}}\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    headrace("init", "shop", cwd=folder)
    return folder / "shop"


@pytest.fixture
def copy(shop: Path, tmp_path: Path) -> Path:
    """A project of its own, without tests."""
    shutil.copytree(shop, tmp_path / "copy", ignore=shutil.ignore_patterns("tests", ".headrace"))
    (tmp_path / "copy" / "tests").mkdir()
    return tmp_path / "copy"


def test_the_tests_of_the_example_pass() -> None:
    if shutil.which("node") is None:
        if os.environ.get("CI"):
            pytest.fail("Node.js is not installed")
        pytest.skip("Node.js is not installed, which a function of the example needs")
    done = headrace("test", "-o", "json", cwd=EXAMPLE)
    verdicts = json.loads(done.stdout)
    assert len(verdicts) > 10 and {verdict["status"] for verdict in verdicts} == {"passed"}


def test_tests_are_found_from_any_folder_by_file_and_by_folder(shop: Path, tmp_path: Path) -> None:
    for arguments, cwd in (
        ((), shop / "cmd"),
        (("tests",), shop),
        (("tests/flow.test.yaml", "tests"), shop),
        ((str(shop),), tmp_path),
        ((str(shop / "tests" / "flow.test.yaml"),), tmp_path),
    ):
        assert "4 cases: 4 passed" in headrace("test", *arguments, cwd=cwd).stdout


def test_a_failed_case_is_explained_and_goes_to_junit(copy: Path) -> None:
    (copy / "tests" / "a.test.yaml").write_text(CASE.replace("input", "expect: {output: 2}, input"))
    done = headrace("test", "--junit", "out/a.xml", cwd=copy, code=1)
    assert "✖ a" in done.stdout and ".: expected 2, got 1" in done.stdout
    assert "tests/a.test.yaml:1:22" in done.stdout
    [suite] = ElementTree.parse(copy / "out" / "a.xml").getroot()
    assert suite.get("failures") == "1"
    data = json.loads(headrace("test", "-o", "json", cwd=copy, code=1).stdout)
    [failure] = data[0]["failures"]
    assert (failure["what"], failure["line"], failure["differences"]) == (
        "expect.output",
        1,
        [".: expected 2, got 1"],
    )


def test_what_functions_wrote_is_shown_where_a_case_failed(copy: Path) -> None:
    (copy / "tests" / "a.test.yaml").write_text(
        "cases: {a: {real: functions, input: {item: tea}, expect: {output: 2}}}\n"
    )
    done = headrace("test", cwd=copy, code=1)
    assert "what functions wrote:" in done.stdout and "INFO tea costs 6.25" in done.stdout


def test_problems_of_all_files_and_of_flows_are_told_at_once(copy: Path) -> None:
    (copy / "tests" / "a.test.yaml").write_text("cases: {a: {inputs: 1}}\n")
    (copy / "tests" / "b.test.yaml").write_text("flow: nosuch.yaml\ncases: {b: {}}\n")
    (copy / "tests" / "c.test.yaml").write_text("cases: {c: {mocks: {recipt: {output: 1}}}}\n")
    (copy / "tests" / "d.test.yaml").write_text("flow: ../broken.yaml\ncases: {d: {}}\n")
    text = (copy / "config" / "flowapp.yaml").read_text()
    (copy / "broken.yaml").write_text(text.replace("call: quote", "cal: quote"))
    done = headrace("test", cwd=copy, code=2)
    assert done.stdout == ""
    for expected in (
        "tests/a.test.yaml:1:13: error: unknown property `inputs`",
        "tests/b.test.yaml:1:7: error: there is no flow nosuch.yaml",
        "tests/c.test.yaml:1:21: error: shop has no task `recipt`",
        "did you mean `receipt`?",
        "broken.yaml:13:9: error: unknown property `cal`",
        "4 errors; nothing was run",
    ):
        assert expected in done.stderr, done.stderr


def test_no_tests_are_an_error_that_says_how_to_get_some(copy: Path) -> None:
    assert "headrace executions save-test last" in headrace("test", cwd=copy, code=2).stderr
    (copy / "tests" / "a.test.yaml").write_text(CASE)
    assert "no case has 'zzz'" in headrace("test", "--filter", "zzz", cwd=copy, code=2).stderr
    assert "there is no test file nosuch" in headrace("test", "nosuch", cwd=copy, code=2).stderr
    assert "1 passed" in headrace("test", "-k", "A.TEST*::a", cwd=copy).stdout


def test_saved_tests_of_a_store_pass_and_overwrite_nothing(copy: Path) -> None:
    headrace("run", "-i", '{"item": "tea", "quantity": 10}', cwd=copy)
    headrace("run", "-i", '{"item": "gold"}', cwd=copy, code=1)
    done = headrace("executions", "save-test", "last", cwd=copy / "cmd")
    [path] = (copy / "tests").glob("shop-*.test.yaml")
    assert done.stdout.strip().endswith(path.name) and "it passes" in done.stderr
    again = headrace("executions", "save-test", "last", cwd=copy, code=2)
    assert "nothing is overwritten" in again.stderr
    headrace("executions", "save-test", "last", "--force", cwd=copy)
    rows = json.loads(headrace("executions", "list", "-o", "json", cwd=copy).stdout)
    first = rows[-1]["id"]
    shown = headrace("executions", "save-test", first, "-o", "-", "--name", "teas", cwd=copy)
    assert shown.stdout.startswith("# Saved from execution") and "\n  teas:\n" in shown.stdout
    headrace("executions", "save-test", first, "--output", "other/place/a.test.yaml", cwd=copy)
    assert "2 cases: 2 passed" in headrace("test", "tests", "other", cwd=copy).stdout


def test_a_flow_that_is_not_the_projects_is_named_in_the_saved_test(copy: Path) -> None:
    text = (copy / "config" / "flowapp.yaml").read_text()
    (copy / "config" / "second.yaml").write_text(text.replace("name: shop", "name: second"))
    headrace("run", "config/second.yaml", cwd=copy)
    headrace("executions", "save-test", "--output", "tests/second.test.yaml", cwd=copy)
    assert "flow: ../config/second.yaml" in (copy / "tests" / "second.test.yaml").read_text()
    assert "config/second.yaml" in headrace("test", cwd=copy).stdout
