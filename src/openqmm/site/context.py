"""What the shell around every page needs: navigation by role, memberships, what is waiting."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.accounts.policies import IDLE
from openqmm.core.workflow import PUBLIC, Role
from openqmm.site.navigation import nav_items, person_links
from openqmm.site.next_steps import next_steps


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's variables; a page of the public has none of a person's."""
    actor = getattr(request, "actor", PUBLIC)
    base: dict[str, Any] = {"demo": settings.DEMO, "single_sign_on": settings.OIDC}
    if getattr(request, "sign_in", None):
        base["idle_seconds"] = int(IDLE.total_seconds())
        base["person_links"] = [{"url": reverse("sign_in"), "label": _("Your sign-in")}]
    if actor.role is Role.PUBLIC:
        return base
    return base | {
        "nav_items": nav_items(actor, request.path),
        "memberships": SimpleLazyObject(lambda: accounts.memberships_of(actor.person_id)),
        "active_membership": SimpleLazyObject(lambda: accounts.active_membership(actor)),
        "person_links": person_links(),
        "waiting_count": SimpleLazyObject(lambda: len(next_steps(actor))),
    }
