"""Sessions: log in with a password, a token or OpenID Connect; who am I; log out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response
from litestar.datastructures import CacheControlHeader, Cookie
from litestar.params import JSONBody, PathParameter, QueryParameter

from headrace.access.access import Access
from headrace.access.failure import Refused, bad
from headrace.access.oidc import CALLBACK, COOKIE
from headrace.access.password import LENGTH_MAX
from headrace.access.role import Principal
from headrace.access.session import NewSession, cookie_name
from headrace.api.identify import address_of, request_id_of
from headrace.api.page import Page
from headrace.api.platform import Caller, Platform
from headrace.api.problem import Problem
from headrace.api.route import delete, get, post, put
from headrace.api.rule import check, open_to_all, signed_in
from headrace.api.users import Password, Roles

NO_STORE = CacheControlHeader(no_store=True)
OIDC_PATH = CALLBACK.rpartition("/")[0]


class Credentials(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Either `name` and `password`, or `token`."""

    name: Annotated[str, msgspec.Meta(max_length=256)] | None = None
    password: Annotated[str, msgspec.Meta(max_length=4 * LENGTH_MAX)] | None = None
    token: Annotated[str, msgspec.Meta(max_length=512)] | None = None


class Me(msgspec.Struct, kw_only=True):
    """Who makes the request. In a session, changing requests send `csrf` in the header `x-headrace-csrf`."""

    id: str
    name: str
    kind: str
    roles: Roles
    csrf: str | None = None
    expires_at: float | None = None


class PasswordChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A new password for who asks, and the one until now."""

    old_password: Annotated[str, msgspec.Meta(max_length=4 * LENGTH_MAX)]
    new_password: Password


class OidcLogin(msgspec.Struct, kw_only=True):
    """Where a browser goes to log in with the OpenID Connect provider."""

    title: str
    path: str


class LoginMethods(msgspec.Struct, kw_only=True):
    """How one may log in here."""

    password: Literal[True] = True
    token: Literal[True] = True
    oidc: OidcLogin | None = None


class Visitor(msgspec.Struct, kw_only=True):
    """Who looks: `me` is null for nobody we know, who may log in by `login`."""

    me: Me | None
    login: LoginMethods


class SessionInfo(msgspec.Struct, kw_only=True):
    """A session. Times are epoch seconds (UTC); `seen_at` is exact to a minute or so."""

    id: str
    kind: str
    name: str
    created_at: float
    seen_at: float
    expires_at: float
    address: str | None
    current: bool


class Ended(msgspec.Struct, kw_only=True):
    """How many sessions were ended."""

    sessions: int


@get(
    "/api/v1/session/methods",
    open_to_all(),
    tag="Access",
    id="loginMethods",
    security=[{}],
)
async def methods(platform: Platform) -> LoginMethods:
    """Return how one may log in here."""
    return _methods(platform.access)


def _methods(access: Access) -> LoginMethods:
    if access.oidc is None:
        return LoginMethods()
    return LoginMethods(oidc=OidcLogin(title=access.oidc.settings.title, path=f"{OIDC_PATH}/start"))


@post(
    "/api/v1/session",
    open_to_all(),
    tag="Access",
    id="login",
    problems=(429,),
    status_code=201,
    security=[{}],
    cache_control=NO_STORE,
)
async def log_in(
    request: Request[Any, Any, Any], platform: Platform, data: JSONBody[Credentials]
) -> Response[Me]:
    """Begin a session; its id is in a cookie that scripts cannot read."""
    access: Access = platform.access
    scope = request.scope
    access.guard.check_page(scope["headers"], scope["scheme"])
    address, request_id = address_of(access, scope), request_id_of(scope)
    if data.token is not None and data.name is None and data.password is None:
        session = await access.login.by_token(data.token, address=address, request_id=request_id)
    elif data.name is not None and data.password is not None and data.token is None:
        session = await access.login.by_password(
            data.name, data.password, address=address, request_id=request_id
        )
    else:
        raise bad("a login takes `name` and `password`, or `token`", "", "send one of the two")
    return Response(
        _me(session.principal, session.csrf, session.expires_at),
        status_code=201,
        cookies=[_cookie(access, scope["scheme"], session)],
    )


@get("/api/v1/session", signed_in(), tag="Access", id="me", cache_control=NO_STORE)
async def me(request: Request[Any, Any, Any], platform: Platform, principal: Caller) -> Me:
    """Return who makes the request, and what they may do."""
    return _me(principal, _csrf(platform.access, request, principal), None)


@get(
    "/api/v1/session/visitor",
    open_to_all(),
    tag="Access",
    id="visitor",
    problems=(429,),
    security=[{}],
    cache_control=NO_STORE,
)
async def visitor(request: Request[Any, Any, Any], platform: Platform) -> Visitor:
    """Return who makes the request, if we know them, and how to log in; that we do not is no error."""
    access: Access = platform.access
    try:
        principal = await platform.identify(request.scope)
    except Problem as problem:
        if problem.status != 401:
            raise
        return Visitor(me=None, login=_methods(access))
    return Visitor(me=_me(principal, _csrf(access, request, principal), None), login=_methods(access))


def _csrf(access: Access, request: Request[Any, Any, Any], principal: Principal) -> str | None:
    if principal.session is None:
        return None
    return access.guard.csrf_of(request.scope["headers"], request.scope["scheme"])


@delete("/api/v1/session", signed_in(), tag="Access", id="logout", problems=(409,), status_code=204)
async def log_out(request: Request[Any, Any, Any], platform: Platform, principal: Caller) -> Response[None]:
    """End the session of this request."""
    access: Access = platform.access
    if principal.session is None:
        raise Problem(409, "no-session", "this request is made with a token", remedy="revoke the token")
    await access.sessions.end(
        principal, bytes.fromhex(principal.session), request_id=request_id_of(request.scope)
    )
    secure = access.guard.secure(request.scope["scheme"])
    gone = Cookie(
        key=cookie_name(secure), path="/", httponly=True, secure=secure, samesite="lax", max_age=0, value=""
    )
    return Response(None, status_code=204, cookies=[gone])


@put(
    "/api/v1/session/password",
    signed_in(),
    tag="Access",
    id="changePassword",
    problems=(409, 429),
    status_code=204,
)
async def change_password(
    request: Request[Any, Any, Any], platform: Platform, principal: Caller, data: JSONBody[PasswordChange]
) -> None:
    """Change the password of who asks; all their sessions end."""
    access: Access = platform.access
    await access.login.change_password(
        principal, data.old_password, data.new_password, request_id=request_id_of(request.scope)
    )


@get("/api/v1/sessions", signed_in(), tag="Access", id="listSessions", cache_control=NO_STORE)
async def list_sessions(platform: Platform, principal: Caller) -> Page[SessionInfo]:
    """Return the caller's sessions, or everybody's to administrators, newest first, 1,000 at most."""
    access: Access = platform.access
    rows = await access.sessions.list(principal)
    return Page(
        items=[
            SessionInfo(
                id=row.hash.hex(),
                kind=row.kind,
                name=row.name,
                created_at=row.created_at,
                seen_at=row.seen_at,
                expires_at=row.expires_at,
                address=row.address,
                current=principal.session == row.hash.hex(),
            )
            for row in rows
        ]
    )


@delete("/api/v1/sessions/{session_id:str}", signed_in(), tag="Access", id="endSession")
async def end_session(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    session_id: Annotated[str, PathParameter(max_length=64, description="The `id` of the session.")],
) -> None:
    """End one of the caller's sessions, or as an administrator anybody's."""
    access: Access = platform.access
    try:
        hash = bytes.fromhex(session_id)
    except ValueError:
        hash = b""
    await access.sessions.end(principal, hash, request_id=request_id_of(request.scope))


@delete("/api/v1/sessions", signed_in(), tag="Access", id="endSessions", status_code=200)
async def end_sessions(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    everybody: Annotated[
        bool, QueryParameter(description="All users' sessions; takes admin everywhere.")
    ] = False,
) -> Ended:
    """End all sessions of the caller, or of everybody."""
    access: Access = platform.access
    if everybody:
        check(principal, "admin", "*")
    ended = await access.sessions.end_all(
        principal, everybody=everybody, request_id=request_id_of(request.scope)
    )
    return Ended(sessions=ended)


@get(
    f"{OIDC_PATH}/start",
    open_to_all(),
    tag="Access",
    id="startOidc",
    problems=(502,),
    security=[{}],
    status_code=302,
    cache_control=NO_STORE,
)
async def start_oidc(
    request: Request[Any, Any, Any],
    platform: Platform,
    page: Annotated[
        str, QueryParameter(name="next", max_length=2000, description="The page of this server to return to.")
    ] = "/",
) -> Response[None]:
    """Send the browser to the OpenID Connect provider."""
    access: Access = platform.access
    if access.oidc is None:
        raise _no_provider()
    base_url = access.settings.public_url or platform.base_url
    departure = await access.oidc.start(base_url, page)
    cookie = Cookie(
        key=COOKIE,
        value=departure.cookie,
        path=OIDC_PATH,
        httponly=True,
        secure=access.guard.secure(request.scope["scheme"]),
        samesite="lax",  # it has to come back from another site
        max_age=departure.max_age_seconds,
    )
    return Response(None, status_code=302, headers={"location": departure.url}, cookies=[cookie])


@get(
    CALLBACK,
    open_to_all(),
    tag="Access",
    id="finishOidc",
    problems=(502,),
    security=[{}],
    status_code=303,
    cache_control=NO_STORE,
)
async def finish_oidc(request: Request[Any, Any, Any], platform: Platform) -> Response[None]:
    """Begin the session of who comes back from the OpenID Connect provider."""
    access: Access = platform.access
    if access.oidc is None:
        raise _no_provider()
    scope = request.scope
    session, page = await access.oidc.finish(
        request.cookies.get(COOKIE),
        dict(request.query_params),
        address=address_of(access, scope),
        request_id=request_id_of(scope),
    )
    used = Cookie(key=COOKIE, value="", path=OIDC_PATH, httponly=True, samesite="lax", max_age=0)
    cookies = [_cookie(access, scope["scheme"], session), used]
    return Response(None, status_code=303, headers={"location": page}, cookies=cookies)


def _no_provider() -> Refused:
    return Refused(404, "not-found", "no OpenID Connect provider is set up here")


def _me(principal: Principal, csrf: str | None, expires_at: float | None) -> Me:
    return Me(
        id=principal.id,
        name=principal.name,
        kind=principal.kind,
        roles=dict(principal.roles),
        csrf=csrf,
        expires_at=expires_at,
    )


def _cookie(access: Access, scheme: str, session: NewSession) -> Cookie:
    """Return the session's cookie: kept until the browser ends, unseen by scripts and other sites' pages."""
    secure = access.guard.secure(scheme)
    return Cookie(
        key=cookie_name(secure), value=session.id, path="/", httponly=True, secure=secure, samesite="lax"
    )


GLOBAL = (
    methods,
    log_in,
    me,
    visitor,
    log_out,
    change_password,
    list_sessions,
    end_session,
    end_sessions,
    start_oidc,
    finish_oidc,
)
