"""Events that start one execution together."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from headrace.source.groups import GROUPS_MAX, Change, Group, Groups
from headrace.source.matching import Filters
from headrace.source.port import SourceError
from headrace.spec.component import EventConsumptionStrategy
from headrace.spec.convert import build


def groups(strategy: dict[str, Any]) -> Groups:
    return Groups(Filters(build(EventConsumptionStrategy, strategy), "jq", "strict", "t"), "data")


def event(kind: str, data: Any = None, number: int = 0) -> dict[str, Any]:
    return {"type": kind, "source": "/s", "id": f"{kind}{data}{number}", "data": data}


def ids(change: Change | None) -> list[str] | None:
    if change is None or change.complete is None:
        return None
    return [one["id"] for one in change.complete.events]


def correlated(kind: str, **more: Any) -> dict[str, Any]:
    return {"with": {"type": kind}, "correlate": {"order": {"from": ".data.o", **more}}}


def test_one_event_for_each_filter_in_any_order() -> None:
    pairs = groups({"all": [{"with": {"type": "a"}}, {"with": {"type": "b"}}, {"with": {"type": "b"}}]})
    assert pairs.take(event("x"), 0.0) is None
    assert ids(pairs.take(event("b", 1), 0.0)) is None
    assert ids(pairs.take(event("a", 2), 0.0)) is None
    assert ids(pairs.take(event("a", 3), 0.0)) is None  # begins the next one
    assert ids(pairs.take(event("b", 4), 0.0)) == ["b10", "a20", "b40"]
    assert len(pairs) == 1


def test_groups_share_what_they_correlate_by() -> None:
    pairs = groups({"all": [correlated("a"), correlated("b")]})
    for order in (1, True, "1", {"x": [1]}):
        assert ids(pairs.take(event("a", {"o": order}), 0.0)) is None
    assert len(pairs) == 4
    assert pairs.take(event("a", {}), 0.0) is None  # nothing to correlate by
    for order in ({"x": [1]}, "1", True, 1):
        done = pairs.take(event("b", {"o": order}), 0.0)
        assert done is not None
        assert done.complete is not None
        assert [one["data"]["o"] for one in done.complete.events] == [order, order]
    assert len(pairs) == 0


def test_what_is_expected_is_no_correlation_between_events() -> None:
    pairs = groups({"all": [correlated("a", expect="7"), correlated("b")]})
    assert pairs.take(event("a", {"o": 8}), 0.0) is None
    assert pairs.take(event("a", {"o": 7}), 0.0) is not None
    assert ids(pairs.take(event("b", {"o": 7}), 0.0)) is not None


def test_a_group_is_the_same_after_it_was_kept() -> None:
    strategy = {"all": [correlated("a"), correlated("b"), {"with": {"type": "c"}}]}
    before = groups(strategy)
    change = before.take(event("a", {"o": 1}), 5.0)
    assert change is not None
    assert change.kept is not None
    kept = msgspec.json.decode(msgspec.json.encode(change.kept), type=Group)
    after = groups(strategy)
    after.load([kept])
    assert after.oldest == change.kept
    after.take(event("c"), 6.0)
    assert ids(after.take(event("b", {"o": 1}), 7.0)) == ["a{'o': 1}0", "cNone0", "b{'o': 1}0"]


def test_until_an_expression_that_fails_goes_on_gathering() -> None:
    gathering = groups({"any": [{"with": {"type": "n"}}], "until": "(map(.n) | add) > 3"})
    assert ids(gathering.take(event("n", "odd"), 0.0)) is None
    assert ids(gathering.take(event("n", {"n": 9}), 0.0)) is None
    assert len(gathering) == 1


def test_until_all_of_several_others() -> None:
    until = {"all": [{"with": {"type": "x"}}, {"with": {"type": "y"}}]}
    gathering = groups({"any": [{"with": {"type": "n"}}], "until": until})
    assert gathering.take(event("x"), 0.0) is None  # there is no group yet that it could end
    gathering.take(event("n", 1), 0.0)
    assert ids(gathering.take(event("y"), 0.0)) is None
    assert ids(gathering.take(event("n", 2), 0.0)) is None
    assert ids(gathering.take(event("x"), 0.0)) == ["n10", "n20"]


def test_any_of_nothing_gathers_everything() -> None:
    gathering = groups({"any": [], "until": "length > 1"})
    gathering.take(event("a"), 0.0)
    assert ids(gathering.take(event("b"), 0.0)) == ["aNone0", "bNone0"]


def test_groups_that_never_end_do_not_pile_up() -> None:
    pairs = groups({"all": [correlated("a"), correlated("b")]})
    # As one `take` after the other would have it, each of which looks at all groups before it.
    pairs.load(
        [
            Group(since=0.0, events=[event("a", {"o": order})], correlated={"order": str(order)}, open=[1])
            for order in range(GROUPS_MAX)
        ]
    )
    change = pairs.take(event("a", {"o": "one more"}), 0.0)
    assert change is not None
    assert change.given_up is not None
    assert change.given_up.events[0]["data"] == {"o": 0}
    assert len(pairs) == GROUPS_MAX


def test_a_filter_that_does_not_compile() -> None:
    with pytest.raises(SourceError, match=r"trigger x, .*does not compile"):
        Filters(
            build(EventConsumptionStrategy, {"one": {"with": {"type": "${ .a | }"}}}),
            "jq",
            "strict",
            "trigger x",
        )
