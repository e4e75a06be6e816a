"""`headrace executions`: what ran, how it went, and again."""

from __future__ import annotations

from typing import ClassVar

from headrace.cli.lazy import LazyGroup, Part

_CONTROL = "headrace.cli.executions.control"


class Executions(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "list": Part("headrace.cli.executions.list:list_executions", "List executions, newest first."),
        "show": Part(
            "headrace.cli.executions.show:show", "Show one: its task runs, outcome, and why it waits."
        ),
        "wait": Part("headrace.cli.executions.wait:wait", "Wait for the end of one and print its output."),
        "rerun": Part("headrace.cli.executions.rerun:rerun", "Run one again, from any task."),
        "save-test": Part(
            "headrace.cli.executions.save_test:save_test", "Write a test of its flow from one that ended."
        ),
        "cancel": Part(f"{_CONTROL}:cancel", "End one."),
        "suspend": Part(f"{_CONTROL}:suspend", "Pause one; what arrives meanwhile is kept."),
        "resume": Part(f"{_CONTROL}:resume", "Let a suspended one go on, to its end."),
        "delete": Part(f"{_CONTROL}:delete", "Delete some that are over, with their history."),
    }
