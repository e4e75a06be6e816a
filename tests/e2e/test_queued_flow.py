"""A flow whose calls go by a queue, on the command line: why it waits, a worker, and the end."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from e2e.command import HEADRACE, environment, headrace
from headrace.queue.open import open_queue
from headrace.queue.port import Failed

FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: shop}
spec:
  version: 1.0.0
  functions:
    resize: {source: cmd/resize, delivery: queue, parallelism: 0}
  steps:
    - resize: {call: resize}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "flowapp.yaml").write_text(FLOW)
    (tmp_path / "cmd" / "resize").mkdir(parents=True)
    (tmp_path / "cmd" / "resize" / "main.py").write_text("# never started here\n")
    (tmp_path / "work.py").write_text("def resize(data):\n    return {'width': data['width'] // 2}\n")
    return tmp_path


async def test_from_waiting_to_the_end(project: Path) -> None:
    input = json.dumps({"width": 640})
    unfinished = headrace("run", "--no-trace", "--timeout", "2", "-i", input, cwd=project, code=4)
    assert "unfinished" in unfinished.stderr
    shown = headrace("executions", "show", "last", cwd=project).stdout
    assert "resize waits for a reader of queue shop.resize, attempt 1" in shown

    queue = await open_queue(str(project / ".headrace" / "queue.db"), "shop.resize")
    (item,) = await queue.lease(1, 600.0, worker="press-7")
    shown = headrace("executions", "show", "last", cwd=project).stdout
    assert "resize is worked on by press-7, leased from queue shop.resize until " in shown
    data = json.loads(headrace("executions", "show", "last", "-o", "json", cwd=project).stdout)
    (waiting,) = data["waiting"]
    assert waiting["item"]["id"] == f"{data['id']}.1.1"
    assert waiting["item"]["until"].endswith("Z")

    await queue.fail([Failed(id=item.id, token=item.token, error="no ink", retry_in=600.0)])
    shown = headrace("executions", "show", "last", cwd=project).stdout
    assert "resize is tried again by queue shop.resize at " in shown
    assert "the last attempt failed: no ink" in shown
    await queue.purge("delayed")
    await queue.aclose()

    # A person has deleted the item: the flow puts it again, and a worker does the rest.
    again = asyncio.create_task(asyncio.to_thread(headrace, "run", "--no-trace", "--resume", cwd=project))
    process = await asyncio.create_subprocess_exec(
        *HEADRACE,
        *("worker", "--name", "shop.resize", "--call", "work:resize"),
        cwd=project,
        env=environment(),
    )
    done = await again
    (ended,) = json.loads(done.stdout)
    assert ended["output"] == {"width": 320}
    process.terminate()
    await process.wait()
