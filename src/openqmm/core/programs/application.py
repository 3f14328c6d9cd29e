"""What an application says of its facility, as far as screening asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openqmm.core.programs.model import FacilityType


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """The facts of one application.

    `fei` and `country` are as the applicant wrote them. `activities` is what the applicant says is
    made there; empty when nothing was said. `attestations` holds, by name, what the applicant
    stated; what is not in it was not asked. `others_in_round` counts further live applications for
    the same facility in the round; None when not known. The rest sorts applicants into strata.
    """

    application_id: str
    facility_name: str
    fei: str
    country: str | None = None
    duns: str | None = None
    activities: tuple[FacilityType, ...] = ()
    attestations: Mapping[str, bool] = field(default_factory=dict)
    others_in_round: int | None = None
    organisation: str = ""
    size_band: str = ""
    sector: str = ""
    dosage_forms: tuple[str, ...] = ()
