"""Charges a card at the bank. The bank is its test system here: the card's last digits decide."""

import hashlib
import os

from headrace.function import Context, FunctionError, function

CURRENCY = os.environ.get("SHOP_CURRENCY", "EUR")
DECLINED = {"0002": "The bank declined the card", "0069": "The card has expired"}
BUSY = "0119"  # the first request for such a card is turned away, the next one goes through

turned_away: set[str] = set()


@function
def charge(payment: dict, context: Context) -> dict:
    card = payment["card"]["last4"]
    if card in DECLINED:
        raise FunctionError(f"{DECLINED[card]} (•••• {card})", status=402, title="Card declined")
    payment_key = f"{context.execution_id}/{payment['order']}"
    if card == BUSY and payment_key not in turned_away:
        turned_away.add(payment_key)
        context.logger.warning("the bank is busy, order %s", payment["order"])
        raise FunctionError("The bank is busy", status=503)
    # The same key on a redelivery makes the bank answer with the first receipt: nobody pays twice.
    receipt = hashlib.sha256(payment_key.encode()).hexdigest()[:12].upper()
    print(f"charged {payment['amount'] / 100:.2f} {CURRENCY} to •••• {card}, receipt {receipt}")
    return {"receipt": receipt, "amount": payment["amount"], "currency": CURRENCY}
