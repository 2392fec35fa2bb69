"""Who calls, and whether it may: by its key, else its certificate, else its connection."""

from typing import Any, TypeAlias

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


class Access:
    """Knows callers by their keys; on a server without keys whoever can connect may call."""

    def __init__(self, keys: Keys | None) -> None:
        self._keys = keys

    def caller(self, method: str, context: Context) -> str:
        """A name for the caller of a method ("/mojaz.v1.DigestService/DigestArticle"), the same for all its calls.
        Raises Unauthenticated, PermissionDenied."""
        if self._keys is not None:
            return self._permitted(self._keys, method, context).caller
        return _subject(context) or context.peer()

    def confirm(self, method: str, context: Context) -> None:
        """Ask again during a long call. Raises Unauthenticated if its key was revoked or has expired meanwhile."""
        if self._keys is not None:
            self._permitted(self._keys, method, context)

    @staticmethod
    def _permitted(keys: Keys, method: str, context: Context) -> Key:
        key, scope = keys.find(_bearer(context)), _scope(method)
        if scope and scope not in key.scopes:
            raise PermissionDenied(f"the key {key.id} has no scope {scope}; it has {', '.join(key.scopes)}")
        return key


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
