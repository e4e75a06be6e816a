"""Rules about single values that the schema cannot say: versions, cron, JSON Schemas, durations."""

from __future__ import annotations

import functools
import zoneinfo
from datetime import datetime
from typing import Any

import jsonschema_rs
from cronsim import CronSim, CronSimError

from headrace.spec.duration import has_calendar_units, parse_duration
from headrace.spec.problem import did_you_mean, listed
from headrace.spec.text_rules import is_expression
from headrace.spec.walk import Site, Walk

DSL_VERSIONS = "1.0"
LANGUAGES = ("jq", "jsonata")
SCRIPT_LANGUAGES = ("js", "python")
# Only tells cronsim where to start; whether an expression is valid does not depend on it.
_SOME_TIME = datetime(2026, 1, 1)


def check_values(walk: Walk) -> None:
    """Check every site whose value has a rule of its own."""
    rules = {
        "dsl": _dsl,
        "cron": _cron,
        "schedule": _schedule,
        "timezone": _timezone,
        "schema": _schema,
        "form-schema": _form_schema,
        "duration": _duration,
        "language": _language,
        "script-language": _script_language,
    }
    for site in walk.sites:
        if rule := rules.get(site.role):
            rule(walk, site)


def _dsl(walk: Walk, site: Site) -> None:
    if not site.value.startswith(DSL_VERSIONS + "."):
        message = (
            f"this document is written in version {site.value} of the DSL; {DSL_VERSIONS}.x is understood"
        )
        walk.error("dsl-version", site.pointer, message, "write `dsl: 1.0.3` if it uses nothing newer")


def _cron(walk: Walk, site: Site) -> None:
    try:
        CronSim(site.value, _SOME_TIME)
    except CronSimError as error:
        remedy = "write minute, hour, day, month and weekday, e.g. `0 3 * * *`"
        walk.error("cron", site.pointer, f"`{site.value}` is not a cron expression: {error}", remedy)


def _schedule(walk: Walk, site: Site) -> None:
    """Check that a schedule says when: before there is an execution an expression has no data."""
    for name in ("every", "after"):
        written = site.value.get(name)
        if isinstance(written, str) and is_expression(written):
            message = f"`{name}` is an expression, but there is no data before an execution"
            walk.error("schedule", f"{site.pointer}/{name}", message, "write a duration such as PT30S")
        elif name == "every" and written is not None and _no_time(written):
            message = "an interval of no time would never stop starting"
            walk.error("schedule", f"{site.pointer}/{name}", message, "write a duration such as PT30S")


def _no_time(written: Any) -> bool:
    if isinstance(written, dict):
        return not any(written.values())
    try:
        return parse_duration(written) == 0
    except (TypeError, ValueError):
        return False  # said already


@functools.cache
def _timezones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _timezone(walk: Walk, site: Site) -> None:
    try:
        zoneinfo.ZoneInfo(site.value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        remedy = did_you_mean(site.value, _timezones(), "write it like `Europe/Berlin`")
        walk.error("timezone", site.pointer, f"there is no time zone `{site.value}`", remedy)


def _duration(walk: Walk, site: Site) -> None:
    if has_calendar_units(site.value):
        message = f"`{site.value}` counts a year as 365 days and a month as 30 days"
        walk.warning("calendar-duration", site.pointer, message, "write days (`P30D`)")


def _language(walk: Walk, site: Site) -> None:
    if site.value not in LANGUAGES:
        message = f"expressions in `{site.value}` are not understood"
        walk.error(
            "language", site.pointer, message, did_you_mean(site.value, LANGUAGES, f"use {listed(LANGUAGES)}")
        )


def _script_language(walk: Walk, site: Site) -> None:
    if site.value not in SCRIPT_LANGUAGES:
        remedy = did_you_mean(site.value, SCRIPT_LANGUAGES, "run other languages in a container")
        message = (
            f"the specification's script languages are {listed(SCRIPT_LANGUAGES, 'and')}, not `{site.value}`"
        )
        walk.warning("script-language", site.pointer, message, remedy)


class _Elsewhere(Exception):
    """A schema refers to a document that is not part of it."""


def _refuse(uri: str) -> Any:
    raise _Elsewhere(uri)


def _schema(walk: Walk, site: Site) -> None:
    schema_format = site.value.get("format", "json")
    if isinstance(schema_format, str) and schema_format.partition(":")[0] != "json":
        message = f"schemas in the format `{schema_format}` are not understood"
        walk.error(
            "schema-format", f"{site.pointer}/format", message, "write the schema as JSON Schema (`json`)"
        )
        return
    if "document" not in site.value:
        return
    _json_schema(walk, f"{site.pointer}/document", site.value["document"])


def _form_schema(walk: Walk, site: Site) -> None:
    """Check the schema of a form: its fields are the properties of an object."""
    schema = site.value
    if isinstance(schema, dict) and schema.get("type", "object") != "object":
        message = "a form is an object: its fields are the `properties`"
        walk.error("schema", f"{site.pointer}/type", message, "write `type: object`")
        return
    _json_schema(walk, site.pointer, schema)


def _json_schema(walk: Walk, pointer: str, document: Any) -> None:
    if not isinstance(document, dict | bool):
        walk.error("schema", pointer, "a JSON Schema is a map", at_key=document is None)
        return
    try:
        jsonschema_rs.meta.validate(document)
        jsonschema_rs.validator_for(document, retriever=_refuse)
    except jsonschema_rs.ValidationError as error:
        below = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)
        walk.error("schema", pointer + below, f"the JSON Schema is not valid: {error.message}")
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        remedy = "put what `$ref` points to into `$defs` of the same schema"
        walk.error("schema", pointer, f"the JSON Schema does not compile: {error}", remedy)
