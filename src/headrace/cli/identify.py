"""Ids of executions as people write them: whole, by their beginning or end, or `last`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from headrace.errors import HeadraceError

if TYPE_CHECKING:
    from headrace.cli.records.port import Records

# Shorter abbreviations match by chance.
ABBREVIATION_LENGTH_MIN = 3
PAGE = 1000


def match(text: str, ids: Iterable[str]) -> str:
    """Return the one id that begins or ends with `text`. Raises `HeadraceError` for none or several."""
    wanted = text.lower()
    found = [each for each in ids if each.startswith(wanted) or each.endswith(wanted)]
    if not found:
        raise HeadraceError(f"there is no execution {text}; `headrace executions list` shows all")
    if len(found) > 1:
        shown = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
        raise HeadraceError(f"{text!r} is short for {len(found)} executions: {shown}; write more of the id")
    return found[0]


async def identify(records: Records, text: str) -> str:
    """Return the id of the execution that is meant. Raises `HeadraceError` for none or several."""
    from headrace.store.port import ExecutionQuery

    if text == "last":
        rows = await records.executions(ExecutionQuery(limit=1))
        if not rows:
            raise HeadraceError(f"there are no executions {records.place} yet")
        return rows[0].id
    if await records.execution(text) is not None:
        return text
    if len(text) < ABBREVIATION_LENGTH_MIN:
        raise HeadraceError(
            f"there is no execution {text}; an abbreviation has {ABBREVIATION_LENGTH_MIN} characters at least"
        )
    ids: list[str] = []
    while True:
        rows = await records.executions(ExecutionQuery(limit=PAGE, before=ids[-1] if ids else None))
        ids += [row.id for row in rows]
        if len(rows) < PAGE:
            return match(text, ids)
        if records.abbreviations_of is not None and len(ids) >= records.abbreviations_of:
            try:
                return match(text, ids)
            except HeadraceError as error:
                raise HeadraceError(
                    f"{error} (of the newest {len(ids):,} only; older ones are named by their whole id)"
                ) from None
