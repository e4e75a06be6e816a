"""Prices one order line and says whether it can be delivered now."""

import json
from pathlib import Path

from headrace.function import FunctionError, function

DATA = Path(__file__).resolve().parents[2] / "data"
PRICES = json.loads((DATA / "prices.json").read_text("utf-8"))
STOCK = json.loads((DATA / "stock.json").read_text("utf-8"))


@function
def check_stock(line: dict) -> dict:
    sku, quantity = line["sku"], line["quantity"]
    article = PRICES.get(sku)
    if article is None:
        raise FunctionError(f"We do not sell {sku}", status=404, title="Unknown article")
    return {
        "sku": sku,
        "name": article["name"],
        "quantity": quantity,
        "amount": article["price"] * quantity,
        "available": sum(STOCK[sku].values()) >= quantity,
    }
