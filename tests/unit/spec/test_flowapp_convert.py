"""FlowApp to OWS and back: nothing is lost, in both directions."""

from __future__ import annotations

import copy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from headrace.spec.flowapp_convert import (
    DOCUMENT_ANNOTATION,
    KEPT,
    flowapp_to_ows,
    ows_to_flowapp,
)
from headrace.spec.flowapp_grammar import DSL_ANNOTATION

Data = dict[str, Any]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-100, 100) | st.floats(-1, 1) | st.text('ab{}"/~', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
MAPS = st.dictionaries(st.text("abc", min_size=1, max_size=3), JSON, max_size=2)
NAMES = st.sampled_from(["default", "a", "b-c"])
VERSIONS = st.sampled_from(["0.0.0", "1.0.0"])
DSLS = st.sampled_from(["1.0.3", "1.0.0"])
TASKS = st.lists(st.builds(lambda name, value: {name: {"set": {"x": value}}}, NAMES, JSON), max_size=2)
PARTS: Data = dict.fromkeys(("input", "use", "timeout", "output", "schedule", "evaluate"), MAPS)


@st.composite
def workflows(draw: st.DrawFn) -> Data:
    """Workflows, some with metadata that looks like what the conversion writes."""
    metadata = MAPS | st.builds(
        lambda kept, more: {KEPT: kept, **more}, JSON | kept_parts() | inner_flowapps(), MAPS
    )
    document = draw(
        st.fixed_dictionaries(
            {"dsl": DSLS, "namespace": NAMES, "name": NAMES, "version": VERSIONS},
            optional={
                "title": st.text(max_size=3),
                "summary": st.text(max_size=3),
                "tags": MAPS,
                "metadata": metadata,
            },
        )
    )
    return {
        **draw(st.fixed_dictionaries({"do": TASKS}, optional={**PARTS, "x-extra": JSON})),
        "document": document,
    }


def kept_parts() -> st.SearchStrategy[Data]:
    rest = st.fixed_dictionaries(
        {"metadata": MAPS, "spec": MAPS},
        optional={"apiVersion": st.just("headrace.dev/v1alpha1"), "kind": st.just("FlowApp")},
    )
    filled = st.lists(st.sampled_from(["dsl", "namespace", "version", "steps"]), max_size=3, unique=True)
    return st.fixed_dictionaries({"flowapp": rest}, optional={"filled": filled})


def inner_flowapps() -> st.SearchStrategy[Data]:
    return flowapps(nested=False).map(
        lambda flowapp: flowapp_to_ows(flowapp)["document"].get("metadata", {}).get(KEPT, {})
    )


def document_annotations() -> st.SearchStrategy[str]:
    value = st.fixed_dictionaries(
        {},
        optional={
            "metadata": MAPS | st.builds(lambda kept: {KEPT: kept}, kept_parts()),
            "document": MAPS,
            "extra": MAPS,
            "other": JSON,
        },
    )
    canonical = value.map(lambda data: orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode())
    return (
        canonical
        | value.map(lambda data: orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
        | st.text(max_size=3)
    )


@st.composite
def flowapps(draw: st.DrawFn, *, nested: bool = True) -> Data:
    """FlowApps with and without what OWS requires, some with annotations of the conversion."""
    annotations = st.fixed_dictionaries(
        {},
        optional={
            "team": st.text(max_size=3),
            DSL_ANNOTATION: DSLS,
            **({DOCUMENT_ANNOTATION: document_annotations()} if nested else {}),
        },
    )
    metadata = st.fixed_dictionaries(
        {"name": NAMES},
        optional={"namespace": NAMES, "labels": MAPS, "annotations": annotations, "uid": st.just("u")},
    )
    spec = st.fixed_dictionaries(
        {"steps": TASKS},
        optional={
            **PARTS,
            "version": VERSIONS,
            "title": st.text(max_size=3),
            "tags": MAPS,
            "triggers": st.lists(MAPS, max_size=2),
            "functions": MAPS,
            "history": st.just("full"),
        },
    )
    return {
        "apiVersion": "headrace.dev/v1alpha1",
        "kind": "FlowApp",
        "metadata": draw(metadata),
        "spec": draw(spec),
        **draw(st.fixed_dictionaries({}, optional={"status": MAPS})),
    }


def same(one: Any, other: Any) -> bool:
    """Tell whether two documents are equal as JSON: 1 is not 1.0, and True is not 1."""
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(other, option=orjson.OPT_SORT_KEYS)


@given(workflows())
def test_ows_to_flowapp_and_back(workflow: Data) -> None:
    before = copy.deepcopy(workflow)
    flowapp = ows_to_flowapp(workflow)
    assert same(workflow, before)
    assert flowapp["kind"] == "FlowApp"
    assert same(flowapp["spec"]["steps"], workflow["do"])
    assert same(flowapp_to_ows(flowapp), workflow)


@given(flowapps())
def test_flowapp_to_ows_and_back(flowapp: Data) -> None:
    before = copy.deepcopy(flowapp)
    workflow = flowapp_to_ows(flowapp)
    assert same(flowapp, before)
    assert same(workflow["do"], flowapp["spec"]["steps"])
    assert {"dsl", "namespace", "name", "version"} <= workflow["document"].keys()
    assert same(ows_to_flowapp(workflow), flowapp)


def test_a_workflow_stays_readable_as_a_flowapp() -> None:
    workflow = {
        "document": {
            "dsl": "1.0.0",
            "namespace": "n",
            "name": "w",
            "version": "2.0.0",
            "metadata": {"owner": "me"},
        },
        "do": [{"a": {"wait": "PT1S"}}],
        "timeout": {"after": "PT1M"},
    }
    assert ows_to_flowapp(workflow) == {
        "apiVersion": "headrace.dev/v1alpha1",
        "kind": "FlowApp",
        "metadata": {
            "name": "w",
            "namespace": "n",
            "annotations": {DSL_ANNOTATION: "1.0.0", DOCUMENT_ANNOTATION: '{"metadata":{"owner":"me"}}'},
        },
        "spec": {"version": "2.0.0", "steps": [{"a": {"wait": "PT1S"}}], "timeout": {"after": "PT1M"}},
    }


def test_triggers_that_are_added_to_a_converted_workflow_keep_its_metadata() -> None:
    workflow = {
        "document": {
            "dsl": "1.0.0",
            "namespace": "n",
            "name": "w",
            "version": "2.0.0",
            "metadata": {"owner": "me"},
        },
        "do": [],
    }
    flowapp = ows_to_flowapp(workflow)
    flowapp["spec"]["triggers"] = [{"name": "t", "kafka": {}}]
    back = flowapp_to_ows(flowapp)
    assert back["document"]["metadata"]["owner"] == "me"
    assert back["document"]["metadata"][KEPT]["flowapp"]["spec"] == {"triggers": [{"name": "t", "kafka": {}}]}
    assert ows_to_flowapp(back) == flowapp
