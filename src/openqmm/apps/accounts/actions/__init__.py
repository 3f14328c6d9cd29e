"""Every change to people, organisations and memberships, and the proof before a signature."""

from openqmm.apps.accounts.actions.factors import (
    add_authenticator,
    add_passkey,
    make_recovery_codes,
    passkey_challenge,
    passkey_is_right,
    remove_factor,
    use_code,
)
from openqmm.apps.accounts.actions.people import add_membership, add_organisation, add_person
from openqmm.apps.accounts.actions.proving import Proof, prove_identity, prove_owner
from openqmm.apps.accounts.actions.signing_in import (
    end_sessions,
    link_identity,
    record_failure,
    record_lock_out,
    record_sign_in,
    record_sign_out,
    set_password,
)

__all__ = [
    "Proof",
    "add_authenticator",
    "add_membership",
    "add_organisation",
    "add_passkey",
    "add_person",
    "end_sessions",
    "link_identity",
    "make_recovery_codes",
    "passkey_challenge",
    "passkey_is_right",
    "prove_identity",
    "prove_owner",
    "record_failure",
    "record_lock_out",
    "record_sign_in",
    "record_sign_out",
    "remove_factor",
    "set_password",
    "use_code",
]
