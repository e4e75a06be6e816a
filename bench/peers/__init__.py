"""The same workloads on other durable workflow engines, set up as their own documentation recommends."""
