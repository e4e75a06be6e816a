"""Headrace: durable workflows with a work queue at their heart."""

__version__ = "0.1.0"
