"""However a document is broken, validation answers with problems that have a place."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest

from headrace.spec.flowapp import parse_definition
from headrace.spec.parse import parse
from headrace.spec.validate import validate
from unit.spec.test_flowapp import FLOWAPP

WORKFLOW = """\
document: {dsl: 1.0.3, namespace: test, name: flow, version: 1.0.0, tags: {a: b}, metadata: {c: d}}
input: {schema: {document: {type: object}}, from: .x}
schedule: {on: {any: [{with: {type: t}, correlate: {id: {from: .id}}}], until: .done}, read: data}
evaluate: {language: jq, mode: strict}
timeout: long
use:
  secrets: [login]
  timeouts: {long: {after: PT1H}}
  errors: {bad: {type: https://x.test/bad, status: 500}}
  retries: {slow: {delay: {seconds: 3}, backoff: {linear: {}}, limit: {attempt: {count: 3}}}}
  catalogs: {ours: {endpoint: https://x.test/catalog}}
  authentications: {basic: {basic: {use: login}}}
  functions: {f: {call: http, with: {method: get, endpoint: {uri: /x, authentication: {use: basic}}}}}
  extensions: [{log: {extend: all, when: .x, before: [{a: {set: {b: 1}}}], after: [{c: {call: f}}]}}]
do:
  - one: {call: f, if: .x, then: three, timeout: {after: {minutes: 1}}}
  - two: {for: {each: x, in: .items, at: i}, while: $x, do: [{a: {set: {y: '${ $x + $i }'}}}]}
  - three:
      try: [{a: {raise: {error: bad}}}]
      catch: {errors: {with: {status: 500}}, as: e, when: $e, retry: slow, do: [{b: {wait: P1D}}], then: four}
  - four: {switch: [{big: {when: .x, then: two}}, {default: {then: end}}]}
  - five: {fork: {compete: true, branches: [{a: {emit: {event: {with: {type: t}}}}}, {b: {call: l:1@ours}}]}}
  - six: {listen: {to: {all: [{with: {type: t}}]}}, foreach: {item: x, do: [{a: {set: {z: '${ $x }'}}}]}}
  - seven: {run: {container: {image: x, lifetime: {cleanup: eventually, after: PT1S}}}, output: {as: .}}
"""
VALUES: list[Any] = [
    None,
    True,
    0,
    1.5,
    "",
    "x",
    "${ $x }",
    [],
    {},
    [None],
    {"a": None},
    [[]],
    [{"a": 1, "b": 2}],
]


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Return every (container, key) of the data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    found = []
    for key, value in list(entries):
        found.append((data, key))
        found += _places(value)
    return found


@pytest.mark.parametrize("text", [FLOWAPP, WORKFLOW], ids=["flowapp", "workflow"])
def test_the_document_itself_is_fine(text: str) -> None:
    definition, problems = parse_definition(text, "f.yaml")
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert definition is not None


@pytest.mark.parametrize("text", [FLOWAPP, WORKFLOW], ids=["flowapp", "workflow"])
@pytest.mark.parametrize("seed", range(5))
def test_any_value_may_be_anything(text: str, seed: int) -> None:
    source, _ = parse(text, "f.yaml")
    assert source is not None
    rng = random.Random(seed)
    for _ in range(100):
        data = copy.deepcopy(source.data)
        for _ in range(rng.choice([1, 2, 4])):
            container, key = rng.choice(_places(data))
            container[key] = copy.deepcopy(rng.choice(VALUES))
        written = json.dumps(data, indent=1)
        broken, problems = parse(written, "f.json")
        assert broken is not None, problems
        lines = written.split("\n")
        for problem in validate(broken):
            assert 1 <= problem.line <= len(lines)
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
            assert problem.message
            assert str(problem)


@pytest.mark.parametrize("text", [FLOWAPP, WORKFLOW], ids=["flowapp", "workflow"])
def test_what_is_accepted_can_be_loaded(text: str) -> None:
    source, _ = parse(text, "f.yaml")
    assert source is not None
    rng = random.Random(0)
    loaded = 0
    for _ in range(200):
        data = copy.deepcopy(source.data)
        container, key = rng.choice(_places(data))
        if isinstance(container, dict) and rng.random() < 0.5:
            del container[key]
        else:
            container[key] = copy.deepcopy(rng.choice(VALUES))
        definition, problems = parse_definition(json.dumps(data), "f.json", known_functions=None)
        assert (definition is None) == any(problem.severity == "error" for problem in problems)
        loaded += definition is not None
    assert loaded > 15
