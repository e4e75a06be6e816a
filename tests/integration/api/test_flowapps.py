"""FlowApps over the API."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from integration.api.flows import GREET
from integration.api.served import Reply, Served, options

CHANGED = GREET.replace("hello ", "hi ")


async def apply(
    served: Served, text: str, namespace: str = "default", headers: Mapping[str, str] | None = None
) -> Reply:
    return await served.call("POST", "flowapps", data=text.encode(), namespace=namespace, headers=headers)


async def test_apply_get_and_apply_again(served: Served) -> None:
    first = await apply(served, GREET)
    assert first.status == 201
    assert first.data["generation"] == 1
    assert first.data["version"] == "1.0.0"
    assert first.data["text"] == GREET
    again = await apply(served, GREET)
    assert (again.status, again.data["generation"]) == (200, 1)
    changed = await served.call("PUT", "flowapps/greet?message=friendlier", data=CHANGED.encode())
    assert changed.status == 200
    assert changed.data["generation"] == 2
    assert changed.data["version"].startswith("1.0.0+")
    got = await served.get("flowapps/greet")
    assert got.data == changed.data
    text = await served.get("flowapps/greet/definition")
    assert (text.text, text.headers["content-type"]) == (CHANGED, "application/yaml")


async def test_changes_are_made_to_what_was_read(served: Served) -> None:
    await apply(served, GREET)
    tag = (await served.get("flowapps/greet")).headers["etag"]
    assert (await served.get("flowapps/greet", headers={"if-none-match": tag})).status == 304
    assert (
        await served.call("PUT", "flowapps/greet", data=CHANGED.encode(), headers={"if-match": tag})
    ).status == 200
    late = await served.call(
        "PUT", "flowapps/greet", data=(GREET + "# mine\n").encode(), headers={"if-match": tag}
    )
    assert late.status == 412
    assert late.data["code"] == "changed-meanwhile"
    assert late.data["generation"] == 2
    assert (await served.get("flowapps/greet")).data["text"] == CHANGED
    assert (await apply(served, GREET, headers={"if-none-match": "*"})).status == 412
    assert (await served.call("DELETE", "flowapps/greet", headers={"if-match": tag})).status == 412
    odd = await served.call("PUT", "flowapps/greet", data=GREET.encode(), headers={"if-match": '"tea"'})
    assert (odd.status, odd.data["code"]) == (400, "bad-etag")


async def test_only_one_of_many_at_once_changes_what_all_have_read(served: Served) -> None:
    tag = (await apply(served, GREET)).headers["etag"]
    writes = [
        served.call("PUT", "flowapps/greet", data=f"{GREET}# {number}\n".encode(), headers={"if-match": tag})
        for number in range(10)
    ]
    statuses = sorted([answer.status for answer in await asyncio.gather(*writes)])
    assert statuses == [200] + [412] * 9


async def test_strict_refuses_a_used_version(served: Served) -> None:
    await apply(served, GREET)
    refused = await served.call("PUT", "flowapps/greet?strict=true", data=CHANGED.encode())
    assert (refused.status, refused.data["code"]) == (409, "version-taken")
    assert (await served.get("flowapps/greet")).data["generation"] == 1


async def test_all_problems_of_a_definition_at_once(served: Served) -> None:
    wrong = GREET.replace("set:", "sett:").replace("version: 1.0.0", "version: one")
    refused = await apply(served, wrong)
    assert (refused.status, refused.data["code"]) == (422, "invalid-definition")
    assert len([each for each in refused.data["problems"] if each["severity"] == "error"]) >= 2
    assert all(each["line"] and each["column"] for each in refused.data["problems"])
    assert (await served.get("flowapps")).data["items"] == []
    checked = await served.call("POST", "flowapps/validate", data=wrong.encode())
    assert (checked.status, checked.data["valid"]) == (200, False)
    assert (await served.call("POST", "flowapps/validate", data=GREET.encode())).data == {
        "valid": True,
        "problems": [],
    }


async def test_what_is_no_definition(served: Served) -> None:
    for body, status in ((b"", 400), (b"\xff\xfe", 400), (b"- a\n- b\n", 422), (b"a: [", 422)):
        answer = await served.call("POST", "flowapps", data=body)
        assert answer.status == status, answer
        assert answer.headers["content-type"] == "application/problem+json"
    other = await apply(served, GREET, namespace="shop")
    assert (other.status, other.data["pointer"]) == (400, "/metadata/namespace")
    assert (await served.call("PUT", "flowapps/other", data=GREET.encode())).data[
        "pointer"
    ] == "/metadata/name"


async def test_versions_and_their_difference(served: Served) -> None:
    await apply(served, GREET)
    await apply(served, CHANGED)
    await apply(served, CHANGED + "    - more: {set: {more: true}}\n")
    page = (await served.get("flowapps/greet/versions?limit=2")).data
    assert [each["generation"] for each in page["items"]] == [3, 2]
    rest = (await served.get("flowapps/greet/versions", {"after": page["next"]})).data
    assert [each["generation"] for each in rest["items"]] == [1]
    assert rest["next"] is None
    assert (await served.get("flowapps/greet/versions/1")).data["text"] == GREET
    assert (await served.get("flowapps/greet/versions/9")).status == 404
    last = (await served.get("flowapps/greet/diff")).data
    assert [(each["op"], each["pointer"]) for each in last["changes"]] == [("added", "/spec/steps/1/more")]
    both = (await served.get("flowapps/greet/diff?from=1&to=3")).data
    assert [each["op"] for each in both["changes"]] == ["changed", "added"]
    assert "-    - hello: {set: {text: '${ \"hello \" + .name }'}}" in both["text"]


async def test_lists_are_by_name_and_searched(served: Served) -> None:
    for name in ("one", "two", "three"):
        await apply(served, GREET.replace("name: greet", f"name: {name}"))
    page = (await served.get("flowapps?limit=2")).data
    assert [each["name"] for each in page["items"]] == ["one", "three"]
    rest = (await served.get("flowapps", {"after": page["next"], "limit": "2"})).data
    assert [each["name"] for each in rest["items"]] == ["two"]
    assert [each["name"] for each in (await served.get("flowapps?search=T")).data["items"]] == [
        "three",
        "two",
    ]
    assert (await served.get("flowapps?after=tea")).data["code"] == "bad-cursor"
    assert (await served.get("flowapps?limit=0")).status == 400
    assert (await served.get("/api/v1/namespaces/elsewhere/flowapps")).data["items"] == []


async def test_a_layout_says_who_saved_it_and_when(served: Served) -> None:
    """In headers: the body is the layout, and the ETag names that alone."""
    await apply(served, GREET)
    path = "flowapps/greet/layout"
    empty = await served.get(path)
    assert "headrace-saved-by" not in empty.headers
    made = await served.post("/api/v1/tokens", {"name": "Zoë 李", "roles": {"default": "editor"}})
    as_zoe = {"authorization": f"Bearer {made.data['token']}"}
    put = await served.call("PUT", path, {"hello": [1, 2]}, headers=as_zoe)
    assert put.status == 200
    read = await served.get(path)
    assert unquote(read.headers["headrace-saved-by"]) == "Zoë 李"
    assert float(read.headers["headrace-saved-at"]) > 0
    # Who saves the same moves nothing; it is the same representation, also for who has it already.
    assert (await served.call("PUT", path, {"hello": [1, 2]})).status == 200
    again = await served.get(path, headers={"if-none-match": read.headers["etag"]})
    assert again.status == 304
    for name in ("headrace-saved-by", "headrace-saved-at"):
        assert again.headers[name] == read.headers[name]
    assert read.headers["etag"] == put.headers["etag"]


async def test_pausing_deleting_and_the_layout(served: Served) -> None:
    assert (await served.post("flowapps/greet/pause")).status == 404
    await apply(served, GREET)
    assert (await served.post("flowapps/greet/pause")).data["paused"] is True
    assert (await served.get("flowapps/greet")).data["paused"] is True
    assert (await served.post("flowapps/greet/resume")).data["paused"] is False
    assert (await served.get("flowapps/greet/layout")).data == {}
    assert (await served.call("PUT", "flowapps/greet/layout", {"hello": [10, 20]})).status == 200
    assert (await served.get("flowapps/greet/layout")).data == {"hello": [10, 20]}
    assert (await served.call("PUT", "flowapps/greet/layout", {"x": "y" * 1_100_000})).status == 413
    assert (await served.call("DELETE", "flowapps/greet")).status == 204
    assert (await served.get("flowapps/greet")).status == 404
    assert (await served.call("DELETE", "flowapps/greet")).status == 404


async def test_a_restart_runs_what_was_deployed(served: Served) -> None:
    await apply(served, CHANGED)
    await served.restart()
    assert (await served.get("flowapps/greet")).data["text"] == CHANGED


async def test_projects_are_deployed_watched_and_written(tmp_path: Path) -> None:
    file = tmp_path / "flows" / "greet" / "config" / "flowapp.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(GREET)
    broken = tmp_path / "flows" / "broken" / "config" / "flowapp.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("kind: FlowApp\n")
    served = Served(options(tmp_path, projects=[tmp_path / "flows"], watch=True))
    await served.start()
    try:
        assert [folder.name for folder, _ in served.server.refused] == ["broken"]
        assert (await served.get("flowapps/greet")).data["generation"] == 1
        file.write_text(CHANGED)
        async with asyncio.timeout(10):
            while (await served.get("flowapps/greet")).data["generation"] == 1:
                await asyncio.sleep(0.05)
        assert (await served.get("flowapps/greet")).data["text"] == CHANGED
        # What is saved over the API is in the file: that is what goes into git.
        await served.call("PUT", "flowapps/greet", data=(GREET + "# from the canvas\n").encode())
        assert file.read_text() == GREET + "# from the canvas\n"
    finally:
        await served.stop()


async def test_every_change_is_in_the_audit_log(served: Served) -> None:
    await apply(served, GREET)
    await served.post("flowapps/greet/pause")
    await served.call("DELETE", "flowapps/greet")
    log = (await served.get("/api/v1/audit")).data["items"]
    assert [each["action"] for each in log if each["action"].startswith("flowapp.")] == [
        "flowapp.delete",
        "flowapp.pause",
        "flowapp.apply",
    ]
