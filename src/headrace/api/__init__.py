"""The server's face: REST, live updates and http triggers; one file per noun."""
