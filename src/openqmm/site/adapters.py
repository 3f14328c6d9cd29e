"""How sign-in behaves here: nobody makes an account for themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the program office or an organisation, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
