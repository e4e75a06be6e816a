"""The part of the Kubernetes API (1.31) that the manifests use, strictly: unknown fields are refused.

Names and types as in the OpenAPI document of Kubernetes (io.k8s.api.batch.v1.Job and what it refers to).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Label = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
LabelValue = Annotated[
    str, msgspec.Meta(pattern=r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", max_length=63)
]
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Quantity = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+(\.[0-9]+)?(m|[kMGTPE]i?)?$")]


class Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    pass


class Metadata(Strict, kw_only=True):
    name: Label
    namespace: Label | None = None
    labels: dict[str, LabelValue]


class PodMetadata(Strict, kw_only=True):
    labels: dict[str, LabelValue]


class FieldRef(Strict, kw_only=True):
    fieldPath: Literal["metadata.name", "metadata.namespace", "status.podIP", "spec.nodeName"]


class SecretKeyRef(Strict, kw_only=True):
    name: Label
    key: str


class ValueFrom(Strict, kw_only=True):
    fieldRef: FieldRef | None = None
    secretKeyRef: SecretKeyRef | None = None


class EnvVar(Strict, kw_only=True):
    name: str
    value: str | None = None
    valueFrom: ValueFrom | None = None


class Resources(Strict, kw_only=True):
    requests: dict[Literal["cpu", "memory"], Quantity] = {}
    limits: dict[Literal["cpu", "memory"], Quantity] = {}


class Capabilities(Strict, kw_only=True):
    drop: list[str] = []


class ContainerSecurity(Strict, kw_only=True):
    allowPrivilegeEscalation: bool | None = None
    capabilities: Capabilities | None = None


class HttpGet(Strict, kw_only=True):
    path: Annotated[str, msgspec.Meta(pattern="^/")]
    port: Port


class TcpSocket(Strict, kw_only=True):
    port: Port


class Exec(Strict, kw_only=True):
    command: list[str]


class Probe(Strict, kw_only=True):
    httpGet: HttpGet | None = None
    tcpSocket: TcpSocket | None = None
    exec: Exec | None = None
    periodSeconds: Count = 10
    failureThreshold: Count = 3


class ContainerPort(Strict, kw_only=True):
    containerPort: Port
    name: Annotated[str, msgspec.Meta(max_length=15)] | None = None


class VolumeMount(Strict, kw_only=True):
    name: Label
    mountPath: str


class Container(Strict, kw_only=True):
    name: Label
    image: Annotated[str, msgspec.Meta(min_length=1)]
    args: list[str] = []
    env: list[EnvVar] = []
    ports: list[ContainerPort] = []
    resources: Resources | None = None
    securityContext: ContainerSecurity | None = None
    readinessProbe: Probe | None = None
    startupProbe: Probe | None = None
    volumeMounts: list[VolumeMount] = []


class InitContainer(Container, kw_only=True):
    restartPolicy: Literal["Always"] | None = None


class Seccomp(Strict, kw_only=True):
    type: Literal["RuntimeDefault"]


class PodSecurity(Strict, kw_only=True):
    runAsNonRoot: bool | None = None
    runAsUser: Count | None = None
    fsGroup: Count | None = None
    seccompProfile: Seccomp | None = None


class EmptyDir(Strict, kw_only=True):
    pass


class Volume(Strict, kw_only=True):
    name: Label
    emptyDir: EmptyDir


class PodSpec(Strict, kw_only=True):
    containers: Annotated[list[Container], msgspec.Meta(min_length=1)]
    initContainers: list[InitContainer] = []
    restartPolicy: Literal["Always", "OnFailure", "Never"] = "Always"
    automountServiceAccountToken: bool | None = None
    terminationGracePeriodSeconds: Count = 30
    securityContext: PodSecurity | None = None
    volumes: list[Volume] = []


class PodTemplate(Strict, kw_only=True):
    metadata: PodMetadata
    spec: PodSpec


class OnPodCondition(Strict, kw_only=True):
    type: str
    status: Literal["True", "False", "Unknown"] = "True"


class FailureRule(Strict, kw_only=True):
    action: Literal["Ignore", "FailJob", "Count", "FailIndex"]
    onPodConditions: list[OnPodCondition] = []


class FailurePolicy(Strict, kw_only=True):
    rules: list[FailureRule]


class JobSpec(Strict, kw_only=True):
    template: PodTemplate
    parallelism: Count
    completions: Count | None = None
    completionMode: Literal["NonIndexed", "Indexed"] = "NonIndexed"
    backoffLimit: Count = 6
    podFailurePolicy: FailurePolicy | None = None


class Job(Strict, kw_only=True, tag_field="kind", tag="Job"):
    apiVersion: Literal["batch/v1"]
    metadata: Metadata
    spec: JobSpec


class Selector(Strict, kw_only=True):
    matchLabels: dict[str, LabelValue]


class Strategy(Strict, kw_only=True):
    type: Literal["Recreate", "RollingUpdate"]


class DeploymentSpec(Strict, kw_only=True):
    replicas: Count
    selector: Selector
    template: PodTemplate
    strategy: Strategy | None = None


class Deployment(Strict, kw_only=True, tag_field="kind", tag="Deployment"):
    apiVersion: Literal["apps/v1"]
    metadata: Metadata
    spec: DeploymentSpec


class ServicePort(Strict, kw_only=True):
    name: Label
    port: Port
    targetPort: Port | str


class ServiceSpec(Strict, kw_only=True):
    selector: dict[str, LabelValue]
    ports: list[ServicePort]


class Service(Strict, kw_only=True, tag_field="kind", tag="Service"):
    apiVersion: Literal["v1"]
    metadata: Metadata
    spec: ServiceSpec


def read(objects: list[object]) -> list[Job | Deployment | Service]:
    """Read objects as the API server would. Raises `msgspec.ValidationError` with the place."""
    return msgspec.convert(objects, list[Job | Deployment | Service])
