"""Verdicts as JUnit XML, which CI servers read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from headrace.flowtest.verdict import Failure, Verdict

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(verdicts: Iterable[Verdict]) -> str:
    """Return the document: a suite per test file, a test case per case. Times are real seconds."""
    files: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        files.setdefault(verdict.file, []).append(verdict)
    everything = [verdict for of_file in files.values() for verdict in of_file]
    root = ElementTree.Element("testsuites", {"name": "headrace", **_counts(everything)})
    for file, of_file in files.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": _text(file), **_counts(of_file)})
        for verdict in of_file:
            _case(suite, verdict)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, verdict: Verdict) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": _text(verdict.file),
            "name": _text(verdict.case),
            "file": _text(verdict.file),
            "line": str(verdict.line),
            "time": f"{verdict.seconds:.3f}",
        },
    )
    if verdict.status == "skipped":
        ElementTree.SubElement(case, "skipped", {"message": _text(verdict.skip or "")})
    elif verdict.failures:
        # One element: several are no part of what most servers read.
        first, *others = verdict.failures
        message = first.message + (f" (and {len(others)} more)" if others else "")
        failure = ElementTree.SubElement(case, "failure", {"message": _text(message), "type": first.what})
        failure.text = _text("\n\n".join(_lines(verdict.file, each) for each in verdict.failures))


def _lines(file: str, failure: Failure) -> str:
    head = f"{file}:{failure.line}:{failure.column}: {failure.what}: {failure.message}"
    return "\n".join([head, *(f"  {line}" for line in failure.differences)])


def _counts(verdicts: list[Verdict]) -> dict[str, str]:
    return {
        "tests": str(len(verdicts)),
        "failures": str(sum(verdict.status == "failed" for verdict in verdicts)),
        "errors": "0",
        "skipped": str(sum(verdict.status == "skipped" for verdict in verdicts)),
        "time": f"{sum(verdict.seconds for verdict in verdicts):.3f}",
    }


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
