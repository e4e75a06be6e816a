"""Sends notifications: at least once, with pauses that grow, across restarts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from headrace.alert.clock import Clock
from headrace.alert.webhook import Secret, Secrets, alert_of, covered, request
from headrace.call.client import HttpClient, Request
from headrace.call.performer import CallError
from headrace.spec.template import TemplateError
from headrace.store.alerts import AlertStore, Attempted, Notification, Silence
from headrace.store.port import StoreError

TIMEOUT_SECONDS = 10.0
# A webhook that hangs must not hold up the others.
AT_ONCE_MAX = 16
PAUSE_SECONDS = 5.0
PAUSE_SECONDS_MAX = 900.0
GIVE_UP_SECONDS = 24 * 3600.0
TROUBLE_SECONDS = 1.0
IDLE_SECONDS = 300.0

_log = logging.getLogger(__name__)


def pause_seconds(attempts: int) -> float:
    """Return the pause after so many attempts: 5 s, 10 s, 20 s, ... 15 min."""
    return float(min(PAUSE_SECONDS_MAX, PAUSE_SECONDS * 2 ** min(attempts - 1, 20)))


class Delivery:
    """Sends what is due."""

    def __init__(
        self,
        store: AlertStore,
        client: HttpClient,
        secret: Secret,
        clock: Clock,
        ended: Callable[[str, str], None],
    ) -> None:
        self._store = store
        self._client = client
        self._secret = secret
        self._clock = clock
        self._ended = ended
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._more = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._run(), name="headrace-alerts-delivery")

    async def stop(self) -> None:
        """End; what is being sent is sent again by the next process."""
        tasks = [*self._sending.values(), *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None

    def kick(self) -> None:
        """Look again: something may be due."""
        self._more.set()

    async def _run(self) -> None:
        while True:
            self._more.clear()
            now = self._clock.now()
            following: float | None
            try:
                # Those that are being sent are due too: there must be room for others among them.
                rows, following = await self._store.due(now, 2 * AT_ONCE_MAX)
                silences = await self._store.silences(now) if rows else []
            except StoreError as error:
                _log.warning("notifications cannot be read, trying again: %s", error)
                rows, silences, following = [], [], now + TROUBLE_SECONDS
            for row in rows:
                if len(self._sending) >= AT_ONCE_MAX:
                    break
                if row.id not in self._sending:
                    task = asyncio.create_task(self._deliver(row, silences))
                    self._sending[row.id] = task
            await self._wait_until(now + IDLE_SECONDS if following is None else following)

    async def _wait_until(self, moment: float) -> None:
        sleep = asyncio.ensure_future(self._clock.sleep_until(moment))
        more = asyncio.ensure_future(self._more.wait())
        try:
            await asyncio.wait({sleep, more}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            more.cancel()

    async def _deliver(self, row: Notification, silences: list[Silence]) -> None:
        try:
            outcome = await self._outcome(row, silences)
            while True:
                try:
                    await self._store.attempted(outcome)
                    break
                except StoreError as error:
                    # Sent, and not noted: nothing else may be done with it until it is.
                    _log.warning("notification %s cannot be noted, trying again: %s", row.id, error)
                    await asyncio.sleep(TROUBLE_SECONDS)
            self._ended(row.name.namespace, "retried" if outcome.status == "pending" else outcome.status)
        except Exception:
            _log.exception("notification %s could not be dealt with", row.id)
        finally:
            self._sending.pop(row.id, None)
            self.kick()

    async def _outcome(self, row: Notification, silences: list[Silence]) -> Attempted:
        now = self._clock.now()
        if any(is_silenced(row, silence) for silence in silences):
            return Attempted(id=row.id, status="silenced", attempts=row.attempts, at=now, send_at=row.send_at)
        error = await self.send(row)
        now, attempts = self._clock.now(), row.attempts + 1
        if error is None:
            return Attempted(id=row.id, status="delivered", attempts=attempts, at=now, send_at=row.send_at)
        again = now + pause_seconds(attempts)
        if again - row.created_at > GIVE_UP_SECONDS:
            _log.error("alert %s was not delivered and is given up: %s", row.name, error)
            return Attempted(
                id=row.id, status="failed", attempts=attempts, at=now, send_at=row.send_at, error=error
            )
        return Attempted(id=row.id, status="pending", attempts=attempts, at=now, send_at=again, error=error)

    def preview(self, row: Notification) -> Request:
        """Return what would be sent, with masks for secrets. Raises `TemplateError` where nothing can be."""
        secret = covered(self._secret)
        return request(row, alert_of(row), Secrets(row.name.namespace, secret), secret, self._clock.now())

    async def send(self, row: Notification) -> str | None:
        """Send a notification once; return why it was not taken, without secrets, or None."""
        alert = alert_of(row)
        secrets = Secrets(row.name.namespace, self._secret)
        try:
            message = request(row, alert, secrets, self._secret, self._clock.now())
            response = await self._client.send(message, timeout_seconds=TIMEOUT_SECONDS)
        except TemplateError as error:
            return secrets.masked(str(error))
        except CallError as error:
            if "{" in alert.webhook.url:
                # Its texts name the URL, and what was made of a secret in it may look different there.
                return f"{_kind(error)} (the URL is a template and is not shown)"
            return secrets.masked(f"{error.error.title}: {error.error.detail or _kind(error)}")
        if 200 <= response.status < 300:
            return None
        # Not what it answered: that may be an echo of what was sent.
        return f"the webhook answered {response.status}"


def _kind(error: CallError) -> str:
    return f"{error.error.type.rpartition('/')[2]} error {error.error.status}"


def is_silenced(row: Notification, silence: Silence) -> bool:
    """Tell whether a silence is about a notification."""
    return (
        silence.namespace == row.name.namespace
        and silence.rule in (None, row.name.rule)
        and silence.flow in (None, row.name.flow)
    )


async def cancelled(task: asyncio.Task[None] | None) -> None:
    """Cancel a task and wait for its end."""
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
