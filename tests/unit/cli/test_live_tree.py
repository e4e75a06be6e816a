"""The live tree: one line per task of the definition, whatever happens."""

from __future__ import annotations

import asyncio
import io

import pytest

from headrace.cli import live_view
from headrace.cli.live_tree import LiveTree, enclosing
from headrace.cli.live_view import LINES_PER_TASK, LiveView
from headrace.engine.record import Notice
from headrace.store.port import TaskRun

ERROR = {"type": "https://example.test/errors/busy", "status": 503, "detail": "The bank is busy"}


def notice(phase: str, run_id: int, pointer: str, at: float = 0.0, **more: object) -> Notice:
    return Notice(
        phase=phase,
        at=at,
        run_id=run_id,
        pointer=pointer,
        name=pointer.rpartition("/")[2],
        **{"kind": "call", **more},  # type: ignore[arg-type]
    )


def run(run_id: int, pointer: str, **more: object) -> TaskRun:
    fields: dict[str, object] = {
        "execution_id": "e",
        "run_id": run_id,
        "parent_id": 0,
        "pointer": pointer,
        "name": pointer.rpartition("/")[2],
        "kind": "call",
        "status": "completed",
        "started_sequence": run_id * 2,
        "ended_sequence": run_id * 2 + 1,
        "started_at": 0.0,
        "ended_at": 0.012,
        **more,
    }
    return TaskRun(**fields)  # type: ignore[arg-type]


def drawn(tree: LiveTree, now: float = 0.0, rows: int | None = None) -> list[str]:
    return [
        f"{line.indent}{line.status} {line.name}  {line.facts}".rstrip() for line in tree.lines(now, rows)
    ]


def test_a_task_that_runs_and_ends() -> None:
    tree = LiveTree()
    tree.take(notice("started", 1, "/do/0/charge", 10.0))
    assert drawn(tree, 10.5) == ["└─ running charge  500 ms …"]
    tree.take(notice("completed", 1, "/do/0/charge", 10.012))
    assert drawn(tree, 99.0) == ["└─ completed charge  12 ms"]


def test_a_loop_is_one_line_with_counts() -> None:
    tree = LiveTree()
    tree.take(notice("started", 1, "/do/0/each", 0.0, kind="for"))
    for index in range(1000):
        at = index / 1000
        tree.take(notice("started", 2 + index, "/do/0/each/do/0/step", at, parent_id=1, iteration=index))
        phase = "faulted" if index == 7 else "completed"
        error = ERROR if phase == "faulted" else None
        tree.take(
            notice(
                phase,
                2 + index,
                "/do/0/each/do/0/step",
                at + 0.001,
                parent_id=1,
                iteration=index,
                error=error,
            )
        )
    tree.take(notice("completed", 1, "/do/0/each", 1.0, kind="for"))
    assert drawn(tree) == [
        "└─ completed each  1,000 iterations  1.0 s",
        "   └─ completed step  × 1,000  1.0 s  1 faulted",
    ]


def test_branches_are_counted_and_drawn() -> None:
    tree = LiveTree()
    tree.take(notice("started", 1, "/do/0/both", kind="fork"))
    for number, name in enumerate(("left", "right")):
        tree.take(notice("started", 2 + number, f"/do/0/both/fork/branches/{number}/{name}", parent_id=1))
    tree.take(notice("completed", 3, "/do/0/both/fork/branches/1/right", 0.5, parent_id=1))
    assert drawn(tree, 1.0) == [
        "└─ running both  2 branches  1.0 s …",
        "   ├─ running left  1.0 s …",
        "   └─ completed right  500 ms",
    ]


def test_a_retry_shows_the_attempt_and_why() -> None:
    tree = LiveTree()
    tree.take(notice("started", 1, "/do/0/charge"))
    tree.take(notice("retried", 1, "/do/0/charge", 0.1, error=ERROR))
    assert drawn(tree, 0.2) == ["└─ running charge  200 ms …  attempt 2  503 The bank is busy"]
    tree.take(notice("completed", 1, "/do/0/charge", 0.3, attempt=2))
    assert drawn(tree) == ["└─ completed charge  300 ms  attempt 2"]


def test_skipped_and_cancelled_tasks() -> None:
    tree = LiveTree()
    tree.take(notice("skipped", 1, "/do/0/a"))
    tree.take(notice("started", 2, "/do/1/b"))
    tree.take(notice("cancelled", 2, "/do/1/b", 0.5))
    assert drawn(tree) == ["├─ skipped a  skipped", "└─ cancelled b  500 ms"]


def test_what_began_before_anybody_watched_gets_its_place() -> None:
    tree = LiveTree()
    # Its loop (run 1) is open: it is neither on record nor was it noticed.
    tree.take_history([run(2, "/do/3/each/do/0/step", parent_id=1, iteration=0)])
    tree.take(notice("started", 3, "/do/3/each/do/0/step", 1.0, parent_id=1, iteration=1))
    tree.take(notice("completed", 3, "/do/3/each/do/0/step", 1.012, parent_id=1, iteration=1))
    tree.take(notice("completed", 1, "/do/3/each", 2.0, kind="for"))
    assert drawn(tree) == ["└─ completed each  0.0 ms", "   └─ completed step  × 2  24 ms"]


def test_few_rows_keep_what_is_open_or_failed() -> None:
    tree = LiveTree()
    for number in range(20):
        tree.take(notice("started", 1 + number, f"/do/{number}/t{number}"))
        phase = "faulted" if number == 3 else "completed"
        if number != 11:
            tree.take(notice(phase, 1 + number, f"/do/{number}/t{number}"))
    lines = drawn(tree, 1.0, rows=5)
    assert len(lines) == 5
    assert "16 more tasks" in lines[0]
    assert any("running t11" in line for line in lines)
    assert any("faulted t3" in line for line in lines)


@pytest.mark.parametrize(
    ("pointer", "around"),
    [
        ("/do/0/a", None),
        ("/do/0/a/do/1/b", "/do/0/a"),
        ("/do/0/a/try/0/b", "/do/0/a"),
        ("/do/0/a/catch/do/2/b", "/do/0/a"),
        ("/do/0/a/fork/branches/1/b", "/do/0/a"),
        ("/do/0/a/fork/branches/1/b/do/0/c", "/do/0/a/fork/branches/1/b"),
        ("/do/0/a/foreach/do/0/b", "/do/0/a"),
    ],
)
def test_enclosing(pointer: str, around: str | None) -> None:
    assert enclosing(pointer) == around


def view_of(*notices: Notice) -> str:
    stream = io.StringIO()
    view = LiveView(stream)
    for each in notices:
        view.on("e", each)
        view.on("another", each)
    view.follow("e")
    view.close()
    return stream.getvalue()


def test_plain_lines() -> None:
    written = view_of(
        notice("started", 0, "", kind="workflow"),
        notice("started", 1, "/do/0/charge", 0.0),
        notice("retried", 1, "/do/0/charge", 0.1, error=ERROR),
        notice("completed", 1, "/do/0/charge", 0.112, attempt=2),
        notice("skipped", 2, "/do/1/gift"),
        notice("started", 3, "/do/2/ship", 1.0, iteration=4),
        notice("faulted", 3, "/do/2/ship", 3.5, iteration=4, error={"type": "x/timeout", "status": 408}),
    )
    assert written.splitlines() == [
        "↻ charge again after attempt 1: 503 The bank is busy",
        "✔ charge 112 ms attempt 2",
        "– gift skipped",
        "✘ ship #4 2.5 s 408 timeout",
    ]


def test_plain_lines_of_a_long_loop_are_few_but_faults_are_all_there() -> None:
    notices = []
    for index in range(500):
        at = float(index)
        notices.append(notice("started", index + 1, "/do/0/l/do/0/step", at, iteration=index))
        phase = "faulted" if index == 400 else "completed"
        error = ERROR if phase == "faulted" else None
        notices.append(notice(phase, index + 1, "/do/0/l/do/0/step", at, iteration=index, error=error))
    lines = view_of(*notices).splitlines()
    assert len(lines) == LINES_PER_TASK + 2
    assert "further runs are only counted" in lines[LINES_PER_TASK]
    assert lines[-1].startswith("✘ step #400")


def test_names_and_errors_cannot_rewrite_the_terminal() -> None:
    bad = {"type": "x", "status": 500, "detail": "a\x1b[2Jb\nc"}
    written = view_of(notice("started", 1, "/do/0/x"), notice("faulted", 1, "/do/0/x", 0.1, error=bad))
    assert "\x1b" not in written
    assert len(written.splitlines()) == 1


def test_what_is_on_record_is_not_noticed_again() -> None:
    stream = io.StringIO()
    view = LiveView(stream)
    for phase in ("started", "completed"):
        view.on("e", notice(phase, 1, "/do/0/a"))
        view.on("e", notice(phase, 2, "/do/1/b"))
    view.follow("e", [run(1, "/do/0/a")])
    assert stream.getvalue().splitlines() == ["✔ b 0.0 ms"]
    assert [line.name for line in view.tree.lines(0.0)] == ["a", "b"]


async def test_how_far_long_work_is_told_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_view, "TELL_SECONDS", 0.001)
    stream = io.StringIO()
    view = LiveView(stream)
    done = iter(range(100))
    view.watch(lambda: [f"the batch has done {next(done)}"])
    async with asyncio.timeout(30):
        while "done 2" not in stream.getvalue():
            await asyncio.sleep(0.001)
    view.close()
    told = stream.getvalue()
    await asyncio.sleep(0.01)
    assert stream.getvalue() == told
    assert told.splitlines()[:3] == [f"the batch has done {number}" for number in range(3)]


async def test_nothing_is_told_where_nobody_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_view, "TELL_SECONDS", 0.001)
    stream = io.StringIO()
    view = LiveView(stream, enabled=False)
    view.watch(lambda: ["the batch"])
    await asyncio.sleep(0.01)
    assert stream.getvalue() == ""
