"""Everything that can go wrong, as a tree. rpc/status.py says how each is told to the caller."""


class MojazError(Exception):
    """Base of all errors that the server raises on purpose."""


class BadRequest(MojazError):
    """A field of the request cannot be used. `field` is its path in the request, for instance "article.body"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.problem = field, message

    def within(self, path: str) -> "BadRequest":
        """The same error of a field that is part of the field `path`."""
        return type(self)(f"{path}.{self.field}", self.problem)


class FieldMissing(BadRequest):
    """A required field is empty."""


class FieldInvalid(BadRequest):
    """A field has a value that is not allowed."""


class LimitExceeded(BadRequest):
    """A field is over a limit of this server."""


class NotArabic(BadRequest):
    """The text is in another language."""


class GlossaryNotFound(BadRequest):
    """No glossary, or no version of it, has the name in the field."""


class GlossaryStoreFailed(MojazError):
    """The store of glossaries could not be read or written."""


class ServerFull(MojazError):
    """No room for more work now; worth another try after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QuotaExceeded(ServerFull):
    """No room for more work of this caller now."""


class Unauthenticated(MojazError):
    """Who calls is not known: no key, or one that is unknown, expired or revoked."""


class PermissionDenied(MojazError):
    """Who calls is known and may not make this call."""


class DeadlineExceeded(MojazError):
    """The time for this call is over."""


class Unavailable(MojazError):
    """The server is not ready yet or is shutting down."""


class EngineFailed(MojazError):
    """The model failed on a batch."""


class EngineLost(EngineFailed):
    """No model works any more; the process must end and be started again."""


class ModelNotSwitched(MojazError):
    """Another model could not take the place of the one that serves."""


class BundleError(EngineFailed):
    """A model bundle cannot be used: a file is missing, damaged or of another version."""


class ConfigError(MojazError):
    """A setting is unknown or has a value that cannot be used."""
