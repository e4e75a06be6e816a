"""`Alerts`: rules, silences and notifications of all namespaces, and the parts that work for them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec
import orjson

from headrace.alert.clock import Clock
from headrace.alert.delivery import Delivery, cancelled
from headrace.alert.happening import error_of, execution_event, new_id, text_of
from headrace.alert.look import Look
from headrace.alert.queues import Queues
from headrace.alert.recorder import Recorder
from headrace.alert.rules import Rule, Rules
from headrace.alert.watch import Watch
from headrace.alert.webhook import Secret
from headrace.call.client import HttpClient
from headrace.errors import HeadraceError
from headrace.metrics import Metrics
from headrace.spec.alert import check_alert, load_alert
from headrace.spec.flowapp import Definition
from headrace.spec.masking import MASK
from headrace.spec.problem import Problem
from headrace.spec.template import TemplateError
from headrace.store.alerts import AlertStore, Changes, Notification, RuleName, RuleRow, Silence
from headrace.store.port import StoreError, Transition

LOOK_SECONDS = 15.0
# How long notifications that ended are kept, and what was told is remembered.
KEPT_SECONDS = 30 * 86_400.0
FORGET_EVERY_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Deployed(Protocol):
    """What is deployed (`headrace.runtime.definitions.Deployed`)."""

    @property
    def definition(self) -> Definition: ...


class InvalidRule(HeadraceError):
    """A rule that cannot be taken, with all its problems; their pointers are into the rule."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.pointer or '/'}: {problem.message}" for problem in problems))
        self.problems = list(problems)


class Tested(msgspec.Struct, frozen=True):
    """What came of trying a rule's webhook; `error` None: it took the message."""

    error: str | None


class Previewed(msgspec.Struct, frozen=True):
    """What a rule's webhook would be sent, with masks for secrets; `error`: why it cannot be made."""

    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    error: str | None


class Alerts:
    """The alerts of a platform.

    A watcher of the store (`headrace.store.watched`): that is how it learns of executions. `client` sends to
    webhooks, under its host policy; `secret(namespace, name)` gives secrets; `queues` None: rules about
    queues do nothing. Call `apply` for all that is deployed, then `start`.
    """

    def __init__(
        self,
        store: AlertStore,
        *,
        client: HttpClient,
        secret: Secret,
        clock: Clock,
        queues: Queues | None = None,
        metrics: Metrics | None = None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._look_seconds = look_seconds
        self._rules = Rules()
        self._delivery = Delivery(store, client, secret, clock, self._notification_ended)
        self._recorder = Recorder(store, self._delivery.kick)
        self._watch = Watch(store, self._rules, self._recorder, clock)
        self._look = Look(store, self._rules, self._recorder, self._watch, queues)
        self._task: asyncio.Task[None] | None = None
        self._forgotten_at = float("-inf")

    # --- life -------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Take up what an earlier process left, then look and send. Raises `StoreError`."""
        for namespace in {row.namespace for row in await self._store.rules()}:
            await self._load(namespace)
        ongoing, cursor = await self._store.ongoing()
        self._look.restore(ongoing)
        await self._watch.restore(ongoing, cursor)
        self._delivery.start()
        self._task = asyncio.create_task(self._run(), name="headrace-alerts-look")

    async def stop(self) -> None:
        """End; what was not sent is sent by the next process."""
        await cancelled(self._task)
        self._task = None
        await self._recorder.stop()
        await self._delivery.stop()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except StoreError as error:
                _log.warning("alerts: the store cannot be looked at: %s", error)
            except Exception:
                _log.exception("alerts: a look failed; the next one comes all the same")
            await self._clock.sleep_until(self._clock.now() + self._look_seconds)

    async def look(self) -> None:
        """Look once at what does not end by itself, and return when what was found is recorded."""
        now = self._clock.now()
        self._watch.look(now)
        await self._look.look(now)
        await self._recorder.flush()
        if now - self._forgotten_at >= FORGET_EVERY_SECONDS:
            await self._store.record(Changes(cursor=now, forget_before=now - KEPT_SECONDS))
            self._forgotten_at = now

    # --- what it is told --------------------------------------------------------------------------------

    def committed(self, transition: Transition, seconds: float) -> None:
        """See an execution go on (`headrace.store.watched.Watcher`)."""
        self._watch.committed(transition)

    def operated(self, operation: str, seconds: float, error: StoreError | None) -> None:
        """Alerts are not about the store."""

    def check(self, deployed: Deployed) -> None:
        """Any rules that validation accepted can be run (`headrace.api.deploying.Listener`)."""

    async def apply(self, deployed: Deployed, *, paused: bool) -> None:
        """Take the rules of a FlowApp, in place of earlier ones; a paused one has open executions too."""
        definition = deployed.definition
        self._rules.put(definition.namespace, definition.name, definition.alerts)

    async def remove(self, namespace: str, name: str) -> None:
        """Forget the rules of a FlowApp that is gone."""
        self._rules.put(namespace, name, ())

    def _notification_ended(self, namespace: str, outcome: str) -> None:
        if self._metrics is not None:
            self._metrics.notification_ended(namespace, outcome)

    # --- rules of namespaces ----------------------------------------------------------------------------

    async def rules(self, namespace: str) -> list[RuleRow]:
        """Return the rules of a namespace; those of its FlowApps stand in them."""
        return await self._store.rules(namespace)

    def flow_rules(self, namespace: str) -> list[Rule]:
        """Return the rules that stand in the FlowApps of a namespace, by flow and name."""
        return self._rules.of_flows(namespace)

    async def put_rule(self, namespace: str, rule: Mapping[str, Any], *, by: str) -> RuleRow:
        """Keep a rule of a namespace, in place of one of its name. Raises `InvalidRule`."""
        self._check(rule)
        row = RuleRow(
            namespace=namespace,
            name=rule["name"],
            rule=orjson.dumps(rule),
            updated_at=self._clock.now(),
            updated_by=by,
        )
        await self._store.put_rule(row)
        await self._load(namespace)
        return row

    async def delete_rule(self, namespace: str, name: str) -> bool:
        """Forget a rule of a namespace; False when there is none of this name."""
        found = await self._store.delete_rule(namespace, name)
        await self._load(namespace)
        return found

    async def test(self, namespace: str, rule: Mapping[str, Any]) -> Tested:
        """Send an example of what a rule would say, now and once. Raises `InvalidRule`."""
        return Tested(await self._delivery.send(self._example(namespace, rule)))

    def preview(self, namespace: str, rule: Mapping[str, Any]) -> Previewed:
        """Return the example that `test` would send; nothing is sent. Raises `InvalidRule`."""
        try:
            message = self._delivery.preview(self._example(namespace, rule))
        except TemplateError as error:
            return Previewed("", (), "", str(error))
        # The signature of a mask would only mislead.
        headers = tuple(
            (name, MASK if name == "webhook-signature" else value) for name, value in message.headers
        )
        return Previewed(message.url, headers, (message.body or b"").decode("utf-8", "replace"), None)

    def _example(self, namespace: str, rule: Mapping[str, Any]) -> Notification:
        self._check(rule)
        now, alert = self._clock.now(), load_alert(dict(rule))
        event: dict[str, Any] = {"at": text_of(now)}
        if alert.condition in ("faulted", "slower", "stuck"):
            error = b'{"type": "https://headrace.dev/errors/example", "status": 500, "title": "An example"}'
            event |= execution_event(namespace, "example", "example", error=error_of(error))
        else:
            event |= {"queue": alert.queue or "example"}
        return Notification(
            sequence=0,
            id=new_id(),
            name=RuleName(namespace, "", alert.name),
            state="firing",
            count=1,
            events=orjson.dumps([event]),
            alert=orjson.dumps(rule),
            created_at=now,
            send_at=now,
            status="pending",
            attempts=0,
        )

    async def _load(self, namespace: str) -> None:
        rows = await self._store.rules(namespace)
        self._rules.put(namespace, "", [orjson.loads(row.rule) for row in rows])

    def _check(self, rule: Mapping[str, Any]) -> None:
        errors = [problem for problem in check_alert(rule) if problem.severity == "error"]
        if errors:
            raise InvalidRule(errors)

    # --- silences and notifications ---------------------------------------------------------------------

    async def silences(self, namespace: str) -> list[Silence]:
        """Return the silences of a namespace that last."""
        return await self._store.silences(self._clock.now(), namespace)

    async def silence(
        self,
        namespace: str,
        until: float,
        *,
        by: str,
        rule: str | None = None,
        flow: str | None = None,
        reason: str = "",
    ) -> Silence:
        """Send nothing until a time: of a rule, of a flow's rules, or of the namespace.

        What would have been sent is on record as `silenced`, and is not sent later.
        """
        now = self._clock.now()
        if until <= now:
            raise HeadraceError(f"a silence until {text_of(until)} is over already; name a later time")
        silence = Silence(
            id=secrets.token_hex(8),
            namespace=namespace,
            rule=rule,
            flow=flow,
            until=until,
            reason=reason,
            created_at=now,
            created_by=by,
        )
        await self._store.put_silence(silence)
        return silence

    async def unsilence(self, namespace: str, silence_id: str) -> bool:
        """End a silence; False when there is none of this id."""
        return await self._store.delete_silence(namespace, silence_id)

    async def notifications(
        self, namespace: str, before: int | None = None, limit: int = 50
    ) -> list[Notification]:
        """Return a page, newest first; `before` is the `sequence` of the last one seen."""
        return await self._store.notifications(namespace, before, limit)
