"""Reading executions and their history: in a store of this machine, or at a server."""
