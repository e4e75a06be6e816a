"""Counters, gauges and histograms of a bounded number of series.

A count is one dictionary operation: the hot path pays for nothing else, and what the exposition format needs
is made when somebody asks. Each family belongs to one thread at a time, as the event loop's or the store's
writer's do; reading from another thread sees each series whole, though not all of them at one instant.

The library that writes the format is loaded when somebody asks, too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from prometheus_client.core import Metric

# What stands for all names beyond the limit.
OTHER = "other"
NAMES_MAX = 500

# Bounds in seconds: of what takes milliseconds, and of what may take days.
QUICK_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
LONG_SECONDS = (
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    5.0,
    10.0,
    60.0,
    300.0,
    3600.0,
    21600.0,
    86400.0,
)

Key: TypeAlias = tuple[str, ...]


class Family:
    """A metric with its labels.

    The first `named` labels name things that people make (a flow, a function, a queue). Together they take
    `names_max` different values; whatever comes later is counted as `other`. The labels after them have few
    values by themselves: who counts sees to that.
    """

    def __init__(
        self, name: str, text: str, labels: Sequence[str] = (), *, named: int = 0, names_max: int = NAMES_MAX
    ) -> None:
        self.name = name
        self.text = text
        self.labels = tuple(labels)
        self._named = named
        self._names_max = names_max
        self._names: set[Key] = set()
        self._others = (OTHER,) * named

    def _admitted(self, key: Key) -> Key:
        """Return the key to count under: the same, or with `other` for the names."""
        if not self._named:
            return key
        names = key[: self._named]
        if names not in self._names:
            if len(self._names) >= self._names_max:
                return self._others + key[self._named :]
            self._names.add(names)
        return key


class Counter(Family):
    """Only grows."""

    def __init__(
        self, name: str, text: str, labels: Sequence[str] = (), *, named: int = 0, names_max: int = NAMES_MAX
    ) -> None:
        super().__init__(name, text, labels, named=named, names_max=names_max)
        self._values: dict[Key, float] = {} if labels else {(): 0.0}

    def add(self, key: Key = (), amount: float = 1) -> None:
        """Count `amount` more under the values of the labels."""
        values = self._values
        if key in values:
            values[key] += amount
        else:
            key = self._admitted(key)
            values[key] = values.get(key, 0.0) + amount

    def collect(self) -> list[Metric]:
        """Return it as the exposition takes it."""
        from prometheus_client.core import CounterMetricFamily

        family = CounterMetricFamily(self.name, self.text, labels=self.labels)
        for key, value in list(self._values.items()):
            family.add_metric(key, value)
        return [family]


class Gauge(Family):
    """Goes up and down; or is read as a whole (`replace`)."""

    def __init__(
        self, name: str, text: str, labels: Sequence[str] = (), *, named: int = 0, names_max: int = NAMES_MAX
    ) -> None:
        super().__init__(name, text, labels, named=named, names_max=names_max)
        self._values: dict[Key, float] = {}

    def add(self, key: Key = (), amount: float = 1) -> None:
        """Move it by `amount`."""
        key = self._admitted(key)
        self._values[key] = self._values.get(key, 0.0) + amount

    def replace(self, values: Iterable[tuple[Key, float]]) -> None:
        """Take these series for all there are; names beyond the limit are added up as `other`."""
        self._names = set()
        fresh: dict[Key, float] = {}
        for key, value in values:
            key = self._admitted(key)
            fresh[key] = fresh.get(key, 0.0) + value
        self._values = fresh

    def collect(self) -> list[Metric]:
        """Return it as the exposition takes it."""
        from prometheus_client.core import GaugeMetricFamily

        family = GaugeMetricFamily(self.name, self.text, labels=self.labels)
        for key, value in list(self._values.items()):
            family.add_metric(key, value)
        return [family]


class Totals(Gauge):
    """Counters that somebody else keeps, read as a whole."""

    def collect(self) -> list[Metric]:
        """Return it as the exposition takes it."""
        from prometheus_client.core import CounterMetricFamily

        family = CounterMetricFamily(self.name, self.text, labels=self.labels)
        for key, value in list(self._values.items()):
            family.add_metric(key, value)
        return [family]


class Histogram(Family):
    """How values are spread over `bounds` (upper ones, ascending; more than the last is `+Inf`).

    With `counted` (name and text) a counter is shown beside it, of the same events: by all labels, while the
    histogram itself leaves the last `left_out` of them away. That is one look-up per event instead of two.
    """

    def __init__(
        self,
        name: str,
        text: str,
        labels: Sequence[str] = (),
        *,
        bounds: Sequence[float],
        counted: tuple[str, str] | None = None,
        left_out: int = 0,
        named: int = 0,
        names_max: int = NAMES_MAX,
    ) -> None:
        super().__init__(name, text, labels, named=named, names_max=names_max)
        self.bounds = tuple(bounds)
        self._texts = [*(repr(float(bound)) for bound in self.bounds), "+Inf"]
        self._counted = counted
        self._shown = len(self.labels) - left_out
        # Per series the counts of each bucket and of what is above the last bound, how many events have no
        # value (they are counted only), and the sum of the values.
        self._rows: dict[Key, list[float]] = {}
        if not labels:
            self._row(())

    def observe(self, key: Key, value: float) -> None:
        """Count one event with its value."""
        rows = self._rows
        row = rows[key] if key in rows else self._row(key)
        row[bisect_left(self.bounds, value)] += 1
        row[-1] += value

    def count(self, key: Key, events: int) -> None:
        """Count events whose values are not known."""
        self._row(key)[-2] += events

    def _row(self, key: Key) -> list[float]:
        key = self._admitted(key)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = [0] * (len(self.bounds) + 2) + [0.0]
        return row

    def collect(self) -> list[Metric]:
        """Return it, and its counter, as the exposition takes them."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        rows = [(key, list(row)) for key, row in list(self._rows.items())]
        merged: dict[Key, list[float]] = {}
        for key, row in rows:
            known = merged.setdefault(key[: self._shown], row)
            if known is not row:
                merged[key[: self._shown]] = [one + other for one, other in zip(known, row, strict=True)]
        family = HistogramMetricFamily(self.name, self.text, labels=self.labels[: self._shown])
        for key, row in merged.items():
            *counts, _, total = row
            family.add_metric(key, list(zip(self._texts, accumulate(counts), strict=True)), total)
        if self._counted is None:
            return [family]
        counter = CounterMetricFamily(*self._counted, labels=self.labels)
        for key, row in rows:
            counter.add_metric(key, sum(row[:-1]))
        return [family, counter]
