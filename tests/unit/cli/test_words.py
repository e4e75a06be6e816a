"""Times, ids, columns, reasons and errors in words."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from headrace.cli import exit_codes, project
from headrace.cli.explain import error_lines, source_lines
from headrace.cli.identify import match
from headrace.cli.output import as_json, as_table, as_yaml
from headrace.cli.scaffold import flow_name, project_files
from headrace.cli.terminal import Paint, clip, columns, one_line, width
from headrace.cli.words import count, distance, duration, moment, since
from headrace.engine.waiting import Waiting
from headrace.errors import HeadraceError
from headrace.runtime.why import why
from headrace.spec.flowapp import parse_definition

PLAIN = Paint(False)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0.0 ms"),
        (0, "0.0 ms"),
        (0.0004, "0.4 ms"),
        (0.0094, "9.4 ms"),
        (0.0096, "10 ms"),
        (0.012, "12 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (125, "2 min 5 s"),
        (3599.6, "1 h"),
        (3 * 3600 + 240, "3 h 4 min"),
        (86_399.7, "1 d"),
        (86_400 * 2 + 7200, "2 d 2 h"),
    ],
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_moments_are_utc_with_milliseconds() -> None:
    assert moment(0.0005) in ("1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.001Z")
    assert moment(1_700_000_000.25) == "2023-11-14T22:13:20.250Z"
    assert distance(5.0, 2.0) == "in 3.0 s"
    assert distance(2.0, 5.0) == "3.0 s ago"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("90s", 910.0),
        ("1.5m", 910.0),
        (" 10 min ", 400.0),
        ("1970-01-01", 0.0),
        ("1970-01-01T00:01", 60.0),
        ("1970-01-01T01:00:00+01:00", 0.0),
        ("1970-01-01T00:00:05Z", 5.0),
    ],
)
def test_since(text: str, at: float) -> None:
    assert since(text, 1000.0) == at


@pytest.mark.parametrize("text", ["", "yesterday", "-1h", "1y", "1970-13-01"])
def test_since_refuses(text: str) -> None:
    with pytest.raises(HeadraceError, match="--since"):
        since(text, 1000.0)


def test_count() -> None:
    assert [count(0, "error"), count(1, "error"), count(2000, "error")] == [
        "0 errors",
        "1 error",
        "2,000 errors",
    ]


IDS = ["01h0000000aaaa", "01h0000000bbbb", "01h1111111cccc"]


@pytest.mark.parametrize(
    ("text", "found"), [("01h1", 2), ("cccc", 2), ("CCCC", 2), ("0aaaa", 0), (IDS[1], 1)]
)
def test_ids_are_abbreviated_at_either_end(text: str, found: int) -> None:
    assert match(text, IDS) == IDS[found]


def test_ambiguous_and_unknown_ids() -> None:
    with pytest.raises(
        HeadraceError, match=r"'01h0' is short for 2 executions: 01h0000000aaaa, 01h0000000bbbb;"
    ):
        match("01h0", IDS)
    with pytest.raises(HeadraceError, match="there is no execution 0000"):
        match("0000", IDS)
    with pytest.raises(HeadraceError, match="and 95 more"):
        match("x", [f"x{number}" for number in range(100)])


def test_columns_are_aligned_by_width() -> None:
    assert columns(("A", "B"), [("日本", "x"), ("a", "a\nb")], paint=PLAIN) == [
        "A     B",
        "日本  x",
        "a     a b",
    ]
    [_, line] = columns(("A", "B"), [("a", "b" * 50)], paint=PLAIN, limit=20)
    assert line == "a  " + "b" * 16 + "…"


def test_text_is_clipped_and_made_harmless() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("abcdefg", 6) == "abcde…"
    assert width(clip("日本日本日本", 6)) <= 6
    assert one_line("  a\tb\x1b[31m\n") == "  a b [31m"


def test_colours_are_off_where_nobody_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Paint.of(Terminal())("x", "red") == "\x1b[31mx\x1b[0m"
    assert Paint.of(io.StringIO())("x", "red") == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert Paint.of(Terminal())("x", "red") == "x"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert Paint.of(Terminal())("x", "red") == "x"


def test_data_as_json_yaml_and_tables() -> None:
    assert as_json({"ä": "日"}) == '{\n  "ä": "日"\n}\n'
    assert as_json("\ud800") == '"\\ud800"\n'
    assert as_yaml("text") == "text\n"
    assert as_yaml({"b": 1, "a": [None]}) == "b: 1\na:\n- null\n"
    assert as_table({"b": 1, "a": {"x": [1]}}) == ["NAME  VALUE", "b     1", 'a     {"x": [1]}']
    assert as_table([{"a": 1}, {"b": "x"}]) == ["A  B", "1", "   x"]
    assert as_table([1, "two"]) == ["1", "two"]
    assert as_table([]) == ["[]"]
    assert as_table(None) == ["null"]


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (
            {"reason": "call", "target": "charge", "attempt": 2, "since": 90.0, "timeout_at": 160.0},
            "charge waits for the answer of charge, attempt 2, since 10.0 s; its timeout ends it in 1 min",
        ),
        (
            {"reason": "retry", "until": 103.0, "attempt": 3, "last_error": {"status": 503, "title": "Busy"}},
            "charge is tried again at 1970-01-01T00:01:43.000Z (in 3.0 s), attempt 3; "
            "the last attempt failed: 503 Busy",
        ),
        (
            {"reason": "timer", "until": 3700.0, "iteration": 4},
            "charge (iteration 4) waits for the time: it goes on at 1970-01-01T01:01:40.000Z (in 1 h)",
        ),
        (
            {
                "reason": "event",
                "events": [{"with": {"type": "a"}}, {"with": {"source": "/b"}}],
                "consumed": 2,
            },
            'charge waits for an event of type a or an event with {"source": "/b"}, after 2 taken',
        ),
        ({"reason": "event", "events": []}, "charge waits for any event"),
        ({"reason": "child", "child_id": "e.1"}, "charge waits for the execution e.1 that it started"),
        ({"reason": "starting"}, "charge is about to start"),
        (
            {"reason": "suspended", "pointer": ""},
            "the execution is suspended until `headrace executions resume`",
        ),
        (
            {"reason": "call", "item": {"queue": "shop.a", "id": "x", "state": "ready", "attempt": 0}},
            "charge waits for a reader of queue shop.a, attempt 1",
        ),
        (
            {
                "reason": "call",
                "item": {"queue": "q", "id": "x", "state": "leased", "attempt": 2, "until": 160.0}
                | {"leased_by": "press-7", "error": "no ink"},
            },
            "charge is worked on by press-7, leased from queue q until 1970-01-01T00:02:40.000Z, attempt 2; "
            "the last attempt failed: no ink",
        ),
        (
            {"reason": "call", "item": {"queue": "q", "id": "x", "state": "dead", "error": "no ink"}},
            "charge was given up on, see `headrace queue dead q`; the last attempt failed: no ink",
        ),
        (
            {"reason": "call", "item": {"queue": "q", "id": "x", "state": "unknown"}},
            "charge waits for queue q, which does not have it yet",
        ),
        (
            {"reason": "call", "item": {"queue": "q", "id": "x", "state": "completed"}},
            "charge was answered on queue q; the answer is about to be taken",
        ),
        (
            {
                "reason": "call",
                "kind": "batch",
                "item": {"queue": "q", "completed": 1200, "failed": 34, "total": 5000, "put": 300, "at": 99.0}
                | {"rate_per_second": 1000.4, "seconds_left": 3.8, "reused": 7},
            },
            "charge has done 1,234 of 5,000 items, 34 failed, 7 taken over, 1,000/s, 3.8 s left; "
            "300 are on queue q",
        ),
        (
            {"reason": "call", "kind": "batch", "item": {"queue": "q", "at": 40.0}},
            "charge has done 0 items, 0 failed; 0 are on queue q, as of 1 min ago",
        ),
    ],
)
def test_why(waiting: dict[str, object], words: str) -> None:
    assert (
        why(Waiting(**{"run_id": 1, "pointer": "/do/0/charge", "task": "charge", **waiting}), 100.0) == words
    )


def test_an_error_is_explained_at_its_place() -> None:
    text = project_files("shop")["config/flowapp.yaml"]
    definition, problems = parse_definition(text, "/somewhere/flowapp.yaml")
    assert definition is not None and not problems
    error = {
        "type": "https://example.test/errors/declined",
        "status": 402,
        "title": "Declined",
        "detail": "first line\nsecond line",
        "instance": "/do/2/discount",
        "receipt": 7,
    }
    assert error_lines(error, PLAIN, file="flowapp.yaml", definition=definition) == [
        "  declined (402): Declined",
        "  first line",
        "  second line",
        "  type  https://example.test/errors/declined",
        "  task  /do/2/discount  (flowapp.yaml:19:7)",
        "    19 |     - discount: {call: discount}",
        "       |       ^",
        "  receipt  7",
    ]
    assert error_lines({"type": "x", "status": 500}, PLAIN) == ["  x (500)", "  type  x"]


def test_source_lines_beyond_the_text() -> None:
    assert source_lines("one", 2, 1, PLAIN) == []
    assert source_lines("\tone", 1, 2, PLAIN) == ["     1 |  one", "       |  ^"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Shop", "shop"), ("My Flow!", "my-flow"), ("--a--", "a"), ("日本", "flow"), ("x" * 99, "x" * 63)],
)
def test_flow_names(text: str, name: str) -> None:
    assert flow_name(text) == name


def test_exit_codes() -> None:
    assert exit_codes.of_status("completed") == 0
    assert exit_codes.of_status("running") == 4
    assert exit_codes.worst([]) == 0
    assert exit_codes.worst([0, 4, 3, 0]) == 3
    assert exit_codes.worst([4, 1, 3]) == 1


def test_projects_and_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADRACE_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert project.project_of(Path("config/flowapp.yaml")) == tmp_path
    assert project.project_of(Path("flows/a.yaml")) == tmp_path / "flows"
    assert project.choose_store(None, tmp_path) == tmp_path / ".headrace" / "headrace.db"
    assert project.choose_store(Path("a.db"), tmp_path) == tmp_path / "a.db"
    assert project.project_of_store(tmp_path / ".headrace" / "x.db") == tmp_path
    assert project.project_of_store(tmp_path / "x.db") is None
    monkeypatch.setenv("HEADRACE_STORE", "b.db")
    assert project.choose_store(None, tmp_path) == tmp_path / "b.db"
    with pytest.raises(HeadraceError, match=r"there is no store b\.db"):
        project.find_store(None)
    (tmp_path / "b.db").touch()
    assert project.find_store(None) == tmp_path / "b.db"
    monkeypatch.delenv("HEADRACE_STORE")
    project.folders_to_make(tmp_path / ".headrace" / "headrace.db")
    (tmp_path / ".headrace" / "headrace.db").touch()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert project.find_store(None) == tmp_path / ".headrace" / "headrace.db"
    assert (tmp_path / ".headrace" / ".gitignore").read_text() == "*\n"


def test_events_from_files(tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_text('{"type": "a"}')
    assert project.read_events(file) == [{"type": "a"}]
    file.write_text('[{"type": "a"}, {"type": "b"}]')
    assert len(project.read_events(file)) == 2
    file.write_text('{"type": "a"}\n\n{"type": "b"}\n')
    assert [event["type"] for event in project.read_events(file)] == ["a", "b"]
    file.write_text('{"type": "a"}\n{')
    with pytest.raises(HeadraceError, match="events:2 is not JSON"):
        project.read_events(file)
    file.write_text('[{"type": "a"}, 7]')
    with pytest.raises(HeadraceError, match="event 2 of"):
        project.read_events(file)
