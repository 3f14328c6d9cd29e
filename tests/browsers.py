"""A test client that sends what a browser sends from a page it has just loaded."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from openqmm.apps.assessments.models import Assessment, Remark
from openqmm.apps.disclosure.models import Disclosure
from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.ratings.models import Rating
from openqmm.web import once_keys

# By the name of a record's id in an address; the first that is there is what the form is about.
RECORDS = {
    "remark_id": Remark,
    "application_id": Application,
    "round_id": Round,
    "disclosure_id": Disclosure,
    "rating_id": Rating,
    "assessment_id": Assessment,
    "facility_id": Facility,
}


class Browser(Client):
    """Fills in the hidden fields that every page has, where a test does not say them itself: a
    fresh one-time key, and the version that the record stands at now."""

    def post(self, path: str, data: Any = None, *args: Any, **extra: Any) -> HttpResponse:
        if data is None or isinstance(data, (dict, MultiValueDict)):
            given = dict(data or {})
            data = self.hidden(path, given) | given
        return super().post(path, data, *args, **extra)

    def fresh_key(self) -> str:
        """A key as the next page would carry it."""
        signed_in = settings.SESSION_COOKIE_NAME in self.cookies
        return once_keys.new_key(self.session.get(SESSION_KEY) if signed_in else None)

    def hidden(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """What the form's hidden fields would say."""
        try:
            route = resolve(path.split("?", maxsplit=1)[0])
        except Resolver404:
            return {}
        key = {once_keys.FIELD: self.fresh_key()} if getattr(route.func, "once", False) else {}
        version = self._version(dict(route.kwargs), data)
        return key if version is None else key | {"version": version}

    def _version(self, named: dict[str, Any], data: dict[str, Any]) -> int | None:
        if "application" in data:
            named["application_id"] = data["application"]
        # A score and a decision carry versions of their own; a file of evidence never changes.
        if {"question_id", "evidence_id"} & named.keys():
            return None
        for name, model in RECORDS.items():
            if name in named:
                with suppress(ValidationError):
                    row = model.objects.filter(pk=named[name])
                    # Of what does not exist, or is removed, a page would have shown the first.
                    return row.values_list("version", flat=True).first() or 1
        return None
