"""Tells the demonstration's story by the same actions that people use, each at its day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from openqmm.apps.facilities import actions as facilities
from openqmm.apps.facilities.actions import FacilityEntry
from openqmm.apps.programs import actions as programs
from openqmm.apps.programs import queries as programs_queries
from openqmm.apps.programs.actions import RoundEntry
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.protocols.actions import seal_protocol
from openqmm.apps.protocols.queries import protocol_version
from openqmm.core.programs import shipped_program
from openqmm.core.protocols import shipped_ids, shipped_protocol
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.site.demo import evidence, records
from openqmm.site.demo.access import recertified
from openqmm.site.demo.conduct import Conduct
from openqmm.site.demo.people import CONTRACTORS, Cast, proof_of
from openqmm.site.demo.requests import half_request, request_of
from openqmm.site.demo.schedule import Schedule
from openqmm.site.demo.seeds import choose_seed
from openqmm.site.demo.sites import ACCEPTED, API_SITES, FDF_SITES, SITES, DemoSite
from openqmm.web import clock

Say = Callable[[str], None]

TEAMS = {
    CONTRACTORS[0]: ("Ines Moreau", "Tomas Lindqvist", "Mei-Ling Zhou"),
    CONTRACTORS[1]: ("Harriet Boateng", "Luis Ferreira", "Yuki Tanabe"),
}


PLANNED_DAYS_AGO = {
    "planned": 2,
    "questionnaire_out": 10,
    "in_progress": 45,
    "scoring": 52,
    "consensus": 57,
    "factual_check": 70,
    "final": 86,
    "proposed": 93,
    "issued": 110,
}
"""When the unfinished assessments were planned, so that each stands where it does today."""


class Demonstration:
    """The story of the two pilots and of the round that follows, counted back from today."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.today = clock.today()
        self.cast = Cast()
        self.facility_ids: dict[str, object] = {}
        self.schedule = Schedule()

    @property
    def admin(self) -> Actor:
        return self.cast.by_name["Amara Okafor"]

    def ago(self, days: int) -> date:
        """Return the day this many days before today."""
        return self.today - timedelta(days=days)

    def tell(self) -> None:
        """Tell the whole story into an empty database."""
        self.schedule.add(self._set_the_stage())
        self.schedule.add(
            self._pilot("FDF pilot", "pilot-fdf", FDF_SITES, started=300, contractor=CONTRACTORS[0])
        )
        self.schedule.add(
            self._pilot("API pilot", "pilot-api", API_SITES, started=220, contractor=CONTRACTORS[1])
        )
        self.schedule.add(self._successor())
        for site in SITES:
            if site.manufacturer in evidence.SITES:
                self.schedule.add(self._evidence(site))
        self.schedule.add(self._recertifications())
        self.schedule.play()

    def _set_the_stage(self) -> Iterator[date]:
        yield self.ago(330)
        self.say("People and organisations")
        self.cast.assemble()
        for protocol_id in shipped_ids():
            seal_protocol(by=SYSTEM, protocol=shipped_protocol(protocol_id))
        self.say("Public records (synthetic)")
        self._load_records()
        self.say("Facilities")
        for site in SITES:
            entry = FacilityEntry(
                site.name, site.fei, site.duns, site.place, site.country, site.facility_type
            )
            facility = facilities.add_facility(by=self._lead(site), entry=entry)
            self.facility_ids[site.fei] = facility.pk

    def _evidence(self, site: DemoSite) -> Iterator[date]:
        day = self.ago(30)
        yield day
        yield from evidence.tell(self._lead(site), self.facility_ids[site.fei], day)

    def _recertifications(self) -> Iterator[date]:
        yield self.ago(329)
        board = self.cast.by_name["Daniel Whitehorse"]
        yield from recertified(self.admin, board, [self.ago(n) for n in (245, 160, 75)])

    def _load_records(self) -> None:
        """Load the synthetic public files as they would be published on this day."""
        day = clock.today()
        with records.establishments(day) as path:
            facilities.import_records(by=SYSTEM, kind="establishments", path=path, told_on=day)
        for kind in records.EVENTS:
            with records.telling(kind, self.today) as path:
                facilities.import_records(by=SYSTEM, kind=kind, path=path, covers_until=day)
        for kind in records.LISTS:
            with records.telling(kind, self.today) as path:
                facilities.import_records(by=SYSTEM, kind=kind, path=path, told_on=day)

    def _lead(self, site: DemoSite) -> Actor:
        return self.cast.quality_leads[site.manufacturer]

    def _signatory(self, site: DemoSite) -> Actor:
        return self.cast.signatories[site.manufacturer]

    def _round(self, name: str, program_id: str, opens: date, closes: date) -> Round:
        version = protocol_version(protocol_id=shipped_program(program_id).protocol_id)
        entry = RoundEntry(program_id, name, version.pk, opens, closes)
        row = programs.add_round(by=self.admin, entry=entry)
        return programs.advance_round(by=self.admin, round_id=row.pk, event="announce")

    def _advance(self, row: Round, *events: str) -> None:
        for event in events:
            programs.advance_round(by=self.admin, round_id=row.pk, event=event)

    def _pilot(
        self,
        name: str,
        program_id: str,
        sites: tuple[DemoSite, ...],
        *,
        started: int,
        contractor: str,
    ) -> Iterator[date]:
        opens, closes = self.ago(started - 14), self.ago(started - 44)
        yield self.ago(started)
        title = f"{name} {self.ago(started).year}"
        self.say(f"{title}: applications, screening, selection")
        row = self._round(title, program_id, opens, closes)
        yield opens
        self._advance(row, "open")
        applications = {}
        for number, site in enumerate(sites):
            yield opens + timedelta(days=2 + 2 * number)
            applications[site.fei] = self._apply(row, site)
        yield closes + timedelta(days=1)
        self._load_records()
        self._advance(row, "begin_screening")
        for site in sites:
            yield closes + timedelta(days=6)
            self._screen(applications[site.fei], site)
        yield closes + timedelta(days=12)
        self._draw(row, sites, applications)
        self._advance(row, "fix_selection")
        accepted = [site for site in sites if site.outcome in ACCEPTED]
        for site in accepted:
            yield closes + timedelta(days=15)
            signatory = self._signatory(site)
            programs.accept_place(
                by=signatory, application_id=applications[site.fei].pk, **proof_of(signatory)
            )
        self._advance(row, "begin_assessing")
        self.say(f"{title}: assessments, ratings, disclosure")
        conduct = Conduct(self.cast, contractor, TEAMS[contractor], self.admin)
        for number, site in enumerate(accepted):
            usual = closes + timedelta(days=20 + 4 * number)
            ago = PLANNED_DAYS_AGO.get(site.outcome)
            planned = usual if ago is None else self.ago(ago)
            self.schedule.add(conduct.tell(site, applications[site.fei], planned))

    def _apply(self, row: Round, site: DemoSite) -> Application:
        lead = self._lead(site)
        application = programs.start_application(
            by=lead, round_id=row.pk, facility_id=self.facility_ids[site.fei]
        )
        programs.edit_application(
            by=lead,
            application_id=application.pk,
            version=application.version,
            entry=request_of(site, lead),
        )
        signatory = self._signatory(site)
        return programs.submit_application(
            by=signatory, application_id=application.pk, **proof_of(signatory)
        )

    def _screen(self, application: Application, site: DemoSite) -> None:
        programs.screen_application(by=self.admin, application_id=application.pk)
        eligible = site.outcome != "ineligible"
        reason = (
            "Every criterion is met by the public records or attested."
            if eligible
            else "The latest inspection of the last five years is classified OAI."
        )
        programs.decide_screening(
            by=self.admin,
            application_id=application.pk,
            event="find_eligible" if eligible else "find_ineligible",
            reason=reason,
        )

    def _draw(
        self, row: Round, sites: tuple[DemoSite, ...], applications: dict[str, Application]
    ) -> None:
        wanted = {str(applications[s.fei].pk) for s in sites if s.outcome in ACCEPTED}
        choose_seed(programs_queries.round_(self.admin, row.pk), wanted)
        programs.draw_places(by=self.admin, round_id=row.pk)
        for site in sites:
            if site.outcome == "not_selected":
                programs.release_reserve(
                    by=self.admin,
                    application_id=applications[site.fei].pk,
                    reason="The cohort is complete; its manufacturer plans a move next year.",
                )

    def _successor(self) -> Iterator[date]:
        opens, closes = self.ago(6), self.today + timedelta(days=40)
        yield self.ago(20)
        self.say("Successor round: open to applications")
        row = self._round(f"Successor round {closes.year}", "successor", opens, closes)
        yield opens
        self._load_records()
        self._advance(row, "open")
        yield self.ago(2)
        self._begin_a_request(row)

    def _begin_a_request(self, row: Round) -> None:
        """Leave a request half written, for whoever looks at how it is done."""
        site = next(site for site in SITES if site.manufacturer == "Harbour Light Ophthalmics")
        draft = programs.start_application(
            by=self._lead(site), round_id=row.pk, facility_id=self.facility_ids[site.fei]
        )
        programs.edit_application(
            by=self._lead(site),
            application_id=draft.pk,
            version=draft.version,
            entry=half_request(),
        )
