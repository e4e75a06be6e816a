"""What `headrace up` does: find projects and store, start the server, say where to look, wait."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headrace.cli import collector, project
from headrace.cli.session import Interrupts
from headrace.cli.terminal import Paint

if TYPE_CHECKING:
    from headrace.main.server import Server


@dataclass(frozen=True, kw_only=True)
class UpRequest:
    """What the command line asks for."""

    folders: tuple[Path, ...]
    host: str
    port: int
    store: Path | None
    queue: str | None
    token: str | None
    access: Path | None = None
    secrets: Path | None
    catalog: Path | None
    watch: bool
    calls: Any
    durability: Any
    max_concurrent_calls: int
    lifecycle_events: bool
    grace_seconds: float


async def run_server(request: UpRequest) -> int:
    """Run a server until it is told to stop; return the exit code."""
    interrupts = Interrupts()
    roots = [folder.absolute() for folder in request.folders] or [project.project_here() or Path.cwd()]
    store = project.choose_store(request.store, roots[0])
    secrets = None if request.secrets is None else request.secrets.absolute()
    catalog = None if request.catalog is None else request.catalog.absolute()
    project.folders_to_make(store)
    from headrace.main.server import Server, ServerOptions

    server = Server(
        ServerOptions(
            store=store,
            projects=roots,
            host=request.host,
            port=request.port,
            queue=request.queue,
            token=request.token,
            access=None if request.access is None else request.access.absolute(),
            secrets=secrets,
            catalog=catalog,
            watch=request.watch,
            calls=request.calls,
            durability=request.durability,
            max_concurrent_calls=request.max_concurrent_calls,
            lifecycle_events=request.lifecycle_events,
            grace_seconds=request.grace_seconds,
        )
    )
    await server.start()
    collector.started()
    try:
        await tell(server)
        await interrupts.received.wait()
        print(f"{interrupts.name}: stopping (again: at once)", file=sys.stderr, flush=True)
    finally:
        await server.stop()
    return 0


async def tell(server: Server) -> None:
    """Say on stdout where the server is and what runs; what could not be deployed on stderr."""
    paint, warn = Paint.of(sys.stdout), Paint.of(sys.stderr)
    rows = await server.platform.flowapps.page(limit=20)
    lines = [f"{paint('Headrace', 'bold')} at {server.url}"]
    token = server.access.first_token
    if token is not None:
        lines += [
            f"  log in: {server.url}/login#token={token}",
            f"  the administrator's token, shown this once: {token}",
        ]
    lines += [
        f"  {row.namespace}/{row.name} {row.version}{' (paused)' if row.paused else ''}" for row in rows
    ]
    if not rows:
        lines.append("  nothing is deployed yet: `headrace init shop`, then `headrace up shop`")
    print("\n".join(lines), flush=True)
    for folder, error in server.refused:
        print(f"{warn('not deployed:', 'red', 'bold')} {folder}\n{error}", file=sys.stderr, flush=True)
