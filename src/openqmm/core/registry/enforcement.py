"""Reader of recalls: enforcement reports of openFDA, or the Data Dashboard's export."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from openqmm.core.registry.cells import (
    optional_country,
    optional_day,
    optional_fei,
    other_product_type,
)
from openqmm.core.registry.dates import read_compact_date
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

RecallClass = Literal["I", "II", "III"]

LAYOUT = Layout(
    kind="enforcement",
    title="a file of enforcement reports or recalls",
    names={
        "event_id": ("event_id",),
        "recall_number": ("recall_number",),
        "product_id": ("Product ID",),
        "fei": ("FEI Number", "FEI"),
        "firm": ("recalling_firm", "Recalling Firm Name", "Firm"),
        "city": ("city", "Recalling Firm City"),
        "state": ("state", "Recalling Firm State"),
        "country": ("country", "Recalling Firm Country"),
        "product_type": ("product_type",),
        # Of the Data Dashboard's two columns the one of the product: a row is a product.
        "classification": ("classification", "Product Classification"),
        "status": ("status",),
        "initiated_on": ("recall_initiation_date", "Initiated On"),
        "classified_on": ("center_classification_date", "Classified On"),
        "reported_on": ("report_date", "Reported On"),
        "terminated_on": ("termination_date", "Terminated On"),
        "reason": ("reason_for_recall", "Reason"),
        "product": ("product_description", "Product"),
        "voluntary": ("voluntary_mandated", "Voluntary"),
    },
    required=("event_id", "firm", "classification", "status", "reason", "product"),
    ignored=(
        "openfda",
        "address_1",
        "address_2",
        "postal_code",
        "initial_firm_notification",
        "distribution_pattern",
        "product_quantity",
        "code_info",
        "more_code_info",
        "Event Classification",
        "Center",
        "Recall Details",
    ),
)

_CLASSES: dict[str, RecallClass] = {"i": "I", "ii": "II", "iii": "III"}
_UNCLASSIFIED = frozenset({"", "not yet classified"})
_VOLUNTARY = {"true": True, "false": False, "fda mandated": False}


@dataclass(frozen=True, slots=True)
class Recall:
    """One recalled product; an event recalls one or more.

    `fei` is None in the files of openFDA, which have none; there `recall_number` identifies the
    product once it is classified, in the Data Dashboard's export `product_id`. `classification` is
    the class of health hazard, I the gravest, None before it is given. The firm is the one that
    recalls, which need not have made the product.
    """

    event_id: str
    recall_number: str
    product_id: str
    fei: str | None
    firm: str
    city: str
    state: str
    country: str | None
    classification: RecallClass | None
    status: str
    initiated_on: date | None
    classified_on: date | None
    reported_on: date | None
    terminated_on: date | None
    reason: str
    product: str
    voluntary: bool | None


def read_enforcement(path: Path) -> ReadRecords[Recall]:
    """Read recalls.

    Parameters
    ----------
    path : the bulk file of openFDA (JSON, zipped or not) or the Data Dashboard's export.

    Returns
    -------
    ReadRecords[Recall]
        One record per product. Rows of another product type than Drugs are left out and counted.
        A row is rejected when it has no event, firm or status. Dates, FEI, class and country that
        cannot be read are reported as doubts.

    Raises
    ------
    InvalidRecords
        The file holds no recalls, or not one row could be read.
    """
    return read_records(path, LAYOUT, _recall, other_product_type)


def count_events(recalls: Iterable[Recall]) -> int:
    """Return how many events the recalls belong to: an event recalls up to hundreds of products."""
    return len({recall.event_id for recall in recalls})


def _recall(row: Row) -> Recall:
    return Recall(
        event_id=row.require("event_id"),
        recall_number=row.text("recall_number"),
        product_id=row.text("product_id"),
        fei=optional_fei(row),
        firm=row.require("firm"),
        city=row.text("city"),
        state=row.text("state"),
        country=optional_country(row),
        classification=_class(row),
        status=row.require("status"),
        initiated_on=optional_day(row, "initiated_on", read_compact_date),
        classified_on=optional_day(row, "classified_on", read_compact_date),
        reported_on=optional_day(row, "reported_on", read_compact_date),
        terminated_on=optional_day(row, "terminated_on", read_compact_date),
        reason=row.text("reason"),
        product=row.text("product"),
        voluntary=_voluntary(row),
    )


def _class(row: Row) -> RecallClass | None:
    text = row.text("classification").lower()
    recall_class = _CLASSES.get(text.removeprefix("class").strip())
    if recall_class is None and text not in _UNCLASSIFIED:
        row.doubt("classification", "is not Class I, II or III; the class is unknown")
    return recall_class


def _voluntary(row: Row) -> bool | None:
    text = row.text("voluntary").lower()
    # Two spellings differ in a capital letter.
    voluntary = True if text.startswith("voluntary") else _VOLUNTARY.get(text)
    if voluntary is None and text:
        row.doubt("voluntary", "does not tell whether the firm or the FDA began it")
    return voluntary
