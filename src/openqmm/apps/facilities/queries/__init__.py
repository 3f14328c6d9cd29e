"""Facilities as each role may see them, and the public records about any FEI."""

from openqmm.apps.facilities.queries.facilities import (
    country_words,
    facilities,
    facility,
    has_facility,
)
from openqmm.apps.facilities.queries.links import (
    SITE_KINDS,
    firm_links,
    firm_words,
    firms_without_fei,
    links_seen,
    site_name,
    sites,
    standing_links,
)
from openqmm.apps.facilities.queries.overview import (
    LoadedKind,
    loaded_files,
    loaded_kinds,
    next_steps,
)
from openqmm.apps.facilities.queries.public_records import (
    CLASS_WORDS,
    InspectionLine,
    inspection_lines,
    public_record,
)
from openqmm.apps.facilities.queries.review import FirmReview, firm_review, review_queue
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
from openqmm.apps.facilities.queries.timeline import Timeline, timeline

__all__ = [
    "CLASS_WORDS",
    "LINKED_KINDS",
    "MODELS",
    "SITE_KINDS",
    "FirmReview",
    "InspectionLine",
    "LoadedKind",
    "Timeline",
    "content_fields",
    "country_words",
    "cover_of",
    "facilities",
    "facility",
    "firm_links",
    "firm_of",
    "firm_review",
    "firm_words",
    "firms_without_fei",
    "has_facility",
    "inspection_lines",
    "latest_list",
    "latest_source",
    "latest_sources",
    "links_seen",
    "loaded_files",
    "loaded_kinds",
    "next_list_day",
    "next_steps",
    "public_record",
    "review_queue",
    "site_name",
    "sites",
    "standing_links",
    "subject_of",
    "timeline",
    "to_inspection",
]
