"""The work queue: items leased for a time under a fencing token, then completed, released or failed."""
