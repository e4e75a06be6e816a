"""The flows that the dashboard shows in the benchmarks, as FlowApp text."""

from __future__ import annotations

from bench import steps

NODES = 500
ITERATIONS = 1000
RUNS_OF_ITERATION = 5
LARGE, LOOP = "large", "loop"

_CHAPTER = """\
    - load{n}: {{call: reserve, with: {{order: "${{ .order }}", total: "${{ .total + {n} }}"}}}}
    # Large orders are looked at first.
    - size{n}:
        switch:
          - large: {{when: .total > 1000 and .tier == "gold", then: review{n}}}
          - refused: {{when: .total < 0, then: refuse{n}}}
          - other: {{then: pay{n}}}
    - review{n}:
        do:
          - ask{n}: {{call: charge, with: {{order: "${{ .order }}", total: 1}}}}
          - note{n}: {{set: {{reviewed: true, total: "${{ .total }}"}}}}
        then: pay{n}
    - refuse{n}:
        raise:
          error: {{type: https://example.com/errors/refused, status: 422, title: "Refused {n}"}}
    - pay{n}:
        try:
          - charge{n}: {{call: charge, with: {{order: "${{ .order }}", total: "${{ .total }}"}}}}
          - booked{n}: {{set: {{booked: true}}}}
        catch:
          errors: {{with: {{status: 402}}}}
          retry: {{delay: PT1S, limit: {{attempt: {{count: 3}}}}}}
          do:
            - unbook{n}: {{set: {{booked: false}}}}
    - parcels{n}:
        for: {{each: parcel, in: "${{ .parcels }}"}}
        do:
          - ship{n}: {{call: ship, with: {{order: "${{ $parcel.id }}", total: 1}}}}
          - label{n}: {{set: {{label: "${{ $parcel.id }}"}}}}
    - tell{n}:
        fork:
          branches:
            - mail{n}: {{call: ship}}
            - book{n}: {{call: reserve}}
            - pause{n}: {{wait: PT1S}}
    - keep{n}:
        if: .keep
        set: {{kept: "${{ .order }}"}}
"""
_NODES_OF_CHAPTER = 18


def large(nodes: int = NODES) -> str:
    """A flow of so many tasks: calls, choices, loops, branches, what is tried, two levels deep."""
    chapters, rest = divmod(nodes, _NODES_OF_CHAPTER)
    text = "".join(_CHAPTER.format(n=number) for number in range(chapters))
    text += "".join(f"    - last{number}: {{call: ship}}\n" for number in range(rest))
    return _flow(LARGE, text)


def loop(urls: dict[str, str]) -> str:
    """A loop of five task runs in each iteration, four of which leave the engine."""
    inner = (
        '          - reserve: {call: reserve, with: {order: "${ $item }", total: 1}}\n'
        "          - check:\n"
        "              switch:\n"
        "                - large: {when: .total > 1000, then: ship}\n"
        "                - other: {then: charge}\n"
        "          - charge: {call: charge}\n"
        "          - ship: {call: ship}\n"
        '          - again: {call: reserve, with: {order: "${ $item }", total: 2}}\n'
    )
    tasks = f"    - each:\n        for: {{in: '[range(.count)]'}}\n        do:\n{inner}"
    return _flow(LOOP, tasks, urls)


def _flow(name: str, tasks: str, urls: dict[str, str] | None = None) -> str:
    addresses = urls or dict.fromkeys(steps.NAMES, "http://127.0.0.1:9")
    functions = "".join(f"    {each}: {{url: '{url}'}}\n" for each, url in addresses.items())
    return (
        "apiVersion: headrace.dev/v1alpha1\n"
        "kind: FlowApp\n"
        f"metadata: {{name: {name}}}\n"
        "spec:\n"
        "  version: 1.0.0\n"
        "  triggers:\n"
        "    - name: api\n"
        f"      http: {{path: /{name}, method: POST, reply: accepted}}\n"
        f"  functions:\n{functions}"
        f"  steps:\n{tasks}"
    )
