"""The port of what is deployed."""

from __future__ import annotations

import asyncio
from typing import Any

from headrace.store.flowapps import FlowAppChange, FlowApps


def change(name: str = "greet", **values: Any) -> FlowAppChange:
    facts: dict[str, Any] = {
        "namespace": "shop",
        "name": name,
        "digest": "sha256:1",
        "version": "1.0.0",
        "text": "one",
        "project": None,
        "message": "first",
        "at": 10.0,
        "by": "ada",
    }
    return FlowAppChange(**{**facts, **values})


async def test_put_makes_generations(flowapps: FlowApps) -> None:
    first = await flowapps.put(change())
    assert first is not None
    assert (first.generation, first.created_at, first.updated_by, first.text) == (1, 10.0, "ada", "one")
    second = await flowapps.put(change(digest="sha256:2", text="two", at=20.0, by="joan", message="more"))
    assert second is not None
    assert (second.generation, second.created_at, second.updated_at) == (2, 10.0, 20.0)
    assert [
        (each.generation, each.message, each.applied_by, each.text)
        for each in await flowapps.versions("shop", "greet")
    ] == [(2, "more", "joan", ""), (1, "first", "ada", "")]
    assert [each.generation for each in await flowapps.versions("shop", "greet", before=2)] == [1]
    old = await flowapps.version("shop", "greet", 1)
    assert old is not None
    assert (old.text, old.digest) == ("one", "sha256:1")
    assert await flowapps.version("shop", "greet", 3) is None


async def test_the_same_text_is_no_new_generation(flowapps: FlowApps) -> None:
    await flowapps.put(change())
    again = await flowapps.put(change(at=99.0))
    assert again is not None
    assert (again.generation, again.updated_at) == (1, 10.0)


async def test_a_comment_is_a_new_generation(flowapps: FlowApps) -> None:
    await flowapps.put(change())
    again = await flowapps.put(change(text="one # why"))
    assert again is not None
    assert (again.generation, again.text, again.digest) == (2, "one # why", "sha256:1")


async def test_another_generation_than_expected_changes_nothing(flowapps: FlowApps) -> None:
    assert await flowapps.put(change(expected_generation=1)) is None
    assert await flowapps.get("shop", "greet") is None
    assert await flowapps.put(change(expected_generation=0)) is not None
    assert await flowapps.put(change(text="two", expected_generation=0)) is None
    racers = [flowapps.put(change(text=str(number), expected_generation=1)) for number in range(8)]
    taken = [each for each in await asyncio.gather(*racers) if each is not None]
    assert [each.generation for each in taken] == [2]


async def test_a_project_is_kept_until_another_is_named(flowapps: FlowApps) -> None:
    await flowapps.put(change(project="/projects/greet"))
    kept = await flowapps.put(change(text="two"))
    assert kept is not None
    assert kept.project == "/projects/greet"
    moved = await flowapps.put(change(text="two", project="/elsewhere"))
    assert moved is not None
    assert (moved.project, moved.generation) == ("/elsewhere", 2)


async def test_pages_are_by_namespace_and_name(flowapps: FlowApps) -> None:
    for namespace, name in (("b", "one"), ("a", "two"), ("a", "one"), ("c", "100% sure")):
        await flowapps.put(change(name, namespace=namespace))
    everything = await flowapps.page()
    assert [(each.namespace, each.name) for each in everything] == [
        ("a", "one"),
        ("a", "two"),
        ("b", "one"),
        ("c", "100% sure"),
    ]
    assert [each.name for each in await flowapps.page(["a"], limit=1)] == ["one"]
    assert [each.name for each in await flowapps.page(["a"], after=("a", "one"))] == ["two"]
    assert [each.name for each in await flowapps.page(search="0% S")] == ["100% sure"]
    assert await flowapps.page([]) == []
    assert list(await flowapps.namespaces()) == ["a", "b", "c"]


async def test_pausing(flowapps: FlowApps) -> None:
    assert await flowapps.pause("shop", "greet", True, 5.0, "ada") is None
    await flowapps.put(change())
    paused = await flowapps.pause("shop", "greet", True, 15.0, "joan")
    assert paused is not None
    assert (paused.paused, paused.generation, paused.updated_by) == (True, 1, "joan")
    applied = await flowapps.put(change(text="two"))
    assert applied is not None
    assert applied.paused  # a new content does not start what somebody stopped


async def test_layout(flowapps: FlowApps) -> None:
    assert not await flowapps.put_layout("shop", "greet", b"{}", 11.0, "ada")
    await flowapps.put(change())
    assert await flowapps.put_layout("shop", "greet", b'{"hello":[1,2]}', 12.0, "ada")
    row = await flowapps.get("shop", "greet")
    assert row is not None
    assert (row.layout, row.generation) == (b'{"hello":[1,2]}', 1)


async def test_a_layout_says_who_saved_it(flowapps: FlowApps) -> None:
    async def saved() -> tuple[bytes | None, float | None, str | None]:
        row = await flowapps.get("shop", "greet")
        assert row is not None
        return row.layout, row.layout_saved_at, row.layout_saved_by

    await flowapps.put(change())
    assert await saved() == (None, None, None)
    for at, by in ((12.0, "ada"), (13.0, "joan")):
        # The same again is nobody else's.
        await flowapps.put_layout("shop", "greet", b"{}", at, by)
        assert await saved() == (b"{}", 12.0, "ada")
    await flowapps.put_layout("shop", "greet", b'{"hello":[1,2]}', 14.0, "joan")
    await flowapps.put(change(text="two"))
    assert await saved() == (b'{"hello":[1,2]}', 14.0, "joan")


async def test_removing_forgets_versions(flowapps: FlowApps) -> None:
    await flowapps.put(change())
    assert await flowapps.remove("shop", "greet")
    assert not await flowapps.remove("shop", "greet")
    assert await flowapps.versions("shop", "greet") == []
    again = await flowapps.put(change())
    assert again is not None
    assert again.generation == 1
