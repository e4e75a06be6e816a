"""The code of functions over the API: a new flow gets a folder, its code is written there and taken up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from integration.api.served import Served, options

PRICED = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: priced}
spec:
  version: 1.0.0
  functions:
    price-it: {source: cmd/price-it}
    elsewhere: {url: "http://127.0.0.1:9/"}
    outside: {source: ../../outside}
    own: {command: ./run}
  steps:
    - priceIt: {call: price-it}
"""

PLAIN = """\
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: plain}
spec:
  version: 1.0.0
  steps:
    - one: {set: {a: 1}}
"""

CODE = """\
from headrace.function import function


@function
def price(data: dict) -> dict:
    return {"price": ANSWER}
"""
PLACE = "flowapps/priced/functions/price-it/code"


@pytest.fixture
async def at_folder(tmp_path: Path) -> AsyncIterator[Served]:
    """A server that runs an empty folder of projects."""
    (tmp_path / "flows").mkdir()
    running = Served(options(tmp_path, projects=[tmp_path / "flows"]))
    await running.start()
    yield running
    await running.stop()


async def output(served: Served) -> object:
    started = await served.post("flowapps/priced/executions", {"n": 1}, headers={"prefer": "wait=30"})
    assert started.status == 200, started.text
    return started.data


async def test_a_new_flow_gets_a_folder_and_its_code_is_written_and_taken_up(
    at_folder: Served, tmp_path: Path
) -> None:
    served, project = at_folder, tmp_path / "flows" / "priced"
    await served.deploy(PRICED)
    assert (project / "config" / "flowapp.yaml").read_text() == PRICED
    missing = await served.get(PLACE)
    assert missing.data["exists"] is False
    assert missing.data["path"] == "cmd/price-it/main.py"
    assert missing.data["file"] == str(project / "cmd" / "price-it" / "main.py")
    assert "etag" not in missing.headers
    failed = await served.post("flowapps/priced/executions", {"n": 1}, headers={"prefer": "wait=30"})
    assert failed.status >= 400
    assert "cmd/price-it does not exist" in failed.text
    # What to begin with runs as it is.
    written = await served.call("PUT", PLACE, {"text": missing.data["text"]}, headers={"if-none-match": "*"})
    assert written.status == 200, written.text
    assert written.data["exists"] is True
    assert await output(served) == {"n": 1}
    changed = await served.call(
        "PUT",
        PLACE,
        {"text": CODE.replace("ANSWER", "7")},
        headers={"if-match": written.headers["etag"]},
    )
    assert changed.status == 200, changed.text
    assert (project / "cmd" / "price-it" / "main.py").read_text() == changed.data["text"]
    # Ready is said of the new code: until then the old one answers.
    async with asyncio.timeout(30):
        while (await served.get("functions?flow=priced")).data["items"][0]["state"] == "starting":
            await asyncio.sleep(0.02)
    assert await output(served) == {"price": 7}
    log = (await served.get("/api/v1/audit")).data["items"]
    entries = [each for each in log if each["action"] == "function.code"]
    assert [each["before"] is None for each in entries] == [False, True]


async def test_code_that_was_changed_meanwhile_is_not_written_over(at_folder: Served, tmp_path: Path) -> None:
    served = at_folder
    await served.deploy(PRICED)
    first = await served.call("PUT", PLACE, {"text": "one = 1\n"})
    file = tmp_path / "flows" / "priced" / "cmd" / "price-it" / "main.py"
    file.write_text("two = 2\n")
    for headers in ({"if-match": first.headers["etag"]}, {"if-none-match": "*"}):
        refused = await served.call("PUT", PLACE, {"text": "three = 3\n"}, headers=headers)
        assert (refused.status, refused.code) == (412, "changed-meanwhile")
    assert file.read_text() == "two = 2\n"


async def test_code_that_cannot_be_read_is_kept_and_shown_where(at_folder: Served) -> None:
    await at_folder.deploy(PRICED)
    written = await at_folder.call("PUT", PLACE, {"text": "def price(:\n"})
    assert written.data["problem"] == {"line": 1, "column": 11, "message": "invalid syntax"}
    assert (await at_folder.get(PLACE)).data["text"] == "def price(:\n"


async def test_only_code_of_the_project_is_reached(at_folder: Served, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.py").write_text("secret = 1\n")
    await at_folder.deploy(PRICED)
    link = tmp_path / "flows" / "priced" / "cmd" / "price-it"
    link.parent.mkdir(parents=True)
    for name, why in (
        ("elsewhere", "answers at http"),
        ("outside", "outside of the project"),
        ("own", "a command of its own"),
        ("price-it", "outside of the project"),
    ):
        if name == "price-it":
            link.symlink_to(tmp_path / "outside")
        place = f"flowapps/priced/functions/{name}/code"
        found = await at_folder.get(place)
        assert (found.status, found.data["text"]) == (200, None)
        assert why in found.data["reason"]
        refused = await at_folder.call("PUT", place, {"text": "x = 1\n"})
        assert (refused.status, refused.code) == (409, "not-here")
    assert (tmp_path / "outside" / "main.py").read_text() == "secret = 1\n"
    unknown = await at_folder.get("flowapps/priced/functions/none/code")
    assert (unknown.status, unknown.code) == (404, "not-found")


async def test_a_flow_without_code_needs_no_folder_until_it_has_some(
    at_folder: Served, tmp_path: Path
) -> None:
    await at_folder.deploy(PLAIN)
    assert list((tmp_path / "flows").iterdir()) == []
    await at_folder.deploy(PLAIN.replace("  steps:", "  functions: {f: {source: cmd/f}}\n  steps:"))
    assert (await at_folder.get("flowapps/plain")).data["project"] == str(tmp_path / "flows" / "plain")


async def test_a_folder_of_another_flow_is_left_alone(at_folder: Served, tmp_path: Path) -> None:
    broken = tmp_path / "flows" / "priced" / "config" / "flowapp.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("kind: FlowApp\n")
    await at_folder.deploy(PRICED)
    assert broken.read_text() == "kind: FlowApp\n"
    assert (tmp_path / "flows" / "priced.2" / "config" / "flowapp.yaml").read_text() == PRICED
    other = PRICED.replace("name: priced", "name: priced, namespace: shop")
    await at_folder.deploy(other, namespace="shop")
    assert (tmp_path / "flows" / "shop.priced" / "config" / "flowapp.yaml").read_text() == other


async def test_what_is_deleted_stays_deleted_and_keeps_its_files(at_folder: Served, tmp_path: Path) -> None:
    await at_folder.deploy(PRICED)
    await at_folder.call("PUT", PLACE, {"text": CODE})
    assert (await at_folder.call("DELETE", "flowapps/priced")).status == 204
    await at_folder.restart()
    assert (await at_folder.get("flowapps/priced")).status == 404
    project = tmp_path / "flows" / "priced"
    assert (project / "config" / "flowapp.yaml.deleted").read_text() == PRICED
    # Made again it finds its code.
    await at_folder.deploy(PRICED)
    assert (await at_folder.get(PLACE)).data["text"] == CODE


async def test_a_server_without_a_folder_says_what_to_do(served: Served) -> None:
    await served.deploy(PRICED)
    found = await served.get(PLACE)
    assert found.data["text"] is None
    assert "headrace up FOLDER" in found.data["reason"]
