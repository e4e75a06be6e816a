"""Flows as tools, asked by the official client of the Model Context Protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from integration.api.flows import GREET, REFUSE
from integration.api.served import TOKEN, Served

LIST = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: sum-up}
spec:
  version: 1.0.0
  summary: Add numbers.
  input: {schema: {document: {type: array, items: {type: number}}}}
  steps:
    - add: {set: {sum: "${ add }"}}
"""


@asynccontextmanager
async def session(served: Served, token: str = TOKEN) -> AsyncIterator[ClientSession]:
    headers = {"authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        streamable_http_client(f"{served.server.url}/mcp", http_client=http) as streams,
        ClientSession(streams[0], streams[1]) as client,
    ):
        await client.initialize()
        yield client


async def test_flows_are_tools(served: Served) -> None:
    await served.deploy(GREET)
    await served.deploy(LIST)
    async with session(served) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"default__greet", "default__sum-up", "execution"}
        assert "Add numbers." in str(tools["default__sum-up"].description)
        result = await client.call_tool("default__greet", {"name": "Ada"})
        assert not result.is_error
        assert result.structured_content["output"] == {"text": "hello Ada"}
        # A flow whose input is no object has it in an argument.
        summed = await client.call_tool("default__sum-up", {"input": [1, 2, 3]})
        assert summed.structured_content["output"] == {"sum": 6}
        looked = await client.call_tool(
            "execution", {"namespace": "default", "id": result.structured_content["execution"]}
        )
        assert looked.structured_content["status"] == "completed"
    executions = (await served.get("executions")).data["items"]
    assert {each["trigger"] for each in executions} == {"mcp"}


async def test_a_fault_is_an_error_of_the_tool(served: Served) -> None:
    await served.deploy(REFUSE)
    async with session(served) as client:
        result = await client.call_tool("default__refuse", {})
        assert result.is_error
        assert result.structured_content["status"] == "faulted"


async def test_only_what_the_caller_may_start(served: Served) -> None:
    await served.deploy(GREET)
    made = await served.post("/api/v1/tokens", {"name": "reader", "roles": {"default": "viewer"}})
    assert made.status == 201, made.text
    async with session(served, made.data["token"]) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == ["execution"]
    await served.post("flowapps/greet/pause")
    async with session(served) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == ["execution"]


async def rpc(served: Served, message: Any) -> Any:
    return await served.post("/mcp", message)


async def test_odd_messages(served: Served) -> None:
    assert (await served.call("POST", "/mcp", data=b"{")).data["error"]["code"] == -32700
    assert (await rpc(served, [])).data["error"]["code"] == -32600
    unknown = {"jsonrpc": "2.0", "id": 1, "method": "resources/list"}
    assert (await rpc(served, unknown)).data["error"]["code"] == -32601
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "nothing"}}
    assert (await rpc(served, call)).data["error"]["code"] == -32602
    assert (await rpc(served, {"jsonrpc": "2.0", "method": "notifications/initialized"})).status == 202
    nobody = await served.post("/mcp", unknown, headers={"authorization": ""})
    assert nobody.code == "unauthenticated"
