"""Changes of the facilities app: facilities of a manufacturer, and the public files loaded."""

from openqmm.apps.facilities.actions.adding import FacilityEntry, add_facility
from openqmm.apps.facilities.actions.correcting import correct_facility
from openqmm.apps.facilities.actions.importing import import_records
from openqmm.apps.facilities.actions.linking import decide_link, link_records

__all__ = [
    "FacilityEntry",
    "add_facility",
    "correct_facility",
    "decide_link",
    "import_records",
    "link_records",
]
