"""TLS between a real client and a real server, with certificates made for the test."""

from pathlib import Path

import pytest
import trustme
from mojaz_client import TLS, Client, ConnectionFailed
from serving import serving


def test_a_client_that_trusts_the_authority_is_served_and_no_other(tiny: Path, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    chain, key, ca = tmp_path / "chain.pem", tmp_path / "key.pem", tmp_path / "ca.pem"
    issued.cert_chain_pems[0].write_to_path(chain)
    issued.private_key_pem.write_to_path(key)
    authority.cert_pem.write_to_path(ca)
    with serving("--model", str(tiny), "--tls-cert", str(chain), "--tls-key", str(key)) as server:
        with Client(server.address, tls=TLS(ca=ca)) as trusting:
            assert trusting.digest("أعلنت الوزارة بدء المشروع.").lines
        with Client(server.address, timeout=5.0) as plain, pytest.raises(ConnectionFailed):
            plain.info()
        trustme.CA().cert_pem.write_to_path(ca)
        with Client(server.address, tls=TLS(ca=ca), timeout=5.0) as deceived, pytest.raises(ConnectionFailed):
            deceived.info()
