"""The reader: leases items and hands them to an application that knows nothing of queues."""
