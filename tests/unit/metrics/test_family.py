"""Families: what is counted, and that names cannot make it grow without bound."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import Metric

from headrace.metrics.family import Counter, Gauge, Histogram, Totals


def samples(metrics: Iterable[Metric]) -> dict[tuple[str, ...], float]:
    """Return {(suffix of the name, values of the labels...): value}."""
    return {
        (sample.name.removeprefix(metric.name), *sample.labels.values()): sample.value
        for metric in metrics
        for sample in metric.samples
    }


def test_a_counter_counts_per_series() -> None:
    counter = Counter("sent", "Sent.", ("flow", "status"), named=1)
    counter.add(("orders", "completed"))
    counter.add(("orders", "completed"), 2)
    counter.add(("orders", "faulted"))
    assert samples(counter.collect()) == {
        ("_total", "orders", "completed"): 3,
        ("_total", "orders", "faulted"): 1,
    }


def test_names_beyond_the_limit_are_counted_together() -> None:
    counter = Counter("sent", "Sent.", ("namespace", "flow", "status"), named=2, names_max=2)
    for flow in ("a", "b", "c", "d", "a"):
        counter.add(("default", flow, "completed"))
    counter.add(("default", "d", "faulted"))
    counter.add(("default", "b", "faulted"))
    assert samples(counter.collect()) == {
        ("_total", "default", "a", "completed"): 2,
        ("_total", "default", "b", "completed"): 1,
        ("_total", "default", "b", "faulted"): 1,
        ("_total", "other", "other", "completed"): 2,
        ("_total", "other", "other", "faulted"): 1,
    }


def test_a_histogram_has_cumulative_buckets_and_its_sum() -> None:
    histogram = Histogram("took", "Took.", ("flow",), bounds=(1, 2.5), named=1)
    for value in (0.5, 1.0, 2.0, 9.0):
        histogram.observe(("a",), value)
    assert samples(histogram.collect()) == {
        ("_bucket", "a", "1.0"): 2,
        ("_bucket", "a", "2.5"): 3,
        ("_bucket", "a", "+Inf"): 4,
        ("_count", "a"): 4,
        ("_sum", "a"): 12.5,
    }


def test_a_histogram_s_names_are_bounded_too() -> None:
    histogram = Histogram("took", "Took.", ("flow",), bounds=(1,), named=1, names_max=1)
    for number in range(5):
        histogram.observe((f"flow-{number}",), 0.1)
    found = samples(histogram.collect())
    assert found["_count", "flow-0"] == 1
    assert found["_count", "other"] == 4
    assert {labels[1] for labels in found} == {"flow-0", "other"}


def test_a_histogram_counts_the_same_events_by_more_labels() -> None:
    histogram = Histogram(
        "took", "Took.", ("flow", "status"), bounds=(1,), counted=("ended", "Ended."), left_out=1, named=1
    )
    histogram.observe(("a", "completed"), 0.5)
    histogram.observe(("a", "completed"), 2.0)
    histogram.observe(("a", "faulted"), 0.25)
    histogram.count(("a", "completed"), 10)
    took, ended = histogram.collect()
    assert samples([took]) == {
        ("_bucket", "a", "1.0"): 2,
        ("_bucket", "a", "+Inf"): 3,
        ("_count", "a"): 3,
        ("_sum", "a"): 2.75,
    }
    assert samples([ended]) == {("_total", "a", "completed"): 12, ("_total", "a", "faulted"): 1}


def test_without_labels_a_counter_and_a_histogram_begin_at_zero() -> None:
    # Prometheus's `rate` needs a first sample before the first event.
    assert samples(Counter("sent", "Sent.").collect()) == {("_total",): 0}
    assert samples(Histogram("took", "Took.", bounds=(1,)).collect())[("_count",)] == 0


def test_what_is_read_as_a_whole_forgets_what_is_gone() -> None:
    def queues(*names: str) -> Iterable[tuple[tuple[str, ...], float]]:
        return [((name, "ready"), 3) for name in names]

    for kind, suffix in ((Gauge, ""), (Totals, "_total")):
        family = kind("items", "Items.", ("queue", "state"), named=1, names_max=2)
        family.replace(queues("a", "b", "c", "d"))
        assert samples(family.collect()) == {
            (suffix, "a", "ready"): 3,
            (suffix, "b", "ready"): 3,
            (suffix, "other", "ready"): 6,
        }
        family.replace(queues("c"))
        assert samples(family.collect()) == {(suffix, "c", "ready"): 3}
