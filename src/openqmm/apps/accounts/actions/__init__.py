"""Every change to people, organisations and memberships, and the proof before a signature."""

from openqmm.apps.accounts.actions.access import Work, declare_interest, export_access, recertify
from openqmm.apps.accounts.actions.factors import (
    add_authenticator,
    add_passkey,
    make_recovery_codes,
    passkey_challenge,
    passkey_is_right,
    remove_factor,
    use_code,
)
from openqmm.apps.accounts.actions.identity import ATTESTATION, Check, attest, check_identity
from openqmm.apps.accounts.actions.invitations import (
    Invited,
    NewPerson,
    accept_invitation,
    invite_again,
    invite_person,
)
from openqmm.apps.accounts.actions.keys import NewKey, make_key, revoke_key, use_key
from openqmm.apps.accounts.actions.lost_factors import (
    ask_factor_reset,
    confirm_factor_reset,
    reset_factor_by_command,
)
from openqmm.apps.accounts.actions.people import (
    add_membership,
    add_organisation,
    add_person,
    deactivate_person,
    end_membership,
    reactivate_person,
    tell_office,
)
from openqmm.apps.accounts.actions.proving import (
    Proof,
    passkey_options,
    prove_identity,
    prove_owner,
)
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
    "ATTESTATION",
    "Check",
    "Invited",
    "NewKey",
    "NewPerson",
    "Proof",
    "Work",
    "accept_invitation",
    "add_authenticator",
    "add_membership",
    "add_organisation",
    "add_passkey",
    "add_person",
    "ask_factor_reset",
    "attest",
    "check_identity",
    "confirm_factor_reset",
    "deactivate_person",
    "declare_interest",
    "end_membership",
    "end_sessions",
    "export_access",
    "invite_again",
    "invite_person",
    "link_identity",
    "make_key",
    "make_recovery_codes",
    "passkey_challenge",
    "passkey_is_right",
    "passkey_options",
    "prove_identity",
    "prove_owner",
    "reactivate_person",
    "recertify",
    "record_failure",
    "record_lock_out",
    "record_sign_in",
    "record_sign_out",
    "remove_factor",
    "reset_factor_by_command",
    "revoke_key",
    "set_password",
    "tell_office",
    "use_code",
    "use_key",
]
