"""The step between password and session."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor of whoever has one, on every way in; not again where a single
    sign-on says that it has asked."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record.get("second_factor") for record in records):
            return False
        return super()._should_handle(request)
