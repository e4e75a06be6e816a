"""The Lua scripts: each file of `scripts/` behind the prelude, known to the server by its SHA-1."""

from __future__ import annotations

import hashlib
from importlib import resources

_FOLDER = resources.files("headrace.queue.redis") / "scripts"


class Script:
    """One script. Scripts change nothing when they fail, so asking again is always safe."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.source = b"\n".join((_FOLDER / f"{part}.lua").read_bytes() for part in ("prelude", name))
        self.sha = hashlib.sha1(self.source, usedforsecurity=False).hexdigest().encode()


ADOPT_REDISWQ = Script("adopt_rediswq")
COMPLETE_AND_LEASE = Script("complete_and_lease")
ENQUEUE = Script("enqueue")
EXTEND = Script("extend")
FAIL = Script("fail")
LOOK = Script("look")
OPEN = Script("open")
PURGE = Script("purge")
REDRIVE = Script("redrive")
RELEASE = Script("release")
STATS = Script("stats")
TICK = Script("tick")
