"""A small OpenID Connect provider on this machine, which says what a test tells it to say."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """The provider: its address, and what it is to say of whom."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.key = KEY
        self.asked: dict[str, str] = {}
        self.calls: list[str] = []

    def authorise(self, location: str) -> str:
        """Take the browser's request and return the address it is sent back to."""
        self.asked = {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}
        back = urlsplit(self.asked["redirect_uri"])
        return f"{back.path}?code=one&state={self.asked['state']}"

    def answer(self, path: str, sent: dict[str, str]) -> dict[str, Any] | None:
        """Return the answer to a call of the portal's, or None for a refusal."""
        self.calls.append(path)
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [public | {"kid": "first", "alg": "RS256", "use": "sig"}]}
        if path == "/userinfo":
            return self.userinfo
        challenge = sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if sent.get("client_secret") != "hush" or proof != self.asked["code_challenge"]:
            return None
        return {"access_token": "access", "token_type": "Bearer", "id_token": self._token()}

    def _token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": "openqmm",
            "sub": "subject-1",
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
            "nonce": self.asked["nonce"],
        }
        said = {name: value for name, value in (said | self.claims).items() if value is not None}
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "first"})


@contextmanager
def running() -> Iterator[Provider]:
    """Run the provider on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            sent = parse_qs(self.rfile.read(length).decode())
            self._send({name: value[0] for name, value in sent.items()})

        def _send(self, sent: dict[str, str]) -> None:
            said = provider.answer(urlsplit(self.path).path, sent)
            body = json.dumps(said or {"error": "invalid_grant"}).encode()
            self.send_response(200 if said is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_port)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
