"""How calls authenticate (dsl-reference.md, "Authentication"): one module per family of schemes."""

from headrace.call.auth.authenticator import Authenticator
from headrace.call.auth.credentials import Credentials

__all__ = ["Authenticator", "Credentials"]
