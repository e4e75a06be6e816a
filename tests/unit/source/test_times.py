"""When cron and interval triggers are due, against an oracle that looks at every minute."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from headrace.source.port import SourceError
from headrace.source.times import CronTimes, EveryTimes

# Changes of the clock: an hour in spring and autumn, half an hour, at midnight, and none at all.
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 29)),
    ("Europe/Berlin", datetime(2026, 10, 25)),
    ("America/New_York", datetime(2026, 3, 8)),
    ("America/New_York", datetime(2026, 11, 1)),
    ("Australia/Lord_Howe", datetime(2026, 4, 5)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4)),
    ("Africa/Cairo", datetime(2026, 4, 24)),
    ("Africa/Cairo", datetime(2026, 10, 30)),
    ("Asia/Kathmandu", datetime(2026, 5, 5)),
    ("UTC", datetime(2026, 2, 28)),
]


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    return st.one_of(
        st.just("*"),
        number.map(str),
        st.integers(1, 20).map(lambda step: f"*/{step}"),
        st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}"),
        st.lists(number, min_size=2, max_size=3, unique=True).map(lambda some: ",".join(map(str, some))),
    )


def values(written: str, low: int, high: int) -> set[int]:
    if written.startswith("*"):
        step = int(written[2:] or 1) if "/" in written else 1
        return set(range(low, high + 1, step))
    if "-" in written:
        first, last = map(int, written.split("-"))
        return set(range(first, last + 1))
    return set(map(int, written.split(",")))


def expected(minute: str, hour: str, weekday: str, zone: str, day: datetime) -> list[float]:
    """Return the moments of three days around `day`, by looking at each minute of the wall clock."""
    place = zoneinfo.ZoneInfo(zone)
    minutes, hours = values(minute, 0, 59), values(hour, 0, 23)
    weekdays = {number % 7 for number in values(weekday, 0, 6)}

    def matches(wall: datetime) -> bool:
        return wall.minute in minutes and wall.hour in hours and wall.isoweekday() % 7 in weekdays

    def exists(wall: datetime) -> bool:
        moment = wall.replace(tzinfo=place).timestamp()
        return datetime.fromtimestamp(moment, place).replace(tzinfo=None) == wall

    found: set[float] = set()
    begin = (day - timedelta(days=1)).replace(tzinfo=place).astimezone(UTC)
    if minute.startswith("*") or hour.startswith("*"):
        # By what passes: every minute that there is.
        for number in range(3 * 24 * 60):
            moment = begin + timedelta(minutes=number)
            if matches(moment.astimezone(place)):
                found.add(moment.timestamp())
        return sorted(found)
    wall = day - timedelta(days=1)
    for number in range(3 * 24 * 60):
        named = wall + timedelta(minutes=number)
        if not matches(named):
            continue
        # A time that does not exist is the first one after it that does; one that comes twice is the first.
        while not exists(named):
            named += timedelta(minutes=1)
        found.add(named.replace(tzinfo=place).timestamp())
    return sorted(found)


@settings(max_examples=150, deadline=None)
@given(minute=field(0, 59), hour=field(0, 5), weekday=field(0, 6), change=st.sampled_from(CHANGES))
@example(minute="30", hour="2", weekday="*", change=CHANGES[0])
@example(minute="30", hour="2", weekday="*", change=CHANGES[1])
@example(minute="*/30", hour="*", weekday="*", change=CHANGES[1])
@example(minute="0,30", hour="2,3", weekday="*", change=CHANGES[0])
@example(minute="0", hour="0", weekday="*", change=CHANGES[6])
@example(minute="*/15", hour="0-2", weekday="0", change=CHANGES[4])
def test_cron_fires_as_the_oracle_does(
    minute: str, hour: str, weekday: str, change: tuple[str, datetime]
) -> None:
    zone, day = change
    times = CronTimes(f"{minute} {hour} * * {weekday}", zone)
    wanted = expected(minute, hour, weekday, zone, day)
    begin = (day - timedelta(days=1)).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp()
    end = begin + 70 * 3_600  # three days of the wall clock may have less than 72 hours
    wanted = [at for at in wanted if at < end]
    found: list[float] = []
    at = times.after(begin - 1)
    while at is not None and at < end:
        found.append(at)
        at = times.after(at)
    assert found == wanted


@settings(max_examples=150, deadline=None)
@given(
    minute=field(0, 59),
    hour=field(0, 5),
    change=st.sampled_from(CHANGES),
    offset=st.integers(0, 2 * 86_400),
    length=st.integers(0, 2 * 86_400),
)
def test_a_moment_belongs_to_the_series_whoever_asks(
    minute: str, hour: str, change: tuple[str, datetime], offset: int, length: int
) -> None:
    """Asked from anywhere, also from within the hour that comes twice, the series is the same one."""
    zone, day = change
    times = CronTimes(f"{minute} {hour} * * *", zone)
    start = (day - timedelta(days=1)).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp()
    begin, end = start + offset + 0.25, start + offset + length
    whole: list[float] = []
    at = times.after(start)
    while at is not None and at <= end:
        whole.append(at)
        at = times.after(at)
    within = [at for at in whole if at > begin]
    first = times.after(begin)
    assert (first if first is not None and first <= end else None) == (within[0] if within else None)
    if end > begin:
        assert times.last(begin, end) == (within[-1] if within else None)
        assert times.count(begin, end, 10_000) == len(within)
        assert times.count(begin, end, 2) == min(2, len(within))


def test_a_dense_schedule_after_a_long_stop_is_not_walked_through() -> None:
    times = CronTimes("* * * * * *", "Europe/Berlin")
    now = 1_800_000_000.5
    assert times.last(now - 10 * 365 * 86_400, now) == 1_800_000_000.0
    yearly = CronTimes("0 0 29 2 *", "UTC")
    assert yearly.last(now - 10 * 365 * 86_400, now) == datetime(2024, 2, 29, tzinfo=UTC).timestamp()
    assert yearly.last(now - 10.0, now) is None


def test_a_schedule_that_ends_has_no_next_time() -> None:
    assert CronTimes("0 0 1 1 *", "UTC").after(0.0) == 365 * 86_400.0


@given(
    every=st.floats(0.5, 1e6), start=st.floats(1e9, 2e9), steps=st.integers(0, 50), rest=st.floats(0.01, 0.99)
)
def test_an_interval_does_not_drift(every: float, start: float, steps: int, rest: float) -> None:
    times = EveryTimes(every)
    until = start + (steps + rest) * every
    at, walked = start, 0
    while (following := times.after(at)) is not None and following <= until:
        at, walked = following, walked + 1
    assert walked == steps == times.count(start, until, 1000)
    last = times.last(start, until)
    assert (last is None) == (steps == 0)
    if last is not None:
        assert last == pytest.approx(at, abs=1e-3)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: CronTimes("* * *", "UTC"), "not a cron expression"),
        (lambda: CronTimes("* * * * *", "Mars/Base"), "no time zone"),
        (lambda: EveryTimes(0.0), "never stop"),
    ],
)
def test_what_is_no_series(make: object, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        make()  # type: ignore[operator]
