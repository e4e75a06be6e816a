"""Microseconds per evaluation of typical expressions, beside libjq and JSONata (jlens).

Run it with `python -m bench.expr_bench`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import jlens
import jq
from rich.console import Console
from rich.table import Table

from headrace.expr import compile_expression

ITEMS = [{"sku": f"s{at}", "price": 10 + at, "qty": at + 1} for at in range(3)]
ORDER: dict[str, Any] = {
    "order": {"id": "o-1", "placed": "2025-01-01T00:00:00Z"},
    "customer": {"first": "Ada", "last": "Lovelace", "tier": "gold"},
    "items": ITEMS,
    "total": 250,
    "tier": "gold",
    "filler": {f"key{at}": f"value {at}" * 3 for at in range(25)},
}
MANY = {"items": [{"price": at % 97, "qty": at % 7, "tags": ["a", "b"], "id": at} for at in range(1000)]}

# Name, jq, JSONata, data.
CASES: list[tuple[str, str, str | None, Any]] = [
    ("field", ".order.id", "order.id", ORDER),
    ("predicate", '.total > 100 and .tier == "gold"', 'total > 100 and tier = "gold"', ORDER),
    (
        "object",
        "{id: .order.id, total: (.items | map(.price * .qty) | add), "
        'vip: (.customer.tier == "gold"), name: "\\(.customer.first) \\(.customer.last)"}',
        '{"id": order.id, "total": $sum(items.(price * qty)), "vip": customer.tier = "gold", '
        '"name": customer.first & " " & customer.last}',
        ORDER,
    ),
    ("update", '.order.state = "paid" | .total += 1', None, ORDER),
    ("text", '"order \\(.order.id) of \\(.customer.last)"', '"order " & order.id', ORDER),
    ("select 1000", "[.items[] | select(.price > 50) | .id]", "items[price > 50].id", MANY),
    ("map, add 1000", ".items | map(.price * .qty) | add", "$sum(items.(price * qty))", MANY),
    ("group 1000", ".items | group_by(.qty) | map(length)", None, MANY),
    ("reduce 1000", 'reduce .items[] as $i ({}; .["\\($i.qty)"] += $i.price)', None, MANY),
    ("update 1000", ".items[].price |= . + 1", None, MANY),
    ("sort 1000", ".items | sort_by(.price, .id) | first.id", None, MANY),
]


def microseconds(run: Callable[[], Any]) -> float:
    """Return the median of several timings of one call."""
    run()
    started = time.perf_counter()
    run()
    calls = max(1, min(20_000, int(0.02 / max(time.perf_counter() - started, 1e-7))))
    timings = []
    for _ in range(7):
        started = time.perf_counter()
        for _ in range(calls):
            run()
        timings.append((time.perf_counter() - started) / calls * 1e6)
    return statistics.median(timings)


def main() -> None:
    """Print the table."""
    table = Table(title="µs per evaluation (median)")
    for column in ("expression", "headrace", "libjq", "jlens"):
        table.add_column(column, justify="left" if column == "expression" else "right")
    for name, source, jsonata, data in CASES:
        ours = compile_expression(source)
        theirs = jq.compile(source)
        row = [
            microseconds(lambda ours=ours, data=data: ours.evaluate(data, {})),  # type: ignore[misc]
            microseconds(lambda theirs=theirs, data=data: theirs.input_value(data).all()),  # type: ignore[misc]
        ]
        cells = [f"{value:.2f}" for value in row]
        if jsonata is None:
            cells.append("")
        else:
            other = jlens.Expression(jsonata)
            cells.append(f"{microseconds(lambda other=other, data=data: other.evaluate(data)):.2f}")  # type: ignore[misc]
        table.add_row(name, *cells)
    Console().print(table)


if __name__ == "__main__":
    main()
