"""FlowApp to OWS document and back, without loss.

The steps, their parts, and what both documents know (name, namespace, version, title, ...) change places;
everything else is kept where the other kind of document leaves room:

* what only a FlowApp has goes to `document.metadata["headrace.dev"]` of the OWS document, as
  `{"flowapp": <the FlowApp without what was moved>, "filled": [<fields that OWS requires and it lacks>]}`;
* what only an OWS document has goes to annotations of the FlowApp: `headrace.dev/dsl`, and
  `headrace.dev/document`, the JSON of its own metadata and of properties that nobody knows.

Both functions take documents that validation found without errors.
"""

from __future__ import annotations

import copy
from typing import Any

import orjson

from headrace.spec.flowapp_grammar import API_VERSION, DSL_ANNOTATION, KIND
from headrace.spec.problem import escape

DEFAULT_NAMESPACE = "default"
DEFAULT_DSL = "1.0.3"
DEFAULT_VERSION = "0.0.0"
KEPT = "headrace.dev"
DOCUMENT_ANNOTATION = "headrace.dev/document"

_PARTS = ("input", "use", "timeout", "output", "schedule", "evaluate")
_TITLES = ("version", "title", "summary", "tags")
_DOCUMENT = ("dsl", "namespace", "name", *_TITLES, "metadata")

Data = dict[str, Any]


def flowapp_to_ows(flowapp: Data) -> Data:
    """Return the OWS document of a FlowApp; `ows_to_flowapp` gives exactly the FlowApp back."""
    plain, _, _ = _split(flowapp)
    if _same(_embed(plain), flowapp) and _restore(plain) is None:
        return plain
    # Own metadata that would be misread on the way back stays in its annotation.
    own = (_decoded(flowapp) or {}).get("metadata", {"": None})
    decode = bool(own) and KEPT not in own
    plain, rest, filled = _split(flowapp, decode=decode)
    kept: Data = {"flowapp": rest}
    if filled:
        kept["filled"] = filled
    document = plain["document"]
    document["metadata"] = {**document.get("metadata", {}), KEPT: kept}
    return plain


def ows_to_flowapp(ows: Data) -> Data:
    """Return the FlowApp of an OWS document; `flowapp_to_ows` gives exactly the document back."""
    restored = _restore(ows)
    return _embed(ows) if restored is None else restored


def kept_spec(ows: Data) -> Data:
    """Return the `spec` of the FlowApp that an OWS document carries in its metadata, else an empty map."""
    value: Any = ows
    for name in ("document", "metadata", KEPT, "flowapp", "spec"):
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def kept_pointer() -> str:
    """Return the JSON Pointer of the kept FlowApp in an OWS document."""
    return f"/document/metadata/{escape(KEPT)}/flowapp"


_MOVED = {
    "/do": "/spec/steps",
    "/document/name": "/metadata/name",
    "/document/namespace": "/metadata/namespace",
    **{f"/document/{name}": f"/spec/{name}" for name in _TITLES},
    **{f"/{name}": f"/spec/{name}" for name in _PARTS},
}


def flowapp_pointer(ows_pointer: str) -> str:
    """Return where a value of the OWS document stands in its FlowApp: `/do/0/a` is at `/spec/steps/0/a`."""
    for ours, theirs in _MOVED.items():
        if ows_pointer == ours or ows_pointer.startswith(ours + "/"):
            return theirs + ows_pointer[len(ours) :]
    return ows_pointer


def ows_pointer(flowapp_pointer: str) -> str:
    """Return where a value of a FlowApp stands in its OWS document; the inverse of `flowapp_pointer`."""
    for ours, theirs in _MOVED.items():
        if flowapp_pointer == theirs or flowapp_pointer.startswith(theirs + "/"):
            return ours + flowapp_pointer[len(theirs) :]
    return flowapp_pointer


def _same(one: Any, other: Any) -> bool:
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(other, option=orjson.OPT_SORT_KEYS)


def _annotations(flowapp: Data) -> Data:
    annotations = flowapp["metadata"].get("annotations")
    return annotations if isinstance(annotations, dict) else {}


def _decoded(flowapp: Data) -> Data | None:
    """Return what `_encode` wrote, `None` when there is none or when it is somebody else's text."""
    text = _annotations(flowapp).get(DOCUMENT_ANNOTATION)
    try:
        value = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return None
    known = {"metadata", "document", "extra"}
    if not isinstance(value, dict) or not value or not known.issuperset(value):
        return None
    document, extra = value.get("document", {}), value.get("extra", {})
    if not all(isinstance(part, dict) for part in (document, extra, value.get("metadata", {}))):
        return None
    taken = not document.keys().isdisjoint(_DOCUMENT) or not extra.keys().isdisjoint(
        ("document", "do", *_PARTS)
    )
    # Only what `_encode` would write comes back as the same text.
    hollow = ("document" in value and not document) or ("extra" in value and not extra)
    if taken or hollow or _encode(value) != text:
        return None
    return value


def _encode(value: Data) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _split(flowapp: Data, *, decode: bool = True) -> tuple[Data, Data, list[str]]:
    """Return the plain OWS document, what is left of the FlowApp, and which fields had to be filled in."""
    rest = copy.deepcopy(flowapp)
    metadata, spec = rest["metadata"], rest["spec"]
    annotations = _annotations(rest)
    own = (_decoded(flowapp) or {}) if decode else {}
    filled: list[str] = []
    document: Data = {}
    if isinstance(annotations.get(DSL_ANNOTATION), str):
        document["dsl"] = annotations.pop(DSL_ANNOTATION)
    else:
        document["dsl"] = DEFAULT_DSL
        filled.append("dsl")
    if "namespace" in metadata:
        document["namespace"] = metadata.pop("namespace")
    else:
        document["namespace"] = DEFAULT_NAMESPACE
        filled.append("namespace")
    document["name"] = metadata.pop("name")
    for name in _TITLES:
        if name in spec:
            document[name] = spec.pop(name)
    if "version" not in document:
        document["version"] = DEFAULT_VERSION
        filled.append("version")
    if own:
        del annotations[DOCUMENT_ANNOTATION]
        document.update(copy.deepcopy(own.get("document", {})))
        if "metadata" in own:
            document["metadata"] = copy.deepcopy(own["metadata"])
    ows: Data = {"document": document}
    for name in ("use", "input", "timeout", "schedule", "evaluate"):
        if name in spec:
            ows[name] = spec.pop(name)
    if "steps" in spec:
        ows["do"] = spec.pop("steps")
    if "output" in spec:
        ows["output"] = spec.pop("output")
    ows.update(copy.deepcopy(own.get("extra", {})))
    return ows, rest, filled


def _move_back(ows: Data, flowapp: Data, filled: list[str], document_metadata: Data | None) -> Data:
    """Write into `flowapp` what `_split` took out of it."""
    document = ows["document"]
    metadata, spec = flowapp["metadata"], flowapp["spec"]
    metadata["name"] = document["name"]
    if "namespace" not in filled:
        metadata["namespace"] = document["namespace"]
    for name in _TITLES:
        if name in document and name not in filled:
            spec[name] = copy.deepcopy(document[name])
    if "do" in ows:
        spec["steps"] = copy.deepcopy(ows["do"])
    for name in _PARTS:
        if name in ows:
            spec[name] = copy.deepcopy(ows[name])
    annotations: Data = {}
    if "dsl" not in filled:
        annotations[DSL_ANNOTATION] = document["dsl"]
    own: Data = {}
    if document_metadata is not None:
        own["metadata"] = document_metadata
    if more := {name: value for name, value in document.items() if name not in _DOCUMENT}:
        own["document"] = more
    if extra := {name: value for name, value in ows.items() if name not in ("document", "do", *_PARTS)}:
        own["extra"] = extra
    if own:
        annotations[DOCUMENT_ANNOTATION] = _encode(own)
    if annotations:
        metadata["annotations"] = {**metadata.get("annotations", {}), **annotations}
    return flowapp


def _embed(ows: Data) -> Data:
    """Return the FlowApp of a document that was written as OWS."""
    empty: Data = {"apiVersion": API_VERSION, "kind": KIND, "metadata": {}, "spec": {}}
    return _move_back(ows, empty, [], ows["document"].get("metadata"))


def _restore(ows: Data) -> Data | None:
    """Return the FlowApp that the document was made from, `None` when it was not made from one."""
    metadata = ows["document"].get("metadata")
    kept = metadata.get(KEPT) if isinstance(metadata, dict) else None
    if not isinstance(kept, dict) or not {"flowapp", "filled"}.issuperset(kept):
        return None
    rest, filled = kept.get("flowapp"), kept.get("filled", [])
    if not isinstance(rest, dict) or not isinstance(filled, list):
        return None
    if (rest.get("apiVersion"), rest.get("kind")) != (API_VERSION, KIND):
        return None
    if not isinstance(rest.get("metadata"), dict) or not isinstance(rest.get("spec"), dict):
        return None
    others = {name: value for name, value in metadata.items() if name != KEPT}
    try:
        flowapp = _move_back(ows, copy.deepcopy(rest), filled, others or None)
        # Somebody may have written something by hand that only looks like ours.
        return flowapp if _same(flowapp_to_ows(flowapp), ows) else None
    except (AttributeError, KeyError, TypeError):
        return None
