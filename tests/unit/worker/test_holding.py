"""Until when a reader may have what it holds, by its own clock."""

from __future__ import annotations

from headrace.queue.port import Leased
from headrace.worker.holding import Hold, Holding


def holding() -> tuple[Holding, list[Hold]]:
    held = Holding(30.0)
    items = [
        Leased(id=name, token=1, payload=b"", attempt=1, expires_at=9e9, enqueued_at=0.0) for name in "abc"
    ]
    return held, held.take(items, 100.0)


def test_a_lease_counts_from_when_it_was_asked_for() -> None:
    held, holds = holding()
    assert [hold.until for hold in holds] == [130.0] * 3  # whatever the server's clock says
    assert held.expire(129.9) == []
    assert set(held.expire(130.0)) == set(holds)
    assert held.expire(131.0) == []  # reported once


def test_what_is_renewed() -> None:
    held, holds = holding()
    assert held.to_renew(109.9, 10) == []
    assert set(held.to_renew(110.0, 10)) == set(holds)
    assert held.renewed(holds, 110.0, refused=["b"]) == [holds[1]]
    assert [hold.until for hold in holds] == [140.0, 130.0, 140.0]
    assert holds[1].lost and set(held.to_renew(125.0, 10)) == {holds[0], holds[2]}


def test_what_is_dropped_is_forgotten() -> None:
    held, holds = holding()
    held.drop(holds[:2])
    assert len(held) == 1 and list(held) == [holds[2]]
    held.drop(holds)
    assert len(held) == 0
