"""The limit of W1 over HTTP: the three calls alone by the engine's own client; no engine, no store."""

from __future__ import annotations

from typing import Any

import orjson
import uvloop

from bench import services, steps, workload
from bench.tree import stop_descendants
from headrace.call.wire import Origin, WireClient

# Byte for byte what the engine sends, but for the values that it makes afresh for every call.
HEAD = (
    "POST / HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: headrace\r\n"
    "accept: application/json, application/cloudevents+json, */*;q=0.5\r\n"
    "content-type: application/json\r\nce-specversion: 1.0\r\nce-type: dev.headrace.function.invoke.v1\r\n"
    "ce-source: /default/orders:1.0.0\r\nce-headraceflow: default/orders:1.0.0\r\n"
    "ce-headracetask: /do/0/{name}\r\nce-headraceattempt: 1\r\n"
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
)
REST = b"%bce-id: %d/%d\r\nce-subject: 01J%023d\r\ncontent-length: %d\r\n\r\n%b"


async def _no_names(host: str, port: int) -> list[str]:
    return [host]


async def drive(ports: dict[str, int], chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Make the three calls, each with what the one before answered."""
    wire = WireClient(answer_bytes_max=1 << 20, resolve=_no_names)
    targets = [
        (Origin("127.0.0.1", port, tls=False), HEAD.format(port=port, name=name).encode())
        for name, port in ports.items()
    ]

    async def run(number: int) -> None:
        data: Any = steps.order(number)
        for position, (origin, head) in enumerate(targets):
            body = orjson.dumps(data)
            message = REST % (head, number, position, number, len(body), body)
            answer = await wire.exchange(origin, message, timeout_seconds=30.0)
            if answer.status != 200:
                raise SystemExit(
                    f"call {position} of {number} is answered with {answer.status}: {answer.body!r}"
                )
            data = orjson.loads(answer.body)
        steps.check(number, data)

    outcome = await workload.measure(run, chosen)
    await wire.aclose()
    return outcome


def main() -> None:
    """Start the functions, make the calls, stop the functions."""
    chosen = workload.options()
    try:
        outcome = uvloop.run(drive(services.start(), chosen))
    finally:
        stop_descendants()
    outcome.print()


if __name__ == "__main__":
    main()
