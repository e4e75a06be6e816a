"""`headrace queue`."""

from __future__ import annotations

from typing import ClassVar

from headrace.cli.lazy import LazyGroup, Part


class Queue(LazyGroup):
    """The group."""

    parts: ClassVar[dict[str, Part]] = {
        "put": Part("headrace.cli.queue_put:put", "Put items on a queue."),
        "put-many": Part("headrace.cli.queue_put:put_many", "Put every line of a file on a queue."),
        "ls": Part("headrace.cli.queue_list:ls", "List queues, or the items of one."),
        "show": Part("headrace.cli.queue_look:show", "Show all that is known of one item."),
        "stats": Part("headrace.cli.queue_look:stats", "Show how many items there are, in which states."),
        "watch": Part(
            "headrace.cli.queue_watch:watch", "Show counts, rate and time left while it is worked on."
        ),
        "dead": Part("headrace.cli.queue_dead:dead", "List dead letters with their errors."),
        "redrive": Part("headrace.cli.queue_dead:redrive", "Give dead letters fresh attempts."),
        "purge": Part("headrace.cli.queue_dead:purge", "Delete items that nobody works on."),
        "pause": Part("headrace.cli.queue_pause:pause", "Give no items out for a while."),
        "resume": Part("headrace.cli.queue_pause:resume", "Give items out again."),
        "adopt": Part("headrace.cli.queue_adopt:adopt", "Take over what readers of RedisWQ have left."),
    }
