"""Passwords known from leaks, which nobody uses here."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_WIDTH = 5


def is_listed(password: str) -> bool:
    """Return whether the password is on the list, as it is or in lower case."""
    return any(_found(form) for form in {password, password.lower()})


class NotListedValidator:
    """Refuses a password known from a leak, or made by repeating a few letters."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_listed(password):
            raise ValidationError(
                _("This password is on lists of leaked passwords. Choose another one."),
                code="password_listed",
            )
        if len(set(password.lower())) < 5:
            raise ValidationError(
                _("This password is made of very few different characters. Choose another one."),
                code="password_repeats",
            )

    def get_help_text(self) -> str:
        return _("It must not be on lists of leaked passwords.")


def _found(password: str) -> bool:
    wanted = sha256(password.encode("utf-8", "surrogatepass")).digest()[:_WIDTH]
    listed = _list()
    low, high = 0, len(listed) // _WIDTH
    while low < high:
        middle = (low + high) // 2
        at = listed[middle * _WIDTH : (middle + 1) * _WIDTH]
        if at == wanted:
            return True
        low, high = (middle + 1, high) if at < wanted else (low, middle)
    return False


@cache
def _list() -> bytes:
    return (files("openqmm") / "data" / "passwords" / "listed.bin").read_bytes()
