"""Benchmarks: Headrace against its peers and against its own limits. `make bench` runs them all."""
