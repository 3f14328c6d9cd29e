"""Reader of the NDC directory: product.txt, or the file of openFDA."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openqmm.core.registry.cells import flag, listed, optional_day
from openqmm.core.registry.dates import read_compact_date
from openqmm.core.registry.identity import normalise_ndc
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

LAYOUT = Layout(
    kind="ndc",
    title="the product list of the NDC directory",
    names={
        "product_ndc": ("product_ndc",),
        "product_type": ("product_type", "PRODUCTTYPENAME"),
        "proprietary_name": ("brand_name", "PROPRIETARYNAME"),
        "generic_name": ("generic_name", "NONPROPRIETARYNAME"),
        "labeler": ("labeler_name", "Labeler"),
        "dosage_form": ("dosage_form", "DOSAGEFORMNAME"),
        "routes": ("route", "ROUTENAME", "Routes"),
        "started_on": ("marketing_start_date", "STARTMARKETINGDATE", "Started On"),
        "ended_on": ("marketing_end_date", "ENDMARKETINGDATE", "Ended On"),
        "category": ("marketing_category", "MARKETINGCATEGORYNAME", "Category"),
        "application_number": ("application_number",),
        "substances": ("active_ingredients.name", "SUBSTANCENAME", "Substances"),
        "finished": ("finished",),
    },
    required=("product_ndc", "generic_name", "labeler", "dosage_form", "started_on", "category"),
    ignored=(
        "PRODUCTID",
        "spl_id",
        "brand_name_base",
        "brand_name_suffix",
        "PROPRIETARYNAMESUFFIX",
        "active_ingredients",
        "ACTIVE_NUMERATOR_STRENGTH",
        "ACTIVE_INGRED_UNIT",
        "pharm_class",
        "PHARM_CLASSES",
        "dea_schedule",
        "NDC_EXCLUDE_FLAG",
        "listing_expiration_date",
        "LISTING_RECORD_CERTIFIED_THROUGH",
        "packaging",
        "openfda",
    ),
)


@dataclass(frozen=True, slots=True)
class DrugProduct:
    """One product as its labeler listed it; the labeler need not have made it.

    `product_ndc` is labeler and product as 5-4. `finished` is None where the source does not tell.
    """

    product_ndc: str
    product_type: str
    proprietary_name: str
    generic_name: str
    labeler: str
    dosage_form: str
    routes: tuple[str, ...]
    started_on: date | None
    ended_on: date | None
    category: str
    application_number: str
    substances: tuple[str, ...]
    finished: bool | None


def read_ndc(path: Path) -> ReadRecords[DrugProduct]:
    """Read a product list of the NDC directory.

    Parameters
    ----------
    path : product.txt (also in ndctext.zip, where packages stand beside it), the list of
        unfinished drugs, or the bulk file of openFDA (JSON, zipped or not).

    Returns
    -------
    ReadRecords[DrugProduct]
        One record per row. A row is rejected when its code is not one of labeler and product, or
        its labeler is missing. Days that cannot be read are reported as doubts.

    Raises
    ------
    InvalidRecords
        The file is no such list, or not one row could be read.
    """
    return read_records(path, LAYOUT, _product)


def _product(row: Row) -> DrugProduct:
    product_ndc = normalise_ndc(row.require("product_ndc"))
    if product_ndc is None or product_ndc.count("-") != 1:
        row.refuse("product_ndc", "is not a code of labeler and product, such as 0409-6695")
    return DrugProduct(
        product_ndc=product_ndc,
        product_type=row.text("product_type"),
        proprietary_name=row.text("proprietary_name"),
        generic_name=row.text("generic_name"),
        labeler=row.require("labeler"),
        dosage_form=row.text("dosage_form"),
        routes=listed(row.text("routes")),
        started_on=optional_day(row, "started_on", read_compact_date),
        ended_on=optional_day(row, "ended_on", read_compact_date),
        category=row.text("category"),
        application_number=row.text("application_number"),
        substances=listed(row.text("substances")),
        # The text lists have no such column; the one of unfinished drugs has no routes.
        finished=flag(row, "finished") if row.has("finished") else row.has("routes"),
    )
