"""The work queue on Redis 6.2 or later, or Valkey: one server, or one node of a cluster, per queue."""

from headrace.queue.redis.plain import Adopted
from headrace.queue.redis.queue import RedisQueue
from headrace.queue.redis.queues import RedisQueues

__all__ = ["Adopted", "RedisQueue", "RedisQueues"]
