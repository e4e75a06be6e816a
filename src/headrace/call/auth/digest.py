"""HTTP digest authentication (RFC 7616): MD5 and SHA-256, their `-sess` variants, qop `auth` or none."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headrace.call.auth.credentials import Credentials, authentication_error, text_of
from headrace.call.client import Request, Response

if TYPE_CHECKING:
    from pyreqwest.http import Url

_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}
# Strongest first: a server offers several challenges, best first by its own taste (section 3.7).
_PREFERENCE = ("SHA-512-256", "SHA-256", "MD5")
_PARAMETER = re.compile(r'([A-Za-z0-9_*-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)')
_CHALLENGE = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9_-]*)\s+(?=[A-Za-z0-9_*-]+\s*=)")
_KEPT_MAX = 256


@dataclass(slots=True)
class _Challenge:
    realm: str
    nonce: str
    opaque: str | None
    algorithm: str  # without `-sess`
    session: bool
    qop: bool  # whether `auth` is offered; without it the answer is that of RFC 2069
    utf8: bool
    count: int = 0


class DigestAuthentication:
    """Answers challenges, and keeps them: the next request has its answer with it, counted by `nc`."""

    def __init__(self) -> None:
        self._challenges: OrderedDict[tuple[str, str], _Challenge] = OrderedDict()

    def credentials(self, settings: Mapping[str, Any], request: Request) -> Credentials | None:
        """Return an answer to the last challenge of the request's origin, or `None`: there was none yet."""
        username = text_of(settings, "username", "digest")
        password = text_of(settings, "password", "digest")
        from pyreqwest.http import Url

        url = Url(request.url)
        challenge = self._challenges.get((username, url.origin_ascii))
        if challenge is None:
            return None
        return _answer(challenge, username, password, request.method, url)

    def renewed(self, settings: Mapping[str, Any], response: Response) -> Credentials:
        """Answer the challenge that `response`, a 401, holds.

        Raises `CallError` (authentication) when the server asks for what is not supported.
        """
        offered = [value for name, value in response.headers if name == "www-authenticate"]
        challenge = _chosen(offered)
        username = text_of(settings, "username", "digest")
        from pyreqwest.http import Url

        url = Url(response.request.url)
        self._challenges[username, url.origin_ascii] = challenge
        while len(self._challenges) > _KEPT_MAX:
            self._challenges.popitem(last=False)
        return _answer(
            challenge, username, text_of(settings, "password", "digest"), response.request.method, url
        )


def _chosen(offered: list[str]) -> _Challenge:
    challenges: list[_Challenge] = []
    unsupported: list[str] = []
    for parameters in _digests(offered):
        name = parameters.get("algorithm", "MD5")
        algorithm = name.upper().removesuffix("-SESS")
        qops = {each.strip().lower() for each in parameters.get("qop", "").split(",") if each.strip()}
        if algorithm not in _ALGORITHMS or (qops and "auth" not in qops) or not parameters.get("nonce"):
            unsupported.append(f"{name} with qop {parameters.get('qop', 'none')}")
            continue
        challenges.append(
            _Challenge(
                realm=parameters.get("realm", ""),
                nonce=parameters["nonce"],
                opaque=parameters.get("opaque"),
                algorithm=algorithm,
                session=name.upper().endswith("-SESS"),
                qop=bool(qops),
                utf8=parameters.get("charset", "").upper() == "UTF-8",
            )
        )
    if not challenges:
        what = f"it offers {', '.join(unsupported)}" if unsupported else "it offers no digest challenge"
        raise authentication_error("digest authentication is not possible with this server", what)
    return min(challenges, key=lambda each: _PREFERENCE.index(each.algorithm))


def _digests(offered: list[str]) -> list[dict[str, str]]:
    """Return the parameters of each digest challenge; one header may hold several, of several schemes."""
    found: list[dict[str, str]] = []
    for value in offered:
        # Quoted texts may hold anything, even what looks like a challenge.
        blanked = re.sub(r'"(?:[^"\\]|\\.)*"', lambda match: '"' + "_" * (len(match[0]) - 2) + '"', value)
        starts = [(match.start(1), match.end(), match[1]) for match in _CHALLENGE.finditer(blanked)]
        for number, (_, begin, scheme) in enumerate(starts):
            end = starts[number + 1][0] if number + 1 < len(starts) else len(value)
            if scheme.lower() == "digest":
                found.append(
                    {
                        match[1].lower(): re.sub(r"\\(.)", r"\1", match[2][1:-1])
                        if match[2].startswith('"')
                        else match[2]
                        for match in _PARAMETER.finditer(value[begin:end])
                    }
                )
    return found


def _answer(challenge: _Challenge, username: str, password: str, method: str, url: Url) -> Credentials:
    def digest(text: str) -> str:
        name = _ALGORITHMS[challenge.algorithm]
        # `usedforsecurity`: the protocol says MD5, also where a policy bars it for other uses.
        return hashlib.new(name, text.encode(encoding, "replace"), usedforsecurity=False).hexdigest()

    encoding = "utf-8" if challenge.utf8 or not (username + password).isascii() else "ascii"
    query = url.query_string
    uri = url.path + (f"?{query}" if query is not None else "")
    client_nonce = secrets.token_hex(16)
    challenge.count += 1
    count = f"{challenge.count:08x}"
    first = digest(f"{username}:{challenge.realm}:{password}")
    if challenge.session:
        first = digest(f"{first}:{challenge.nonce}:{client_nonce}")
    second = digest(f"{method}:{uri}")
    if challenge.qop:
        response = digest(f"{first}:{challenge.nonce}:{count}:{client_nonce}:auth:{second}")
    else:
        response = digest(f"{first}:{challenge.nonce}:{second}")
    parts = [
        f"username={_quoted(username)}",
        f"realm={_quoted(challenge.realm)}",
        f"nonce={_quoted(challenge.nonce)}",
        f"uri={_quoted(uri)}",
        f'response="{response}"',
        f"algorithm={challenge.algorithm}{'-sess' if challenge.session else ''}",
    ]
    if challenge.opaque is not None:
        parts.append(f"opaque={_quoted(challenge.opaque)}")
    if challenge.qop:
        parts += ["qop=auth", f"nc={count}"]
    if challenge.qop or challenge.session:
        parts.append(f'cnonce="{client_nonce}"')
    return Credentials("Digest", ", ".join(parts))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
