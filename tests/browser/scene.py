"""All that the dashboard shows, with real data: the examples, a batch under way, failures, people asked.

What looks at all pages (`test_accessibility.py`, `screenshots.py`) looks at this.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser.site import NAMESPACE, Site, site

EXAMPLES = Path(__file__).parents[2] / "examples"
PARTS = {".py", ".mjs", ".json", ".yaml"}

NEWSLETTER = """\
# One letter to each reader: a batch over the work queue.
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: newsletter}
spec:
  version: 2.1.0
  triggers:
    - name: first-of-month
      cron: {schedule: "0 7 1 * *", timezone: Europe/Berlin, input: {readers: 1200}}
  functions:
    send-letter: {source: cmd/send-letter, description: Sends one letter}
  steps:
    - letters:
        call: batch
        with:
          items: "${ [range(.readers) | {reader: ., address: \\"reader-\\\\(.)@example.test\\"}] }"
          function: send-letter
          concurrency: 8
          attempts: 1
          tolerate: {share: 0.5}
          collect: {as: none}
    - report:
        set: {sent: "${ .completed }"}
"""

SEND_LETTER = """\
import time
from pathlib import Path

from headrace.function import FunctionError, function

HOLD = Path(__file__).parents[2] / "hold"


@function
def send_letter(letter: dict) -> dict:
    if letter["reader"] % 40 == 7:
        raise FunctionError(f"{letter['address']}: mailbox full", status=422, title="Undeliverable")
    # The rest waits, so that whoever looks finds the batch under way.
    while letter["reader"] >= 480 and HOLD.exists():
        time.sleep(0.05)
    return {"sent": letter["address"]}
"""

INVOICES = """\
# An hour's invoices, checked by a function that somebody broke.
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: invoices}
spec:
  version: 1.3.0
  triggers:
    - name: hourly
      interval: {every: PT1H, input: {invoice: R-1}}
  functions:
    check-invoice: {source: cmd/check-invoice, retries: 0}
  alerts:
    - name: invoices-fail
      faulted: true
      webhook: {url: "http://127.0.0.1:9/alerts"}
  steps:
    - check: {call: check-invoice, with: {number: "${ .invoice }"}}
    - settle: {wait: {days: 14}}
"""

# It says why by itself: a traceback would name folders, and a picture is for everybody.
CHECK_INVOICE = """\
import sys

sys.exit("LEDGER_URL is not set: name the ledger in the function's env")
"""


@dataclass
class Scene:
    """A server with all of that, and the names of what is looked at."""

    site: Site
    order: str = ""  # an execution with a loop, a retry and a fork
    failed: str = ""
    batch: str = ""
    claim: str = ""  # one that waits for a person
    claim_run: int = 0
    item: str = ""
    link: str = ""  # the address that decides without an account


def projects() -> dict[str, dict[str, str]]:
    """Return the examples, in the namespace that everybody begins with, and two projects more."""
    found: dict[str, dict[str, str]] = {}
    for folder in sorted(each for each in EXAMPLES.iterdir() if (each / "config").is_dir()):
        found[folder.name] = {
            str(path.relative_to(folder)): path.read_text("utf-8").replace(
                "namespace: shop", f"namespace: {NAMESPACE}"
            )
            for path in sorted(folder.rglob("*"))
            if path.suffix in PARTS and "tests" not in path.parts
        }
    found["newsletter"] = {
        "config/flowapp.yaml": NEWSLETTER,
        "cmd/send-letter/main.py": SEND_LETTER,
        "hold": "",
    }
    found["invoices"] = {"config/flowapp.yaml": INVOICES, "cmd/check-invoice/main.py": CHECK_INVOICE}
    return found


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Serve the scene; what is under way in it stays under way."""
    with site(folder, projects()) as opened:
        try:
            yield _played(opened)
        finally:
            (folder / "projects" / "newsletter" / "hold").unlink(missing_ok=True)


def _played(at: Site) -> Scene:
    played = Scene(at)
    _access(at)
    _alerts(at)
    _second_version(at)
    at.run("newsletter", {"readers": 240})  # a batch that is over
    played.batch = at.start("newsletter", {"readers": 1200})
    orders = json.loads((EXAMPLES / "order-fulfilment" / "data" / "orders.json").read_text("utf-8"))
    started = {order["id"]: _ordered(at, order) for order in orders}
    invoice = at.start("invoices", {"invoice": "R-2031"})
    _queues(at, played)
    for employee, amount, purpose in (
        ("Ada", 120, "Train and hotel, conference in Delft"),
        ("Grace", 64.5, "Books on compilers"),
        ("Linus", 18, "Coffee for the team"),
    ):
        at.start(
            "expenses",
            {
                "employee": employee,
                "amount": amount,
                "purpose": purpose,
                "receipts": [{"what": purpose, "amount": amount}],
            },
        )
    at.call("POST", "flowapps/restock/triggers/monday/pause")
    for execution_id in started.values():
        at.ended(execution_id)
    at.ended(invoice)
    played.order, played.failed = started["SO-2024110"], invoice
    _wait_for_people(at, played)
    _wait_for_the_batch(at, played.batch)
    return played


def _ordered(at: Site, order: dict[str, Any]) -> str:
    """Send an order to the http trigger, without waiting for what becomes of it."""
    taken = at.call("POST", f"/hooks/{NAMESPACE}/orders", order, headers={"prefer": "wait=0"})
    return str(taken["id"])


def _second_version(at: Site) -> None:
    """Save what somebody would change: then there are two versions to compare."""
    text = at.call("GET", "flowapps/order-fulfilment")["text"]
    for before, after in (("version: 1.0.0", "version: 1.1.0"), (".total > 100000", ".total > 120000")):
        assert before in text
        text = text.replace(before, after, 1)
    at.call(
        "PUT",
        "flowapps/order-fulfilment?message=Only+orders+over+1200+euros+are+scored",
        text.encode(),
        headers={"content-type": "application/yaml"},
    )


def _access(at: Site) -> None:
    at.call("PUT", "secrets/bank", {"value": {"user": "shop", "password": "not-a-real-one"}})
    at.call("PUT", "secrets/chat_url", {"value": "https://chat.example.test/hook"})
    for name, roles in (("ada", {NAMESPACE: "operator"}), ("grace", {"*": "viewer"})):
        at.call("POST", "/api/v1/users", {"name": name, "password": "correct horse battery", "roles": roles})
    at.call("POST", "/api/v1/tokens", {"name": "deploys", "roles": {NAMESPACE: "editor"}})


def _alerts(at: Site) -> None:
    webhook = {"url": "http://127.0.0.1:9/alerts"}
    at.call("PUT", "alerts/rules/failures", {"faulted": True, "webhook": webhook})
    at.call("PUT", "alerts/rules/slow-orders", {"slower": "PT10M", "webhook": webhook})
    backlog = {
        "queueOlder": {"queue": "parcels", "than": "PT30M"},
        "webhook": {"url": "{{ secrets.chat_url }}"},
    }
    at.call("PUT", "alerts/rules/backlog", backlog)
    silence = {"until": time.time() + 6 * 3600, "rule": "slow-orders", "reason": "stocktaking"}
    at.call("POST", "alerts/silences", silence)


def _queues(at: Site, played: Scene) -> None:
    def put(count: int, **more: Any) -> None:
        items = [{"data": {"parcel": f"P-{1000 + each}", "to": "Utrecht"}, **more} for each in range(count)]
        at.call("POST", "queues/parcels/items", {"items": items})

    def lease(count: int, worker: str) -> list[dict[str, Any]]:
        asked = {"max_items": count, "lease_seconds": 3600, "worker": worker}
        leased: list[dict[str, Any]] = at.call("POST", "queues/parcels/lease", asked)["items"]
        return leased

    def held(item: dict[str, Any]) -> dict[str, Any]:
        return {"id": item["id"], "token": item["token"]}

    put(9)
    given_up = [
        {**held(item), "error": f"label printer {number}: out of paper", "final": True}
        for number, item in enumerate(lease(3, "packer-1"), 1)
    ]
    at.call("POST", "queues/parcels/fail", {"items": given_up})
    at.call("POST", "queues/parcels/complete", {"items": [held(item) for item in lease(4, "packer-1")]})
    played.item = lease(2, "packer-2")[0]["id"]
    put(24)
    put(5, delay_seconds=7200)


def _wait_for_people(at: Site, played: Scene) -> None:
    for _ in range(600):
        found = [
            each
            for each in at.call("GET", "decisions")["items"]
            if each["title"].startswith("Expenses of Ada")
        ]
        if found:
            break
    else:
        raise AssertionError("nobody is asked")
    played.claim, played.claim_run = found[0]["execution_id"], found[0]["run_id"]
    path = f"decisions/{played.claim}/{played.claim_run}/links"
    played.link = at.call("POST", path, {"label": "Ada's team lead"})["url"]


def _wait_for_the_batch(at: Site, execution_id: str) -> None:
    """Return when the part of it that is not held is done."""
    for _ in range(3000):
        why = at.call("GET", f"executions/{execution_id}")["why"]
        if any((each["waiting"].get("item") or {}).get("completed", 0) >= 460 for each in why):
            return
    raise AssertionError("the batch does not go on")
