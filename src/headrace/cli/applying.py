"""What `headrace apply` does: find files, check all of them, then send each to its namespace."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from headrace.cli.at_server import readable
from headrace.cli.client.client import Client
from headrace.cli.client.failure import ServerRefused
from headrace.cli.output import Format, stdout_paint, write
from headrace.cli.project import DEFAULT_FILE
from headrace.errors import HeadraceError

SUFFIXES = (".yaml", ".yml", ".json")


class Document(NamedTuple):
    """A definition that is valid."""

    file: str
    text: str
    namespace: str
    name: str
    version: str


def files_in(folder: Path) -> list[Path]:
    """Return the definitions of a folder: of the project that it is, else of those below, and its files."""
    if (folder / DEFAULT_FILE).is_file():
        return [folder / DEFAULT_FILE]
    entries = sorted(each for each in folder.iterdir() if each.name[0] != ".")
    found = [each / DEFAULT_FILE for each in entries if (each / DEFAULT_FILE).is_file()]
    found += [each for each in entries if each.is_file() and each.suffix in SUFFIXES]
    if not found:
        raise HeadraceError(
            f"{folder} has no {DEFAULT_FILE}, no projects, and no definitions (*.yaml, *.json)"
        )
    return found


def read_all(texts: Sequence[tuple[str, str]], namespace: str | None) -> list[Document]:
    """Check definitions. Raises `InvalidDefinition` with all problems; `HeadraceError` for two of one name.

    `namespace` is the one that they must name, where one is asked for.
    """
    from headrace.runtime.definitions import InvalidDefinition
    from headrace.spec.flowapp import parse_definition

    documents: dict[tuple[str, str], Document] = {}
    problems: list[Any] = []
    for file, text in texts:
        definition, found = parse_definition(text, file)
        if definition is None:
            problems += found
            continue
        for warning in found:
            print(warning, file=sys.stderr)
        document = Document(file, text, definition.namespace, definition.name, definition.version)
        key = (document.namespace, document.name)
        if namespace not in (None, document.namespace):
            raise HeadraceError(
                f"{file} is for namespace {document.namespace!r}, not {namespace!r}; "
                "change `metadata.namespace`, or leave --namespace out"
            )
        if key in documents:
            raise HeadraceError(
                f"{documents[key].file} and {file} are both {'/'.join(key)}; name one of them"
            )
        documents[key] = document
    if problems:
        raise InvalidDefinition(problems)
    return list(documents.values())


async def apply_all(
    client: Client,
    documents: list[Document],
    *,
    message: str,
    strict: bool,
    dry_run: bool,
    output: Format,
) -> None:
    """Send the documents, and tell what became of each."""
    done = []
    for document in documents:
        client.server = replace(client.server, namespace=document.namespace)
        before = await _known(client, document.name)
        if dry_run:
            done.append(_would(document, before))
        else:
            done.append(await _applied(client, document, before, message=message, strict=strict))
        if output is Format.table:
            _tell(done[-1])
    if output is not Format.table:
        write(done, output)


async def _known(client: Client, name: str) -> dict[str, Any] | None:
    try:
        return dict(await client.get(client.path("flowapps", name)))
    except ServerRefused as refused:
        if refused.status == 404:
            return None
        raise


async def _applied(
    client: Client, document: Document, before: dict[str, Any] | None, *, message: str, strict: bool
) -> dict[str, Any]:
    # The same text twice is one version: sending it again where no answer came does no harm.
    try:
        answer = await client.send(
            "PUT",
            client.path("flowapps", document.name),
            content=document.text.encode(),
            content_type="application/yaml",
            query={"message": message or None, "strict": strict},
            repeatable=True,
        )
    except ServerRefused as refused:
        raise HeadraceError(f"{document.file}: {refused}") from refused
    after = answer.data
    if before is None:
        what = "created"
    else:
        what = "changed" if before["generation"] != after["generation"] else "unchanged"
    kept = ("namespace", "name", "version", "generation", "digest", "paused", "updated_at", "updated_by")
    return {"file": document.file, "what": what, **readable({name: after[name] for name in kept})}


def _would(document: Document, before: dict[str, Any] | None) -> dict[str, Any]:
    old = "" if before is None else str(before["text"])
    difference = "\n".join(
        difflib.unified_diff(
            old.splitlines(),
            document.text.splitlines(),
            "deployed" if before is None else f"{document.name} {before['version']} (deployed)",
            document.file,
            lineterm="",
        )
    )
    what = "would be created" if before is None else "would be changed" if difference else "unchanged"
    return {
        "file": document.file,
        "what": what,
        "namespace": document.namespace,
        "name": document.name,
        "version": document.version,
        "diff": difference,
    }


def _tell(done: dict[str, Any]) -> None:
    paint = stdout_paint()
    colour = {"created": "green", "changed": "green"}.get(str(done["what"]), "dim")
    generation = f" (generation {done['generation']})" if "generation" in done else ""
    paused = "; it is paused" if done.get("paused") else ""
    what = f"{paint(done['what'], colour)}{generation}{paused}"
    print(f"{done['namespace']}/{done['name']} {done['version']} {what}")
    for line in str(done.get("diff", "")).splitlines():
        print(line)
    sys.stdout.flush()
