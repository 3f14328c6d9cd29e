"""Facilities as each role may see them, and the public records about any FEI."""

from openqmm.apps.facilities.queries.facilities import (
    country_words,
    facilities,
    facility,
    has_facility,
)
from openqmm.apps.facilities.queries.public_records import (
    CLASS_WORDS,
    InspectionLine,
    inspection_lines,
    public_record,
)
from openqmm.apps.facilities.queries.sources import (
    cover_of,
    latest_list,
    latest_source,
    latest_sources,
    next_list_day,
)
from openqmm.apps.facilities.queries.stored import (
    LINKED_KINDS,
    MODELS,
    content_fields,
    firm_of,
    subject_of,
    to_inspection,
)

__all__ = [
    "CLASS_WORDS",
    "LINKED_KINDS",
    "MODELS",
    "InspectionLine",
    "content_fields",
    "country_words",
    "cover_of",
    "facilities",
    "facility",
    "firm_of",
    "has_facility",
    "inspection_lines",
    "latest_list",
    "latest_source",
    "latest_sources",
    "next_list_day",
    "public_record",
    "subject_of",
    "to_inspection",
]
