"""Every change to people, organisations and memberships, and the proof before a signature."""

from openqmm.apps.accounts.actions.access import Work, declare_interest, export_access, recertify
from openqmm.apps.accounts.actions.factors import (
    ask_factor_reset,
    confirm_factor_reset,
    reset_factor_by_command,
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
from openqmm.apps.accounts.actions.people import (
    add_membership,
    add_organisation,
    add_person,
    deactivate_person,
    end_membership,
    reactivate_person,
    tell_office,
)
from openqmm.apps.accounts.actions.proving import passkey_options, prove_identity

__all__ = [
    "ATTESTATION",
    "Check",
    "Invited",
    "NewKey",
    "NewPerson",
    "Work",
    "accept_invitation",
    "add_membership",
    "add_organisation",
    "add_person",
    "ask_factor_reset",
    "attest",
    "check_identity",
    "confirm_factor_reset",
    "deactivate_person",
    "declare_interest",
    "end_membership",
    "export_access",
    "invite_again",
    "invite_person",
    "make_key",
    "passkey_options",
    "prove_identity",
    "reactivate_person",
    "recertify",
    "reset_factor_by_command",
    "revoke_key",
    "tell_office",
    "use_key",
]
