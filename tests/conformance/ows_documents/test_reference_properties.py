"""Every property of every table in dsl-reference.md has its attribute in the model."""

from __future__ import annotations

import re
import types
import typing
from pathlib import Path

import msgspec

from headrace.spec import call_arguments, component, lifecycle, model, result, task

# The section of the reference: the class that models it, where the names differ.
CLASSES: dict[str, type[msgspec.Struct]] = {
    "Task": task.Task,
    "Workflow": model.Workflow,
    "AsyncAPI Call": call_arguments.AsyncApiArguments,
    "gRPC Call": call_arguments.GrpcArguments,
    "HTTP Call": call_arguments.HttpArguments,
    "OpenAPI Call": call_arguments.OpenApiArguments,
    "A2A Call": call_arguments.A2aArguments,
    "MCP Call": call_arguments.McpArguments,
    "Authentication": component.AuthenticationPolicy,
    "OAUTH2 Authentication": component.OAuth2Authentication,
    "OAUTH2 Token": component.OAuth2Token,
    "OpenIdConnect Authentication": component.OpenIdConnectAuthentication,
    "Retry": component.RetryPolicy,
    "HTTP Response": result.HttpResponse,
    "HTTP Request": result.HttpRequest,
    "AsyncAPI Server": call_arguments.AsyncApiServer,
    "AsyncAPI Outbound Message": call_arguments.AsyncApiOutboundMessage,
    "AsyncAPI Inbound Message": result.AsyncApiInboundMessage,
    "AsyncAPI Subscription": call_arguments.AsyncApiSubscription,
    "AsyncAPI Subscription Lifetime": call_arguments.AsyncApiMessageConsumptionPolicy,
    "MCP Transport": call_arguments.McpTransport,
    "MCP HTTP Transport": call_arguments.McpHttpTransport,
    "MCP STDIO Transport": call_arguments.McpStdioTransport,
    "MCP Client": call_arguments.McpClient,
    **{kind.capitalize(): task_class for kind, task_class in task.TASK_CLASSES.items()},
}
# Tables that list something else than properties.
OTHER_TABLES = {"Flow Directive", "Standard Error Types"}
# The reference writes these at the task, the schema and every example inside `run`.
INSIDE = {("Run", "await"): "run.await", ("Run", "return"): "run.return"}


def _tables(text: str) -> dict[str, list[str]]:
    """Return the properties of each section of the reference."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in text.splitlines():
        if heading := re.match(r"#{3,6} (.+)", line):
            if heading[1] not in ("Properties", "Examples"):
                section = heading[1].strip()
            continue
        # Capitalised first cells are headings, or tables of other things.
        if row := re.match(r"\|\s*([a-z][A-Za-z0-9.]*)\s*\|", line):
            found.setdefault(section, []).append(row[1])
    return found


def _class_of(section: str) -> type[msgspec.Struct]:
    if section in CLASSES:
        return CLASSES[section]
    name = section.replace(" ", "")
    for module in (model, component, task, call_arguments, lifecycle, result):
        if (found := getattr(module, name, None)) is not None:
            return typing.cast("type[msgspec.Struct]", found)
    raise AssertionError(f"no class models the section {section!r}")


def _field_type(struct: type[msgspec.Struct], name: str) -> object:
    hints = typing.get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        if field.encode_name == name:
            return hints[field.name]
    raise AssertionError(f"{struct.__name__} has no attribute for the property {name!r}")


def _struct_in(hint: object) -> type[msgspec.Struct]:
    for part in (hint, *typing.get_args(hint)):
        if (
            isinstance(part, type)
            and not isinstance(part, types.GenericAlias)
            and issubclass(part, msgspec.Struct)
        ):
            return part
    raise AssertionError(f"{hint} has no properties of its own")


def test_every_property_of_the_reference_is_modelled(ows: Path) -> None:
    tables = _tables((ows / "dsl-reference.md").read_text())
    checked = 0
    for section, properties in tables.items():
        if section in OTHER_TABLES:
            continue
        struct = _class_of(section)
        for written in properties:
            owner: type[msgspec.Struct] = struct
            *parents, last = INSIDE.get((section, written), written).split(".")
            for parent in parents:
                owner = _struct_in(_field_type(owner, parent))
            _field_type(owner, last)
            checked += 1
    # So that a change of the reference's layout does not make this test pass on nothing.
    assert len(tables) > 70
    assert checked > 250


def test_what_is_required_and_what_defaults_are(ows: Path) -> None:
    """Spot checks of what the tables say in prose."""
    text = (ows / "dsl-reference.md").read_text()
    assert "Defaults to `2025-06-18`" in text
    assert msgspec.structs.fields(call_arguments.McpArguments)[2].default == "2025-06-18"
    required = {f.encode_name for f in msgspec.structs.fields(model.Document) if f.required}
    assert required == {"dsl", "namespace", "name", "version"}
