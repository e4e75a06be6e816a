"""Looks at an interval: rules `stuck`, `slower` of what still runs, `deadLetter`, `queueOlder`.

A look reads so many open executions and no more, and goes on there the next time: a million that wait cost as
much as a few thousand. Where no rule asks for it, nothing is read.
"""

from __future__ import annotations

import logging

from headrace.alert.happening import execution_event, happening, text_of
from headrace.alert.queues import Queues
from headrace.alert.recorder import Recorder
from headrace.alert.rules import Rule, Rules
from headrace.alert.watch import Watch
from headrace.queue.port import QueueError, Stats
from headrace.store.alerts import AlertStore, Ongoing, Open, RuleName

PAGE = 1000
PAGES_PER_LOOK = 5
# Beyond so many that are stuck at once, a rule tells of no more until some of them go on.
STUCK_MAX = 10_000
_BEGINNING = (float("-inf"), "")

_log = logging.getLogger(__name__)


class Look:
    """Evaluates rules on what does not end by itself."""

    def __init__(
        self, store: AlertStore, rules: Rules, recorder: Recorder, watch: Watch, queues: Queues | None
    ) -> None:
        self._store = store
        self._rules = rules
        self._recorder = recorder
        self._watch = watch
        self._queues = queues
        self._ongoing: dict[tuple[RuleName, str], Ongoing] = {}
        self._stuck_counts: dict[RuleName, int] = {}
        self._slow: set[tuple[RuleName, str]] = set()  # told already, by this process
        self._after = _BEGINNING

    def restore(self, ongoing: list[Ongoing]) -> None:
        """Go on with what an earlier process found."""
        self._ongoing = {(each.name, each.subject): each for each in ongoing if each.subject[:1] in "xq"}
        for name, subject in self._ongoing:
            if subject[0] == "x":
                self._stuck_counts[name] = self._stuck_counts.get(name, 0) + 1

    async def look(self, now: float) -> None:
        """Look once. Raises `StoreError` when the store cannot be read: the next look makes up for it."""
        self._drop_removed()
        await self._look_at_stuck(now)
        await self._look_at_open(now)
        await self._look_at_queues(now)

    def _begin(self, ongoing: Ongoing, *told: object) -> None:
        self._ongoing[ongoing.name, ongoing.subject] = ongoing
        self._recorder.add(begun=(ongoing,), happenings=told)  # type: ignore[arg-type]

    def _end(self, name: RuleName, subject: str, *told: object) -> None:
        del self._ongoing[name, subject]
        if subject[0] == "x":
            self._stuck_counts[name] -= 1
        self._recorder.add(over=((name, subject),), happenings=told)  # type: ignore[arg-type]

    def _drop_removed(self) -> None:
        """Forget what rules found that are gone, or are about something else now."""
        for name, subject in list(self._ongoing):
            rule = self._rules.get(name)
            stuck = subject[0] == "x"
            if rule is None or stuck != (rule.alert.condition == "stuck"):
                self._end(name, subject)

    # --- executions -------------------------------------------------------------------------------------

    async def _look_at_stuck(self, now: float) -> None:
        """See which executions that were stuck go on, or ended."""
        stuck = [(name, subject) for name, subject in self._ongoing if subject[0] == "x"]
        for start in range(0, len(stuck), PAGE):
            part = stuck[start : start + PAGE]
            found = {
                each.execution_id: each
                for each in await self._store.look(sorted({subject[1:] for _, subject in part}))
            }
            for name, subject in part:
                each = found.get(subject[1:])
                ongoing = self._ongoing[name, subject]
                if each is not None and each.status != "suspended" and each.progress_at <= ongoing.value:
                    continue
                rule = self._rules.get(name)
                assert rule is not None
                event = execution_event(
                    name.namespace,
                    name.flow or (each.flow if each else ""),
                    subject[1:],
                    stuck_since=text_of(ongoing.value),
                    status="ended" if each is None else each.status,
                )
                self._end(name, subject, happening(rule, "resolved", now, event))

    async def _look_at_open(self, now: float) -> None:
        rules = self._rules.of("stuck", "slower")
        if not rules:
            return
        before = now - min(rule.alert.seconds for rule in rules)
        for _ in range(PAGES_PER_LOOK):
            page = await self._store.open(self._after, before, PAGE)
            for each in page:
                about = self._rules.about(each.namespace, each.flow)
                for rule in about.get("slower", ()):
                    self._slower(rule, each, now)
                for rule in about.get("stuck", ()):
                    self._stuck(rule, each, now)
            if len(page) < PAGE:
                self._after = _BEGINNING
                return
            self._after = (page[-1].created_at, page[-1].execution_id)

    def _slower(self, rule: Rule, each: Open, now: float) -> None:
        seconds = now - each.created_at
        if seconds > rule.alert.seconds and (rule.name, each.execution_id) not in self._slow:
            if len(self._slow) >= STUCK_MAX:
                self._slow.clear()  # the store knows them too
            self._slow.add((rule.name, each.execution_id))
            self._watch.slow(rule, each.execution_id, each.flow, seconds, now)

    def _stuck(self, rule: Rule, each: Open, now: float) -> None:
        subject = "x" + each.execution_id
        if (
            each.timer_only
            or now - each.progress_at <= rule.alert.seconds
            or (rule.name, subject) in self._ongoing
            or self._stuck_counts.get(rule.name, 0) >= STUCK_MAX
        ):
            return
        self._stuck_counts[rule.name] = self._stuck_counts.get(rule.name, 0) + 1
        event = execution_event(
            each.namespace,
            each.flow,
            each.execution_id,
            status=each.status,
            stuck_since=text_of(each.progress_at),
        )
        self._begin(
            Ongoing(name=rule.name, subject=subject, since=now, value=each.progress_at),
            happening(rule, "firing", now, event),
        )

    # --- queues -----------------------------------------------------------------------------------------

    async def _look_at_queues(self, now: float) -> None:
        if self._queues is None:
            return
        for rule in self._rules.of("deadLetter", "queueOlder"):
            name = rule.name
            try:
                queues = await self._queues.stats(name.namespace, name.flow, rule.alert.queue)
            except QueueError as error:
                _log.warning("alert %s: its queue cannot be read: %s", name, error)
                continue
            for queue, stats in queues.items():
                if rule.alert.condition == "deadLetter":
                    self._dead(rule, queue, stats, now)
                else:
                    self._old(rule, queue, stats, now)

    def _old(self, rule: Rule, queue: str, stats: Stats, now: float) -> None:
        seconds = stats.oldest_ready_seconds or 0.0
        subject = "q" + queue
        firing = (rule.name, subject) in self._ongoing
        event = {"queue": queue, "seconds": round(seconds, 3), "ready": stats.ready}
        if seconds > rule.alert.seconds and not firing:
            self._begin(
                Ongoing(name=rule.name, subject=subject, since=now), happening(rule, "firing", now, event)
            )
        elif seconds <= rule.alert.seconds and firing:
            self._end(rule.name, subject, happening(rule, "resolved", now, event))

    def _dead(self, rule: Rule, queue: str, stats: Stats, now: float) -> None:
        """Tell of new dead letters by the total, and that there are none any more.

        A queue that is seen for the first time tells of those that it has: nobody was told of them.
        """
        subject = "q" + queue
        known = self._ongoing.get((rule.name, subject))
        before = 0 if known is None else int(known.value)
        firing = known is not None and known.firing
        event = {"queue": queue, "dead": stats.dead}
        if stats.dead_total > before and stats.dead:
            event["new"] = min(stats.dead, stats.dead_total - before)
            ongoing = Ongoing(name=rule.name, subject=subject, since=now, value=stats.dead_total)
            self._begin(ongoing, happening(rule, "firing", now, event))
        elif firing and not stats.dead:
            ongoing = Ongoing(
                name=rule.name, subject=subject, since=now, value=stats.dead_total, firing=False
            )
            self._begin(ongoing, happening(rule, "resolved", now, event))
        elif stats.dead_total != before:
            # Redriven or purged between two looks, or the queue was made anew.
            self._begin(
                Ongoing(name=rule.name, subject=subject, since=now, value=stats.dead_total, firing=firing)
            )
