"""Checking addresses and passwords."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend


class PasswordBackend(AuthenticationBackend):
    """The sign-in library's, and nothing else: no permissions, nobody above others."""

    def has_perm(self, user_obj: object, perm: str, obj: object = None) -> bool:
        return False
