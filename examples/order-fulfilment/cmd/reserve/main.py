"""Reserves the goods of an order, from as few warehouses as it can: each one sends a parcel."""

import json
from pathlib import Path

from headrace.function import FunctionError, function

DATA = Path(__file__).resolve().parents[2] / "data"
STOCK = json.loads((DATA / "stock.json").read_text("utf-8"))
PRICES = json.loads((DATA / "prices.json").read_text("utf-8"))
WAREHOUSES = sorted({name for counts in STOCK.values() for name in counts})


@function
def reserve(request: dict) -> dict:
    wanted = {line["sku"]: line["quantity"] for line in request["lines"]}
    parcels = []
    # The warehouse that has most of the order goes first.
    for warehouse in sorted(WAREHOUSES, key=lambda name: -sum(take(name, wanted).values())):
        items = take(warehouse, wanted)
        if items:
            grams = sum(PRICES[sku]["grams"] * count for sku, count in items.items())
            parcels.append({"warehouse": warehouse, "items": items, "grams": grams})
            wanted = {sku: count - items.get(sku, 0) for sku, count in wanted.items()}
    short = [sku for sku, count in wanted.items() if count]
    if short:
        raise FunctionError(f"Sold out meanwhile: {', '.join(short)}", status=409, title="Out of stock")
    return {"order": request["order"], "parcels": parcels}


def take(warehouse: str, wanted: dict) -> dict:
    """What of `wanted` the warehouse has."""
    counts = {sku: min(count, STOCK[sku].get(warehouse, 0)) for sku, count in wanted.items()}
    return {sku: count for sku, count in counts.items() if count}
