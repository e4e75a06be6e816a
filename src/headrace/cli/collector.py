"""The garbage collector of a process that is a server.

Reference counts free nearly everything; the collector is for cycles. By Python's own setting it looks after
every 700 new objects, which a server with a hundred open executions makes several times per request, to find
next to nothing: a sixth of its CPU under load. A program that Headrace is a library of keeps its own setting.
"""

from __future__ import annotations

import gc

# While starting nearly all that is made stays: modules, routes, definitions.
STARTING_OBJECTS = 200_000
# How many new objects there are between two looks at the young ones, and how many such looks between two
# at those that survived one, and two.
YOUNG_OBJECTS = 10_000
MIDDLE_LOOKS = 20
OLD_LOOKS = 50


def starting() -> None:
    """Look seldom from now on: most of what is made during a start stays."""
    gc.set_threshold(STARTING_OBJECTS, MIDDLE_LOOKS, OLD_LOOKS)


def started() -> None:
    """What is here by now stays: it is never looked at again, and what comes from now on less often."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, MIDDLE_LOOKS, OLD_LOOKS)
