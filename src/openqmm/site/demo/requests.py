"""What the invented facilities say in their requests to participate."""

from __future__ import annotations

from openqmm.apps.programs.actions import ApplicationEntry
from openqmm.core.workflow import Actor
from openqmm.site.demo.sites import DemoSite

_SECTORS = {
    "originator": {
        "Norrvik Biosynth",
        "Kisogawa Works 木曽川",
        "Aldermere Fermentation",
        "Harbour Light Ophthalmics",
        "Juniper Row Pharma, Plant 2",
    },
    "contract": {
        "Brigmoor Actives, Cork",
        "Sunderwal Intermediates",
        "Hanbit Molecules 한빛",
        "Copper Kettle Injectables",
        "Palmetto Cove Pharma",
    },
    "otc": {"Old Mill Topicals", "Bluestem Oral Solids"},
}
"""The others make generic medicines. The shares fit what the pilots' draws ask for, so that the
story's facilities can be the ones selected."""

_DOSAGE_FORMS = {
    "Larkfield Sterile, Dayton": ["sterile"],
    "Copper Kettle Injectables": ["sterile"],
    "Juniper Row Pharma, Plant 2": ["solid"],
    "Tidewater Tablets": ["solid"],
    "Bluestem Oral Solids": ["solid"],
    "Harbour Light Ophthalmics": ["sterile", "topical"],
    "Sycamore Creek Parenterals": ["sterile"],
    "Prairie Rose Liquids": ["liquid"],
    "Old Mill Topicals": ["topical"],
    "Granite Pass Inhalation": ["inhaled"],
    "Palmetto Cove Pharma": ["topical", "other"],
    "Vellankur Finished Dose, Reno": ["solid"],
}
_INTERMEDIATES_TOO = {"Haizhou Lantern 海州灯塔", "Qingshui Harbour Chemical"}
_MARKED = {
    "Haizhou Lantern 海州灯塔": ["products"],
    "Norrvik Biosynth": ["activities", "products"],
    "Granite Pass Inhalation": ["products", "dosage_forms"],
}


def request_of(site: DemoSite, lead: Actor) -> ApplicationEntry:
    """Return what a facility's quality lead writes. The last inspection is left as the public file
    has it, but for those who still speak of an earlier, better class."""
    entry = ApplicationEntry(
        contact_name=lead.name,
        contact_email=f"quality@{site.manufacturer.split()[0].lower()}.example",
        contact_phone=f"+1 555 0100 {site.fei[-3:]}",
        activities=_activities(site),
        size_band=site.size,
        sector=_sector(site),
        products=site.products.replace(", ", "\n"),
        dosage_forms=_DOSAGE_FORMS.get(site.name, []),
        statement=_why(site),
        willing_visit=True,
        willing_observers=True,
        willing_data=True,
        clean_record=True,
        in_commerce=True,
        confidential=_MARKED.get(site.name, []),
    )
    if site.latest_class == "OAI":
        entry["last_classification"] = "VAI"
    return entry


def half_request() -> ApplicationEntry:
    """Return what somebody has written who is not done yet."""
    return ApplicationEntry(
        contact_phone="+1 555 0100 200",
        activities=["FDF"],
        size_band="small",
        sector="originator",
        products="Timolol eye drops\nDorzolamide eye drops",
        confidential=["products"],
    )


def _activities(site: DemoSite) -> list[str]:
    more = ["API_INTERMEDIATE"] if site.name in _INTERMEDIATES_TOO else []
    return [site.facility_type, *more]


def _sector(site: DemoSite) -> str:
    return next((name for name, sites in _SECTORS.items() if site.name in sites), "generic")


def _why(site: DemoSite) -> str:
    first = site.products.split(",")[0]
    return (
        f"We make {first} for customers who have few other sources. We want an outside view of how "
        "we work, beyond what inspections show us, and to learn what to improve first."
    )
