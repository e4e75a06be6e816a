"""Data as text: YAML that reads back as the very same data. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

from headrace.spec.parse import parse

WIDTH = 110
# Values up to this length are written on one line.
FLOW_LENGTH = 90

# What YAML 1.2 may read as something else than text, though PyYAML, which knows 1.1, would not quote it.
_NEEDS_QUOTES = re.compile(r"[-+.]?\d|[-+]?\.(inf|nan)|~|null$|true$|false$|<<$|=$", re.IGNORECASE)


class _Dumper(yaml.SafeDumper):
    """Writes short values on one line, as people do."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # Items of a list stand deeper than its key.
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, data: str) -> yaml.Node:
    style = "'" if _NEEDS_QUOTES.match(data) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


def _map(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=_is_short(data))


def _list(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=_is_short(data))


def _is_short(data: Any) -> bool:
    return len(json.dumps(data, ensure_ascii=False)) <= FLOW_LENGTH


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _map)
_Dumper.add_representer(list, _list)


def as_text(data: dict[str, Any], comments: Iterable[str] = ()) -> str:
    """Return data as YAML with comments above it; as JSON, where YAML would not read back."""
    head = "".join(f"# {line}".rstrip() + "\n" for comment in comments for line in comment.splitlines())
    body = str(
        yaml.dump(
            data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
        )
    )
    source, _ = parse(head + body, "written.yaml")
    if source is not None and source.data == data:
        return head + body
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
