"""The root command: what there is, and what becomes of errors that nobody caught."""

from __future__ import annotations

import os
import sys
from typing import ClassVar

from headrace.cli.lazy import LazyGroup, Part

HELP = """Durable workflows: check them, run them, look at every run, and run any part again.

\b
  headrace init shop && cd shop
  headrace run
  headrace executions show last
"""

# The name that typer's completion scripts ask by.
COMPLETION_VARIABLE = "_HEADRACE_COMPLETE"


class Root(LazyGroup):
    """`headrace`."""

    parts: ClassVar[dict[str, Part]] = {
        "init": Part("headrace.cli.init:init", "Begin a project that runs at once."),
        "validate": Part("headrace.cli.validate:validate", "Check definitions; list all problems."),
        "run": Part("headrace.cli.run:run", "Run a flow to its end and print its output."),
        "test": Part("headrace.cli.test:test", "Run the tests of flows: mocks, skipped time, JUnit."),
        "up": Part("headrace.cli.up:up", "Run the platform: API, triggers, engine, functions, queues."),
        "login": Part("headrace.cli.login:login", "Keep a server and a token, for the commands that follow."),
        "context": Part("headrace.cli.context:ContextGroup", "List, use, delete the servers that are kept."),
        "apply": Part("headrace.cli.apply:apply", "Deploy FlowApps to a server."),
        "flowapps": Part(
            "headrace.cli.flowapps:FlowApps", "List, show, compare, pause, delete what is deployed."
        ),
        "executions": Part(
            "headrace.cli.executions:Executions", "List, show, wait, rerun, cancel, suspend, resume, delete."
        ),
        "history": Part("headrace.cli.history:History", "Export the record of an execution."),
        "logs": Part("headrace.cli.logs:logs", "Print what functions wrote, and go on while they write."),
        "events": Part("headrace.cli.events:Events", "Send CloudEvents to a server, list them."),
        "triggers": Part("headrace.cli.triggers:Triggers", "List, show, pause, resume, fire triggers."),
        "functions": Part(
            "headrace.cli.functions:Functions", "Serve a project's functions; list a server's."
        ),
        "queue": Part("headrace.cli.queue_group:Queue", "Put, list, watch, redrive items of a work queue."),
        "worker": Part("headrace.cli.worker:worker", "Read a work queue for an application."),
        "users": Part("headrace.cli.users:Users", "List, add, change, delete who may log in."),
        "tokens": Part("headrace.cli.tokens:Tokens", "List, make, revoke tokens of programs."),
        "secrets": Part("headrace.cli.secrets:Secrets", "List, put, delete secrets of a namespace."),
        "audit": Part("headrace.cli.audit:audit", "List who changed what, and when."),
        "completion": Part("headrace.cli.completion:completion", "Print the completion script of a shell."),
        "version": Part("headrace.cli.version:version", "Print versions."),
    }


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from headrace.cli.version import version

        version()
        sys.exit(0)
    if COMPLETION_VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    root = Root(
        "headrace",
        HELP,
        epilog="Exit codes and examples: docs/cli.md. Environment: HEADRACE_STORE, "
        "HEADRACE_SERVER, HEADRACE_CONTEXT, HEADRACE_NAMESPACE, HEADRACE_TOKEN, HEADRACE_DEBUG=1, NO_COLOR.",
    )
    try:
        root.main(prog_name="headrace")
    except Exception as error:
        from headrace.cli.failure import exit_code_of, report

        report(error)
        sys.exit(exit_code_of(error))
