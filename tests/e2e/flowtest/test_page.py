"""docs/testing.md: its `console` blocks in one shell, its examples, and that it leaves nothing out."""

from __future__ import annotations

import re
from pathlib import Path

from e2e.page import run_commands
from e2e.test_docs_cli import pattern, steps
from headrace.flowtest import read_tests
from headrace.flowtest.grammar import ANSWER, CASE, EXPECT

PAGE = Path(__file__).parents[3] / "docs" / "testing.md"


def test_every_command_of_the_page(tmp_path: Path) -> None:
    script = steps(PAGE.read_text())
    assert len(script) > 20
    told = run_commands(script, tmp_path)
    for number, ((command, output), (printed, code)) in enumerate(zip(script, told, strict=True)):
        assert pattern(output).fullmatch(printed), f"$ {command}\n{printed}\nis not\n{output}"
        shown = number + 1 < len(script) and script[number + 1][0] == "echo $?"
        failing = "error" in output or "✖" in output
        assert code == "0" or shown or failing, f"$ {command}\nends with {code}:\n{printed}"


def test_the_examples_of_the_page_are_valid() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        text = block.replace("{…}", "{}").replace("[…]", "[]").replace("mocks: {}\n    publish", "publish")
        if "cases:" not in text:
            text = "cases:\n  it:\n" + "".join(f"    {line}\n" for line in text.splitlines())
        tests, problems = read_tests(text, "page.test.yaml")
        assert tests is not None, (problems, text)


def test_every_property_is_on_the_page() -> None:
    page = PAGE.read_text()
    for shape in (CASE, EXPECT, ANSWER):
        for name in shape.properties:
            if name != "description":
                assert re.search(rf"\b{name}\b", page), name
