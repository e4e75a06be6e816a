"""Executions in memory: those that have something to do, and some that wait and need not be loaded again."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from headrace.engine.state import Execution
from headrace.runtime.again import pause_seconds
from headrace.runtime.definitions import Definitions, Deployed
from headrace.runtime.live import Live
from headrace.runtime.observers import Observers
from headrace.runtime.secrets import Masker, SecretProvider, secrets_for
from headrace.store.port import Store, StoreError

# How many executions that wait for time or events stay in memory, so that they need not be loaded.
IDLE_KEPT = 1000

_log = logging.getLogger(__name__)


class Memory:
    """Those of one runtime, by id, with what they need at hand: plan, secrets, who observes them."""

    def __init__(
        self, store: Store, definitions: Definitions, observers: Observers, secrets: SecretProvider
    ) -> None:
        self.lives: dict[str, Live] = {}
        self.secrets = secrets
        self._store = store
        self._definitions = definitions
        self._observers = observers
        self._idle: OrderedDict[str, None] = OrderedDict()

    def mailbox(self, execution_id: str) -> Live:
        """Return what holds an execution's mailbox; its state may not be loaded."""
        live = self.lives.get(execution_id)
        if live is None:
            live = self.lives[execution_id] = Live(execution_id)
        return live

    def claim(self, live: Live) -> None:
        """Keep one that has something to do, whatever comes."""
        self._idle.pop(live.execution_id, None)

    def rest(self, live: Live) -> None:
        """Forget one that is over, and keep only so many that just wait."""
        execution = live.execution
        if execution is None or execution.final:
            self.lives.pop(live.execution_id, None)
        elif not execution.call_count:
            self._idle[live.execution_id] = None
            if len(self._idle) > IDLE_KEPT:
                oldest, _ = self._idle.popitem(last=False)
                self.lives.pop(oldest, None)

    async def load(self, live: Live) -> bool:
        """Load an execution into `live`; False when it is final or unknown.

        Tries again while the store cannot be read. Raises `HeadraceError` for a definition that this version
        cannot load.
        """
        attempt = 0
        while True:
            try:
                stored = await self._store.load(live.execution_id)
                if stored is None:
                    return False
                deployed = await self._definitions.by_digest(stored.definition_digest)
                break
            except StoreError as error:
                if attempt == 0:
                    _log.error("execution %s cannot be loaded, trying again: %s", live.execution_id, error)
                await asyncio.sleep(pause_seconds(attempt))
                attempt += 1
        if live.secrets is None:
            self._provide_secrets(live, deployed)
        execution = live.codec.load(stored.data, stored.large)
        self.equip(live, execution, deployed)
        live.version = stored.version
        return True

    def equip(self, live: Live, execution: Execution, deployed: Deployed) -> None:
        """Give an execution what it needs at hand, and make it that of `live`."""
        execution.plan = deployed.plan
        execution.observed = self._observers.want(execution)
        if live.secrets is None:
            self._provide_secrets(live, deployed)
        execution.secrets = live.secrets or {}
        live.execution = execution

    def _provide_secrets(self, live: Live, deployed: Deployed) -> None:
        names = deployed.plan.secret_names
        live.secrets = secrets_for(names, self.secrets, deployed.namespace) if names else {}
        masker = Masker(live.secrets) if names else None
        if masker:
            live.masker = masker
            live.codec = masker.codec()
