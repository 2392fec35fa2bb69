"""Who calls, and whether it may: by its key, else its certificate, else its connection."""

from typing import Any, NamedTuple, TypeAlias

import grpc

from mojaz_server.errors import PermissionDenied, Unauthenticated
from mojaz_server.keys import Key, Keys

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"

# The scope that a key needs for each service; for InfoService any key will do.
SCOPE_OF = {
    "mojaz.v1.DigestService": "digest",
    "mojaz.v1.TranslationService": "translate",
    "mojaz.v1.GlossaryService": "glossary",
    "mojaz.v1.AdminService": "admin",
    "mojaz.v1.InfoService": "",
}


class Caller(NamedTuple):
    """A caller's name, the same for all its calls, and the key it called with, if this server has keys."""

    name: str
    key: Key | None = None


class Access:
    """Knows callers by their keys; on a server without keys whoever can connect may call."""

    def __init__(self, keys: Keys | None) -> None:
        self._keys = keys

    def caller(self, context: Context) -> Caller:
        """Who makes a call. Raises Unauthenticated."""
        if self._keys is None:
            return Caller(_subject(context) or context.peer())
        key = self._keys.find(_bearer(context))
        return Caller(key.caller, key)

    def confirm(self, context: Context) -> None:
        """Ask again during a long call. Raises Unauthenticated if its key was revoked or has expired meanwhile."""
        if self._keys is not None:
            self._keys.find(_bearer(context))

    @staticmethod
    def permit(caller: Caller, method: str) -> None:
        """Raise PermissionDenied if a caller may not call a method ("/mojaz.v1.DigestService/DigestArticle")."""
        key, scope = caller.key, _scope(method)
        if key and scope and scope not in key.scopes:
            raise PermissionDenied(f"the key {key.id} has no scope {scope}; it has {', '.join(key.scopes)}")


def _scope(method: str) -> str:
    return SCOPE_OF.get(method.split("/")[1], "admin")  # what nobody thought of needs the highest


def _bearer(context: Context) -> str:
    """The key that a caller sent. Raises Unauthenticated."""
    for name, value in context.invocation_metadata() or ():
        if name == "authorization" and isinstance(value, str):
            scheme, _, key = value.partition(" ")
            if scheme.lower() == "bearer":
                return key.strip()
    raise Unauthenticated('this server wants an API key: metadata "authorization" with "Bearer KEY"')


def _subject(context: Context) -> str:
    """Whom the client's certificate names, empty without one."""
    found = context.auth_context()
    names = (*found.get("x509_subject", ()), *found.get("x509_subject_alternative_name", ()))
    return next((name.decode("utf-8", "replace") for name in names if name), "")
