"""Second factors: authenticators, passkeys and recovery codes, and the codes they give.

What is written here is secret: it is saved within an open event, but not through it, so that the
trail tells that it was changed and never what it is.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.models import User
from openqmm.apps.audit import actions as audit
from openqmm.core.errors import NotFound, NotPermitted

# Longer than any code can still be valid by a clock that is one period off.
_USED_SECONDS = 300


def use_code(person: User, code: str, *, recovery: bool = False) -> bool:
    """Return whether `code` is right, and use it up: it works once, whichever process is asked.

    A recovery code, where they are taken, leaves the event `person.recovery_code_used`.
    """
    secret = queries.totp_secret(person.pk)
    for counter in queries.totp_counters() if secret else ():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            return cache.add(queries.used_code_key(person.pk, counter), 1, _USED_SECONDS)
    return recovery and _use_recovery_code(person, code)


def passkey_is_right(person: User, passkey: str) -> bool:
    """Return whether a passkey answered this session's challenge, which it uses up."""
    try:
        answer = json.loads(passkey)
        webauthn.parse_authentication_response(answer)
        webauthn.complete_authentication(person, answer)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    finally:
        webauthn.clear_state()
    return True


def passkey_challenge(*, person: User) -> dict[str, Any]:
    """Return what a browser needs to ask for one of the person's passkeys; the answer is good for
    this session and once."""
    return webauthn.begin_authentication(person)


def add_authenticator(*, person: User, secret: str, code: str) -> list[str]:
    """Add an authenticator app whose first code is `code`; return recovery codes where these are
    the first. Event `person.second_factor_added`. Refused (NotPermitted) for a wrong code, and
    when the person has an authenticator already."""
    if queries.totp_secret(person.pk, own=True):
        raise NotPermitted("You have an authenticator already. Remove it first.")
    for counter in queries.totp_counters():
        if compare_user_code(
            actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, counter))
        ):
            break
    else:
        raise NotPermitted("The code is not right. Wait for the next one and type that.")
    factor = Authenticator(
        user=person, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )
    codes = _added(person, factor, "an authenticator app")
    cache.add(queries.used_code_key(person.pk, counter), 1, _USED_SECONDS)
    return codes


def add_passkey(*, person: User, name: str, credential: str) -> list[str]:
    """Add the passkey that a browser made for this session's challenge; return recovery codes where
    these are the first. Event `person.second_factor_added`. Refused (NotPermitted) where the answer
    does not fit, or nobody was there to be verified."""
    fault = "The passkey could not be added. Begin again on this page."
    try:
        answer = json.loads(credential)
        webauthn.parse_registration_response(answer)
        binding = webauthn.complete_registration(answer)
    except (ValidationError, ValueError, TypeError, KeyError):
        raise NotPermitted(fault) from None
    if not binding.is_user_verified():
        raise NotPermitted("The passkey does not ask for a PIN, a finger or a face. Use another.")
    factor = Authenticator(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name.strip()[:100] or "Passkey", "credential": answer},
    )
    return _added(person, factor, "a passkey")


def remove_factor(*, person: User, factor_id: Any) -> None:
    """Remove one of the person's own second factors. Event `person.second_factor_removed`. Refused
    (NotPermitted) for the last one of a person whose role needs one; recovery codes go with it."""
    own = Authenticator.objects.filter(user_id=person.pk)
    main = own.exclude(type=Authenticator.Type.RECOVERY_CODES)
    factor = main.filter(pk=factor_id).first()
    if factor is None:
        raise NotFound("There is no such second factor.")
    others = main.exclude(pk=factor.pk).count()
    refusal = policies.removal_refusal(queries.roles_of(person.pk), others)
    if refusal:
        raise NotPermitted(refusal)
    kind = "an authenticator app" if factor.type == "totp" else "a passkey"
    with audit.event(
        by=queries.actor_or_person(person),
        what="person.second_factor_removed",
        on=person,
        sentence=f"removed {kind}",
    ):
        factor.delete()
        if not others:
            own.filter(type=Authenticator.Type.RECOVERY_CODES).delete()


def make_recovery_codes(*, person: User) -> list[str]:
    """Make ten recovery codes, each for one sign-in; those from before work no more. Event
    `person.recovery_codes_made`. Refused (NotPermitted) without a second factor."""
    if not queries.has_second_factor(person.pk):
        raise NotPermitted("Recovery codes stand in for a second factor. Set one up first.")
    with audit.event(
        by=queries.actor_or_person(person),
        what="person.recovery_codes_made",
        on=person,
        sentence="made new recovery codes",
    ):
        return _new_recovery_codes(person)


def _added(person: User, factor: Authenticator, kind: str) -> list[str]:
    first = not queries.has_second_factor(person.pk)
    with audit.event(
        by=queries.actor_or_person(person),
        what="person.second_factor_added",
        on=person,
        sentence=f"added {kind}",
    ):
        factor.save(force_insert=True)
        return _new_recovery_codes(person) if first else []


def _new_recovery_codes(person: User) -> list[str]:
    Authenticator.objects.filter(user_id=person.pk, type="recovery_codes").delete()
    seed = encrypt(RecoveryCodes.generate_seed())
    made = Authenticator(user=person, type="recovery_codes", data={"seed": seed, "used_mask": 0})
    made.save(force_insert=True)
    return RecoveryCodes(made).generate_codes()


def _use_recovery_code(person: User, code: str) -> bool:
    found = Authenticator.objects.filter(user_id=person.pk, type="recovery_codes").first()
    if found is None or not _is_unused(found, code):
        return False
    with audit.event(
        by=queries.actor_or_person(person),
        what="person.recovery_code_used",
        on=person,
        sentence="used a recovery code",
    ):
        # Again under the lock: of two who send the same code, one is too late.
        locked = Authenticator.objects.select_for_update().get(pk=found.pk)
        number = _is_unused(locked, code)
        if not number:
            raise NotPermitted("This recovery code was used already.")
        mask = locked.data["used_mask"] | 1 << (number - 1)
        locked.data = {**locked.data, "used_mask": mask}
        locked.save(update_fields=["data"])
    return True


def _is_unused(row: Authenticator, code: str) -> int:
    """Return the number of an unused recovery code, counted from 1; 0 for anything else."""
    codes = RecoveryCodes(row)
    unused = set(codes.get_unused_codes())
    for number, known in enumerate(codes.generate_codes(), start=1):
        if known in unused and compare_user_code(actual=code, expected=known):
            return number
    return 0
