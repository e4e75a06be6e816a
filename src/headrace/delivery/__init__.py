"""Calls that go by the work queue: `delivery: queue` and `call: batch`."""
