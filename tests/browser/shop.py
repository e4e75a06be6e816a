"""Flows to look at: orders that succeed, are retried, and fail; one that waits; one with many task runs."""

from __future__ import annotations

ORDERS = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  functions:
    price: {source: cmd/price}
    charge: {source: cmd/charge}
  steps:
    - begin:
        set: {lines: "${ .lines }", total: 0, card: "${ .card }"}
        export: {as: "$input"}
    - eachLine:
        for: {each: line, in: $context.lines}
        do:
          - price:
              call: price
              with: {sku: "${ $line.sku }", quantity: "${ $line.quantity }"}
              output: {as: "$input + {total: ($input.total + .amount)}"}
    - route:
        switch:
          - large: {when: .total > 1000, then: review}
          - everyday: {then: pay}
    - review:
        set: "${ . + {reviewed: true} }"
    - pay:
        try:
          - chargeCard:
              call: charge
              with: {amount: "${ .total }", card: "${ .card }"}
        catch:
          errors: {with: {status: 503}}
          retry: {delay: {milliseconds: 20}, limit: {attempt: {count: 3}}}
    - thanks:
        set: {paid: "${ .amount }"}
"""

PRICE = """\
from headrace.function import FunctionError, function

PRICES = {"beans": 12, "filter": 3, "machine": 1500}


@function
def price(line: dict) -> dict:
    if line["sku"] not in PRICES:
        raise FunctionError(f"there is no article {line['sku']}", status=404, title="No such article")
    amount = PRICES[line["sku"]] * line["quantity"]
    print(f"{line['quantity']} x {line['sku']} is {amount}")
    return {"sku": line["sku"], "amount": amount}
"""

CHARGE = """\
from headrace.function import Context, FunctionError, function

turned_away: set[str] = set()


@function
def charge(payment: dict, context: Context) -> dict:
    if payment["card"] == "declined":
        raise FunctionError("the bank declined the card", status=402, title="Card declined")
    if payment["card"] == "busy" and context.execution_id not in turned_away:
        turned_away.add(context.execution_id)
        raise FunctionError("the bank is busy", status=503)
    print(f"charged {payment['amount']}")
    return {"amount": payment["amount"]}
"""

APPROVAL = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: approval}
spec:
  version: 1.0.0
  steps:
    - ask:
        set: {asked: true}
    - decision:
        listen: {to: {one: {with: {type: com.example.approved}}}}
    - done:
        set: {approved: true}
"""

MANY = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: many}
spec:
  version: 1.0.0
  functions:
    count: {source: cmd/count}
  steps:
    - each:
        for: {each: number, in: "${ [range(.count)] }"}
        do:
          - first: {call: count, with: {number: "${ $number }"}}
          - second: {call: count, with: {number: "${ .number + 1 }"}}
"""

COUNT = """\
from headrace.function import function


@function
def count(data: dict) -> dict:
    return data
"""

WORK = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: work}
spec:
  version: 1.0.0
  functions:
    work: {source: cmd/work}
  steps:
    - work: {call: work, with: {go: "${ .go }"}}
"""

# Works until a file is there, so that a test decides when it ends.
UNTIL = """\
import time
from pathlib import Path

from headrace.function import function


@function
def work(data: dict) -> dict:
    print("begun", flush=True)
    while not Path(data["go"]).exists():
        time.sleep(0.02)
    print("ended", flush=True)
    return {"worked": True}
"""

GREETING = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: greeting}
spec:
  version: VERSION
  steps:
    - greet:
        set:
          greeting: '${ "GREETING, " + .name }'
"""

PROJECTS = {
    "orders": {"config/flowapp.yaml": ORDERS, "cmd/price/main.py": PRICE, "cmd/charge/main.py": CHARGE},
    "approval": {"config/flowapp.yaml": APPROVAL},
    "work": {"config/flowapp.yaml": WORK, "cmd/work/main.py": UNTIL},
    "many": {"config/flowapp.yaml": MANY, "cmd/count/main.py": COUNT},
}

GOOD = {"card": "good", "lines": [{"sku": "beans", "quantity": 2}, {"sku": "filter", "quantity": 1}]}
LARGE = {"card": "busy", "lines": [{"sku": "machine", "quantity": 1}, {"sku": "beans", "quantity": 4}]}
DECLINED = {"card": "declined", "lines": [{"sku": "beans", "quantity": 1}]}
