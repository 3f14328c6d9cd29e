"""Facilities and public files of the portal's stories; every site and number is invented."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openqmm.apps.facilities import actions
from openqmm.apps.facilities.models import Facility, RecordSource
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import clock

ALDER_FEI, BIRCH_FEI, STRANGER_FEI = "3009999901", "3009999902", "3009999903"

REGISTRATION_HEADER = "fei_number,duns_number,firm_name,address,expiration_date,operations"
INSPECTION_HEADER = (
    "fei_number,firm_name,inspection_end_date,classification,project_area,city,state,inspection_id"
)

COMPLIANCE_HEADER = "fei,legal_name,state,country,product_type,taken_on,action_type,case_id"

SHORTAGE_HEADER = "generic_name,company,presentation,ndc,status,posted_on,updated_on,availability"
ALERT_HEADER = "alert,firm,address,country,published_on,fei,products"


def write(text: str, name: str) -> Path:
    """Write a synthetic public file."""
    path = Path(tempfile.mkdtemp(prefix="openqmm-story-")) / name
    path.write_text(text, encoding="utf-8")
    return path


def registration_rows(until: date | None = None) -> list[str]:
    """The registrations of the two rivals and a stranger."""
    day = until or date(clock.today().year, 12, 31)
    return [
        f'{ALDER_FEI},999000001,Alder Synthesis Unit 1,"Plot 7, Invented Park, India (IND)",{day},'
        "API MANUFACTURE",
        f'{BIRCH_FEI},999000002,Birch Pharma Works,"1 Birch Road, Basel, Switzerland (CHE)",{day},'
        "API MANUFACTURE; PACK",
        f'{STRANGER_FEI},999000003,Stranger Tablets,"5 Main St, Springfield, Ohio (USA)",{day},'
        "MANUFACTURE",
    ]


def inspection_rows(alder: str = "VAI", birch: str = "NAI") -> list[str]:
    """Inspections from six years back to a month ago, the rivals' last classes as said."""
    day = clock.today()
    recent, long_ago = day - timedelta(days=30), day - timedelta(days=6 * 365 + 10)
    area = "Drug Quality Assurance"
    return [
        f"{ALDER_FEI},Alder Synthesis,{recent},{alder},{area},Anand,,900001",
        f"{BIRCH_FEI},Birch Pharma,{recent},{birch},{area},Basel,,900002",
        f"{STRANGER_FEI},Stranger Tablets,{long_ago},OAI,{area},Springfield,Ohio,900003",
    ]


def compliance_rows() -> list[str]:
    """Actions against others, from six years back to a month ago: the window is covered."""
    day = clock.today()
    recent, long_ago = day - timedelta(days=30), day - timedelta(days=6 * 365 + 10)
    return [
        f"3009999981,Elsewhere Gels,Texas,USA,Drugs,{long_ago},Warning Letter,990001",
        f"3009999982,Elsewhere Drops,Texas,USA,Drugs,{recent},Warning Letter,990002",
    ]


def shortage_row(
    drug: str, company: str = "Elsewhere Tablets", availability: str = "Limited"
) -> str:
    """A presentation in shortage since the spring of 2026."""
    return f"{drug},{company},Tablet,99991-202-01,Current,2026-04-01,2026-05-01,{availability}"


def alert_row(firm: str, address: str = "1 Main Road", country: str = "IND", fei: str = "") -> str:
    """A firm on the list of firms detained without examination, since the spring of 2026."""
    return f'66-40,"{firm}","{address}",{country},2026-04-01,{fei},66 Inventol'


def load(kind: str, header: str, *rows: str, name: str = "", **said: Any) -> RecordSource:
    """Load a synthetic file of these rows."""
    path = write("\n".join([header, *rows]) + "\n", name or f"{kind}.csv")
    return actions.import_records(by=SYSTEM, kind=kind, path=path, **said)


def load_public_records(alder: str = "VAI", birch: str = "NAI") -> None:
    """Load synthetic registrations, inspections and compliance actions."""
    load("establishments", REGISTRATION_HEADER, *registration_rows())
    load("inspections", INSPECTION_HEADER, *inspection_rows(alder, birch))
    load("compliance", COMPLIANCE_HEADER, *compliance_rows())


def facility_of(by: Actor, fei: str, name: str, country: str = "IND") -> Facility:
    """A quality lead's facility that makes active ingredients."""
    entry = actions.FacilityEntry(
        name=name,
        fei=fei,
        duns="999000001",
        address="Plot 7, Invented Park",
        country=country,
        facility_type="API",
    )
    return actions.add_facility(by=by, entry=entry)
