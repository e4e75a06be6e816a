"""Groups of commands that import a command only when it is asked for."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command

CONTEXT = {"help_option_names": ["-h", "--help"]}


class Part(NamedTuple):
    """One command of a group: where it is, as `module:name`, and its line in the group's help."""

    place: str
    help: str


class LazyGroup(TyperGroup):
    """A group whose commands are named in `parts`; its help needs none of them imported."""

    parts: ClassVar[dict[str, Part]] = {}

    def __init__(self, name: str, help: str, **settings: Any) -> None:
        # Without rich's markup: importing it costs as much as all the rest of `--help`.
        super().__init__(
            name=name,
            help=help,
            no_args_is_help=True,
            rich_markup_mode=None,
            context_settings=CONTEXT,
            **settings,
        )

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order in which they are written."""
        return list(self.parts)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command and return it; `None` where there is none of this name."""
        part = self.parts.get(cmd_name)
        if part is None:
            return None
        module, _, attribute = part.place.partition(":")
        found = getattr(importlib.import_module(module), attribute)
        if isinstance(found, type) and issubclass(found, LazyGroup):
            return found(cmd_name, part.help)
        return as_command(cmd_name, found)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Say which command was probably meant; the base class only knows commands that are loaded."""
        if args and args[0] not in self.parts and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], self.parts, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(self.parts)}"
            ctx.fail(f"no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands from `parts`."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, part.help) for name, part in self.parts.items()])


def as_command(name: str, function: Callable[..., Any]) -> Any:
    """Return the command of a function with typer's annotations."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name, context_settings=CONTEXT)(function)
    return get_command(app)
