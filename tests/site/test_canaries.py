"""A word that stands in every field of a rival's that is not public shows nowhere outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy
from tests.arranging import arranged
from tests.site import stages, worlds
from tests.site.cells import all_routes, calling

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("R43"),
    pytest.mark.requirement("R15"),
]

WORD = "QUIETCANARY"
# An address is never changed: the people's own stand for it.
ADDRESSES = ("bria@example.org", "boris@example.org", "bud@example.org")
# How each model's rows lead to their organisation.
OWNED = {
    "accounts.Organisation": "pk",
    "accounts.User": "memberships__organisation",
    "accounts.Interest": "person__memberships__organisation",
    "accounts.FactorReset": "person__memberships__organisation",
    "accounts.IdentityCheck": "person__memberships__organisation",
    "accounts.ApiKey": "membership__organisation",
    "facilities.Facility": "organisation",
    "evidence.EvidenceFile": "organisation",
    "programs.Application": "facility__organisation",
    "programs.CriterionDecision": "application__facility__organisation",
    "programs.Letter": "application__facility__organisation",
    "assessments.Assessment": "application__facility__organisation",
    "assessments.Score": "assessment__application__facility__organisation",
    "assessments.Consensus": "assessment__application__facility__organisation",
    "assessments.Remark": "assessment__application__facility__organisation",
    "ratings.Rating": "assessment__application__facility__organisation",
    "disclosure.Disclosure": "rating__assessment__application__facility__organisation",
    "audit.TrailReview": "trail_id",
    "audit.ReviewedEvent": "review__trail_id",
}
# What belongs to nobody, is written by the database, or may not be changed once it is there; the
# trail and signatures repeat words of the fields above.
LEFT_OUT = {
    "accounts.Invitation",
    "accounts.Membership",
    "accounts.AccessReview",
    "accounts.ReviewedMembership",
    "assessments.TeamMember",
    "audit.Anchor",
    "audit.AnchoredHead",
    "audit.AuditChange",
    "audit.AuditEvent",
    "audit.DoneOnce",
    "audit.Signature",
    "audit.TrailHead",
    "facilities.Citation",
    "facilities.ComplianceAction",
    "facilities.DrugProduct",
    "facilities.Establishment",
    "facilities.Form483",
    "facilities.ImportAlertEntry",
    "facilities.Inspection",
    "facilities.Recall",
    "facilities.RecordLink",
    "facilities.RecordSource",
    "facilities.Shortage",
    "programs.ProgramConfiguration",
    "programs.Round",
    "programs.RoundSeed",
    "protocols.ProtocolVersion",
    "disclosure.DisclosureRecipient",
}
# The allow-list: what a disclosed rating shows of its facility.
PUBLIC = {
    "facilities.Facility": {"name", "fei", "address", "country"},
    "ratings.Rating": {"score_shown"},
}
# What programs read, and a word would break.
MACHINE = {
    "accounts.User": {"password", "email"},
    "accounts.Organisation": {"country"},
    "accounts.ApiKey": {"prefix", "digest", "scopes"},
    "programs.Application": {
        "activities",
        "confidential",
        "dosage_forms",
        "draw_line",
        "draw_outcome",
        "salt",
    },
    "programs.CriterionDecision": {"criterion"},
    "programs.Letter": {"kind", "recipients"},
    "assessments.Assessment": {"suspended_from"},
    "assessments.Score": {"question_id", "evidence_types"},
    "assessments.Consensus": {"question_id"},
    "assessments.Remark": {"area_id"},
    "evidence.EvidenceFile": {"media_type", "sha256"},
    "ratings.Rating": {"digest"},
    "audit.TrailReview": {"kinds", "seed", "left_out"},
}
OUTSIDE = ("nobody", "pia", "cora", "quin", "sid", "aud", "zoe", "hal")
# Not an id that could be guessed but a secret: whoever holds an invitation's link is taken for the
# one invited, and its page names the organisation that invites. A rival's link is therefore not
# asked for; that it shows nowhere is looked for instead.
BY_SECRET = {"accounts:invitation"}
ASKED = ("", "?text=Birch", "?page=2", "?fei=3009999902", "?level=3")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    with django_db_blocker.unblock(), worlds.undone():
        made = worlds.World(worlds.everybody())
        made.at(stages.LATEST)
        _mark(made.cast.bria.organisation_id)
        yield made


def _texts(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a model that hold words of people's own."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    left_out = PUBLIC.get(model._meta.label, set()) | MACHINE.get(model._meta.label, set())
    return [
        field
        for field in model._meta.get_fields()
        if isinstance(field, kinds) and not field.choices and field.name not in left_out
    ]


def _mark(organisation_id: Any) -> None:
    with tenancy.scope(SYSTEM), arranged() as opened:
        for label, path in OWNED.items():
            model = apps.get_model(label)
            for number, row in enumerate(model._base_manager.filter(**{path: organisation_id})):
                fields = {f.name: _marked(f, row, number) for f in _texts(model)}
                if fields:
                    opened.update(row, **fields)


def _marked(field: models.Field, row: models.Model, number: int) -> Any:
    word = f"{WORD}{number}"
    if field.name == "bundle":
        # What a rating was computed from: with the word beside, which no projection may carry on.
        return json.dumps(json.loads(row.bundle) | {"canary": word})
    if isinstance(field, models.JSONField):
        return {"canary": word}
    return word[: field.max_length] if field.max_length else word


def test_every_model_is_marked_or_said_to_hold_nothing_of_ones_own() -> None:
    ours = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("openqmm.")
    }
    assert ours == {*OWNED, *LEFT_OUT}
    for label, names in (*PUBLIC.items(), *MACHINE.items()):
        assert names <= {field.name for field in apps.get_model(label)._meta.get_fields()}, label


def _asked(owners: worlds.Owners) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """Yield everything there is to ask for, by the ids of both."""
    for name, route in all_routes().items():
        for owner in owners if route.ids else ("alder",):
            if owner == "birch" and name in BY_SECRET:
                continue
            for method in route.rules:
                sent = route.sent("", owners[owner]) if method == "POST" else {}
                for more in ASKED if method == "GET" and not route.ids else ("",):
                    yield name, owner, method, route.url(owners[owner]) + more, sent


def _crawl(world: worlds.World, people: tuple[str, ...]) -> tuple[int, list[str]]:
    """Ask for everything, and return how much was asked and where a rival's words stand."""
    owners, found = world.path[-1][2], []
    quiet = (WORD.lower(), *ADDRESSES, owners["birch"]["text"].lower())
    with calling(world.cast, people) as caller:
        for person, (name, owner, method, url, sent) in product(people, list(_asked(owners))):
            _, response = caller.call(person, method, url, sent)
            told = response.body.decode("utf-8", "replace") + str(response.headers)
            if any(word in told.lower() for word in quiet):
                found.append(f"{person} {method} {name} of {owner}")
    return caller.made, found


def test_no_word_of_a_rival_shows_to_anybody_outside(world: worlds.World) -> None:
    asked, found = _crawl(world, OUTSIDE)
    assert not found, "\n".join(found)
    assert asked >= 2_000


def test_the_words_do_show_to_those_they_are_for(world: worlds.World) -> None:
    _, found = _crawl(world, ("bria",))
    assert len({line.split()[2] for line in found}) >= 8, found
