"""The files of a new project. Pure."""

from __future__ import annotations

import re

_FLOWAPP = """\
# A quote becomes an order. Check it: headrace validate. Run it: headrace run --input '{"item": "tea"}'
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: @NAME@, namespace: default}
spec:
  version: 0.1.0
  functions: # each is a folder below cmd/
    quote: {source: cmd/quote}
    discount: {source: cmd/discount}
    receipt: {source: cmd/receipt}
  steps:
    - quote:
        call: quote
        with: {item: "${ .item // \\"coffee\\" }", quantity: "${ .quantity // 2 }"}
    - isLarge:
        switch:
          - large: {when: .total >= 50, then: discount}
          - normal: {then: receipt}
    - discount: {call: discount}
    - receipt: {call: receipt}
"""

_QUOTE = '''\
"""What so many of an item cost."""

from headrace.function import Context, FunctionError, function

PRICES = {"coffee": 14.5, "tea": 6.25, "cocoa": 9.0}


@function
def quote(wish: dict, context: Context) -> dict:
    price = PRICES.get(wish["item"])
    if price is None:
        # Statuses below 500 are final; 503 would be worth another attempt.
        raise FunctionError(f"We have no {wish['item']}", status=404, title="Unknown item")
    context.logger.info("%s costs %.2f", wish["item"], price)
    return {**wish, "price": price, "total": price * wish["quantity"]}
'''

_DISCOUNT = '''\
"""A tenth off what is large."""

from headrace.function import function


@function
def discount(order: dict) -> dict:
    return {**order, "total": round(order["total"] * 0.9, 2), "discount": "10 %"}
'''

_RECEIPT = '''\
"""The receipt in words."""

from headrace.function import function


@function
def receipt(order: dict) -> dict:
    print(f"writing the receipt for {order['item']}")
    return {"receipt": f"{order['quantity']} x {order['item']}: {order['total']:.2f}", **order}
'''

_TEST = '''\
"""The whole flow, in this process, on a store in memory: python -m pytest"""

import asyncio
from pathlib import Path

import pytest

from headrace import ExecutionFaulted, Headrace

FLOW = Path(__file__).parents[1] / "config" / "flowapp.yaml"


def run(data: dict) -> dict:
    async def once() -> dict:
        async with Headrace() as headrace:
            return await headrace.run(await headrace.deploy(FLOW), data)

    return asyncio.run(once())


def test_small_order() -> None:
    assert run({"item": "tea", "quantity": 2})["total"] == 12.5


def test_large_order_has_a_discount() -> None:
    assert run({"item": "coffee", "quantity": 10})["total"] == 130.5


def test_unknown_item() -> None:
    with pytest.raises(ExecutionFaulted, match="We have no gold"):
        run({"item": "gold", "quantity": 1})
'''

_FLOW_TEST = """\
# The flow with answers in place of its functions: headrace test
mocks:
  quote: {compute: "{item, quantity, price: 10, total: (.quantity * 10)}"}
  discount: {compute: ". + {total: (.total * 0.9)}"}
  receipt: {compute: '{receipt: "\\(.quantity) x \\(.item)", total}'}

cases:
  a small order:
    input: {item: tea, quantity: 2}
    expect:
      output: {receipt: 2 x tea, total: 20}
      path: [quote, isLarge, receipt]

  a large order has a discount:
    input: {item: tea, quantity: 5}
    expect:
      matches: {total: 45}
      calls: {discount: 1}

  an unknown item:
    input: {item: gold}
    mocks: {quote: {error: {status: 404, detail: We have no gold}}}
    expect: {error: {status: 404, detail: /gold/}}

  its own functions:
    real: functions # goes before the mocks of the file
    input: {item: coffee, quantity: 10}
    expect:
      matches: {total: 130.5, receipt: "/^10 x coffee/"}
"""

_README = """\
# @NAME@

A flow in `config/flowapp.yaml`; the business code of its steps in `cmd/<function>/main.py`.

```sh
headrace validate                                            # check it
headrace run --input '{"item": "coffee", "quantity": 10}'    # run it
headrace executions show last --logs                         # every task run, with what it wrote
headrace executions rerun last --from receipt                # again, from any task
headrace functions serve                                     # the functions alone, reloaded when code changes
headrace test                                                # its tests: mocks, time that is skipped
python -m pytest                                             # the flow with its own functions, in process
```

Executions are kept in `.headrace/headrace.db`. One that is interrupted goes on with `headrace run --resume`.
"""

_GITIGNORE = """\
.headrace/
.venv/
__pycache__/
.pytest_cache/
"""


def flow_name(text: str) -> str:
    """Return a text as the name of a flow: lower case, digits and hyphens (RFC 1123)."""
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:63].strip("-")
    return name or "flow"


def project_files(name: str) -> dict[str, str]:
    """Return the files of a new project, by path."""
    return {
        "config/flowapp.yaml": _FLOWAPP.replace("@NAME@", name),
        "cmd/quote/main.py": _QUOTE,
        "cmd/discount/main.py": _DISCOUNT,
        "cmd/receipt/main.py": _RECEIPT,
        "tests/test_flow.py": _TEST,
        "tests/flow.test.yaml": _FLOW_TEST,
        "README.md": _README.replace("@NAME@", name),
        ".gitignore": _GITIGNORE,
    }
