"""Rules about the order of tasks: unique names, flow directives, tasks that nothing reaches.

dsl-reference.md, "Flow Directive": directives may only redirect to tasks of their own scope, that is to
tasks of the same list. The directives of a switch's cases and of a `catch` stand in the scope of their task.
"""

from __future__ import annotations

from typing import Any

from headrace.spec.facts import Facts
from headrace.spec.problem import did_you_mean, escape, listed
from headrace.spec.task import FLOW_DIRECTIVES
from headrace.spec.walk import Site, Walk

_DIRECTIVES = tuple(sorted(FLOW_DIRECTIVES))


def check_flow(walk: Walk, facts: Facts) -> None:
    """Check every flow directive and every list of tasks or cases."""
    for site in walk.sites:
        match site.role:
            case "then":
                _directive(walk, facts, site)
            case "tasks" | "branches":
                noun = "task" if site.role == "tasks" else "branch"
                _unique(walk, site, noun)
                if not site.value:
                    walk.warning("empty", site.pointer, "the list has no tasks", at_key=True)
                if site.role == "tasks":
                    _unreachable(walk, site)
            case "cases":
                _unique(walk, site, "case")
                _one_default(walk, site)
            case "extensions":
                _unique(walk, site, "extension")


def _directive(walk: Walk, facts: Facts, site: Site) -> None:
    target, scope = site.value, site.scope
    if target in FLOW_DIRECTIVES:
        return
    if scope.siblings is None:
        walk.error(
            "flow-target",
            site.pointer,
            f"there is no task `{target}` to go to: a function stands in no list of tasks",
            f"write {listed(_DIRECTIVES)}",
        )
    elif target not in scope.siblings:
        if target in facts.task_names:
            remedy = (
                "a directive only reaches tasks of its own list; move the task, or leave the list with `exit`"
            )
        else:
            known = (*scope.siblings, *_DIRECTIVES)
            remedy = did_you_mean(target, known) or f"the list has {listed(scope.siblings, 'and')}"
        walk.error("flow-target", site.pointer, f"no task `{target}` in this list", remedy)
    elif scope.parallel:
        walk.error(
            "flow-target",
            site.pointer,
            f"`{target}` is a branch that runs at the same time, so nothing can go on there",
            "put tasks that follow one another into one branch, as a `do`",
        )


def _entries(items: list[Any]) -> list[tuple[int, str, Any]]:
    return [
        (index, name, value)
        for index, item in enumerate(items)
        if isinstance(item, dict)
        for name, value in item.items()
    ]


def _unique(walk: Walk, site: Site, noun: str) -> None:
    first: dict[str, int] = {}
    for index, name, _ in _entries(site.value):
        pointer = f"{site.pointer}/{index}/{escape(name)}"
        if name in first:
            line, column = walk.source.place(f"{site.pointer}/{first[name]}/{escape(name)}", of_key=True)
            message = f"the {noun} name `{name}` is taken at {line}:{column}"
            walk.error("duplicate-name", pointer, message, "give one of them another name", at_key=True)
        else:
            first[name] = index
        if noun == "task" and name in FLOW_DIRECTIVES:
            message = f"a task named `{name}` cannot be gone to: `then: {name}` is a directive"
            walk.warning("directive-name", pointer, message, "give it another name", at_key=True)


def _one_default(walk: Walk, site: Site) -> None:
    defaults = [
        (index, name)
        for index, name, case in _entries(site.value)
        if isinstance(case, dict) and "when" not in case
    ]
    for index, name in defaults[1:]:
        walk.error(
            "default-case",
            f"{site.pointer}/{index}/{escape(name)}",
            f"`{name}` is a second default case; `{defaults[0][1]}` has no `when` either",
            "add `when` to all cases but one",
            at_key=True,
        )


def _unreachable(walk: Walk, site: Site) -> None:
    entries = _entries(site.value)
    index_of = {name: position for position, (_, name, _) in reversed(list(enumerate(entries)))}
    reached: set[int] = set()
    waiting = [0] if entries else []
    while waiting:
        position = waiting.pop()
        if position in reached or position >= len(entries):
            continue
        reached.add(position)
        task = entries[position][2]
        for directive in _exits(task) if isinstance(task, dict) else ["continue"]:
            if directive == "continue" or not isinstance(directive, str):
                waiting.append(position + 1)
            elif directive not in FLOW_DIRECTIVES:
                # An unknown target has its own message; do not call what follows unreachable for it.
                waiting.append(index_of.get(directive, position + 1))
    for position, (index, name, _) in enumerate(entries):
        if position not in reached:
            walk.warning(
                "unreachable-task",
                f"{site.pointer}/{index}/{escape(name)}",
                f"nothing leads to the task `{name}`",
                "point a `then` at it, or remove it",
                at_key=True,
            )


def _exits(task: dict[str, Any]) -> list[Any]:
    """Return the directives that `task` may end with; generous where it depends on data."""
    own = task.get("then", "continue")
    exits = [own]
    cases = task.get("switch")
    if isinstance(cases, list):
        written = [case for _, _, case in _entries(cases) if isinstance(case, dict)]
        exits = [case.get("then", "continue") for case in written]
        if all("when" in case for case in written):
            exits.append(own)
    elif "raise" in task:
        exits = []
    elif isinstance(task.get("catch"), dict):
        exits.append(task["catch"].get("then", own))
    if "if" in task:
        exits += [own, "continue"]
    return exits
