"""Which trigger answers which path: one tree of path segments per namespace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from headrace.source.http.route import HttpRoute, HttpTarget
from headrace.source.port import SourceError


class _Segment:
    __slots__ = ("named", "parameter", "targets")

    def __init__(self) -> None:
        self.named: dict[str, _Segment] = {}
        self.parameter: _Segment | None = None
        self.targets: dict[str, HttpTarget] = {}  # by method


class HttpRoutes:
    """The table of routes. A segment that is written out is preferred to a parameter."""

    def __init__(self) -> None:
        self._roots: dict[str, _Segment] = {}
        self._of_flow: dict[tuple[str, str], list[HttpTarget]] = {}

    def check(self, namespace: str, flow: str, targets: Iterable[HttpTarget]) -> None:
        """Raise `SourceError` where another flow of the namespace answers one of these already."""
        taken: dict[tuple[str, str], HttpTarget] = {}
        for (other_namespace, other_flow), others in self._of_flow.items():
            if other_namespace == namespace and other_flow != flow:
                taken |= {(other.method, _shape(other.path)): other for other in others}
        for target in targets:
            other = taken.setdefault((target.method, _shape(target.path)), target)
            if other is not target:
                raise SourceError(
                    f"{target.owner} cannot answer {target.method} {target.path}: {other.owner} does, with "
                    f"{other.path}; give one of them another path or method"
                )

    def put(self, namespace: str, flow: str, targets: list[HttpTarget]) -> None:
        """Let a flow answer these, and nothing else any more."""
        self._of_flow.pop((namespace, flow), None)
        if targets:
            self._of_flow[(namespace, flow)] = targets
        root = _Segment()
        for (other_namespace, _), others in self._of_flow.items():
            if other_namespace == namespace:
                for target in others:
                    segment = root
                    for part in _parts(target.path):
                        segment = _child(segment, part)
                    segment.targets[target.method] = target
        self._roots[namespace] = root

    def match(self, method: str, namespace: str, path: str) -> HttpRoute | None:
        """Return the route of a request. `path` is as it was sent: percent-encoded, without the query."""
        for segment, values in self._find(namespace, path):
            target = segment.targets.get(method)
            if target is not None:
                names = [part[1:-1] for part in _parts(target.path) if part.startswith("{")]
                return HttpRoute(target, dict(zip(names, values, strict=True)))
        return None

    def methods(self, namespace: str, path: str) -> tuple[str, ...]:
        """Return which methods a path is answered for: what `Allow` says with 405; none is a 404."""
        found = {method for segment, _ in self._find(namespace, path) for method in segment.targets}
        return tuple(sorted(found))

    def of_flow(self, namespace: str, flow: str) -> list[HttpTarget]:
        """Return what a flow answers."""
        return list(self._of_flow.get((namespace, flow), ()))

    def _find(self, namespace: str, path: str) -> Iterator[tuple[_Segment, list[str]]]:
        root = self._roots.get(namespace)
        if root is not None:
            parts = _parts(path)
            yield from _walk(root, [unquote(part) for part in parts] if "%" in path else parts, 0, [])


def _walk(
    segment: _Segment, parts: list[str], index: int, values: list[str]
) -> Iterator[tuple[_Segment, list[str]]]:
    if index == len(parts):
        if segment.targets:
            yield segment, values
        return
    part = parts[index]
    named = segment.named.get(part)
    if named is not None:
        yield from _walk(named, parts, index + 1, values)
    if segment.parameter is not None and part:
        yield from _walk(segment.parameter, parts, index + 1, [*values, part])


def _parts(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


def _child(segment: _Segment, part: str) -> _Segment:
    if part.startswith("{"):
        if segment.parameter is None:
            segment.parameter = _Segment()
        return segment.parameter
    return segment.named.setdefault(unquote(part), _Segment())


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else unquote(part) for part in _parts(path))
