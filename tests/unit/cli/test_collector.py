"""What a server's process says to the garbage collector: look less often, but do look."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from headrace.cli import collector


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


class Ring:
    """Refers to itself: only the collector frees it."""

    def __init__(self) -> None:
        self.self = self


def test_what_is_there_when_it_has_started_is_never_looked_at_again() -> None:
    collector.starting()
    here = Ring()
    collector.started()
    assert gc.get_freeze_count() > 0
    assert not any(each is here for each in gc.get_objects())


def test_rings_that_come_later_are_freed_without_being_asked_for() -> None:
    collector.starting()
    collector.started()
    known = weakref.ref(Ring())
    assert known() is not None
    kept: list[list[int]] = [[] for _ in range(2 * collector.YOUNG_OBJECTS)]
    assert len(kept) and known() is None


def test_a_start_is_looked_at_seldom_and_a_running_server_as_often_as_its_setting_says() -> None:
    looks: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            looks.append(phase)

    gc.callbacks.append(note)
    try:
        collector.starting()
        kept: list[list[int]] = [[] for _ in range(5 * collector.YOUNG_OBJECTS)]
        assert not looks
        collector.started()
        kept += [[] for _ in range(5 * collector.YOUNG_OBJECTS)]
        assert 4 <= len(looks) <= 6
    finally:
        gc.callbacks.remove(note)
