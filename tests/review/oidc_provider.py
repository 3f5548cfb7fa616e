"""A small OpenID provider on a socket of this machine: discovery, codes with PKCE, tokens that it signs."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "review", "a secret of the client"


@dataclass
class Provider:
    """A running provider. claims: laid over those of the next token; algorithm, key: that sign it; codes: what was
    given out, each used once."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: Any = None
    now: float = 0.0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)

    def sign_in(self, url: str) -> str:
        """Does what a person does at the provider, and returns the address that the browser is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, str] | None:
        """Exchanges a code for an ID token; None where the provider refuses."""
        self.forms.append(form)
        query = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proof = urlsafe_b64encode(digest).decode().rstrip("=")
        if query is None or proof != query["code_challenge"] or form["client_secret"] != SECRET:
            return None
        now = int(self.now)
        claims = {
            "iss": self.issuer, "sub": "u-17", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": query["nonce"],
            "email": "ana@example.org", "email_verified": True, "name": "Ana R.", **self.claims,
        }  # fmt: skip
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, claims, self.signs_with or self.key, algorithms=[self.algorithm])
        return {"id_token": signed, "token_type": "Bearer", "access_token": "none"}


@contextmanager
def provider_running() -> Iterator[Provider]:
    """Yields a provider that answers at its issuer's address."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Logs nothing."""

        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                own = made.issuer
                self._send(
                    {"issuer": own, "authorization_endpoint": f"{own}/authorize", "token_endpoint": f"{own}/token",
                     "jwks_uri": f"{own}/keys", **made.says}
                )  # fmt: skip
            elif self.path == "/keys":
                self._send({"keys": [made.key.as_dict(private=False)]})
            else:
                self._send(None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(made.token(form) if self.path == "/token" else None)

        def _send(self, data: object) -> None:
            content = json.dumps(data or {"error": "invalid_request"}).encode()
            self.send_response(200 if data else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
