"""The flows that Headrace runs in the benchmarks, as FlowApp text."""

from __future__ import annotations

from bench import steps

WIDTH = 200
"""How many branches, or iterations, W2 has."""


def orders(urls: dict[str, str] | None = None) -> str:
    """W1: the three functions, one after the other; in this process, or at `urls`."""
    declared = "".join(f"    {name}: {{url: '{url}'}}\n" for name, url in (urls or {}).items())
    calls = "".join(f"    - {name}: {{call: {name}}}\n" for name in steps.NAMES)
    return _flow("orders", calls, f"  functions:\n{declared}" if declared else "")


def fork() -> str:
    """W2: the function in each of `WIDTH` branches at once, joined."""
    branches = "".join(f"            - b{number}: {{call: nothing}}\n" for number in range(WIDTH))
    return _flow("fork", f"    - all:\n        fork:\n          branches:\n{branches}")


def loop() -> str:
    """W2: the function for each of the items in the input, in order."""
    return _flow(
        "loop",
        "    - each:\n"
        "        for: {in: .items}\n"
        "        do:\n"
        "          - step: {call: nothing, with: {item: '${ $item }'}}\n",
    )


def greeting() -> str:
    """W3: what a first try at the command line looks like; it needs no function."""
    return _flow("greeting", "    - greet:\n        set: {message: '${ \"Hello, \" + .name }'}\n")


def _flow(name: str, tasks: str, functions: str = "") -> str:
    return (
        "apiVersion: headrace.dev/v1alpha1\n"
        "kind: FlowApp\n"
        f"metadata: {{name: {name}}}\n"
        f"spec:\n  version: 1.0.0\n{functions}  steps:\n{tasks}"
    )
