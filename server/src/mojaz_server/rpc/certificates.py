"""The certificates of a server that speaks TLS: read from PEM files, checked, and read again when these change."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import grpc
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates

from mojaz_server.config import Config
from mojaz_server.errors import ConfigError
from mojaz_server.watched import Watched

log = logging.getLogger(__name__)


def server_credentials(config: Config) -> grpc.ServerCredentials:
    """Credentials that show what the files hold when a client connects; new files that cannot be used leave the old ones in
    force, and the log says so. Raises ConfigError if they cannot be used at first."""
    watched = Watched(file for file in (config.tls_cert, config.tls_key, config.tls_client_ca) if file)

    def fetch() -> grpc.ServerCertificateConfiguration | None:
        """Asked by gRPC before each handshake, one at a time; None is no change."""
        try:
            return _configuration(config) if watched.changed() else None
        except ConfigError as error:
            log.error("certificates not read again, the old ones stay", extra={"error": str(error)})
            return None

    return grpc.dynamic_ssl_server_credentials(
        _configuration(config),
        fetch,  # type: ignore[arg-type]  # the types do not know that it may be None
        require_client_authentication=bool(config.tls_client_ca),
    )


def _configuration(config: Config) -> grpc.ServerCertificateConfiguration:
    """What the files hold now. Raises ConfigError."""
    chain, key = _read("--tls-cert", config.tls_cert), _read("--tls-key", config.tls_key)
    shown = _certificates("--tls-cert", config.tls_cert, chain)[0]
    if fault := _fault(shown):
        raise ConfigError(f"--tls-cert {config.tls_cert}: the certificate {fault}")
    if not _fits(shown, key, config.tls_key):
        raise ConfigError(f"--tls-key {config.tls_key}: is not the key of the certificate in --tls-cert {config.tls_cert}")
    authorities = _read("--tls-client-ca", config.tls_client_ca) if config.tls_client_ca else None
    if authorities is not None and all(map(_fault, _certificates("--tls-client-ca", config.tls_client_ca, authorities))):
        raise ConfigError(f"--tls-client-ca {config.tls_client_ca}: no certificate in it is valid now")
    log.info("certificates read", extra={"file": config.tls_cert, "valid_until": shown.not_valid_after_utc.isoformat()})
    return grpc.ssl_server_certificate_configuration([(key, chain)], authorities)


def _read(flag: str, file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ConfigError(f"{flag} {file}: cannot be read: {error.strerror}") from error


def _certificates(flag: str, file: str, pem: bytes) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as error:
        raise ConfigError(f"{flag} {file}: has no certificate in PEM form") from error


def _fault(certificate: Certificate) -> str:
    """Why a certificate is not valid now, empty if it is."""
    now = datetime.now(UTC)
    if certificate.not_valid_after_utc < now:
        return f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}"
    if certificate.not_valid_before_utc > now:
        return f"is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}"
    return ""


def _fits(certificate: Certificate, key: bytes, file: str) -> bool:
    try:
        return load_pem_private_key(key, password=None).public_key() == certificate.public_key()
    except TypeError as error:
        raise ConfigError(f"--tls-key {file}: is protected by a password, which a server cannot type") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"--tls-key {file}: has no private key in PEM form") from error
