"""Random workflows: every task kind, nested, with retries, timeouts, races and events."""

from __future__ import annotations

import random
from typing import Any

FUNCTIONS = ("alpha", "beta", "gamma")


class Generator:
    """Writes one workflow from a seeded source of randomness.

    `confluent`: the result must not depend on the order in which answers arrive, so no races, no timeouts,
    no events, and no faults in parallel branches.
    """

    def __init__(self, source: random.Random, *, confluent: bool) -> None:
        self.source = source
        self.confluent = confluent
        self.budget = source.randint(6, 30)
        self.number = 0

    def workflow(self) -> dict[str, Any]:
        """Return an OWS document."""
        document: dict[str, Any] = {
            "document": {"dsl": "1.0.3", "namespace": "sim", "name": "random", "version": "1.0.0"},
            "do": self.tasks(0, parallel=False),
        }
        if not self.confluent and self.source.random() < 0.15:
            document["timeout"] = {"after": {"seconds": self.source.randint(1, 60)}}
        return document

    def name(self) -> str:
        self.number += 1
        return f"t{self.number}"

    def tasks(self, depth: int, *, parallel: bool) -> list[dict[str, Any]]:
        """Return a list of tasks; now and then a later one is the target of a flow directive."""
        tasks = []
        for _ in range(self.source.randint(3, 7) if depth == 0 else self.source.randint(1, 3)):
            name = self.name()
            tasks.append({name: self.task(depth, parallel=parallel)})
        names = [next(iter(task)) for task in tasks]
        for index, task in enumerate(tasks):
            body = task[names[index]]
            chance = self.source.random()
            if chance < 0.03:
                body["then"] = self.source.choice(["continue", "exit", *names[index + 1 :]])
            elif chance < 0.04 and not parallel:
                body["then"] = "end"
        return tasks

    def task(self, depth: int, *, parallel: bool) -> dict[str, Any]:
        self.budget -= 1
        leaves = ["call", "call", "call", "call", "set", "wait", "emit"]
        if not parallel or not self.confluent:
            leaves.append("raise")
        if not self.confluent:
            leaves.append("listen")
        kinds = list(leaves)
        if depth < 3 and self.budget > 0:
            kinds += ["do", "for", "for", "fork", "fork", "try", "try", "switch"]
        kind = self.source.choice(kinds)
        task: dict[str, Any] = getattr(self, f"_{kind}")(depth, parallel)
        if self.source.random() < 0.1:
            task["if"] = self.source.choice([".n % 2 == 0", "true", "false"])
        if self.source.random() < 0.1 and kind not in ("raise", "emit"):
            task["output"] = {"as": "{n: ((.n? // 0) + 1), seen: .}" if depth > 2 else "."}
        if self.source.random() < 0.1 and not parallel:
            task["export"] = {"as": "{count: (($context.count? // 0) + 1)}"}
        if not self.confluent and self.source.random() < 0.1:
            task["timeout"] = {"after": {"milliseconds": self.source.randint(1, 8000)}}
        return task

    def _call(self, depth: int, parallel: bool) -> dict[str, Any]:
        task: dict[str, Any] = {"call": self.source.choice(FUNCTIONS)}
        if self.source.random() < 0.4:
            task["with"] = {"n": "${ .n? // 0 }", "fixed": self.source.randint(0, 9)}
        if self.confluent and parallel:
            # A fault in one branch would end the others at a moment that depends on the order.
            return {
                "try": [{self.name(): task}],
                "catch": {"do": [{self.name(): {"set": {"n": 0, "caught": "${ $error.status }"}}}]},
            }
        return task

    def _set(self, depth: int, parallel: bool) -> dict[str, Any]:
        return {"set": {"n": "${ (.n? // 0) + 1 }", "from": "${ $input | type }"}}

    def _wait(self, depth: int, parallel: bool) -> dict[str, Any]:
        return {"wait": {"milliseconds": self.source.choice([0, 1, 250, 3000])}}

    def _emit(self, depth: int, parallel: bool) -> dict[str, Any]:
        return {
            "emit": {"event": {"with": {"type": self.source.choice(["ping", "pong"]), "data": {"n": 1}}}},
            "output": {"as": "{n: 1}"},
        }

    def _raise(self, depth: int, parallel: bool) -> dict[str, Any]:
        error = {"type": "https://example.test/errors/simulated", "status": 418, "title": "Simulated"}
        return {"raise": {"error": error}, "if": ".n? == 8"}

    def _listen(self, depth: int, parallel: bool) -> dict[str, Any]:
        one = {"with": {"type": "ping"}}
        to: dict[str, Any] = self.source.choice(
            [
                {"one": one},
                {"any": [one, {"with": {"type": "pong"}}]},
                {"all": [one, {"with": {"type": "pong"}}]},
                {"any": [one], "until": "(. | length) >= 2"},
            ]
        )
        task: dict[str, Any] = {"listen": {"to": to}, "output": {"as": "{n: length}"}}
        if self.source.random() < 0.3:
            task["foreach"] = {"item": "event", "do": [{self.name(): self._call(depth, parallel)}]}
        return task

    def _do(self, depth: int, parallel: bool) -> dict[str, Any]:
        return {"do": self.tasks(depth + 1, parallel=parallel)}

    def _for(self, depth: int, parallel: bool) -> dict[str, Any]:
        task: dict[str, Any] = {
            "for": {"each": "item", "in": self.source.choice(["[1, 2, 3]", "[]", "[range(4)]"])},
            "do": self.tasks(depth + 1, parallel=parallel),
        }
        if self.source.random() < 0.3:
            task["while"] = "$item < 3"
        return task

    def _fork(self, depth: int, parallel: bool) -> dict[str, Any]:
        branches = [
            {self.name(): self.task(depth + 1, parallel=True)} for _ in range(self.source.randint(1, 4))
        ]
        fork: dict[str, Any] = {"branches": branches}
        if not self.confluent and self.source.random() < 0.4:
            fork["compete"] = True
        return {"fork": fork, "output": {"as": "{n: ([.. | numbers] | length)}"}}

    def _try(self, depth: int, parallel: bool) -> dict[str, Any]:
        catch: dict[str, Any] = {}
        if self.source.random() < 0.6:
            catch["retry"] = {
                "delay": {"milliseconds": self.source.choice([0, 100, 2000])},
                "backoff": self.source.choice([{"constant": {}}, {"linear": {}}, {"exponential": {}}]),
                "limit": {"attempt": {"count": self.source.randint(0, 3)}},
            }
            if self.source.random() < 0.3:
                catch["retry"]["jitter"] = {"from": {"milliseconds": 1}, "to": {"milliseconds": 90}}
        if self.source.random() < 0.2:
            catch["errors"] = {"with": {"status": 418}}
        # In a parallel branch of a confluent flow no error may get out.
        if self.source.random() < 0.6 or (self.confluent and parallel):
            catch.pop("errors", None)
            catch["do"] = [{self.name(): {"set": {"n": 7, "error": "${ $error.status }"}}}]
        return {"try": self.tasks(depth + 1, parallel=parallel), "catch": catch}

    def _switch(self, depth: int, parallel: bool) -> dict[str, Any]:
        return {
            "switch": [
                {"even": {"when": ".n % 2 == 0", "then": "continue"}},
                {"other": {"then": "continue"}},
            ]
        }
