"""The part of the story that plays at a facility: visit, scores, consensus, rating, disclosure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from openqmm.apps.assessments import actions as assessments
from openqmm.apps.assessments.actions import ScoreEntry
from openqmm.apps.disclosure import actions as disclosure
from openqmm.apps.disclosure.actions import ConsentEntry
from openqmm.apps.programs.models import Application
from openqmm.apps.ratings import actions as ratings
from openqmm.core.protocols import Protocol, shipped_protocol
from openqmm.core.workflow import Actor, Role
from openqmm.site.demo.marks import consensus_mark, marks, seeded
from openqmm.site.demo.people import PURCHASERS, Cast, proof_of
from openqmm.site.demo.sites import DemoSite

_VISIT = (
    ("hold_orientation", 1),
    ("send_questionnaire", 1),
    ("return_questionnaire", 18),
    ("schedule", 20),
    ("begin", 44),
    ("hold_exit_meeting", 47),
    ("begin_scoring", 48),
)
"""Each step up to scoring and its day, counted from the planning."""

_STOPS = {
    "questionnaire_out": "send_questionnaire",
    "in_progress": "begin",
}
"""The last step of facilities whose story stops before scoring."""


class Conduct:
    """One contractor's assessments in one pilot."""

    def __init__(
        self, cast: Cast, contractor: str, team: tuple[str, str, str], admin: Actor
    ) -> None:
        self.cast = cast
        self.contractor = cast.organisations[contractor]
        self.team = [cast.by_name[name] for name in team]
        self.observer = cast.by_name["Owen Castellano"]
        self.admin = admin
        self.protocol: Protocol = shipped_protocol("pilot-eleven-areas")

    def tell(self, site: DemoSite, application: Application, planned: date) -> Iterator[date]:
        """Take one facility as far as its outcome says, a scene a day."""
        yield planned
        assessment = self._plan(application)
        if site.outcome == "planned":
            return
        yield from self._visit(site, assessment, planned)
        if site.outcome in _STOPS:
            return
        yield planned + timedelta(days=50)
        if not self._score(site, assessment):
            return
        yield from self._settle(site, assessment, planned)
        if site.outcome not in {"consensus", "factual_check", "final"}:
            yield from self._rate(site, assessment, planned)

    def _plan(self, application: Application) -> Any:
        assessment = assessments.plan_assessment(
            by=self.admin,
            application_id=application.pk,
            contractor_id=self.contractor.pk,
        )
        roles = (Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.ASSESSOR, Role.OBSERVER)
        for person, role in zip([*self.team, self.observer], roles, strict=True):
            assessments.assign_member(
                by=self.admin,
                assessment_id=assessment.pk,
                person_id=person.person_id,
                role=role,
            )
        return assessment

    def _visit(self, site: DemoSite, assessment: Any, planned: date) -> Iterator[date]:
        for person in [*self.team, self.observer]:
            assessments.declare_no_conflict(by=person, assessment_id=assessment.pk)
        for event, days in _VISIT:
            yield planned + timedelta(days=days)
            lead_of_site = self.cast.quality_leads[site.manufacturer]
            by = lead_of_site if event == "return_questionnaire" else self.team[0]
            visit = None
            if event == "schedule":
                visit = (planned + timedelta(days=44), planned + timedelta(days=47))
            assessments.advance(by=by, assessment_id=assessment.pk, event=event, visit=visit)
            if event == _STOPS.get(site.outcome):
                return

    def _score(self, site: DemoSite, assessment: Any) -> bool:
        part = {"Brigmoor Actives, Cork": (88, 88, 60), "Pinewick Chimica, Lodi": (34, 12, 0)}
        for number, person in enumerate(self.team):
            given = marks(self.protocol, site, number)
            given = given[: part.get(site.name, (len(given),) * 3)[number]]
            rows = [
                ScoreEntry(mark.question_id, mark.mark, mark.rationale, mark.evidence_types)
                for mark in given
            ]
            if rows:
                assessments.import_scores(by=person, assessment_id=assessment.pk, rows=rows)
            if site.name not in part or len(given) == 88:
                assessments.finish_scoring(by=person, assessment_id=assessment.pk)
        return site.name not in part

    def _settle(self, site: DemoSite, assessment: Any, planned: date) -> Iterator[date]:
        yield planned + timedelta(days=54)
        lead = self.team[0]
        self._step(assessment, "open_consensus")
        decided = self._disagreements(site)
        if site.outcome == "consensus":
            decided = decided[: len(decided) // 2]
        for question_id, mark in decided:
            assessments.record_consensus(
                by=lead,
                assessment_id=assessment.pk,
                question_id=question_id,
                mark=mark,
                reason="We went through the examples again; what happened at the line decided it.",
            )
        self._remark(site, assessment)
        if site.outcome == "consensus":
            return
        for event, days in (("draft_report", 60), ("send_for_factual_check", 66)):
            yield planned + timedelta(days=days)
            self._step(assessment, event)
        if site.outcome != "factual_check":
            yield planned + timedelta(days=82)
            lead = self.team[0]
            assessments.sign_report(by=lead, assessment_id=assessment.pk, **proof_of(lead))

    def _step(self, assessment: Any, event: str) -> None:
        assessments.advance(by=self.team[0], assessment_id=assessment.pk, event=event)

    def _disagreements(self, site: DemoSite) -> list[tuple[str, str]]:
        given: dict[str, list[str]] = defaultdict(list)
        for number in range(3):
            for mark in marks(self.protocol, site, number):
                given[mark.question_id].append(mark.mark)
        return [
            (question_id, consensus_mark(each))
            for question_id, each in given.items()
            if _disagree(each)
        ]

    def _remark(self, site: DemoSite, assessment: Any) -> None:
        choose = seeded(site.fei, "remarks")
        strong, weak = choose.sample([a for a in self.protocol.areas if a.id != site.weak_area], 2)
        lagging = site.weak_area or weak.id
        title = next(area.title for area in self.protocol.areas if area.id == lagging)
        for kind, area_id, text in (
            (
                "strength",
                strong.id,
                f"In {strong.title.lower()} people at every level told the same story with their "
                "own examples, and the records agreed with them.",
            ),
            (
                "opportunity",
                lagging,
                f"In {title.lower()} the practice depends on two people; writing down how they "
                "decide, and letting others decide too, would carry it through their absence.",
            ),
        ):
            assessments.add_remark(
                by=self.team[0],
                assessment_id=assessment.pk,
                kind=kind,
                area_id=area_id,
                text=text,
            )

    def _rate(self, site: DemoSite, assessment: Any, planned: date) -> Iterator[date]:
        yield planned + timedelta(days=90)
        rating = ratings.propose_rating(by=self.admin, assessment_id=assessment.pk)
        if site.outcome == "proposed":
            return
        board = self.cast.by_name["Daniel Whitehorse"]
        note = "Coverage is complete, the gates follow from the scores, the consensus is reasoned."
        yield planned + timedelta(days=96)
        ratings.review_rating(by=board, rating_id=rating.pk, note=note)
        yield planned + timedelta(days=98)
        priya = self.cast.by_name["Priya Raman"]
        ratings.issue_rating(
            by=priya,
            rating_id=rating.pk,
            reason="The board agrees with the team's scores and with the calculation.",
            **proof_of(priya),
        )
        if site.outcome.startswith("published"):
            yield planned + timedelta(days=105)
            self._disclose(site, rating, planned + timedelta(days=600))

    def _disclose(self, site: DemoSite, rating: Any, until_on: date) -> None:
        named = site.outcome == "published_named"
        entry = ConsentEntry(
            scope="overall" if site.outcome == "published_overall" else "areas",
            audience="named" if named else "public",
            until_on=until_on,
            recipient_ids=[self.cast.organisations[PURCHASERS[0]].pk] if named else [],
        )
        signatory = self.cast.signatories[site.manufacturer]
        proof = proof_of(signatory)
        disclosure.record_consent(by=signatory, rating_id=rating.pk, entry=entry, **proof)


def _disagree(given: list[str]) -> bool:
    numeric = [int(mark) for mark in given if mark.isdigit()]
    mixed = bool(numeric) and len(numeric) < len(given)
    return mixed or (bool(numeric) and max(numeric) - min(numeric) >= 2)
