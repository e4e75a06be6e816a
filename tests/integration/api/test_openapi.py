"""Schemathesis over the whole description of a real server: no 5xx, and every answer is as described."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from integration.api.served import TOKEN, Served
from integration.api.stocked import FUNCTIONS, stock

TESTS = Path(__file__).parents[2]
# Operations that are not asked, each for a reason.
EXCLUDED = {
    # Their answers have no end; tests of their own read them.
    "streamExecution": "endless",
    "streamFunctionLines": "endless",
    "streamFlowApp": "endless",
    "streamNamespace": "endless",
    "streamQueue": "endless",
    # The sessions are those of whoever asks, and of all the other requests.
    "logout": "ends what asks",
    "endSessions": "ends what asks",
}
# Not `positive_data_acceptance`: what no schema can say is refused, too, as a cursor of another list, a lease
# that is over, a version that is taken.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
# Preconditions are looked at before the body is read (RFC 9110, section 13.2.1): a body that is wrong as well
# is answered with 412.
CONFIGURATION = """\
[checks]
negative_data_rejection.expected-statuses = \
["400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429", "5xx"]
"""


@pytest.fixture
def functions() -> Mapping[str, Any]:
    return FUNCTIONS


async def schemathesis(served: Served, folder: Path, *more: str) -> str:
    """Run it against a server, and return what it says. Fails with that where it found something."""
    stocked = folder / "stock.json"
    stocked.write_text(json.dumps(await stock(served)))
    (folder / "schemathesis.toml").write_text(CONFIGURATION)
    excluded = [part for id in EXCLUDED for part in ("--exclude-operation-id", id)]
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("st"),
        "run",
        f"{served.server.url}/api/openapi.json",
        "--header",
        f"Authorization: Bearer {TOKEN}",
        "--checks",
        ",".join(CHECKS),
        "--seed",
        "1",
        "--continue-on-failure",
        "--suppress-health-check",
        "all",
        "--request-timeout",
        "60",
        *excluded,
        *more,
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "integration.api.openapi_hooks",
            "HEADRACE_TEST_STOCK": str(stocked),
            "PYTHONPATH": str(TESTS),
            "NO_COLOR": "1",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output = (await process.communicate())[0].decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, output
    # Whoever asked may still: what was asked later was not refused for another reason.
    assert (await served.get("/api/v1/session")).status == 200, output
    return output


async def test_every_operation_answers_as_it_says(served: Served, tmp_path: Path) -> None:
    output = await schemathesis(served, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "2")
    assert "Failures" not in output


@pytest.mark.long
async def test_every_operation_answers_as_it_says_at_length(served: Served, tmp_path: Path) -> None:
    await schemathesis(
        served, tmp_path, "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "20"
    )
