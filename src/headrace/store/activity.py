"""What FlowApps did of late: their last executions, and how many of each status there were."""

from __future__ import annotations

import msgspec

from headrace.store.port import ExecutionRow

# Executions of one flow, and open or failed ones of all flows, that are counted: the newest. Counting more
# would make a page late, and the newest say enough of how often and how well.
COUNTED_OF_FLOW = 1_000
COUNTED_OF_STATUS = 10_000


class FlowActivity(msgspec.Struct, kw_only=True):
    """What one flow did of late. `counts` are its executions since `since` (epoch seconds) by status.

    `since` is where the counting was to begin, or later where there were too many since then: a rate is
    counts over the time since `since`, whichever it is. A status that none has is left out.
    """

    recent: list[ExecutionRow]  # newest first, without payloads
    since: float
    counts: dict[str, int]
