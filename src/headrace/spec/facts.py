"""What a document defines, read before its rules are checked; broken parts count as absent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from headrace.spec.call_arguments import BUILT_IN_CALLS
from headrace.spec.walk import Site

NAMED_PARTS = ("authentications", "catalogs", "errors", "functions", "retries", "timeouts")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The names that a document defines, and the language of its expressions.

    `known_functions` come from outside (`None`: not known, any name may be one), `app_functions` from the
    FlowApp itself. `use_pointer` is where `use` stands. `variables` and `task_names` are of the whole
    document.
    """

    use: dict[str, tuple[str, ...]]
    functions: dict[str, Any]
    secrets: tuple[str, ...]
    app_functions: tuple[str, ...]
    known_functions: tuple[str, ...] | None
    use_pointer: str
    language: str
    mode: str
    variables: frozenset[str]
    task_names: frozenset[str]

    def callable_names(self) -> list[str]:
        """Return every name that `call` can take here, built-in protocols included."""
        own = [*self.use["functions"], *self.app_functions, *(self.known_functions or ())]
        return [*own, *sorted(BUILT_IN_CALLS)]


def _map(data: Any, name: str) -> dict[str, Any]:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, dict) else {}


def gather(
    body: Any,
    sites: list[Site],
    *,
    use_pointer: str,
    app_functions: Collection[str],
    known_functions: Collection[str] | None,
) -> Facts:
    """Read the facts from `body`, which has `use` and `evaluate`: a workflow, or `spec` of a FlowApp."""
    use = _map(body, "use")
    evaluate = _map(body, "evaluate")
    secrets = use.get("secrets")
    variables: set[str] = set()
    names: set[str] = set()
    for site in sites:
        variables |= site.scope.variables
        if site.role in ("tasks", "branches"):
            names.update(site.scope.siblings or ())
    language, mode = evaluate.get("language", "jq"), evaluate.get("mode", "strict")
    return Facts(
        use={part: tuple(_map(use, part)) for part in NAMED_PARTS},
        functions=_map(use, "functions"),
        secrets=tuple(name for name in secrets if isinstance(name, str)) if isinstance(secrets, list) else (),
        app_functions=tuple(app_functions),
        known_functions=None if known_functions is None else tuple(known_functions),
        use_pointer=use_pointer,
        language=language if isinstance(language, str) else "jq",
        mode=mode if isinstance(mode, str) else "strict",
        variables=frozenset(variables),
        task_names=frozenset(names),
    )
