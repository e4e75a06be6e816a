"""JUnit XML of verdicts."""

from __future__ import annotations

from xml.etree import ElementTree

from headrace.flowtest import Failure, Verdict
from headrace.flowtest.junit import junit_xml


def verdict(
    case: str, status: str, *failures: Failure, file: str = "a.test.yaml", skip: str | None = None
) -> Verdict:
    return Verdict(case=case, file=file, line=3, status=status, failures=failures, seconds=0.25, skip=skip)


def failure(message: str, *lines: str) -> Failure:
    return Failure(
        what="expect.output", message=message, line=7, column=9, pointer="/cases/b", differences=lines
    )


def test_a_suite_per_file_and_a_test_case_per_case() -> None:
    text = junit_xml(
        [
            verdict("good", "passed"),
            verdict(
                "bad <&>", "failed", failure("another \x00 one", ".a: expected 1, got 2"), failure("more")
            ),
            verdict("later", "skipped", skip="no bank yet"),
            verdict("good", "passed", file="b.test.yaml"),
        ]
    )
    root = ElementTree.fromstring(text)
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "1", "1")
    assert root.get("time") == "1.000"
    first, second = root.findall("testsuite")
    assert (first.get("name"), first.get("tests"), first.get("failures")) == ("a.test.yaml", "3", "1")
    assert (second.get("name"), second.get("tests")) == ("b.test.yaml", "1")
    good, bad, later = first.findall("testcase")
    assert list(good) == []
    assert (bad.get("name"), bad.get("file"), bad.get("line")) == ("bad <&>", "a.test.yaml", "3")
    told = bad.find("failure")
    assert told is not None and told.get("message") == "another \ufffd one (and 1 more)"
    assert "a.test.yaml:7:9: expect.output: another" in (told.text or "")
    assert ".a: expected 1" in (told.text or "")
    skipped = later.find("skipped")
    assert skipped is not None and skipped.get("message") == "no bank yet"
