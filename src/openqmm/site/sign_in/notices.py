"""Mail to a person about their own sign-in, so that what was not their doing comes to light."""

from __future__ import annotations

from typing import Any

from django.core.mail import send_mail
from django.utils.translation import gettext as _


def tell(person: Any, what: str) -> None:
    """Send the person a message that says what happened. A mail server that is away stops nobody:
    the trail has the event all the same."""
    words = _(
        "%(what)s\n\nIf this was you, there is nothing to do. If it was not, tell the program "
        "office at once, and change your password on the page “Your sign-in”."
    )
    send_mail(
        subject=_("OpenQMM: about your sign-in"),
        message=words % {"what": what},
        from_email=None,
        recipient_list=[person.email],
        fail_silently=True,
    )
