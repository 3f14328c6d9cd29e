"""The pages of the accounts app."""

from openqmm.apps.accounts.views.access import (
    access_file,
    access_on,
    confirm_reset,
    resets,
    review,
    reviews,
)
from openqmm.apps.accounts.views.acting import demo_sign_in, switch
from openqmm.apps.accounts.views.own import attest, invitation, keys, revoke_key
from openqmm.apps.accounts.views.people import (
    add_organisation,
    add_person,
    ask_reset,
    check_identity,
    deactivate,
    declare_interest,
    end_membership,
    give_role,
    invite,
    organisations,
    people,
    person,
    reactivate,
)

__all__ = [
    "access_file",
    "access_on",
    "add_organisation",
    "add_person",
    "ask_reset",
    "attest",
    "check_identity",
    "confirm_reset",
    "deactivate",
    "declare_interest",
    "demo_sign_in",
    "end_membership",
    "give_role",
    "invitation",
    "invite",
    "keys",
    "organisations",
    "people",
    "person",
    "reactivate",
    "resets",
    "review",
    "reviews",
    "revoke_key",
    "switch",
]
