"""From what an application says to the categories by which the draw knows it."""

from __future__ import annotations

from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.drawing import Candidate
from openqmm.core.programs.model import Program
from openqmm.core.programs.regions import region_of
from openqmm.core.programs.vocabulary import NOT_STATED, Attribute, category, first_category
from openqmm.core.registry.identity import country_code


def candidate(program: Program, application: ApplicationFacts) -> Candidate:
    """Return an application as the draw of its program sees it.

    Where a facility does several things, the first the program is for counts: an applicant stands
    in one category of an attribute only. What is not said is `not stated`.
    """
    country = country_code(application.country)
    of_program = [a for a in application.activities if a in program.facility_types]
    attributes: dict[Attribute, str] = {
        "activity": first_category([*of_program, *application.activities]),
        "region": region_of(country) or NOT_STATED,
        "country": category(country or application.country),
        "size_band": category(application.size_band),
        "sector": category(application.sector),
        "dosage_form": first_category(application.dosage_forms),
        "organisation": category(application.organisation),
    }
    return Candidate(application.application_id, attributes)
