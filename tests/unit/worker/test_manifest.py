"""The manifests of `headrace worker --print-manifest`."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import yaml

from headrace.cli.lazy import as_command
from headrace.cli.queue_worker import Request, worker_arguments
from headrace.cli.worker import worker
from headrace.errors import HeadraceError
from headrace.worker.manifest import JobRequest, label_of, manifests
from unit.worker.kubernetes import Deployment, Job, Service, read


def request(**settings: Any) -> JobRequest:
    return JobRequest(
        **{
            "queue_url": "redis://redis:6379/0",
            "queue_name": "job",
            "image": "registry.example/headrace:0.1",
            "arguments": ["--command=cat"],
            **settings,
        }
    )


def objects(**settings: Any) -> tuple[Deployment, Service, Job]:
    deployment, service, job = read(manifests(request(**settings)))
    assert isinstance(deployment, Deployment) and isinstance(service, Service) and isinstance(job, Job)
    return deployment, service, job


def test_the_job_ends_when_the_queue_is_drained() -> None:
    _, _, job = objects(parallelism=2)
    assert job.spec.parallelism == 2
    # Unset: a work queue to Kubernetes too. One Pod that succeeds says that there is no more to do.
    assert job.spec.completions is None and job.spec.completionMode == "NonIndexed"
    [reader] = job.spec.template.spec.containers
    assert reader.args[0] == "worker" and "--drain" in reader.args and "--command=cat" in reader.args
    # Failures start new Pods, so that a reader that was stopped (exit code 4) is replaced.
    assert job.spec.template.spec.restartPolicy == "Never"
    assert job.spec.podFailurePolicy is not None
    assert job.spec.podFailurePolicy.rules[0].onPodConditions[0].type == "DisruptionTarget"


def test_the_reader_has_time_to_finish() -> None:
    _, _, job = objects(grace_seconds=45)
    assert job.spec.template.spec.terminationGracePeriodSeconds > 45


def test_the_application_is_a_native_sidecar() -> None:
    _, _, job = objects(
        app_image="shop/resize:1.4",
        http="http://127.0.0.1:8080/",
        ready="http://127.0.0.1:8080/healthz?full=1",
    )
    pod = job.spec.template.spec
    [application] = pod.initContainers
    assert application.restartPolicy == "Always" and application.image == "shop/resize:1.4"
    assert application.startupProbe is not None and application.startupProbe.httpGet is not None
    assert application.startupProbe.httpGet.path == "/healthz?full=1"
    assert [container.name for container in pod.containers] == ["reader"]
    _, _, plain = objects(app_image="shop/resize:1.4", http="http://localhost:81/")
    probe = plain.spec.template.spec.initContainers[0].startupProbe
    assert probe is not None and probe.tcpSocket is not None and probe.tcpSocket.port == 81


def test_the_reader_is_called_as_its_pod() -> None:
    _, _, job = objects()
    [reader] = job.spec.template.spec.containers
    assert "--worker-id=$(POD_NAME)" in reader.args
    assert reader.env[0].name == "POD_NAME"


def test_redis_is_found_by_its_service() -> None:
    deployment, service, _ = objects(queue_url="redis://my-redis:7000/0")
    assert deployment.metadata.name == service.metadata.name == "my-redis"
    labels = deployment.spec.template.metadata.labels
    assert service.spec.selector == deployment.spec.selector.matchLabels == labels
    [port] = service.spec.ports
    [redis] = deployment.spec.template.spec.containers
    assert (port.port, port.targetPort) == (7000, redis.ports[0].name)
    assert redis.args == ["--appendonly", "yes", "--maxmemory-policy", "noeviction"]
    assert deployment.spec.strategy is not None and deployment.spec.strategy.type == "Recreate"


def test_a_redis_elsewhere_is_left_alone() -> None:
    [job] = read(manifests(request(queue_url="redis://redis.data.svc:6379/0")))
    assert isinstance(job, Job)


def test_passwords_are_not_written() -> None:
    text = yaml.safe_dump_all(manifests(request(queue_url="redis://user:hush@redis.data:6379/0")))
    assert "hush" not in text and "redis://user:$(QUEUE_PASSWORD)@redis.data:6379/0" in text
    [job] = read(manifests(request(queue_url="redis://:hush@redis.data:6379/0")))
    assert isinstance(job, Job)
    secret = job.spec.template.spec.containers[0].env[1].valueFrom
    assert secret is not None and secret.secretKeyRef is not None
    assert (secret.secretKeyRef.name, secret.secretKeyRef.key) == ("job-queue", "password")
    # The variable that the address refers to has to be declared; its order is free.
    assert job.spec.template.spec.containers[0].env[1].name == "QUEUE_PASSWORD"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"queue_url": "/tmp/queue.db"}, "Pods cannot share"),
        ({"queue_url": "redis://127.0.0.1:6379/0"}, "another host in every Pod"),
        ({"app_image": "a", "http": "http://example.test/"}, "listens on loopback"),
    ],
)
def test_what_pods_cannot_do(settings: dict[str, str], message: str) -> None:
    with pytest.raises(HeadraceError, match=message):
        manifests(request(**settings))


@pytest.mark.parametrize(
    ("name", "label"),
    [("job", "job"), ("My Jobs!", "my-jobs"), ("---", "queue"), ("é" * 5, "queue"), ("a" * 80, "a" * 50)],
)
def test_names_become_labels(name: str, label: str) -> None:
    assert label_of(name) == label
    read(manifests(request(queue_name=name)))


def test_namespace() -> None:
    assert {each.metadata.namespace for each in objects(namespace="batch")} == {"batch"}


def test_the_command_line_writes_them(capsys: pytest.CaptureFixture[str]) -> None:
    options = {
        "--name": "job",
        "--queue": "redis://redis:6379/0",
        "--http": "http://127.0.0.1:8080/",
        "--app-image": "a:1",
        "--concurrency": "8",
        "--lease": "60",
    }
    arguments = [f"{name}={value}" for name, value in options.items()]
    command = as_command("worker", worker)
    command.main([*arguments, "--http-batch", "--print-manifest"], standalone_mode=False)
    *_, job = read(list(yaml.safe_load_all(capsys.readouterr().out)))
    assert isinstance(job, Job)
    assert job.spec.template.spec.containers[0].args == [
        *("worker", "--queue=redis://redis:6379/0", "--name=job", "--drain", "--http=http://127.0.0.1:8080/"),
        *("--http-batch", "--concurrency=8", "--lease=60", "--worker-id=$(POD_NAME)"),
    ]


def test_every_option_reaches_the_job() -> None:
    """An option that the Job's reader would not be given would be ignored without a word."""
    decided_elsewhere = {"address", "name", "drain", "worker_id"}
    for field in msgspec.structs.fields(Request):
        if field.name in decided_elsewhere:
            continue
        other: Any = True if field.type is bool else 7 if field.type in (int, int | None) else "7"
        if field.type in (float, float | None):
            other = 7.5
        changed = Request(address="", name="", **{field.name: other})
        assert len(worker_arguments(changed)) == 1, field.name


def test_arguments_with_dollars_are_not_variables() -> None:
    """Kubernetes replaces $(NAME) in arguments; a shell's `$(date)` has to get through."""
    _, _, job = objects(arguments=["--command=echo $(date) $HOME", "--shell"])
    assert "--command=echo $$(date) $HOME" in job.spec.template.spec.containers[0].args
