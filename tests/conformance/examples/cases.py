"""How each example of the specification has to end."""

from __future__ import annotations

from typing import Any

from conformance.examples.run import Case
from conformance.stubs.petstore import pet
from conformance.stubs.services import CHARACTER

PETSTORE = "https://petstore.swagger.io/v2"
OAUTH2 = {
    "authority": "http://keycloak/realms/fake-authority",
    "grant": "client_credentials",
    "client": {"id": "workflow-runtime-id", "secret": "workflow-runtime-secret"},
}
TEMPERATURE = "com.fake-hospital.vitals.measurements.temperature"
BPM = "com.fake-hospital.vitals.measurements.bpm"

_ONE_PET = Case({"petId": 1}, output=pet(1), requests=[("GET", f"{PETSTORE}/pet/1")])
_BEARER = Case({"petId": 1, "token": "t-1"}, output=pet(1), requests=[("GET", f"{PETSTORE}/pet/1")])
_FOUND = [pet(1), pet(2), pet(3)]
_LUKE = {"count": 1, "results": [CHARACTER]}
_NOT_IMPLEMENTED = Case(
    status="faulted",
    error={
        "type": "https://serverlessworkflow.io/errors/not-implemented",
        "status": 500,
        "title": "Not Implemented",
        "detail": "The workflow 'raise-not-implemented:0.1.0' is a work in progress and cannot be run yet",
        "instance": "/do/0/notImplemented",
    },
)
_HOT = {"type": TEMPERATURE, "data": {"temperature": 39.5}}
_WELL = {"type": TEMPERATURE, "data": {"temperature": 36.6}}
_FAST = {"type": BPM, "data": {"bpm": 130}}

CASES: dict[str, Case] = {
    "authentication-bearer-uri-format.yaml": _BEARER,
    "authentication-bearer.yaml": _BEARER,
    "authentication-oauth2-secret.yaml": Case(
        {"petId": 1},
        secrets={"mySecret": OAUTH2},
        output=pet(1),
        requests=[("POST", "http://keycloak/realms/fake-authority/oauth2/token")],
    ),
    "authentication-oauth2.yaml": Case(
        {"petId": 1},
        output=pet(1),
        requests=[("POST", "http://keycloak/realms/fake-authority/auth/token")],
    ),
    "authentication-oidc-secret.yaml": Case(
        {"petId": 1},
        secrets={"mySecret": OAUTH2},
        output=pet(1),
        requests=[("POST", "http://keycloak/realms/fake-authority/protocol/token")],
    ),
    "authentication-oidc.yaml": Case(
        {"petId": 1},
        output=pet(1),
        requests=[("GET", "http://keycloak/realms/fake-authority/.well-known/openid-configuration")],
    ),
    "authentication-reusable.yaml": _BEARER,
    "call-custom-function-cataloged.yaml": Case(output={"logged": "Hello, world!"}),
    "call-custom-function-inline.yaml": Case(output=pet(69), requests=[("GET", f"{PETSTORE}/pet/69")]),
    "call-http-endpoint-interpolation-shorthand.yaml": _ONE_PET,
    "call-http-endpoint-interpolation.yaml": _ONE_PET,
    "call-http-query-headers-expressions.yaml": Case(
        {"searchQuery": "luke"},
        output=_LUKE,
        requests=[("GET", "https://swapi.dev/api/people/?search=luke")],
    ),
    "call-http-query-parameters.yaml": Case({"searchQuery": "luke"}, output=_LUKE),
    "call-http-redirect.yaml": Case(
        {"searchQuery": "anakin"},
        output=_LUKE,
        requests=[("GET", "https://swapi.dev/api/people/?search=luke")],
    ),
    "call-openapi-redirect.yaml": Case(output=_FOUND),
    "call-openapi.yaml": Case(
        output=_FOUND, requests=[("GET", f"{PETSTORE}/pet/findByStatus?status=available")]
    ),
    "conditional-task.yaml": Case(
        {"customer": {"age": 20}, "bet": 5},
        output={"path": "/api/bet/on/football", "body": {"customer": ".customer", "bet": ".bet"}},
    ),
    "do-multiple.yaml": Case(
        {"petId": 1},
        # The second call's `{petId}` is looked for in the first one's output, which has none.
        status="faulted",
        error={"instance": "/do/1/buyPet", "status": 404},
    ),
    "do-single.yaml": _ONE_PET,
    "emit.yaml": Case(),
    "for-inline-array.yaml": Case(
        {},
        output={
            "processed": [
                {"name": "red", "hex": "#FF0000"},
                {"name": "green", "hex": "#00FF00"},
                {"name": "blue", "hex": "#0000FF"},
            ]
        },
    ),
    "fork.yaml": Case({"patient": {"fullName": "J. Doe"}, "room": {"number": 7}}),
    "listen-to-all read-envelope.yaml": Case(events=[_WELL, _HOT, _FAST]),
    "listen-to-all.yaml": Case(events=[_WELL, _FAST, _HOT], output=[{"bpm": 130}, {"temperature": 39.5}]),
    "listen-to-any-filter.yaml": Case(events=[_WELL, _FAST], output=[{"bpm": 130}]),
    "listen-to-any-forever-foreach.yaml": Case(
        {"roomId": 7},
        events=[{"type": "gossip", "data": {"n": 1}}, {"type": "gossip", "data": {"n": 2}}],
        cancel=True,
        status="cancelled",
        requests=[("POST", "https://fake-chat-api.com/room/7")] * 2,
    ),
    "listen-to-any-until-condition.yaml": Case(
        events=[{"type": "any", "data": n} for n in range(5)], output=[0, 1, 2, 3]
    ),
    "listen-to-any-until-consumed.yaml": Case(
        events=[_HOT, _WELL, _FAST, {"type": "com.fake-hospital.patient.checked-out"}],
        output=[{"temperature": 39.5}, {"bpm": 130}],
    ),
    "listen-to-any.yaml": Case(events=[{"type": "any", "data": 1}], output=[1]),
    "listen-to-one.yaml": Case(
        {"carId": 4},
        events=[{"type": "com.virtual-wf-powered-race.events.race.started.v1", "data": {"carId": 4}}],
        # The call's `{carId}` is looked for in what `listen` gives: an array.
        requests=[("POST", "https://virtual-wf-powered-race.com/api/v4/cars//start")],
    ),
    "mock-service-extension.yaml": Case(output={"path": "/sample", "body": None}),
    "raise-inline.yaml": _NOT_IMPLEMENTED,
    "raise-reusable.yaml": _NOT_IMPLEMENTED,
    "run-script-with-stdin-and-arguments.yaml": Case(
        output="stdin >  Hello Workflow\narg >  hello\nenv >  bar"
    ),
    "run-shell-stdin-and-arguments.yaml": Case(output="STDIN was: Hello World\nARGS are Foo Bar"),
    "run-subflow.yaml": Case(
        {"user": {"name": "Ann"}},
        others=[
            "document: {dsl: 1.0.3, namespace: test, name: register-customer, version: 0.1.0}\n"
            "do: [{register: {set: {registered: '${ .customer }'}}}]\n"
        ],
        output={"registered": ".user"},
    ),
    "schedule-cron.yaml": Case(requests=[("POST", "https://example.com/api/v1/backup/start")]),
    "schedule-event-driven.yaml": Case(
        [
            {
                "data": {
                    "timestamp": "2030-01-01T00:00:00Z",
                    "patient": {"id": 9, "name": "J.", "room": {"number": 7}, "vitals": {"bpm": 40}},
                }
            }
        ],
        output={
            "path": "/api/v1/notify",
            "body": {
                "patientId": 9,
                "patientName": "J.",
                "roomNumber": 7,
                "vitals": {"heartRate": 40, "timestamp": "2030-01-01T00:00:00Z"},
                "message": "Alert: Patient's heartbeat is critically low. Immediate attention required.",
            },
        },
    ),
    "set-expression.yaml": Case([{"type": "t", "data": 1}], output={"type": "t", "data": 1}),
    "set.yaml": Case([{"type": "t"}], output={"startEvent": {"type": "t"}}),
    "star-wars-homeworld.yaml": Case({"id": 1}, output={"name": "Tatooine"}),
    "switch-then-string.yaml": Case(
        {"orderType": "physical"},
        output={"inventory": "clear", "items": 1, "address": "Elmer St"},
    ),
    "try-catch-retry-inline.yaml": _ONE_PET,
    "try-catch-retry-reusable.yaml": _ONE_PET,
    "try-catch-then-directive.yaml": Case(output={"status": "failed"}),
    "try-catch-then.yaml": Case({"petId": "unknown"}, output={"error": "$error"}),
    "try-catch.yaml": Case({"petId": "unknown"}, output={"petId": "unknown"}),
    "wait-duration-inline.yaml": Case({"a": 1}, output={"a": 1}),
    "wait-duration-iso8601.yaml": Case({"a": 1}, output={"a": 1}),
}

# The example's own text is wrong; the reason, what it is given, and exactly how it faults.
_EXPRESSION = "https://open-workflow-specification.org/spec/1.0.0/errors/expression"
_ROOM = {"source": "https://my.home.com/sensor", "roomid": "kitchen", "data": {"reading": 1}}

WRONG: dict[str, tuple[str, Case]] = {
    "accumulate-room-readings.yaml": (
        "`output.as: .data.reading` works on what `listen` gives, which is an array",
        Case(
            events=[
                {**_ROOM, "type": "my.home.sensors.temperature"},
                {**_ROOM, "type": "my.home.sensors.humidity"},
            ],
            status="faulted",
            error={"type": _EXPRESSION, "instance": "/do/0/consumeReading"},
        ),
    ),
    "for.yaml": (
        "`output.as: .pets + ...` works on what `listen` gives, which is an array",
        Case(
            {"pets": [{"id": 1}], "vet": "Dr. No"},
            events=[{"type": "com.fake.petclinic.pets.checkup.completed.v2", "data": {}}],
            status="faulted",
            error={"type": _EXPRESSION, "instance": "/do/0/checkup/do/0/waitForCheckup"},
        ),
    ),
}

# Not performed by this version; they must fail with a configuration error that says so.
NOT_YET_RUN: dict[str, tuple[str, Any]] = {
    "call-asyncapi-publish.yaml": ("asyncapi", {"pet": {"id": 1}, "token": "t-1"}),
    "call-asyncapi-subscribe-consume-amount.yaml": ("asyncapi", {}),
    "call-asyncapi-subscribe-consume-forever-foreach.yaml": ("asyncapi", {}),
    "call-asyncapi-subscribe-consume-until.yaml": ("asyncapi", {}),
    "call-asyncapi-subscribe-consume-while.yaml": ("asyncapi", {}),
    "call-grpc.yaml": ("grpc", {"user": {"preferredDisplayName": "Ann"}}),
    "call-mcp.yaml": ("mcp", {}),
}

# These need podman or docker, and run where one works.
CONTAINERS: dict[str, Case] = {
    "run-container-cleanup-always.yaml": Case(),
    "run-container-cleanup-eventually.yaml": Case(),
    "run-container-stdin-and-arguments.yaml": Case(output="STDIN was: Hello World\nARGS are Foo Bar"),
    "run-container-with-name.yaml": Case(),
    "run-container-with-pull-policy.yaml": Case(),
    "run-container.yaml": Case(),
    "run-return-all.yaml": Case(),
    "run-return-code.yaml": Case(output=0),
    "run-return-none.yaml": Case(output=None),
    "run-return-stderr.yaml": Case(output=""),
}
