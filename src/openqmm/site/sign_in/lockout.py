"""Who is locked out, under which name attempts are counted, and what they are told."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac


def attempted_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return under which name attempts on an address are counted: one that nobody can read, for
    people type passwords where the address belongs."""
    given = (credentials or {}).get("email") or request.POST.get("login", "")
    plain = str(given).strip().lower()
    return salted_hmac("openqmm.attempts", plain, algorithm="sha256").hexdigest()


def client_address(request: HttpRequest) -> str:
    """Return the address a request came from, the proxy's word taken only where one is trusted."""
    return get_client_ip(request) or ""


def locked_out(request: HttpRequest, response: HttpResponse, credentials: Any) -> HttpResponse:
    """Tell that too many attempts failed; the same for every address, whether anybody has it."""
    return render(request, "429.html", {"minutes": 15}, status=429)
