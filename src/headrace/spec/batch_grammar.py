"""The shape of `call: batch`: a function for each item of a list, a file or a queue (docs/queue.md)."""

from __future__ import annotations

from typing import Any

from headrace.spec.grammar import DURATION, RUNTIME_EXPRESSION, TEXT, VALUE
from headrace.spec.shape import Either, Flag, ListOf, Number, Object, Text, Whole
from headrace.spec.walk import Walk

FILE_FORMATS = ("jsonl", "lines", "csv")
COLLECT = ("file", "list", "none")


def _share(walk: Walk, tolerate: dict[str, Any], pointer: str) -> None:
    share = tolerate.get("share")
    if isinstance(share, int | float) and not isinstance(share, bool) and not 0 <= share <= 1:
        remedy = "write 0.05 for 5%" if share <= 100 else None
        if share > 1 and float(share).is_integer():
            remedy = f"write {share / 100:g} for {share:g}%, or `failures: {share:g}` for so many items"
        walk.error("range", f"{pointer}/share", f"{share} is no share; shares are from 0 to 1", remedy)


def _path_of_file(walk: Walk, collect: dict[str, Any], pointer: str) -> None:
    if "path" in collect and collect.get("as") in COLLECT and collect["as"] != "file":
        message = f"`path` says where a file is written, and the results are collected as `{collect['as']}`"
        walk.error("no-effect", f"{pointer}/path", message, "write `as: file`, or remove it", at_key=True)


BATCH = Object(
    "a batch",
    {
        "items": Either(ListOf(VALUE), RUNTIME_EXPRESSION),
        "file": Object("`file`", {"path": TEXT, "format": Text(values=FILE_FORMATS)}, required=("path",)),
        "queue": Object("`queue`", {"name": TEXT, "address": TEXT}, required=("name",)),
        "function": Text(role="batch-function"),
        "concurrency": Either(Whole(1), RUNTIME_EXPRESSION),
        "attempts": Whole(1),
        "lease": DURATION,
        "tolerate": Object(
            "`tolerate`",
            {"failures": Whole(0), "share": Number(), "stop": Flag()},
            one_of=(("failures", "share"),),
            rules=(_share,),
        ),
        "collect": Either(
            Text(values=COLLECT),
            Object(
                "`collect`",
                {"as": Text(values=COLLECT), "path": TEXT},
                required=("as",),
                rules=(_path_of_file,),
            ),
        ),
    },
    required=("function",),
    one_of=(("items", "file", "queue"),),
)
