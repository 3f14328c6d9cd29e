"""Where a form that takes effect once meets the browser: the same form again, the same answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from openqmm.apps.audit import actions as audit
from openqmm.web import once_keys

GetResponse = Callable[[HttpRequest], HttpResponse]


class OnceMiddleware:
    """Gives a request the means to take effect once, for views declared so (`web.access.allow`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.once = partial(_once, request)
        return self.get_response(request)


def _once(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    sent = audit.Sent(
        key=once_keys.key_of(request),
        content=once_keys.content_of(request),
        person_id=request.actor.person_id,
        route=request.path,
    )
    with audit.once(sent) as sending:
        if sending.before is not None:
            return _as_before(request, sending.before)
        response = view()
        said = _queued(request)
        # What was refused may be sent again as it is, once nothing stands against it any more.
        if response.status_code in {302, 303} and not _refused(said):
            kept = [[one.level, str(one.message), one.extra_tags] for one in said]
            sending.took_effect(response.headers["Location"], kept)
        return response


def _as_before(request: HttpRequest, before: Any) -> HttpResponse:
    if not before.location:
        words = _("This form was sent before. See here whether what it asked for was done.")
        messages.warning(request, words)
        return redirect(_stood_on(request))
    for level, words, tags in before.messages:
        messages.add_message(request, level, words, extra_tags=tags)
    return redirect(before.location)


def _stood_on(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if safe else "/"


def _queued(request: HttpRequest) -> list[Any]:
    # Reading them by the public way would count them as shown.
    return list(messages.get_messages(request)._queued_messages)


def _refused(said: list[Any]) -> bool:
    return any(one.level >= messages.ERROR for one in said)
