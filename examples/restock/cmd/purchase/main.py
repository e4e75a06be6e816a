"""Places an order with a supplier, whose system takes its time."""

import hashlib
import time

from headrace.function import Context, function


@function
def purchase(order: dict, context: Context) -> dict:
    time.sleep(0.2)
    # The same call again, after a crash, is the same purchase.
    number = hashlib.sha256(context.invocation_id.encode()).hexdigest()[:8].upper()
    return {"number": number, **order}
