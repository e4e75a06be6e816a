"""The record of an execution as a tree."""

from __future__ import annotations

from headrace.cli.history_tree import LOOP_RUNS_SHOWN, history_tree
from headrace.runtime.open_state import OpenRun
from headrace.store.port import TaskRun


def run(run_id: int, parent_id: int = 0, name: str = "", **more: object) -> TaskRun:
    fields: dict[str, object] = {
        "execution_id": "e",
        "run_id": run_id,
        "parent_id": parent_id,
        "pointer": f"/do/0/{name or run_id}",
        "name": name or f"t{run_id}",
        "kind": "call",
        "status": "completed",
        "started_sequence": run_id * 2,
        "ended_sequence": run_id * 2 + 1,
        "started_at": 0.0,
        "ended_at": 0.012,
        **more,
    }
    return TaskRun(**fields)  # type: ignore[arg-type]


def drawn(runs: list[TaskRun], open_runs: tuple[OpenRun, ...] = (), *, every_run: bool = False) -> list[str]:
    entries = history_tree(runs, open_runs, 10.0, every_run=every_run)
    return [f"{each.indent}{each.status} {each.name} [{each.run_id}] {each.facts}" for each in entries]


def test_children_stand_below_their_parents_in_order_of_starting() -> None:
    # Children end before their parents: history has them first.
    runs = [run(2, 1, "b"), run(3, 1, "c"), run(1, 0, "a", kind="do", ended_sequence=99), run(4, 0, "d")]
    assert drawn(runs) == [
        "├─ completed a [1] do  12 ms",
        "│  ├─ completed b [2] call  12 ms",
        "│  └─ completed c [3] call  12 ms",
        "└─ completed d [4] call  12 ms",
    ]


def test_facts() -> None:
    faulted = run(1, status="faulted", attempt=3, error=b'{"type": "x", "status": 503, "title": "Busy"}')
    carried = run(2, carried=True, iteration=4)
    switch = run(3, kind="switch", details=b'{"case": "big"}')
    summed = run(4, kind="set", count=900)
    skipped = run(5, status="skipped")
    assert [line.split("] ")[1] for line in drawn([faulted, carried, switch, summed, skipped])] == [
        "call  12 ms  faulted  attempt 3  503 Busy",
        "call  iteration 4  12 ms  carried over",
        "switch  12 ms  → big",
        "set  × 900  12 ms",
        "call  skipped",
    ]


def test_open_runs_have_their_place() -> None:
    loop = OpenRun(1, 0, "/do/0/l", "l", "for", 1, 4.0, 1, None, "running")
    leaf = OpenRun(3, 1, "/do/0/l/do/0/s", "s", "call", 6, 9.5, 2, 1, "waiting")
    ended = run(2, 1, "s", iteration=0, started_sequence=2)
    assert drawn([ended], (loop, leaf)) == [
        "└─ running l [1] for  running for 6.0 s",
        "   ├─ completed s [2] call  iteration 0  12 ms",
        "   └─ waiting s [3] call  iteration 1  waiting for 500 ms  attempt 2",
    ]


def test_what_ended_meanwhile_is_shown_once() -> None:
    still_open = OpenRun(1, 0, "/do/0/a", "a", "call", 1, 4.0, 1, None, "running")
    assert drawn([run(1, name="a")], (still_open,)) == ["└─ completed a [1] call  12 ms"]


def test_long_loops_are_summed_up_and_failures_are_not() -> None:
    loop = run(1, 0, "loop", kind="for")
    steps = [
        run(number, 1, "step", iteration=number - 2, status="faulted" if number == 50 else "completed")
        for number in range(2, 2 + LOOP_RUNS_SHOWN * 3)
    ]
    lines = drawn([loop, *steps])
    assert len(lines) == 3
    assert "× 89" in lines[1] and "--full shows each" in lines[1]
    assert "faulted step [50]" in lines[2]
    assert len(drawn([loop, *steps], every_run=True)) == 1 + LOOP_RUNS_SHOWN * 3


def test_runs_without_their_parent_on_record_stand_at_the_top() -> None:
    assert drawn([run(7, 3, "call-only")]) == ["└─ completed call-only [7] call  12 ms"]
