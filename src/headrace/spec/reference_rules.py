"""Rules about names: functions that are called, and what is referred to in `use`."""

from __future__ import annotations

import re
from typing import Any

from headrace.spec.call_arguments import BUILT_IN_CALLS
from headrace.spec.facts import Facts
from headrace.spec.problem import did_you_mean, escape, listed
from headrace.spec.walk import Site, Walk

# role of the site: (part of `use`, what it is called)
_PARTS = {
    "timeout-name": ("timeouts", "timeout"),
    "error-name": ("errors", "error"),
    "retry-name": ("retries", "retry policy"),
    "authentication-name": ("authentications", "authentication"),
}
_CATALOGED = re.compile(r"(?P<name>[^:@\s]+):(?P<version>[^:@\s]+)@(?P<catalog>[^:@\s]+)\Z")
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://[^/\s]+(/\S*)?\Z")
_URL_SCHEMES = ("http", "https", "file")


def check_references(walk: Walk, facts: Facts) -> None:
    """Check every name that refers to something."""
    for site in walk.sites:
        if site.role == "call":
            _call(walk, facts, site)
        elif site.role == "batch-function":
            _batch_function(walk, facts, site)
        elif site.role == "secret-name":
            check_secret(walk, facts, site.value, site.pointer)
        elif site.role in _PARTS:
            part, noun = _PARTS[site.role]
            if site.value not in facts.use[part]:
                _missing(walk, site.pointer, noun, site.value, facts.use[part], f"{facts.use_pointer}/{part}")
    _functions(walk, facts)


def check_secret(walk: Walk, facts: Facts, name: str, pointer: str) -> None:
    """Check that the secret `name` is listed in `use.secrets`, without which it is not handed over."""
    if name not in facts.secrets:
        remedy = did_you_mean(name, facts.secrets, f"add `{name}` to the list `{facts.use_pointer}/secrets`")
        walk.error("unknown-secret", pointer, f"no secret `{name}` is listed in `use.secrets`", remedy)


def _missing(walk: Walk, pointer: str, noun: str, name: str, known: tuple[str, ...], where: str) -> None:
    remedy = did_you_mean(name, known, f"define it in `{where}`")
    walk.error("unknown-reference", pointer, f"no {noun} `{name}` is defined", remedy)


def _call(walk: Walk, facts: Facts, site: Site) -> None:
    name = site.value
    if name in BUILT_IN_CALLS or name in facts.use["functions"] or name in facts.app_functions:
        return
    if "${" in name:
        message = "a function is called by its name; an expression cannot choose one"
        walk.error("unknown-function", site.pointer, message, "write one task per function behind a `switch`")
        return
    if facts.known_functions is None:
        if not re.search(r"[:@\s]", name):
            return
    elif name in facts.known_functions:
        return
    if url := _URL.match(name):
        if url["scheme"].lower() not in _URL_SCHEMES:
            message = f"functions are not fetched by `{url['scheme']}`"
            walk.error("unknown-function", site.pointer, message, f"use {listed(_URL_SCHEMES)}")
        return
    if cataloged := _CATALOGED.match(name):
        catalog, known = cataloged["catalog"], facts.use["catalogs"]
        if catalog != "default" and catalog not in known:
            where = f"{facts.use_pointer}/catalogs"
            remedy = did_you_mean(catalog, known, f"define it in `{where}`, or use `default`")
            walk.error("unknown-reference", site.pointer, f"no catalog `{catalog}` is defined", remedy)
        return
    if "@" in name or ":" in name:
        remedy = "write `name:version@catalog`, or a URL such as `https://example.com/function.yaml`"
    else:
        remedy = did_you_mean(name, facts.callable_names(), "define it in `functions`, or in `use.functions`")
    walk.error("unknown-function", site.pointer, f"no function `{name}` is known", remedy)


def _batch_function(walk: Walk, facts: Facts, site: Site) -> None:
    """A batch calls a function of the FlowApp, which has code; what `use.functions` defines are tasks."""
    name = site.value
    own = (*facts.app_functions, *(facts.known_functions or ()))
    if name in own:
        return
    if "${" in name:
        message = "a function is called by its name; an expression cannot choose one"
        walk.error("unknown-function", site.pointer, message, "write a batch per function, behind a `switch`")
    elif name in facts.use["functions"]:
        message = f"`{name}` is a task of `use.functions`; a batch calls a function that has code"
        walk.error("unknown-function", site.pointer, message, "name one of `functions`")
    elif facts.known_functions is not None:
        remedy = did_you_mean(name, own, "define it in `functions`")
        walk.error("unknown-function", site.pointer, f"no function `{name}` is known", remedy)


def _functions(walk: Walk, facts: Facts) -> None:
    """Check the definitions in `use.functions`: shadowed names, and calls that only go round in circles."""
    for name in BUILT_IN_CALLS.intersection(facts.app_functions):
        pointer = f"/spec/functions/{escape(name)}"
        message = f"`call: {name}` is the built-in one, so this function is never called"
        walk.warning("shadowed-function", pointer, message, "give it another name", at_key=True)
    where = f"{facts.use_pointer}/functions"
    for name in facts.functions:
        pointer = f"{where}/{escape(name)}"
        if name in BUILT_IN_CALLS:
            message = f"`call: {name}` is the built-in protocol, so this function is never called"
            walk.warning("shadowed-function", pointer, message, "give it another name", at_key=True)
        elif name in facts.app_functions:
            message = f"this function hides the FlowApp's function `{name}`"
            walk.warning("shadowed-function", pointer, message, "give one of them another name", at_key=True)
        if (circle := _circle(facts.functions, name)) is not None:
            message = f"the function calls itself without end: {' → '.join(circle)}"
            walk.error("endless-call", pointer, message, "let one of them do something else", at_key=True)


def _circle(functions: dict[str, Any], start: str) -> list[str] | None:
    path = [start]
    while True:
        task = functions.get(path[-1])
        called = task.get("call") if isinstance(task, dict) and "if" not in task else None
        if not isinstance(called, str) or called in BUILT_IN_CALLS:
            return None
        path.append(called)
        if called == start:
            return path
        if called in path[:-1]:
            return None
