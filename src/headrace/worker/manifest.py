"""The Kubernetes objects of a worker: the Job, and the Redis that it reads. Plain dicts; nothing is applied.

The Job has no `completions`: it is a work queue to Kubernetes too. As soon as one Pod has succeeded no other
is started, and the Job is complete when all have ended; that fits, because a reader with `--drain` succeeds
only when nothing is left for anybody. One that is stopped before ends with 4 and is replaced.

The application beside the reader is a native sidecar (an init container that is restarted always; Kubernetes
1.29): it is started before the reader, which begins when the startup probe has succeeded, and ended after it.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from headrace.queue.port import QueueError
from headrace.worker.application import ApplicationError

REDIS_IMAGE = "redis:7-alpine"
REDIS_PORT = 6379

_NOT_LABEL = re.compile(r"[^a-z0-9-]+")
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

# What a container needs no more than: nothing of root's.
_CONFINED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
}

# Node drains and evictions are nobody's fault: they do not count as failures of the Job.
_DISRUPTIONS_DO_NOT_COUNT = {
    "rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}]
}


class JobRequest(msgspec.Struct, kw_only=True):
    """What the Job should do. `arguments` are those of `headrace worker`, without queue, name and drain."""

    queue_url: str
    queue_name: str
    image: str
    arguments: list[str]
    app_image: str | None = None
    http: str | None = None
    ready: str | None = None
    parallelism: int = 2
    namespace: str | None = None
    grace_seconds: float = 20.0
    backoff_limit: int = 6


def manifests(request: JobRequest) -> list[dict[str, Any]]:
    """Return the Job, before it the Redis Deployment and Service when the queue's host is a bare name.

    A Redis at another address is somebody else's. Raises `QueueError` for a queue in a file, which Pods
    cannot share, or on a loopback address, and `ApplicationError` for a URL that no container can have.
    """
    host, port = _redis_of(request.queue_url)
    # A bare name is a Service of the namespace: this one.
    redis = [redis_deployment(request, host), redis_service(request, host, port)] if "." not in host else []
    return [*redis, job(request)]


def job(request: JobRequest) -> dict[str, Any]:
    """Return the Job: `parallelism` Pods, each a reader and, where there is one, its application."""
    name = label_of(request.queue_name)
    labels = {
        "app.kubernetes.io/name": "headrace-worker",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/managed-by": "headrace",
    }
    environment, address = _address_of(request, name)
    # Kubernetes reads $(NAME) as a variable; a shell's $(date) has to get through.
    literal = [argument.replace("$(", "$$(") for argument in request.arguments]
    reader: dict[str, Any] = {
        "name": "reader",
        "image": request.image,
        "args": [
            "worker",
            f"--queue={address}",
            f"--name={request.queue_name}",
            "--drain",
            *literal,
        ],
        # The Pod's name is who the reader is: histories and logs say the same.
        "env": [
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            *environment,
        ],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": dict(_CONFINED),
    }
    reader["args"].append("--worker-id=$(POD_NAME)")
    pod: dict[str, Any] = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        # The reader finishes within its grace, and then tells the queue.
        "terminationGracePeriodSeconds": int(request.grace_seconds) + 10,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    }
    if request.app_image is not None:
        pod["initContainers"] = [_sidecar(request)]
    pod["containers"] = [reader]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": _metadata(f"{name}-worker", request, labels),
        "spec": {
            "parallelism": request.parallelism,
            "completionMode": "NonIndexed",
            "backoffLimit": request.backoff_limit,
            "podFailurePolicy": _DISRUPTIONS_DO_NOT_COUNT,
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def redis_deployment(request: JobRequest, host: str) -> dict[str, Any]:
    """Return a Redis with one replica that writes every change to its log.

    The log is as durable as the volume: this one lasts as long as the Pod, over restarts of Redis.
    """
    labels = _redis_labels(host)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _metadata(host, request, labels),
        "spec": {
            "replicas": 1,
            # Never two servers on one log.
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "automountServiceAccountToken": False,
                    "securityContext": {
                        "runAsNonRoot": True,
                        "runAsUser": 999,
                        "fsGroup": 999,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    "containers": [
                        {
                            "name": "redis",
                            "image": REDIS_IMAGE,
                            # An evicted key would be a lost item.
                            "args": ["--appendonly", "yes", "--maxmemory-policy", "noeviction"],
                            "ports": [{"name": "redis", "containerPort": REDIS_PORT}],
                            "readinessProbe": {
                                "exec": {"command": ["redis-cli", "ping"]},
                                "periodSeconds": 5,
                            },
                            "resources": {
                                "requests": {"cpu": "100m", "memory": "128Mi"},
                                "limits": {"memory": "1Gi"},
                            },
                            "securityContext": dict(_CONFINED),
                            "volumeMounts": [{"name": "data", "mountPath": "/data"}],
                        }
                    ],
                    "volumes": [{"name": "data", "emptyDir": {}}],
                },
            },
        },
    }


def redis_service(request: JobRequest, host: str, port: int) -> dict[str, Any]:
    """Return the Service through which readers and producers find that Redis."""
    labels = _redis_labels(host)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _metadata(host, request, labels),
        "spec": {
            "selector": labels,
            "ports": [{"name": "redis", "port": port, "targetPort": "redis"}],
        },
    }


def label_of(name: str) -> str:
    """Return a queue's name as a DNS label (RFC 1123) that leaves room for a suffix."""
    label = _NOT_LABEL.sub("-", name.lower()).strip("-")[:50].strip("-")
    return label or "queue"


def _sidecar(request: JobRequest) -> dict[str, Any]:
    parts = urlsplit(request.http or "")
    if parts.hostname not in _LOCAL_HOSTS:
        raise ApplicationError(
            f"the application in the same Pod listens on loopback; give --http http://127.0.0.1:PORT/, "
            f"not {request.http!r}"
        )
    port = parts.port or 80
    probe: dict[str, Any] = {"tcpSocket": {"port": port}}
    if request.ready is not None:
        ready = urlsplit(request.ready)
        path = (ready.path or "/") + (f"?{ready.query}" if ready.query else "")
        probe = {"httpGet": {"path": path, "port": ready.port or port}}
    return {
        "name": "application",
        "image": request.app_image,
        "restartPolicy": "Always",
        "ports": [{"containerPort": port}],
        "startupProbe": {**probe, "periodSeconds": 1, "failureThreshold": 120},
        "securityContext": dict(_CONFINED),
    }


def _address_of(request: JobRequest, name: str) -> tuple[list[dict[str, Any]], str]:
    """Return the queue's address for the reader, with a password taken from a Secret."""
    parts = urlsplit(request.queue_url)
    if parts.password is None:
        return [], request.queue_url
    user = f"{parts.username}:" if parts.username else ":"
    host = parts.netloc.rpartition("@")[2]
    address = urlunsplit(parts._replace(netloc=f"{user}$(QUEUE_PASSWORD)@{host}"))
    secret = {"secretKeyRef": {"name": f"{name}-queue", "key": "password"}}
    return [{"name": "QUEUE_PASSWORD", "valueFrom": secret}], address


def _redis_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise QueueError(f"Pods cannot share the queue {url}; give --queue redis://HOST:6379/0")
    if parts.hostname in _LOCAL_HOSTS:
        raise QueueError(
            f"{parts.hostname} is another host in every Pod; give the name of a Service: "
            "--queue redis://redis:6379/0"
        )
    return parts.hostname, parts.port or REDIS_PORT


def _redis_labels(host: str) -> dict[str, str]:
    return {"app.kubernetes.io/name": "redis", "app.kubernetes.io/instance": host}


def _metadata(name: str, request: JobRequest, labels: dict[str, str]) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name, "labels": dict(labels)}
    if request.namespace is not None:
        metadata["namespace"] = request.namespace
    return metadata
