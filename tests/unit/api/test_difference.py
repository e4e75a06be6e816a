from __future__ import annotations

from typing import Any

import pytest

from headrace.api.difference import differences


def found(old: Any, new: Any) -> list[tuple[str, str]]:
    return [(each.op, each.pointer) for each in differences(old, new)]


def test_what_means_the_same_has_no_difference() -> None:
    assert found({"a": [1, {"b": None}], "c": 1}, {"c": 1, "a": [1, {"b": None}]}) == []


def test_tasks_are_matched_by_name() -> None:
    old = {"do": [{"one": {"call": "a"}}, {"two": {"call": "b"}}]}
    new = {"do": [{"zero": {"set": {}}}, {"one": {"call": "a"}}, {"two": {"call": "c"}}]}
    assert found(old, new) == [("added", "/do/0/zero"), ("changed", "/do/2/two/call")]
    assert found(new, old) == [("changed", "/do/1/two/call"), ("removed", "/do/0/zero")]


def test_a_task_that_moved_says_from_where() -> None:
    old = [{"one": {}}, {"two": {}}, {"three": {}}]
    new = [{"three": {}}, {"one": {}}, {"two": {}}]
    changes = differences(old, new)
    assert ("moved", "/0/three", 2, 0) in [
        (each.op, each.pointer, each.before, each.after) for each in changes
    ]
    assert {each.op for each in changes} == {"moved"}


def test_triggers_are_matched_by_their_name() -> None:
    old = {"triggers": [{"name": "a", "http": {"path": "/a"}}]}
    new = {"triggers": [{"name": "b", "cron": {}}, {"name": "a", "http": {"path": "/b"}}]}
    assert found(old, new) == [("added", "/triggers/0/b"), ("changed", "/triggers/1/a/http/path")]


@pytest.mark.parametrize(("old", "new"), [(1, True), (0, False), (1, "1"), (None, False), ([1], [1, 2])])
def test_json_values_that_python_confuses_differ(old: Any, new: Any) -> None:
    assert found({"v": old}, {"v": new}) == [("changed", "/v")]


def test_names_are_escaped() -> None:
    assert found({}, {"a/b~c": 1}) == [("added", "/a~1b~0c")]
