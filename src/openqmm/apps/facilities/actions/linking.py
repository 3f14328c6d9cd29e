"""Linking records without an FEI to sites: by rule after a file is loaded, and by people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from openqmm.apps.audit import actions as audit
from openqmm.apps.facilities import policies, queries
from openqmm.apps.facilities.models import RecordLink, RecordSource
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.registry.identity import normalise_fei
from openqmm.core.registry.kinds import KINDS
from openqmm.core.registry.link_rules import PERSON, Relinked, relinked, site_refusal
from openqmm.core.registry.linkage import Candidate, Link, Linker, Named
from openqmm.core.workflow import Actor, reason_fault
from openqmm.web import clock

_BATCH = 400


@dataclass(slots=True)
class _Changes:
    """Links to write, of all firms of a kind."""

    written: list[RecordLink] = field(default_factory=list)
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    accepted: int = 0
    proposed: set[str] = field(default_factory=set)

    def add(self, kind: str, subject: str, named: Named, change: Relinked) -> None:
        if change.accept:
            self.accepted += 1
            self.written.append(_row(kind, subject, named, change.accept))
        for candidate in change.propose:
            self.proposed.add(subject)
            self.written.append(_row(kind, subject, named, candidate))
        self.withdrawn += [(subject, fei) for fei in change.withdraw]


@transaction.atomic
def link_records(*, by: Actor, source: RecordSource) -> None:
    """Link the firms named in a file just loaded to sites by rule, and propose candidates where no
    rule names one site; after a file of sites, the firms of every kind. Event `records.linked` for
    each kind that changes.

    Only who may load files may (NotPermitted). What people decided stands.
    """
    refusal = policies.importing_refusal(by)
    if refusal:
        raise NotPermitted(refusal)
    kinds = queries.LINKED_KINDS if source.kind in queries.SITE_KINDS else (source.kind,)
    firms = {
        kind: queries.firms_without_fei(kind) for kind in kinds if kind in queries.LINKED_KINDS
    }
    if not any(firms.values()):
        return
    linker = Linker(queries.sites())
    for kind, named in firms.items():
        _link_kind(by, source, kind, named, linker)


def _link_kind(
    by: Actor, source: RecordSource, kind: str, firms: dict[str, Named], linker: Linker
) -> None:
    standing, changes = queries.standing_links(kind), _Changes()
    for subject, named in firms.items():
        change = relinked(kind, linker.link(named), standing.get(subject, {}))
        changes.add(kind, subject, named, change)
    if not (changes.written or changes.withdrawn):
        return
    sentence = (
        f"linked firms named in {KINDS[kind].title.lower()} to sites ({changes.accepted:,} by "
        f"rule, {len(changes.proposed):,} for review)"
    )
    with audit.event(by=by, what="records.linked", on=source, sentence=sentence):
        for some in _batches(changes.withdrawn):
            _withdrawn(kind, some).delete()
        RecordLink.objects.bulk_create(
            changes.written,
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["kind", "subject", "fei"],
            update_fields=["method", "score", "evidence", "state", "site_name"],
        )


@transaction.atomic
def decide_link(
    *, by: Actor, kind: str, subject: str, fei: str | None, reason: str, seen: str
) -> None:
    """Decide which site the records of a firm are about, or that none of the candidates is; the
    decision stands for all records that tell the same of it, and takes back what a rule or person
    decided before. Event `records.link_decided` with the reason.

    Only a program administrator may (NotPermitted; NotFound for a firm without links). Refused
    (TransitionRefused) without a reason, for an FEI that no file knows, and where somebody else
    decided since the page was `seen`.
    """
    refusal = policies.linking_refusal(by)
    if refusal:
        raise NotPermitted(refusal)
    found = queries.firm_links(by, kind, subject, locked=True)
    chosen = _chosen(found, fei)
    refusal = _seen_refusal(found, seen) or reason_fault(reason)
    if refusal:
        raise TransitionRefused(refusal)
    firm, title = found[0].firm.get("name", ""), KINDS[kind].title.lower()
    done = f"linked {firm} in {title} to FEI {chosen}"
    sentence = done if chosen else f"found that no candidate is {firm} in {title}"
    decision = _decision(by, reason)
    with audit.event(
        by=by, what="records.link_decided", on=found[0], sentence=sentence, why=decision["reason"]
    ) as opened:
        if chosen and chosen not in {link.fei for link in found}:
            opened.create(_named_by_person(found[0], chosen, decision))
        for link in found:
            if link.fei == chosen:
                opened.update(link, state="accepted", method=PERSON, **decision)
            else:
                opened.update(link, state="rejected", **decision)


def _chosen(found: list[RecordLink], fei: str | None) -> str | None:
    """Return the FEI chosen as it is stored; None for no site."""
    if fei is None:
        return None
    chosen = normalise_fei(fei)
    if chosen is None:
        raise TransitionRefused(f"{fei!r} is not an FEI of at most ten digits.")
    known = chosen in {link.fei for link in found} or queries.site_name(chosen) is not None
    refusal = site_refusal(chosen, known=known)
    if refusal:
        raise TransitionRefused(refusal)
    return chosen


def _named_by_person(beside: RecordLink, fei: str, decision: dict[str, Any]) -> RecordLink:
    return RecordLink(
        kind=beside.kind,
        subject=beside.subject,
        firm=beside.firm,
        fei=fei,
        site_name=queries.site_name(fei) or "",
        method=PERSON,
        score=0,
        evidence="named by a person",
        state="accepted",
        **decision,
    )


def _decision(by: Actor, reason: str) -> dict[str, Any]:
    reviewer = get_user_model().objects.get(pk=by.person_id)
    return {"reviewer": reviewer, "reviewed_at": clock.now(), "reason": reason.strip()}


def _seen_refusal(found: list[RecordLink], seen: str) -> str | None:
    if queries.links_seen(found) == seen:
        return None
    return "The links of this firm changed since you opened the page. Look again, then decide."


def _row(kind: str, subject: str, named: Named, found: Link | Candidate) -> RecordLink:
    by_rule = isinstance(found, Link)
    return RecordLink(
        kind=kind,
        subject=subject,
        firm=queries.firm_words(named),
        fei=found.fei,
        site_name="" if by_rule else found.name,
        method=found.method if by_rule else "fuzzy",
        score=found.score,
        evidence=found.evidence if by_rule else _likeness(found),
        state="accepted" if by_rule else "proposed",
    )


def _likeness(candidate: Candidate) -> str:
    place = "in the same place" if candidate.same_place else "place not the same or not told"
    return f"name {candidate.score:.0f} of 100 alike, {place}"


def _withdrawn(kind: str, pairs: Iterable[tuple[str, str]]) -> Any:
    wanted = Q()
    for subject, fei in pairs:
        wanted |= Q(subject=subject, fei=fei)
    return RecordLink.objects.filter(wanted, kind=kind, reviewer__isnull=True)


def _batches(pairs: list[tuple[str, str]]) -> Iterable[list[tuple[str, str]]]:
    return (pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH))
