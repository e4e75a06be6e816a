"""Tests of flows: cases in YAML, tasks mocked, time skipped."""
