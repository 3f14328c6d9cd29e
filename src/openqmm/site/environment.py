"""Typed readers of the environment: a wrong value stops the start with its name and remedy."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

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


def folder(name: str, default: str) -> Path:
    """Return a folder, made if it is not there yet."""
    path = Path(os.environ.get(name, default)).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {path}; it cannot be used ({error}).") from None
    return path


def secret(name: str, file: Path) -> str:
    """Return a secret from the environment, or from `file`, which is made on the first start."""
    if value := os.environ.get(name):
        return value
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return file.read_text(encoding="ascii").strip()
