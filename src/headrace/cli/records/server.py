"""Executions of a namespace at a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from headrace.cli.client.client import ANSWER_SECONDS, PAGE, Client, Query
from headrace.cli.client.failure import ServerRefused
from headrace.cli.client.rows import execution_of, line_of, open_state_of, run_of
from headrace.cli.records.port import NumberedLogLine
from headrace.runtime.open_state import OpenState
from headrace.store.port import DefinitionRow, ExecutionQuery, ExecutionRow, LogLine, TaskRun

if TYPE_CHECKING:
    from headrace.spec.flowapp import Definition

LINES_PER_PAGE = 5000
WAIT_SECONDS = 30.0


class ServerRecords:
    """Records over the API."""

    abbreviations_of: int | None = 10_000

    def __init__(self, client: Client) -> None:
        self.client = client
        self.place = f"in namespace {client.server.namespace} of {client.server.url}"
        self._cursors: dict[str, str | None] = {}  # by the last row of a page: where the next one begins
        self._open: dict[str, list[dict[str, Any]]] = {}
        self._why: dict[str, list[dict[str, Any]]] = {}
        self._executions: dict[str, str] = {}  # an execution by the digest of its definition

    async def executions(self, query: ExecutionQuery) -> list[ExecutionRow]:
        """Return executions, newest first. `before` is the last row of a page that was read before."""
        if query.namespace not in (None, self.client.server.namespace):
            return []
        wanted: dict[str, Any] = {
            "flow": query.name,
            "status": query.status,
            "key": query.key,
            "parent": query.parent_id,
            "rerun_of": query.rerun_of,
            "started_by": query.started_by,
            "created_from": query.created_from,
            "created_to": query.created_to,
        }
        if query.before is None:
            return await self._pages(wanted, query.limit, None)
        after = self._cursors.get(query.before)
        return [] if after is None else await self._pages(wanted, query.limit, after)

    async def _pages(self, wanted: Query, limit: int, after: str | None) -> list[ExecutionRow]:
        rows: list[ExecutionRow] = []
        while len(rows) < limit:
            page = await self.client.get(
                self.client.path("executions"),
                {**wanted, "limit": min(limit - len(rows), PAGE), "after": after},
            )
            rows += map(execution_of, page["items"])
            after = page["next"]
            if after is None:
                break
        if rows:
            self._cursors[rows[-1].id] = after
        return rows

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        """Return one execution."""
        try:
            data = await self.client.get(self.client.path("executions", execution_id))
        except ServerRefused as refused:
            if refused.status == 404:
                return None
            raise
        self._why[execution_id] = data["why"]
        self._executions[data["digest"]] = execution_id
        return execution_of(data)

    async def history(self, execution_id: str, *, after: int = -1, limit: int = 10_000) -> list[TaskRun]:
        """Return all task runs at once where they are read from the beginning."""
        return [] if after >= 0 else await self.runs(execution_id, payloads=True)

    async def runs(self, execution_id: str, *, payloads: bool) -> list[TaskRun]:
        """Return all task runs that have ended."""
        found: list[TaskRun] = []
        cursor: str | None = None
        path = self.client.path("executions", execution_id, "history")
        while True:
            page = await self.client.get(path, {"payloads": payloads, "limit": PAGE, "after": cursor})
            # What is open was looked at before what has ended: nothing is in neither.
            self._open.setdefault(execution_id, page["open"])
            found += [run_of(execution_id, each) for each in page["items"]]
            cursor = page["next"]
            if cursor is None or not page["items"]:
                return found

    async def definitions(
        self, namespace: str | None = None, name: str | None = None, *, digest: str | None = None
    ) -> list[DefinitionRow]:
        """Return the definition with a digest, of an execution that was read before."""
        execution_id = self._executions.get(digest or "")
        if execution_id is None:
            return []
        data = await self.client.get(self.client.path("executions", execution_id, "definition"))
        row = DefinitionRow(
            digest=data["digest"],
            namespace=self.client.server.namespace,
            name=data["name"],
            version=data["version"],
            source="",
            created_at=0.0,
        )
        # A store keeps the text together with how its file is called.
        row.source = orjson.dumps({"text": data["text"], "file": called(row)}).decode()
        return [row]

    async def definition(self, row: ExecutionRow) -> Definition | None:
        """Return the definition of an execution; its file is called by name and version."""
        from headrace.spec.flowapp import parse_definition

        self._executions.setdefault(row.definition_digest, row.id)
        [kept] = await self.definitions(digest=row.definition_digest)
        text = orjson.loads(kept.source)["text"]
        return parse_definition(text, called(kept), known_functions=None)[0]

    async def test(self, execution_id: str, name: str | None) -> str:
        """Return a test that the server makes from an execution, as YAML. `name` is that of its case."""
        path = self.client.path("executions", execution_id, "test")
        return (await self.client.send("GET", path, query={"name": name}, repeatable=True)).body.decode()

    async def open_state(self, row: ExecutionRow) -> OpenState:
        """Return what an execution has open."""
        if row.ended_at is not None:
            return OpenState([], [])
        if row.id not in self._open:
            page = await self.client.get(self.client.path("executions", row.id, "history"), {"limit": 1})
            self._open[row.id] = page["open"]
        return open_state_of(self._open.pop(row.id), self._why.get(row.id, []))

    async def logs(self, execution_id: str, run_id: int | None = None) -> list[LogLine]:
        """Return log lines."""
        lines = [each.line for each in await self.lines_after(execution_id, None)]
        return [line for line in lines if run_id in (None, line.run_id)]

    async def lines_after(self, execution_id: str, position: str | None) -> list[NumberedLogLine]:
        """Return log lines; their position is the cursor behind the page that they came with."""
        found: list[NumberedLogLine] = []
        path = self.client.path("executions", execution_id, "logs")
        while True:
            page = await self.client.get(path, {"limit": LINES_PER_PAGE, "after": position})
            position = page["next"]
            found += [NumberedLogLine(position or "", line_of(execution_id, each)) for each in page["items"]]
            if len(page["items"]) < LINES_PER_PAGE:
                return found

    async def ended(self, execution_id: str, seconds: float) -> bool:
        """Ask the server to answer when it ends."""
        seconds = min(seconds, WAIT_SECONDS)
        path = self.client.path("executions", execution_id, "wait")
        try:
            answer = await self.client.get(
                path, {"seconds": round(seconds, 3)}, seconds=seconds + ANSWER_SECONDS
            )
        except ServerRefused as refused:
            if refused.status == 404:
                return True
            raise
        return bool(answer["ended"])


def called(row: DefinitionRow) -> str:
    """Return how the text of a definition is called where its file is somewhere else."""
    return f"{row.name} {row.version}"
