"""Durations to milliseconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.spec.duration import Duration, has_calendar_units, parse_duration
from headrace.spec.flowapp import duration_ms


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("PT0S", 0),
        ("PT1S", 1_000),
        ("PT1.5S", 1_500),
        ("PT0.001S", 1),
        ("PT0.0004S", 0),
        ("PT0.0006S", 1),
        ("PT5M", 300_000),
        ("PT1H30M", 5_400_000),
        ("P1D", 86_400_000),
        ("P1DT12H", 129_600_000),
        ("P2W", 14 * 86_400_000),
        ("P1M", 30 * 86_400_000),
        ("P1Y", 365 * 86_400_000),
        ("P1Y2M3W4DT5H6M7.8S", 38_898_367_800),
        ("P0.5D", 43_200_000),
    ],
)
def test_iso_durations(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "1D",
        "PT1",
        "P1H",
        "PT1D",
        "PT1S ",
        "-PT1S",
        "P-1D",
        "PT.5S",
        "PT1,5S",
        "pt1s",
        "PT１S",
        "P9999Y",
        "PT" + "1" * 40 + "S",
        "PT1S\n",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|1,000 years|characters"):
        parse_duration(text)


@given(st.integers(0, 900), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
def test_both_forms_agree(days: int, hours: int, minutes: int, seconds: int, milliseconds: int) -> None:
    text = f"P{days}DT{hours}H{minutes}M{seconds}.{milliseconds:03}S"
    written = {
        "days": days,
        "hours": hours,
        "minutes": minutes,
        "seconds": seconds,
        "milliseconds": milliseconds,
    }
    assert parse_duration(text) == Duration(**written).total_milliseconds() == duration_ms(written)


def test_calendar_units_are_told() -> None:
    assert has_calendar_units("P1M")
    assert has_calendar_units("P1YT1S")
    assert not has_calendar_units("PT1M")
    assert not has_calendar_units("${ .wait }")
