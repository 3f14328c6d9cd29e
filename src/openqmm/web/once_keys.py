"""The one-time key of a form: made when the page is made, good for one person, sent with the form.

A program that calls the API makes its own and sends it in the header `Idempotency-Key`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from openqmm.core.errors import InvalidInput, NotPermitted, Problem

FIELD = "once"
HEADER = "Idempotency-Key"
_LONGEST = 200
# Never looked at, so that nobody could try passwords against what is kept of a form.
_UNREAD = re.compile(rf"csrfmiddlewaretoken|{FIELD}|.*(password|code|passkey|credential).*")


def new_key(person_id: UUID | None) -> str:
    """Return a key that nobody can guess, and that only this person can use."""
    number = secrets.token_urlsafe(18)
    return f"{number}.{_seal(number, person_id)}"


def key_of(request: HttpRequest) -> str:
    """Return the key that was sent. Refused without one (InvalidInput), and with one that was made
    for somebody else (NotPermitted)."""
    person_id = request.actor.person_id
    if given := request.headers.get(HEADER, ""):
        if len(given) > _LONGEST:
            raise InvalidInput("The request", [Problem(f"{HEADER} is longer than {_LONGEST}.")])
        return f"api.{hashlib.sha256(f'{person_id}/{given}'.encode()).hexdigest()}"
    number, _, seal = request.POST.get(FIELD, "").partition(".")
    if not seal:
        raise InvalidInput(
            "The form",
            [Problem("it has no one-time key. Open the page again and send it from there.")],
        )
    if not constant_time_compare(seal, _seal(number, person_id)):
        raise NotPermitted(
            "This form was made for somebody else who was signed in here. Nothing was done; open "
            "the page anew."
        )
    return f"{number}.{seal}"


def content_of(request: HttpRequest) -> str:
    """Return a digest of what the form says, secrets left out: another content under the same key
    (a page gone back to, and changed) is another act."""
    digest = salted_hmac("openqmm.once.content", "", algorithm="sha256")
    for part in _parts(request):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    for name in sorted(request.POST):
        if not _UNREAD.fullmatch(name):
            yield from (text.encode() for text in [name, *request.POST.getlist(name)])
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            yield from (name.encode(), str(file.name).encode(), _digest(file))


def _digest(file: Any) -> bytes:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.digest()


def _seal(number: str, person_id: UUID | None) -> str:
    return salted_hmac("openqmm.once", f"{number}/{person_id}", algorithm="sha256").hexdigest()[:32]
