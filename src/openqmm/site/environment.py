"""Typed readers of the environment: a wrong value stops the start with its name and remedy."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from openqmm.vault import Scanner, scanner_at

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes-or-no setting."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; expected yes or no.")


def words(name: str, default: str) -> list[str]:
    """Return a comma-separated setting as its words."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def word(name: str, default: str) -> str:
    """Return a setting of one word."""
    value = os.environ.get(name, default)
    if not value or any(sign.isspace() or sign == "+" for sign in value):
        raise ImproperlyConfigured(f"{name} is {value!r}; expected one word without + or space.")
    return value


def file(name: str, default: Path) -> Path:
    """Return the path of a file, which need not be there yet."""
    return Path(os.environ.get(name, default)).expanduser().resolve()


def folder(name: str, default: str) -> Path:
    """Return a folder, made if it is not there yet."""
    path = Path(os.environ.get(name, default)).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {path}; it cannot be used ({error}).") from None
    return path


def database(name: str, file: Path) -> dict[str, Any]:
    """Return the database that the address in `name` says, or the embedded one in `file`.

    On PostgreSQL `name` holds the address for the role that runs the portal and owns nothing,
    `<name>_OWNER` that of the role which owns the tables and migrates them.
    """
    if address := os.environ.get(name):
        running = _postgresql(name, address)
        owner = _postgresql(f"{name}_OWNER", os.environ.get(f"{name}_OWNER", address))
        running["OWNER"] = {key: owner[key] for key in ("USER", "PASSWORD")}
        running["RUN_ROLE"] = running["USER"]
        return running
    return {
        "ENGINE": "openqmm.site.databases.sqlite",
        "NAME": file,
        "OPTIONS": {
            # A deferred transaction that reads before it writes fails under load.
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
            ),
        },
    }


def _postgresql(name: str, address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} is not postgresql://user:password@host:port/database. It may hold a password, "
            "so it is not shown here."
        )
    query = parse_qs(parts.query)
    return {
        "ENGINE": "openqmm.site.databases.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"sslmode": query["sslmode"][0]} if "sslmode" in query else {},
    }


def scanner(name: str) -> Scanner | None:
    """Return the virus scanner at an address (host:port, or a socket's path), or None."""
    value = os.environ.get(name, "")
    try:
        return scanner_at(value)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; expected host:port or the path of clamd's socket."
        ) from None


def secret(name: str, file: Path) -> str:
    """Return a secret from the environment, or from `file`, which is made on the first start."""
    if value := os.environ.get(name):
        return value
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """An OpenID Connect provider that people of this installation sign in at."""

    issuer: str
    client_id: str
    name: str
    client_secret: str = field(repr=False)
    strong_acr: frozenset[str] = frozenset()

    @property
    def provider_id(self) -> str:
        """A name that another issuer cannot have: people are known by it and the provider's id."""
        return f"oidc-{sha256(self.issuer.encode()).hexdigest()[:12]}"

    def as_app(self) -> dict[str, Any]:
        """Return the provider as the sign-in library wants it."""
        return {
            "provider_id": self.provider_id,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True},
        }


def single_sign_on() -> SingleSignOn | None:
    """Return the single sign-on that is set up, or None; half a set-up stops the start."""
    issuer = os.environ.get("OPENQMM_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    address = urlsplit(issuer)
    if address.scheme != "https" and address.hostname != "127.0.0.1":
        raise ImproperlyConfigured(f"OPENQMM_OIDC_ISSUER is {issuer!r}; it must begin with https.")
    return SingleSignOn(
        issuer=issuer,
        client_id=_needed("OPENQMM_OIDC_CLIENT_ID"),
        client_secret=_from_file("OPENQMM_OIDC_CLIENT_SECRET"),
        name=os.environ.get("OPENQMM_OIDC_NAME") or address.hostname or issuer,
        strong_acr=frozenset(words("OPENQMM_OIDC_STRONG_ACR", "")),
    )


def _needed(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set; OPENQMM_OIDC_ISSUER needs it.")
    return value


def _from_file(name: str) -> str:
    """Return a secret given as it is, or in the file that NAME_FILE names."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return _needed(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE is {path}; it cannot be read ({error}).") from None
