"""Tests of flows: cases as data, run by the real engine on mocks and skipped time.

    tests, problems = read_tests(text, "tests/orders.test.yaml")
    verdict = await run_case(definition, tests.cases[0], stage)
    saved = await case_from_execution(store, execution_id)

The format and its reasons are in docs/decisions/0008-flow-tests.md.
"""

from headrace.flowtest.case import Case, CaseFile
from headrace.flowtest.check import check_case
from headrace.flowtest.read import read_tests
from headrace.flowtest.run import plan_for, run_case
from headrace.flowtest.save import Saved, case_from_execution
from headrace.flowtest.stage import Stage
from headrace.flowtest.verdict import Failure, Verdict

__all__ = [
    "Case",
    "CaseFile",
    "Failure",
    "Saved",
    "Stage",
    "Verdict",
    "case_from_execution",
    "check_case",
    "plan_for",
    "read_tests",
    "run_case",
]
