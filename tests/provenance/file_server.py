"""An HTTP server on the loopback that serves files and redirects, plain or over TLS."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from provenance.signing.certificates import to_pem
from provenance.signing.software_key import key_pem
from tests.provenance.signing.serving import Answer, Asked, Served


class FileServer(Served):
    """Answers with what is at a path, else with the path itself. A path that begins with a status, as in /302,
    is answered with that status and redirects.

    files: content by path; moved_to: where redirects lead.
    """

    scheme = "http"

    def __init__(self, moved_to: str = "", files: dict[str, bytes] | None = None) -> None:
        super().__init__()
        self.moved_to, self.files = moved_to, files or {}

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Answer:
        status = asked.path.strip("/").split("/")[0]
        if status.isdigit():
            return Answer(int(status), b"moved", {"Location": self.moved_to})
        return Answer(200, self.files.get(asked.path, b"at " + asked.path.encode() + asked.body))


def use_tls(server: FileServer, folder: Path) -> Path:
    """Makes a server speak TLS. Returns a PEM file with its certificate, for clients to trust.

    The certificate is for 127.0.0.1 and for films.example.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    now, day = datetime.now(UTC), timedelta(days=1)
    names = [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("films.example")]
    name = x509.Name.from_rfc4514_string("CN=loopback")
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - day, now + day
        )
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.BasicConstraints(True, 0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_text(key_pem(key) + to_pem(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    server.scheme = "https"
    return path
