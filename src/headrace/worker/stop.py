"""Ending the application of a sidecar, where the cluster does not do it: by HTTP, or by its process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from headrace.call.wire import ConnectFailedError, WireError
from headrace.worker.http_application import HttpEndpoint

_COMM_CHARACTERS = 15  # the kernel keeps no more of a process's name


async def ask_to_stop(url: str, timeout_seconds: float = 5.0) -> str | None:
    """POST to `url`, so that the application ends; return why that did not work, or None."""
    endpoint = HttpEndpoint(url, connections_max=1, timeout_seconds=timeout_seconds, connect_seconds=0.0)
    try:
        answer = await endpoint.post("", b"")
    except ConnectFailedError as error:
        return str(error)
    except WireError:
        return None  # it has ended before it answered: that is what was asked for
    finally:
        await endpoint.aclose()
    return None if 200 <= answer.status < 300 else f"it answered {answer.status}"


def terminate_named(program: str, processes: Path = Path("/proc")) -> str | None:
    """Send SIGTERM to all other processes of the name `program`; return why that did not work, or None.

    Sees the application's processes when the containers of the Pod share their process namespace
    (`shareProcessNamespace: true`).
    """
    own, found, problem = os.getpid(), False, None
    for entry in processes.iterdir():
        if not entry.name.isdigit() or int(entry.name) == own:
            continue
        try:
            if (entry / "comm").read_text().rstrip("\n") != program[:_COMM_CHARACTERS]:
                continue
            found = True
            os.kill(int(entry.name), signal.SIGTERM)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        except PermissionError:
            problem = f"process {entry.name} ({program}) belongs to another user"
    return problem if found else f"there is no process {program!r}; do the containers share their processes?"
