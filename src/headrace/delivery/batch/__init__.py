"""`call: batch`: a function for each item of a list, a file or a queue, over the work queue.

The way of an item: `items` reads it from its source -> `run` puts it on a queue, not many ahead of the
readers -> a reader makes the call -> how it ended is a line of the `ledger`, a file that is both what a
restart goes on from and the result. Nothing but counts and a byte per item is held in memory.
"""
