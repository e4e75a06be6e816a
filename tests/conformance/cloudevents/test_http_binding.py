"""The official conformance vectors for CloudEvents over HTTP: the feature file and the minimal events.

`HEADRACE_CLOUDEVENTS_DIR` names the folder with `features/` and `yaml/`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from headrace.api.cloudevent import read_events

DIRECTORY = Path(
    os.environ.get("HEADRACE_CLOUDEVENTS_DIR") or Path(__file__).parents[3].parent / "shared" / "cloudevents"
)
FEATURE = DIRECTORY / "features" / "http-protocol-binding.feature"
EVENTS = DIRECTORY / "yaml" / "v1.0"


def _missing() -> None:
    if not FEATURE.is_file():
        text = f"{FEATURE} is missing; set HEADRACE_CLOUDEVENTS_DIR"
        pytest.fail(text) if os.environ.get("CI") else pytest.skip(text)


def _scenarios() -> list[Any]:
    if not FEATURE.is_file():
        return [pytest.param(None, id="missing")]
    document: Any = Parser().parse(FEATURE.read_text("utf-8"))
    document["uri"] = FEATURE.name
    return [pytest.param(pickle, id=pickle["name"]) for pickle in Compiler().compile(document)]


def _minimal() -> list[Any]:
    if not EVENTS.is_dir():
        return [pytest.param(None, id="missing")]
    found = [
        event
        for file in sorted(EVENTS.glob("*.yaml"))
        for event in yaml.safe_load_all(file.read_text("utf-8"))
        if event
    ]
    return [pytest.param(event, id=event["ContextAttributes"]["id"]) for event in found]


def _request(text: str) -> tuple[dict[str, str], bytes]:
    head, _, body = text.partition("\n\n")
    lines = [line.split(": ", 1) for line in head.splitlines()[1:]]
    return {name.strip().lower(): value.strip() for name, value in lines}, body.encode()


@pytest.mark.parametrize("scenario", _scenarios())
def test_scenario(scenario: Any) -> None:
    _missing()
    event: dict[str, Any] = {}
    headers: dict[str, str] = {}
    body = b""
    for step in scenario["steps"]:
        text, argument = step["text"], step.get("argument", {})
        if text == "HTTP Protocol Binding is supported":
            continue
        if text == "an HTTP request":
            headers, body = _request(argument["docString"]["content"])
        elif text == "parsed as HTTP request":
            [event] = read_events(headers, body)
        elif text == "the attributes are:":
            cells = [[cell["value"] for cell in row["cells"]] for row in argument["dataTable"]["rows"]]
            assert {name: event[name] for name, _ in cells[1:]} == dict(cells[1:])
        elif text == "the data is equal to the following JSON:":
            assert event["data"] == json.loads(argument["docString"]["content"])
        else:
            pytest.fail(f"no such step: {text}")


def test_the_feature_has_all_its_scenarios() -> None:
    _missing()
    assert len(_scenarios()) == 4
    assert len(_minimal()) == 6


@pytest.mark.parametrize("vector", _minimal())
def test_minimal_event_in_both_modes_as_the_official_sdk_sends_it(vector: Any) -> None:
    _missing()
    attributes = {name: str(value) for name, value in vector["ContextAttributes"].items()}
    is_json = "json" in attributes["datacontenttype"]
    data = json.loads(vector["Data"]) if is_json else vector["Data"]
    # The SDK takes a text for one that is written already, and of JSON it writes objects alone.
    written = data if isinstance(data, dict) else vector["Data"]
    messages = [to_binary_event(CloudEvent(dict(attributes), written))]
    if not is_json or written is data:
        messages.append(to_structured_event(CloudEvent(dict(attributes), written)))
    for message in messages:
        headers = {name.lower(): value for name, value in message.headers.items()}
        [event] = read_events(headers, message.body)
        assert {name: event[name] for name in attributes} == attributes
        assert event["data"] == data
