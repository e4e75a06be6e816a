"""`headrace completion`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Shell(StrEnum):
    """Shells that there is a script for."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish")]) -> None:
    """Print the completion script of a shell.

    \b
      bash: headrace completion bash >> ~/.bash_completion
      zsh:  headrace completion zsh > "${fpath[1]}/_headrace"
      fish: headrace completion fish > ~/.config/fish/completions/headrace.fish
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    from headrace.cli.app import COMPLETION_VARIABLE

    print(get_completion_script(prog_name="headrace", complete_var=COMPLETION_VARIABLE, shell=shell.value))
