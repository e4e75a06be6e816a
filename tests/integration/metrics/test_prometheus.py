"""Dashboard and alert rules against a real Prometheus that scrapes a real process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import yaml

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yaml"
# Long enough for `rate` to have two samples, on a slow machine too.
PATIENCE_SECONDS = 120.0


def program(name: str) -> str:
    """Return a program of Debian's package `prometheus`; without it skip the test, or fail it in CI."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed (Debian: apt-get install prometheus)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def promtool(*arguments: str, folder: Path = DEPLOY / "prometheus") -> None:
    done = subprocess.run(
        [program("promtool"), *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_are_valid() -> None:
    promtool("check", "rules", "alerts.yaml")


def test_the_rules_fire_when_they_should_and_not_otherwise() -> None:
    promtool("test", "rules", "alerts.test.yaml")


def test_the_example_of_a_configuration_is_valid(tmp_path: Path) -> None:
    for file in ("prometheus.yaml", "alerts.yaml"):
        shutil.copy(DEPLOY / "prometheus" / file, tmp_path)
    (tmp_path / "headrace.token").write_text("a token")
    promtool("check", "config", "prometheus.yaml", folder=tmp_path)


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=ROOT)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


class Prometheus:
    """The HTTP API of a Prometheus."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def get(self, path: str, **parameters: str) -> Any:
        async with self._session.get(f"{self._url}{path}", params=parameters) as response:
            answer = await response.json()
            assert answer["status"] == "success", (path, parameters, answer)
            return answer["data"]

    async def query(self, expression: str) -> list[Any]:
        result: list[Any] = (await self.get("/api/v1/query", query=expression))["result"]
        return result


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prometheus(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Prometheus]:
    """A Prometheus that has scraped a working engine for some time."""
    server = program("prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    port_file = folder / "port"
    engine = [sys.executable, str(Path(__file__).with_name("counted_engine.py"))]
    engine += [str(folder / "headrace.db"), str(folder / "queue.db"), str(port_file)]
    with running(engine, folder / "engine.log") as process:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not port_file.exists() or not port_file.read_text():
                assert process.poll() is None, (folder / "engine.log").read_text()
                await asyncio.sleep(0.05)
        shutil.copy(RULES, folder)
        (folder / "prometheus.yaml").write_text(
            yaml.safe_dump(
                {
                    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                    "rule_files": ["alerts.yaml"],
                    "scrape_configs": [
                        {
                            "job_name": "headrace",
                            "static_configs": [{"targets": [f"127.0.0.1:{port_file.read_text()}"]}],
                        }
                    ],
                }
            )
        )
        port = free_port()
        command = [server, f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/data"]
        command.append(f"--web.listen-address=127.0.0.1:{port}")
        with running(command, folder / "prometheus.log") as scraper:
            async with aiohttp.ClientSession() as session:
                found = Prometheus(session, f"http://127.0.0.1:{port}")
                async with asyncio.timeout(PATIENCE_SECONDS):
                    while not await scraped(found):
                        assert scraper.poll() is None, (folder / "prometheus.log").read_text()
                        assert process.poll() is None, (folder / "engine.log").read_text()
                        await asyncio.sleep(0.2)
                yield found


async def scraped(prometheus: Prometheus) -> bool:
    """Whether there are enough samples for `rate`, of the slowest thing that the engine does too."""
    try:
        # Leases are let run out in every tenth round only.
        return bool(await prometheus.query("rate(headrace_queue_expired_total[20s]) > 0")) and bool(
            await prometheus.query("count_over_time(headrace_info[1m]) > 10")
        )
    except aiohttp.ClientConnectionError:
        return False
    except aiohttp.ContentTypeError as error:
        if error.status == 503:  # it is still starting
            return False
        raise


def panels() -> list[dict[str, Any]]:
    dashboard = json.loads((DEPLOY / "grafana" / "headrace.json").read_text())
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def expression(written: str) -> str:
    """Return an expression as Grafana sends it, with all values chosen."""
    written = written.replace("$__rate_interval", "20s")
    return re.sub(r"\$(job|instance|namespace|flow|function|queue)", ".*", written)


@pytest.mark.asyncio(loop_scope="module")
async def test_every_panel_has_data(prometheus: Prometheus) -> None:
    empty = []
    for panel in panels():
        for target in panel["targets"]:
            assert "$" not in expression(target["expr"]), target["expr"]
            result = await prometheus.query(expression(target["expr"]))
            if not any(sample["value"][1] != "NaN" for sample in result):
                empty.append((panel["title"], target["expr"]))
            for sample in result:
                labels = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
                assert labels <= set(sample["metric"]), (panel["title"], target["legendFormat"])
    assert empty == []


@pytest.mark.asyncio(loop_scope="module")
async def test_every_rule_is_evaluated_without_error_on_metrics_that_exist(prometheus: Prometheus) -> None:
    groups = (await prometheus.get("/api/v1/rules"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    written = yaml.safe_load(RULES.read_text())["groups"]
    assert [rule["name"] for rule in rules] == [rule["alert"] for group in written for rule in group["rules"]]
    for rule in rules:
        assert rule["health"] == "ok", rule
        names = set(re.findall(r"\b(?:headrace_\w+|process_\w+|up)\b", rule["query"]))
        for name in names:
            assert await prometheus.query(f"{{__name__='{name}'}}"), f"{rule['name']}: there is no {name}"


@pytest.mark.asyncio(loop_scope="module")
async def test_every_metric_is_on_the_dashboard_or_in_a_rule(prometheus: Prometheus) -> None:
    names = await prometheus.get("/api/v1/label/__name__/values")
    text = (DEPLOY / "grafana" / "headrace.json").read_text() + RULES.read_text()
    unseen = {
        name
        for name in names
        if name.startswith("headrace_") and re.sub(r"_(created|bucket|sum|count)$", "", name) not in text
    }
    assert unseen == set()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_alerts_that_must_fire_are_pending_or_firing(prometheus: Prometheus) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            alerts = {
                alert["labels"]["alertname"] for alert in (await prometheus.get("/api/v1/alerts"))["alerts"]
            }
            if {"HeadraceExecutionsFault", "HeadraceFunctionErrors", "HeadraceDeadLetters"} <= alerts:
                break
            await asyncio.sleep(0.2)
    assert not alerts & {"HeadraceDown", "HeadraceStoreFails", "HeadraceFilesExhausted"}
