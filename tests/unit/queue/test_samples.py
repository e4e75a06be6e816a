"""What is remembered of a queue, and what it takes."""

from __future__ import annotations

from headrace.queue.port import Stats
from headrace.queue.samples import Samples


def counts(enqueued: int, completed: int = 0, *, leased: int = 0, dead: int = 0, retried: int = 0) -> Stats:
    return Stats(
        ready=enqueued - completed - leased - dead,
        delayed=0,
        leased=leased,
        dead=dead,
        enqueued_total=enqueued,
        completed_total=completed,
        retried_total=retried,
        expired_total=0,
        dead_total=dead,
    )


def seen(samples: Samples) -> list[tuple[float, int, int]]:
    return [(each.at, each.enqueued_total, each.completed_total) for each in samples]


def test_counts_come_back_as_they_were() -> None:
    samples = Samples(60.0)
    samples.add(5.25, counts(2**52 + 1, 2**52, leased=1, retried=7))
    (sample,) = samples
    assert (sample.at, sample.ready, sample.leased, sample.dead) == (5.25, 0, 1, 0)
    assert (sample.enqueued_total, sample.completed_total, sample.retried_total) == (2**52 + 1, 2**52, 7)
    assert samples.since == 5.25
    assert list(Samples(60.0)) == []
    assert Samples(60.0).since is None


def test_a_rest_takes_its_two_ends() -> None:
    samples = Samples(3600.0)
    for at in range(0, 1000, 10):
        samples.add(at, counts(4))
    samples.add(1000.0, counts(5))
    samples.add(1010.0, counts(5))
    assert seen(samples) == [(0, 4, 0), (990, 4, 0), (1000, 5, 0), (1010, 5, 0)]


def test_any_count_that_changes_is_a_sample() -> None:
    samples = Samples(3600.0)
    for at, leased in enumerate([0, 0, 0, 1, 1, 1, 0]):
        samples.add(float(at), counts(4, leased=leased))
    assert [(each.at, each.leased) for each in samples] == [(0, 0), (2, 0), (3, 1), (5, 1), (6, 0)]


def test_what_is_old_is_forgotten() -> None:
    samples = Samples(60.0)
    for at in range(0, 200, 10):
        samples.add(at, counts(at))
    assert [at for at, *_ in seen(samples)] == [130, 140, 150, 160, 170, 180, 190]


def test_a_rest_reaches_back_to_the_edge_and_no_further() -> None:
    samples = Samples(60.0)
    for at in range(0, 200, 10):
        samples.add(at, counts(3))
    assert seen(samples) == [(130, 3, 0), (190, 3, 0)]
    # After a gap in which something happened nobody knows what it was like at the edge.
    samples.add(230.0, counts(9))
    assert seen(samples) == [(170, 3, 0), (190, 3, 0), (230, 9, 0)]
    samples.add(255.0, counts(9))
    assert seen(samples) == [(230, 9, 0), (255, 9, 0)]


def test_memory_is_bounded() -> None:
    samples = Samples(3600.0)
    for look in range(10_000):
        samples.add(look * 10.0, counts(look, look))
    assert len(samples) == 361
    assert samples.bytes_taken == 361 * 80


def test_another_queue_of_the_name_begins_anew() -> None:
    samples = Samples(3600.0)
    samples.add(0.0, counts(9, 5))
    samples.add(10.0, counts(9, 6))
    samples.add(20.0, counts(2, 0))
    assert seen(samples) == [(20, 2, 0)]


def test_a_clock_that_is_set_back_does_not_stop_it() -> None:
    samples = Samples(3600.0)
    for at in (100.0, 110.0, 120.0):
        samples.add(at, counts(int(at)))
    samples.add(105.0, counts(130))
    assert seen(samples) == [(100, 100, 0), (105, 130, 0)]
