"""docs/ows.md: the tests that it names exist, and the sentences that it quotes are the specification's."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.stubs.documents import OWS, need

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "ows.md").read_text("utf-8")


def plain(text: str) -> str:
    """Return text without the marks of Markdown and HTML, in single spaces."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"<[^>]*>|[`*]", " ", text).split()).replace(" ,", ",").replace(" .", ".")


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(test_\w+)::(test_\w+)`", PAGE)
    assert len(named) > 50
    for file, test in named:
        source = (ROOT / "tests" / "unit" / "engine" / f"{file}.py").read_text("utf-8")
        assert f"\ndef {test}(" in source, f"{file}::{test}"


def test_every_sentence_that_is_quoted_is_in_the_specification() -> None:
    need(OWS)
    texts = [OWS / "dsl.md", OWS / "dsl-reference.md", *sorted((OWS / "ctk" / "features").glob("*.feature"))]
    specification = plain(" ".join(path.read_text("utf-8") for path in texts))
    rows = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "`test_" in line]
    quoted = [sentence for row in rows if len(row) == 4 for sentence in re.findall(r'"([^"]+)"', row[2])]
    assert len(quoted) > 30
    for sentence in quoted:
        assert plain(sentence) in specification, sentence
