"""The Lua scripts: files of `scripts/`, each behind those it builds on; the server knows them by SHA-1."""

from __future__ import annotations

import hashlib
from importlib import resources

_FOLDER = resources.files("headrace.queue.redis") / "scripts"


class Script:
    """One script. Scripts change nothing when they fail, so asking again is always safe."""

    def __init__(self, name: str, *, moves: bool = False) -> None:
        """`moves`: it uses scripts/moves.lua too, which others are spared."""
        self.name = name
        parts = ("prelude", "moves", name) if moves else ("prelude", name)
        self.source = b"\n".join((_FOLDER / f"{part}.lua").read_bytes() for part in parts)
        self.sha = hashlib.sha1(self.source, usedforsecurity=False).hexdigest().encode()


ADOPT_REDISWQ = Script("adopt_rediswq", moves=True)
COMPLETE_AND_LEASE = Script("complete_and_lease", moves=True)
ENQUEUE = Script("enqueue")
ENQUEUE_PLAIN = Script("enqueue_plain")
EXTEND = Script("extend", moves=True)
FAIL = Script("fail", moves=True)
LOOK = Script("look")
OPEN = Script("open")
PAUSE = Script("pause")
PURGE = Script("purge")
REDRIVE = Script("redrive", moves=True)
RELEASE = Script("release", moves=True)
STATS = Script("stats")
TICK = Script("tick", moves=True)
