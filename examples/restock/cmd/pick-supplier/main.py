"""Finds who has the best price for an article, and in which lots they sell it."""

import json
from pathlib import Path

from headrace.function import FunctionError, function

OFFERS = json.loads((Path(__file__).parents[2] / "data" / "suppliers.json").read_text("utf-8"))


@function
def pick_supplier(request: dict) -> dict:
    offers = [offer for offer in OFFERS if request["sku"].startswith(offer["range"])]
    if not offers:
        raise FunctionError(f"nobody sells {request['sku']}", status=404, title="No supplier")
    best = min(offers, key=lambda offer: offer["price"])
    return {"supplier": best["supplier"], "price": best["price"], "lot": best["lot"]}
