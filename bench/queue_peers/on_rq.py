"""RQ: the worker that does not fork, JSON, no time limit per job, no description of calls for logs."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

import redis
from rq import Queue
from rq.serializers import JSONSerializer

from bench.queue_peers import work
from bench.queue_peers.peer import RedisPeer, script


class Peer(RedisPeer):
    """Its bulk is one pipeline."""

    has_bulk = True

    async def open(self) -> None:
        self._queue = Queue("bench", connection=redis.Redis.from_url(self.place), serializer=JSONSerializer)

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            self._queue.enqueue_call(
                "bench.queue_peers.work.answer", (payload,), timeout=-1, result_ttl=3600, description="answer"
            )

    async def put_probe(self, payload: str) -> None:
        self._queue.enqueue_call(
            "bench.queue_peers.work.probe", (payload,), timeout=-1, result_ttl=3600, description="probe"
        )

    async def put_bulk(self, payloads: list[str]) -> None:
        self._queue.enqueue_many(
            [
                Queue.prepare_data(
                    "bench.queue_peers.work.answer",
                    (payload,),
                    timeout=-1,
                    result_ttl=3600,
                    description="answer",
                )
                for payload in payloads
            ]
        )

    def worker(self, probing: bool) -> list[str]:
        return [script("rq"), "worker", "--url", self.place, "--worker-class", "rq.SimpleWorker", "--quiet",
                "--serializer", "rq.serializers.JSONSerializer", "bench"]  # fmt: skip

    async def completed(self) -> int:
        return int(self.look.zcard("rq:finished:bench"))

    def answers_in(self, stored: bytes) -> Iterable[int]:
        try:
            return work.answers_in(base64.b64decode(stored, validate=True))
        except binascii.Error:
            return []
