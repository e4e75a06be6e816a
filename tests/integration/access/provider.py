"""A small OpenID Connect provider that really checks what it is asked, and can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "headrace client", "cl1ent: s3cret/with%signs"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """Listens on a free port. `claims` are who logs in; `sign` makes an ID token of claims."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.keys: list[Key] = [
            RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
            ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
            OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"}),
        ]
        self.published: list[dict[str, Any]] | None = None  # keys to publish in place of those
        self.claims: dict[str, Any] = {"sub": "1234", "preferred_username": "ada", "groups": ["ops"]}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.change: Callable[[dict[str, Any]], Any] = lambda claims: None
        self.configuration: dict[str, Any] = {}  # what to say in place of the truth
        self.refusal: str | None = None  # an error in place of a code
        self.names_itself = True
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._issued = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._configuration)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.issuer = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def signed(self, claims: dict[str, Any], key: Key | None = None, alg: str = "RS256") -> str:
        """Return an ID token."""
        key = key or self.keys[0]
        return jwt.encode({"alg": alg, "kid": key.kid}, claims, key, algorithms=[alg])

    def unsigned(self, claims: dict[str, Any]) -> str:
        """Return an ID token with the algorithm `none`."""
        payload = jwt.encode({"alg": "RS256"}, claims, self.keys[0]).split(".")[1]
        return _base64url(b'{"alg":"none","typ":"JWT"}') + "." + payload + "."

    def signed_with_public_key(self, claims: dict[str, Any]) -> str:
        """Return an ID token whose HMAC key is the provider's public key, which everybody has."""
        public = self.keys[0].as_pem(private=False)  # type: ignore[union-attr]
        payload = jwt.encode({"alg": "RS256"}, claims, self.keys[0]).split(".")[1]
        signed = _base64url(b'{"alg":"HS256","kid":"rsa"}') + "." + payload
        return f"{signed}.{_base64url(hmac.digest(public, signed.encode(), 'sha256'))}"

    async def visit(self, url: str) -> dict[str, str]:
        """Do what a browser does at the provider: return the query that it is sent back with."""
        from aiohttp import ClientSession

        async with ClientSession() as browser, browser.get(url, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            location = urlsplit(answer.headers["location"])
        return {name: values[0] for name, values in parse_qs(location.query).items()}

    # ------------------------------------------------------------ what it answers

    async def _configuration(self, request: web.Request) -> web.Response:
        self.asked.append("configuration")
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "authorization_response_iss_parameter_supported": self.names_itself,
                **self.configuration,
            }
        )

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append("keys")
        keys = self.published
        if keys is None:
            keys = [key.as_dict(private=False) for key in self.keys]
        return web.json_response({"keys": keys})

    async def _authorize(self, request: web.Request) -> web.Response:
        query = request.query
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        assert len(query["state"]) >= 32
        assert len(query["nonce"]) >= 32
        answer = {"state": query["state"]}
        if self.names_itself:
            answer["iss"] = self.issuer
        if self.refusal is not None:
            answer["error"] = self.refusal
        else:
            answer["code"] = secrets.token_urlsafe(8)
            self._codes[answer["code"]] = dict(query)
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(answer)}")

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append("token")
        form = await request.post()
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            name, _, secret = base64.b64decode(pair).decode().partition(":")
            client = (unquote(name), unquote(secret))
        else:
            client = (str(form.get("client_id")), str(form.get("client_secret", "")))
        asked = self._codes.pop(str(form.get("code")), None)  # good once
        challenge = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        if (
            asked is None
            or client not in ((CLIENT_ID, CLIENT_SECRET), (CLIENT_ID, ""))
            or form.get("grant_type") != "authorization_code"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": int(self.now()),
            "exp": int(self.now()) + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        self.change(claims)
        return web.json_response(
            {"access_token": "opaque", "token_type": "Bearer", "id_token": self.sign(claims)}
        )
