"""The ledger of a batch: lines that survive, lines that are cut off, and what a rerun takes over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headrace.call.performer import CallError
from headrace.delivery.batch.ledger import COMPLETED, FAILED, Earlier, Ledger, key_of, line_of

HEADER = {"batch": "x.1.1", "list": 3}


def written(path: Path) -> Ledger:
    ledger = Ledger(path, HEADER)
    ledger.append(
        [
            (2, COMPLETED, line_of(2, key_of(b"c"), "output", b'{"a": "\\n"}')),
            (0, FAILED, line_of(0, key_of(b"a"), "error", b'{"status":500}')),
        ]
    )
    return ledger


def test_lines_are_json(tmp_path: Path) -> None:
    written(tmp_path / "l").close()
    header, *lines = map(json.loads, (tmp_path / "l").read_text().splitlines())
    assert header == HEADER
    assert lines == [
        {"index": 2, "key": key_of(b"c"), "output": {"a": "\n"}},
        {"index": 0, "key": key_of(b"a"), "error": {"status": 500}},
    ]


def test_the_next_life_knows_what_has_ended(tmp_path: Path) -> None:
    written(tmp_path / "l").close()
    ledger = Ledger(tmp_path / "l", HEADER)
    assert [ledger.has(index) for index in range(4)] == [True, False, True, False]
    assert (ledger.completed, ledger.failed) == (1, 1)
    ledger.close()


@pytest.mark.parametrize("lost", [1, 5, 40])
def test_a_torn_line_is_cut_off(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "l"
    written(path).close()
    path.write_bytes(path.read_bytes()[:-lost])
    ledger = Ledger(path, HEADER)
    assert [ledger.has(index) for index in range(3)] == [False, False, True]
    ledger.append([(1, COMPLETED, line_of(1, key_of(b"b"), "completed", b"true"))])
    ledger.close()
    assert [json.loads(line)["index"] for line in path.read_text().splitlines()[1:]] == [2, 1]


def test_a_torn_first_line_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "l").write_text('{"batch":')
    Ledger(tmp_path / "l", HEADER).close()
    assert json.loads((tmp_path / "l").read_text()) == HEADER


def test_other_items_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "l").close()
    before = (tmp_path / "l").read_bytes()
    with pytest.raises(CallError, match="rerun the task with the new items"):
        Ledger(tmp_path / "l", {**HEADER, "list": 4})
    assert (tmp_path / "l").read_bytes() == before


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CallError, match="make room or give access"):
        Ledger(tmp_path / "file" / "l", HEADER)


def test_what_a_rerun_takes_over(tmp_path: Path) -> None:
    ledger = written(tmp_path / "l")
    ledger.append([(1, COMPLETED, line_of(1, key_of(b"b"), "completed", b"true"))])
    ledger.close()
    earlier = Earlier(tmp_path / "l", outputs=True)
    assert earlier.line(0, key_of(b"a")) is None  # it failed
    assert earlier.line(1, key_of(b"b")) is None  # it has no output
    assert earlier.line(2, key_of(b"other")) is None  # it is another item now
    assert earlier.line(3, key_of(b"d")) is None
    assert earlier.line(2, key_of(b"c")) == line_of(2, key_of(b"c"), "output", b'{"a": "\\n"}')
    earlier.close()
    earlier = Earlier(tmp_path / "l", outputs=False)
    assert earlier.line(1, key_of(b"b")) is not None
    earlier.close()


def test_without_an_earlier_ledger_nothing_is_taken_over(tmp_path: Path) -> None:
    earlier = Earlier(tmp_path / "none", outputs=True)
    assert earlier.line(0, key_of(b"a")) is None
    earlier.close()
