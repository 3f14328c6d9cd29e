"""Every change to people, organisations and memberships, and the proof before a signature."""

from openqmm.apps.accounts.actions.people import add_membership, add_organisation, add_person
from openqmm.apps.accounts.actions.proving import prove_identity

__all__ = ["add_membership", "add_organisation", "add_person", "prove_identity"]
