"""Which executions of triggers are open: how `maxOpen` is counted, and who waits for which end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from headrace.source.port import Ended

# Is told that an execution ended, and how (its status).
Then = Callable[[str], None]


class Openings:
    """Open executions by id, with who is to be told of their end.

    An execution may end before the call that started it returns, so ends that nobody waits for yet are
    remembered as long as some start is on its way.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Then]] = {}
        self._starting = 0
        self._meanwhile: dict[str, str] = {}

    @contextlib.contextmanager
    def starting(self) -> Iterator[None]:
        """Remember all ends while the block lasts."""
        self._starting += 1
        try:
            yield
        finally:
            self._starting -= 1
            if not self._starting:
                self._meanwhile.clear()

    def add(self, execution_id: str, then: Then) -> bool:
        """Tell `then` of the end of an execution; False (and it is not told) when that was just now.

        Only within `starting`.
        """
        if execution_id in self._meanwhile:
            return False
        self._waiting.setdefault(execution_id, []).append(then)
        return True

    def status_of(self, execution_id: str) -> str | None:
        """Return how an execution ended that `add` refused."""
        return self._meanwhile.get(execution_id)

    def drop(self, execution_id: str, then: Then) -> None:
        """Wait no more."""
        waiting = self._waiting.get(execution_id)
        if waiting is not None and then in waiting:
            waiting.remove(then)
            if not waiting:
                del self._waiting[execution_id]

    def ended(self, result: Ended) -> None:
        """Take note of the end of any execution."""
        if self._starting:
            self._meanwhile[result.execution_id] = result.status
        for then in self._waiting.pop(result.execution_id, ()):
            then(result.status)
