"""The reader: leases items, hands them to an application, and gives back how they ended.

All that has to do with queues is here, so that the application needs to know nothing of them. The way of an
item: leased in a batch -> held, its lease renewed -> run by a runner -> its outcome in the outbox -> with the
queue, in one round trip with the lease of the next batch.

How much is leased: as many items as there are free runners; items that prove quick are leased ahead, up to
two batches, so that the reader works while the queue is asked for more. Items that turn out slow meanwhile
are given back, so that other readers can have them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import TypeVar

import msgspec

from headrace.queue.port import (
    Done,
    Failed,
    Leased,
    QueueError,
    QueueUnavailable,
    Unsupported,
    WorkQueue,
)
from headrace.worker.application import AnyApplication, BatchApplication, Outcome, failed
from headrace.worker.holding import Hold, Holding
from headrace.worker.options import Counters, ReaderOptions, check_options
from headrace.worker.runners import Runners, runners_of

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

# How long the queue is asked to wait for an item. Short, because a reader that is told to stop waits for it.
WAIT_SECONDS = 1.0
DRAIN_WAIT_SECONDS = 0.1

# Quick items are leased ahead for about so long.
AHEAD_SECONDS = 0.05

# Items that were leased ahead and still wait after this go back; with short leases, after a third of them.
HOARD_SECONDS = 1.0

PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.05, 5.0  # between attempts to reach the queue

END_SECONDS = 5.0  # for what is left to tell the queue, when a reader ends by itself

OnItem = Callable[[Leased, Outcome, float], None]
OnSettled = Callable[[Sequence[tuple[Leased, Outcome]]], None]


class Reader:
    """Reads one queue for one application, until `stop` is called or, with `drain`, nothing is left.

    `on_item` is told of each item that ended, with its outcome and how many seconds it took; `on_settled`
    of those whose outcome the queue has taken: what came under a lease that was over is not among them.
    """

    def __init__(
        self,
        queue: WorkQueue,
        application: AnyApplication,
        options: ReaderOptions | None = None,
        *,
        on_item: OnItem | None = None,
        on_settled: OnSettled | None = None,
    ) -> None:
        options = options or ReaderOptions()
        check_options(options)
        self._queue = queue
        self._application = application
        self._options = options
        self._on_item = on_item
        self._on_settled = on_settled
        self._runners: Runners = runners_of(
            application, options.concurrency, self._report, timeout_seconds=options.timeout_seconds
        )
        per_runner = application.batch_max if isinstance(application, BatchApplication) else 1
        self._slots = options.concurrency * per_runner
        self._holding = Holding(options.lease_seconds)
        self._outbox: list[Hold] = []
        self._overdue = False  # the oldest outcome has waited for `flush_ms`
        self._flush_timer: asyncio.TimerHandle | None = None
        self._wake = asyncio.Event()
        self._waiting: asyncio.Task[None] | None = None  # asks the queue for items, and waits there
        self._dry = False  # the last lease brought less than was asked for
        self._stop_by: float | None = None  # monotonic; set: the reader ends
        self._drained = False
        # A lease that was waited for began at some time of the wait; it is taken for the wait's beginning.
        longest = DRAIN_WAIT_SECONDS if options.drain else WAIT_SECONDS
        self._wait_seconds = min(longest, options.lease_seconds / 6)
        self.counters = Counters()

    async def run(self) -> Counters:
        """Work until the end, and return what was done.

        Raises `ApplicationError` when the application does not start, `QueueError` when the queue refuses
        what a reader needs; what is held goes back before that.
        """
        heart: asyncio.Task[None] | None = None
        try:
            await self._application.start()
            self._runners.start()
            heart = asyncio.create_task(self._beat())
            heart.add_done_callback(lambda _: self._wake.set())
            # Only a reader that was told to stop gives up on the queue; the end tries once more.
            with contextlib.suppress(QueueUnavailable):
                await self._pump(heart)
        finally:
            await self._end(heart)
        return self.counters

    def stop(self) -> None:
        """Lease nothing more, finish what is being worked on within the grace, give the rest back."""
        if self._stop_by is None:
            self._stop_by = monotonic() + self._options.grace_seconds
            self._wake.set()

    @property
    def interrupted(self) -> bool:
        """Whether it was told to stop before it came to an end by itself."""
        return self._stop_by is not None and not self._drained

    # --- the loop -------------------------------------------------------------------------------------

    async def _pump(self, heart: asyncio.Task[None]) -> None:
        while not self._drained:
            if heart.done():
                heart.result()  # it only ends with an error
            if self._waiting is not None and self._waiting.done():
                waited, self._waiting = self._waiting, None
                waited.result()  # not cancelled: only the end does that
            if self._stop_by is not None:
                if await self._wind_down(self._stop_by):
                    return
                continue
            wanted = self._wanted() if self._waiting is None else 0
            # Outcomes are not sent with a call that waits: its answer, that they were taken, would be late.
            if wanted and (self._outbox or not self._dry):
                await self._exchange(wanted, 0.0)
            elif wanted and not (self._options.drain and await self._is_drained()):
                self._waiting = asyncio.create_task(self._exchange(wanted, self._wait_seconds))
                self._waiting.add_done_callback(lambda _: self._wake.set())
            elif self._flush_due():
                await self._flush()
            elif not self._drained:
                self._wake.clear()
                await self._wake.wait()

    def _wanted(self) -> int:
        """Return how many items to lease now; 0 while there is enough in hand."""
        options, runners = self._options, self._runners
        if self._dry and runners.load >= self._slots:
            return 0  # nothing is leased ahead of a queue that has no more
        ahead = 0
        if options.batch > 1 and runners.item_seconds is not None:
            quick = AHEAD_SECONDS * options.concurrency / max(runners.item_seconds, 1e-7)
            ahead = int(min(quick, max(2 * options.batch - self._slots, options.batch)))
        room = self._slots + ahead - runners.load
        # With enough to do, room is let gather: a round trip for every single item would cost more.
        if runners.load >= self._slots and room < min(options.batch, self._slots + ahead // 2):
            return 0
        return max(0, min(room, options.batch))

    async def _exchange(self, wanted: int, wait_seconds: float) -> None:
        """Give outcomes to the queue and take new items, in one round trip."""
        done = await self._send_failures()
        asked_at = monotonic()

        async def ask() -> tuple[list[str], list[Leased]]:
            nonlocal asked_at
            asked_at = monotonic()
            return await self._queue.complete_and_lease(
                [hold.outcome for hold in done if isinstance(hold.outcome, Done)],
                wanted,
                self._options.lease_seconds,
                wait_seconds=wait_seconds,
                worker=self._options.worker_id,
            )

        refused, items = await self._reach(ask, done)
        await self._sent(done, refused)
        self._dry = len(items) < wanted
        if items:
            self.counters.leased += len(items)
            self._hand_over(self._holding.take(items, asked_at))

    def _hand_over(self, holds: list[Hold]) -> None:
        retries = self._options.retries
        if retries is not None:
            spent = [hold for hold in holds if hold.item.attempt > retries + 1]
            for hold in spent:
                # Earlier attempts ended without a word, with the reader's own end.
                hold.outcome = failed(hold.item, f"not completed in {retries + 1} attempts", final=True)
                self._report(hold)
            holds = [hold for hold in holds if hold.outcome is None] if spent else holds
        self._runners.add(holds)

    def _report(self, hold: Hold) -> None:
        """Take the outcome of an item that was run, or skipped because its lease was over (no outcome)."""
        outcome = hold.outcome
        if outcome is None:
            self.counters.skipped += 1
            self._holding.drop((hold,))
            self._wake.set()
            return
        if type(outcome) is Failed and not outcome.final:
            retries = self._options.retries
            if retries is not None and hold.item.attempt > retries:
                hold.outcome = outcome = msgspec.structs.replace(outcome, final=True)
        if self._on_item is not None:
            self._on_item(hold.item, outcome, monotonic() - hold.begun_at if hold.begun_at else 0.0)
        outbox = self._outbox
        outbox.append(hold)
        if len(outbox) == 1:
            self._flush_timer = asyncio.get_running_loop().call_later(
                self._options.flush_ms / 1000, self._flush_late
            )
        # Only when there is something to do about it: the pump's turn costs as much as an item.
        if (
            len(outbox) >= self._options.flush_items
            or self._stop_by is not None
            or (self._waiting is None and self._wanted())
        ):
            self._wake.set()

    # --- outcomes to the queue ------------------------------------------------------------------------

    def _flush_late(self) -> None:
        self._overdue = True
        self._wake.set()

    def _flush_due(self) -> bool:
        return bool(self._outbox) and (self._overdue or len(self._outbox) >= self._options.flush_items)

    def _take_outbox(self) -> list[Hold]:
        holds, self._outbox = self._outbox, []
        self._overdue = False
        if self._flush_timer is not None:
            self._flush_timer.cancel()
            self._flush_timer = None
        return holds

    async def _send_failures(self) -> list[Hold]:
        """Empty the outbox: send the failures, and return the holds to complete."""
        holds = self._take_outbox()
        bad = [hold for hold in holds if type(hold.outcome) is Failed]
        if not bad:
            return holds
        failures = [hold.outcome for hold in bad if isinstance(hold.outcome, Failed)]
        good = [hold for hold in holds if type(hold.outcome) is Done]
        await self._sent(bad, await self._reach(lambda: self._queue.fail(failures), bad))
        return good

    async def _flush(self) -> None:
        holds = await self._send_failures()
        if holds:
            done = [hold.outcome for hold in holds if isinstance(hold.outcome, Done)]
            await self._sent(holds, await self._reach(lambda: self._queue.complete(done), holds))

    async def _sent(self, holds: list[Hold], refused: list[str]) -> None:
        """Count outcomes that the queue has answered for, and report those that it refused."""
        self._holding.drop(holds)
        taken: list[Hold] = []
        if refused:
            over = set(refused)
            for hold in holds:
                if hold.item.id in over:
                    if hold.uncertain and await self._was_taken(hold):
                        taken.append(hold)
                    else:
                        self._report_late(hold)
            holds = [hold for hold in holds if hold.item.id not in over]
        if self._on_settled is not None and (holds or taken):
            self._on_settled([(hold.item, hold.outcome) for hold in (*holds, *taken) if hold.outcome])
        if holds:
            if type(holds[0].outcome) is Done:
                self.counters.completed += len(holds)
            else:
                self.counters.failed += len(holds)

    async def _was_taken(self, hold: Hold) -> bool:
        """Tell whether an outcome that was sent twice was refused only because it arrived the first time."""
        try:
            record = await self._queue.inspect(hold.item.id)
        except (QueueUnavailable, Unsupported):
            return False
        if type(hold.outcome) is Done:
            taken = record is not None and record.state == "completed"
            self.counters.completed += taken
        else:
            taken = (
                record is not None
                and record.state in ("delayed", "dead")
                and (record.attempts == hold.item.attempt)
            )
            self.counters.failed += taken
        return taken

    def _report_late(self, hold: Hold) -> None:
        self.counters.late_results += 1
        what = "result" if type(hold.outcome) is Done else "failure"
        _log.warning(
            "the %s of item %s (attempt %d) came after its lease had ended and was refused; "
            "the item may be worked on elsewhere. It took %.1f s under a lease of %g s",
            what,
            hold.item.id,
            hold.item.attempt,
            monotonic() - (hold.begun_at or hold.renewed_at),
            self._options.lease_seconds,
        )

    async def _release(self, holds: Sequence[Hold]) -> None:
        if not holds:
            return
        names = [hold.name for hold in holds]
        refused = await self._reach(lambda: self._queue.release(names), [])
        self._holding.drop(holds)
        self.counters.released += len(holds) - len(refused)

    async def _reach(self, call: Callable[[], Awaitable[_T]], holds: Sequence[Hold]) -> _T:
        """Make a call of the queue, again and again while it is unavailable.

        `holds` are those whose outcomes it sends; they are kept. Raises `QueueUnavailable` only when the
        reader has to end.
        """
        pause = PAUSE_SECONDS_MIN
        while True:
            try:
                answer = await call()
            except QueueUnavailable as error:
                if pause == PAUSE_SECONDS_MIN:
                    self.counters.disconnects += 1
                    _log.warning("the queue is unavailable, trying again: %s", error)
                for hold in holds:
                    hold.uncertain = True
                if self._stop_by is not None and monotonic() >= self._stop_by:
                    raise
                # Spread, so that many readers do not come back in the same instant.
                await asyncio.sleep(pause * random.uniform(0.7, 1.3))
                pause = min(pause * 2, PAUSE_SECONDS_MAX)
            else:
                if pause != PAUSE_SECONDS_MIN:
                    _log.warning("the queue is available again")
                return answer

    # --- leases ---------------------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Renew leases at a third of their time, as long as the items are in hand."""
        lease_seconds = self._options.lease_seconds
        renews = self._queue.capabilities.extend
        while True:
            await asyncio.sleep(min(lease_seconds / 12, HOARD_SECONDS))
            now = monotonic()
            lost = self._holding.expire(now)
            await self._give_back_hoard(now)
            due = (
                []
                if not renews
                else [
                    hold
                    for hold in self._holding.to_renew(now, lease_seconds / 3)
                    if not self._out_of_time(hold, now)
                ]
            )
            if due:
                try:
                    refused = await self._queue.extend([hold.name for hold in due], lease_seconds)
                except QueueUnavailable as error:
                    _log.warning("leases could not be renewed, trying again: %s", error)
                else:
                    # What has an outcome may be with the queue since, and then has no lease any longer.
                    still = [hold for hold in due if hold in self._holding and hold.outcome is None]
                    lost += self._holding.renewed(still, now, refused)
            for hold in lost:
                if hold.outcome is None:
                    self.counters.leases_lost += 1
                    _log.warning(
                        "the lease of item %s (attempt %d) has ended while it was in hand; "
                        "another reader may have it. Lease longer than %g s",
                        hold.item.id,
                        hold.item.attempt,
                        lease_seconds,
                    )

    def _out_of_time(self, hold: Hold, now: float) -> bool:
        """Tell whether an item blocks a thread for longer than it may: its lease is left to end."""
        limit = self._options.timeout_seconds
        return limit is not None and hold.begun_at > 0 and now - hold.begun_at > limit

    async def _give_back_hoard(self, now: float) -> None:
        """Release what was leased ahead when every runner is busy with an item that takes long."""
        runners = self._runners
        if runners.load <= self._slots or self._stop_by is not None:
            return
        patience = min(HOARD_SECONDS, self._options.lease_seconds / 3)
        slow = sum(
            1
            for hold in self._holding
            if hold.begun_at and hold.outcome is None and now - hold.begun_at > patience
        )
        if slow >= self._options.concurrency:
            # From now on items are known to take long, so that none are leased ahead.
            runners.item_seconds = max(runners.item_seconds or 0.0, patience)
            holds = runners.withdraw()
            try:
                refused = await self._queue.release([hold.name for hold in holds])
            except QueueUnavailable:
                runners.add(holds)  # the next beat tries again; this one still has leases to renew
            else:
                self._holding.drop(holds)
                self.counters.released += len(holds) - len(refused)

    # --- the end --------------------------------------------------------------------------------------

    async def _is_drained(self) -> bool:
        if not self._runners.load and self._outbox:
            await self._flush()
        if not self._runners.load and not self._holding:
            stats = await self._reach(self._queue.stats, [])
            self._drained = stats.drained
        return self._drained

    async def _wind_down(self, stop_by: float) -> bool:
        """Take a step to the end; return True when nothing is left to wait for."""
        await self._wait_no_longer()
        try:
            await self._release(self._runners.withdraw())
            if self._outbox:
                await self._flush()
        except QueueUnavailable:
            return True
        now = monotonic()
        if now >= stop_by or (not self._runners.load and not self._outbox):
            return True
        self._wake.clear()
        if not self._outbox:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), stop_by - now)
        return False

    async def _wait_no_longer(self) -> None:
        """End the call that waits for items; the queue gives back what it leased for it."""
        if self._waiting is not None:
            self._waiting.cancel()
            await asyncio.gather(self._waiting, return_exceptions=True)
            self._waiting = None

    async def _end(self, heart: asyncio.Task[None] | None) -> None:
        """Stop everything, and give to the queue what is still here."""
        if self._stop_by is None:
            self._stop_by = monotonic() + END_SECONDS
        await self._runners.stop()
        try:
            await self._wait_no_longer()
            self._outbox = [hold for hold in self._holding if hold.outcome is not None]
            await self._flush()
            await self._release([hold for hold in self._holding if hold.outcome is None and not hold.lost])
        except QueueError as error:
            _log.warning("the reader ends without the queue; what it held comes back by itself: %s", error)
        finally:
            if heart is not None:
                heart.cancel()
                await asyncio.gather(heart, return_exceptions=True)
            await self._application.aclose()
        self.counters.unsent = sum(hold.outcome is not None for hold in self._holding)
        if self.counters.unsent:
            _log.warning("outcomes that could not be sent: %d; these items run again", self.counters.unsent)
