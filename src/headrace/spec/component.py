"""The parts that tasks are made of: authentication, endpoints, schemas, data flow, retries, events.

One class per definition of dsl-reference.md, under its name there. Strings that may be runtime expressions
stay strings: compiling them is `headrace.expr`'s work. `None` means "not written".
"""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.spec.convert import DslObject, build_struct
from headrace.spec.duration import Duration

# --- authentication -------------------------------------------------------------------------------------


class BasicAuthentication(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """User name and password, or `use`: the name of the secret that holds them."""

    use: str | None = None
    username: str | None = None
    password: str | None = None


class BearerAuthentication(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bearer token, or `use`: the name of the secret that holds it."""

    use: str | None = None
    token: str | None = None


class DigestAuthentication(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """User name and password for HTTP digest, or `use`: the name of the secret that holds them."""

    use: str | None = None
    username: str | None = None
    password: str | None = None


class OAuth2Token(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A security token that represents a party, with its type."""

    token: str
    type: str


class OAuth2Endpoints(DslObject, frozen=True, kw_only=True):
    """Endpoints of the authority, relative to it."""

    token: str = "/oauth2/token"
    revocation: str = "/oauth2/revoke"
    introspection: str = "/oauth2/introspect"


class OAuth2Client(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks for the token, and how it proves that."""

    id: str | None = None
    secret: str | None = None
    assertion: str | None = None
    authentication: str = "client_secret_post"


class OAuth2Request(DslObject, frozen=True, kw_only=True):
    """How the token request is encoded."""

    encoding: str = "application/x-www-form-urlencoded"


class OAuth2Authentication(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """OAuth2: `authority` and `grant` are set unless `use` names the secret that holds the configuration."""

    use: str | None = None
    authority: str | None = None
    grant: str | None = None
    endpoints: OAuth2Endpoints = OAuth2Endpoints()
    client: OAuth2Client | None = None
    request: OAuth2Request = OAuth2Request()
    issuers: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    username: str | None = None
    password: str | None = None
    subject: OAuth2Token | None = None
    actor: OAuth2Token | None = None


class OpenIdConnectAuthentication(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """OpenID Connect: like OAuth2, with the endpoints discovered at the authority."""

    use: str | None = None
    authority: str | None = None
    grant: str | None = None
    client: OAuth2Client | None = None
    request: OAuth2Request = OAuth2Request()
    issuers: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    username: str | None = None
    password: str | None = None
    subject: OAuth2Token | None = None
    actor: OAuth2Token | None = None


class AuthenticationPolicy(DslObject, frozen=True, kw_only=True):
    """Exactly one scheme, or `use`: the name of a policy in `use.authentications`."""

    use: str | None = None
    basic: BasicAuthentication | None = None
    bearer: BearerAuthentication | None = None
    digest: DigestAuthentication | None = None
    oauth2: OAuth2Authentication | None = None
    oidc: OpenIdConnectAuthentication | None = None


# --- resources ------------------------------------------------------------------------------------------


class Endpoint(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where something is, and how to authenticate there. `uri` is a URI template or a runtime expression."""

    uri: str
    authentication: AuthenticationPolicy | None = None


class ExternalResource(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that is fetched from an endpoint."""

    endpoint: Endpoint | str
    name: str | None = None


class Catalog(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collection of reusable functions under one root URL."""

    endpoint: Endpoint | str


# --- data flow ------------------------------------------------------------------------------------------


class Schema(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A data schema, inline (`document`) or external (`resource`). `document` is `UNSET` when not written."""

    format: str = "json"
    document: Any = msgspec.UNSET
    resource: ExternalResource | None = None


class Input(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`schema` validates the raw input, then `from_` (expression or template) transforms it."""

    schema: Schema | None = None
    from_: str | dict[str, Any] | None = None


class Output(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`as_` (expression or template) transforms the raw output, then `schema` validates the result."""

    schema: Schema | None = None
    as_: str | dict[str, Any] | None = None


class Export(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`as_` makes the new `$context` from the transformed output; `schema` validates it."""

    schema: Schema | None = None
    as_: str | dict[str, Any] | None = None


# --- time, errors, retries ------------------------------------------------------------------------------


class Timeout(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After how long to give up. A string is an ISO 8601 duration or a runtime expression."""

    after: Duration | str


class Error(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An error to raise (RFC 9457 problem details). Every member but `status` may be an expression."""

    type: str
    status: int
    instance: str | None = None
    title: str | None = None
    detail: str | None = None


class ErrorFilter(DslObject, frozen=True, kw_only=True):
    """Errors whose members all equal the written ones."""

    type: str | None = None
    status: int | None = None
    instance: str | None = None
    title: str | None = None
    detail: str | None = None


class CatchErrors(DslObject, frozen=True, kw_only=True):
    """The static filter of a catch clause (`catch.errors`)."""

    with_: ErrorFilter | None = None


class Backoff(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly one is set: how the delay grows from one attempt to the next. The objects are open maps."""

    constant: dict[str, Any] | None = None
    exponential: dict[str, Any] | None = None
    linear: dict[str, Any] | None = None


class RetryAttemptLimit(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`count` attempts at most, each no longer than `duration`."""

    count: int | None = None
    duration: Duration | str | None = None


class RetryLimit(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When to stop retrying; `duration` limits all attempts together."""

    attempt: RetryAttemptLimit | None = None
    duration: Duration | str | None = None


class Jitter(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A random time between `from_` and `to` is added to each delay."""

    from_: Duration | str
    to: Duration | str


class RetryPolicy(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether, when and how often to try again."""

    when: str | None = None
    except_when: str | None = None
    delay: Duration | str | None = None
    limit: RetryLimit | None = None
    backoff: Backoff | None = None
    jitter: Jitter | None = None


# --- events ---------------------------------------------------------------------------------------------


class EventProperties(DslObject, frozen=True, kw_only=True):
    """The attributes of an event by their CloudEvents names.

    Filters and `emit` keep the map as it was written (`with_`); this is its typed view. `extensions` are
    the attributes that the specification does not name; `data` is `UNSET` when not written.
    """

    id: str | None = None
    source: str | None = None
    type: str | None = None
    time: str | None = None
    subject: str | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None
    data: Any = msgspec.UNSET
    extensions: dict[str, Any] = msgspec.field(default_factory=dict)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> EventProperties:
        """Build from the map as written; attributes without a field here become `extensions`."""
        rest = {name: value for name, value in data.items() if name not in _EVENT_ATTRIBUTES}
        return build_struct(cls, data, extensions=rest)


_EVENT_ATTRIBUTES = frozenset(EventProperties.__struct_encode_fields__) - {"extensions"}


class Correlation(DslObject, frozen=True, kw_only=True):
    """`from_` extracts a value from the event; `expect` is what it must equal (else: the first one seen)."""

    from_: str
    expect: str | None = None


class EventFilter(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events whose attributes match `with_` (as written: constants, patterns, expressions) and correlate."""

    with_: dict[str, Any]
    correlate: dict[str, Correlation] = msgspec.field(default_factory=dict)


class EventConsumptionStrategy(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Exactly one of `all`, `any`, `one`. An empty `any` listens to every event.

    `until` belongs to `any`: an expression, or the events that end the listening.
    """

    all: tuple[EventFilter, ...] | None = None
    any: tuple[EventFilter, ...] | None = None
    one: EventFilter | None = None
    until: EventConsumptionStrategy | str | None = None
