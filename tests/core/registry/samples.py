"""One small synthetic file of every kind, in the formats of the real sources."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any


def table(text: str) -> list[list[str]]:
    """Return the rows of a table whose cells are parted by bars; a pilcrow breaks a line."""
    return [line.replace("¶", "\n").split("|") for line in text.splitlines()]


CITATIONS = table("""\
Inspection ID|FEI Number|Legal Name|Inspection End Date|Program Area|Act/CFR Number|\
Short Description|Long Description
77|0003001|Synthetic Works|2024-01-02|Drugs|21 CFR 211.22(d)|Procedures not in writing|\
Procedures of the quality unit are not in writing.
77|3001|Synthetic Works|2024-01-02|Drugs|-|=Cleaning|Line one¶line two
78|3002|Synthetic Device|2024-01-02|Devices|21 CFR 820|Design|Design
""")
COMPLIANCE = table("""\
FEI Number|Legal Name|State|Country/Area|Product Type|Action Taken Date|Action Type|\
Case/Injunction ID
3001|Synthetic Works|-|-|Drugs|2024-06-21|Warning Letter|673796
3002|Synthetic Works Two|Ohio|United States|Drugs|2024-06-21|Warning Letter|673796
-|Synthetic Seller|Guam|United States|Drugs|2023-05-02|Seizure|296
360|Synthetic Sud|-|France|Drugs|2022-05-02|Injunction|297
3002|Synthetic Vet|Ohio|United States|Veterinary|2024-06-21|Warning Letter|673796
""")
FORM483 = table("""\
Record Date|FEI Number|Legal Name|Record Type|Date Posted|Download|Record ID
2024-04-12|3001|Synthetic Works|483|2024-05-21|https://example.org/1/download?attachment|1
-||Synthetic Pharmacy|483|2024-01-17|https://example.org/2/download|2
2015-07-11|Synthetic, Inc.|Synthetic, Inc.|483|2015-08-01|https://example.org/3.pdf|3
""")
RECALLS: list[dict[str, Any]] = [
    {
        "status": "Ongoing",
        "city": "Sunrise",
        "state": "FL",
        "country": "United States",
        "classification": "Class II",
        "openfda": {"product_ndc": ["1234-567"]},
        "product_type": "Drugs",
        "event_id": "91672",
        "recalling_firm": "Synthetic Works, Inc.",
        "voluntary_mandated": f"Voluntary: Firm {word}",
        "recall_number": f"D-000{n}-2023",
        "product_description": f"Tablets of {n} mg,\n100 a bottle",
        "reason_for_recall": "CGMP Deviations",
        "recall_initiation_date": "20230209",
        "center_classification_date": "20230711",
        "report_date": f"2023071{n}",
        "code_info": "Lots",
    }
    for n, word in ((1, "initiated"), (2, "Initiated"))
]
RECALLS += [
    {
        **RECALLS[0],
        "event_id": "91673",
        "recall_number": "",
        "classification": "Not Yet Classified",
        "voluntary_mandated": "FDA Mandated",
        "status": "Terminated",
        "country": "",
        "termination_date": "20230720",
    },
    {**RECALLS[0], "event_id": "91674", "product_type": "Devices"},
]
DASHBOARD_RECALLS = table("""\
FEI Number|Recalling Firm Name|Product Type|Product Classification|Status|Distribution Pattern|\
Recalling Firm City|Recalling Firm State|Recalling Firm Country|Center Classification Date|\
Reason for Recall|Product Description|Event ID|Event Classification|Product ID|Center|\
Recall Details
3001|Synthetic Works|Drugs|Class III|Completed|Nationwide|Sunrise|Florida|United States|\
2023-07-11|Mix-up|Tablets|91675|Class II|201|CDER|-
-|Synthetic Seller|Drugs|Class I|Ongoing|-|Pune|-|India|2023-08-11|Sterility|Drops|91676|Class I|\
202|CDER|-
""")
SHORTAGES: list[dict[str, Any]] = [
    {
        "update_type": "Revised",
        "initial_posting_date": "10/05/2022",
        "package_ndc": "0409-6695-02",
        "generic_name": "Synthetidate Injection",
        "availability": "Limited Avaliable",
        "openfda": {"product_ndc": ["0409-6695"]},
        "update_date": "06/09/2026",
        "therapeutic_category": ["Anesthesia", "Pediatric"],
        "dosage_form": "Injection",
        "presentation": "Synthetidate, Injection, 2 mg/mL (NDC 0409-6695-02)",
        "company_name": "Synthetic Works, Inc.",
        "shortage_reason": "Other",
        "status": "Current",
    },
    {
        "update_type": "New",
        "initial_posting_date": "06/01/2026",
        "discontinued_date": "06/01/2026",
        "package_ndc": "0409-6695-02",
        "generic_name": "Synthetidate Injection",
        "update_date": "06/01/2026",
        "presentation": "Synthetidate, Injection, 2 mg/mL Vial (NDC 0409-6695-02)",
        "company_name": "Synthetic Works, Inc.",
        "status": "To Be Discontinued",
    },
]
SHORTAGES_CSV = """\r
Generic Name,Company Name, Contact Info, Presentation, Type of Update,Date of Update,\
 Availability Information, Related Information, Resolved Note, Reason for Shortage,\
 Therapeutic Category, Status, Change Date, Date Discontinued, Initial Posting Date,\
 Generic Name Note, Generic Name Link , Company Info Link, Availability Link, Related Info Link,\
   Resolved Note Link, Discontinued Note Link\r
"Synthetidate Tablet","Synthetic Works","800","Synthetidate, Tablet (NDC 71288-723-52)","New",\
"1/3/23","","","","","Analgesia","To be Discontinued","","1/3/23","12/31/22","","","","","","",""\r
"Synthetidate Tablet","Synthetic Works","800","Synthetidate, Tablet, 2 mg","New","11/03/2025",\
"","","","","Analgesia","Resolved","","","11/03/2025","","","","","","",""\r
"""
PRODUCT_TXT = [
    "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\t"
    "NONPROPRIETARYNAME\tDOSAGEFORMNAME\tROUTENAME\tSTARTMARKETINGDATE\tENDMARKETINGDATE\t"
    "MARKETINGCATEGORYNAME\tAPPLICATIONNUMBER\tLABELERNAME\tSUBSTANCENAME\t"
    "ACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\t"
    "NDC_EXCLUDE_FLAG\tLISTING_RECORD_CERTIFIED_THROUGH",
    '0409-6695_1\t0409-6695\tHUMAN PRESCRIPTION DRUG\tSynthé 5"\t\tsynthetidate\t'
    "INJECTION\tINTRAVENOUS; SUBCUTANEOUS\t20200115\t\tNDA\tNDA000001\tSynthétic\t"
    "SYNTHETIDATE; SYNTHETIDONE\t2; 3\tmg/mL; mg/mL\t\t\tN\t20261231",
    "71288-723_1\t71288-723\tHUMAN OTC DRUG\tOther\t\tother\tTABLET\tORAL\t20210101\t20280101\t"
    "OTC\t\tSynthetic Works\tOTHER\t1\tmg\t\t\tN\t20261231",
]
PACKAGE_TXT = (
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\t"
    "ENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\tSAMPLE_PACKAGE\r\n"
    "0409-6695_1\t0409-6695\t0409-6695-02\t1 VIAL\t20200115\t\tN\tN\r\n"
)
NDC_JSON: dict[str, Any] = {
    "product_id": "0409-6695_1",
    "product_ndc": "0409-6695",
    "spl_id": "1",
    "product_type": "HUMAN PRESCRIPTION DRUG",
    "finished": True,
    "brand_name": "Synthe",
    "generic_name": "synthetidate",
    "dosage_form": "INJECTION",
    "route": ["INTRAVENOUS", "SUBCUTANEOUS"],
    "marketing_start_date": "20200115",
    "marketing_category": "NDA",
    "application_number": "NDA000001",
    "labeler_name": "Synthetic Works",
    "active_ingredients": [{"name": "SYNTHETIDATE", "strength": "2 mg/mL"}],
    "packaging": [{"package_ndc": "0409-6695-02", "sample": False}],
    "openfda": {"manufacturer_name": ["Synthetic Works"]},
}
ALERT_CSV = [
    ["alert", "firm", "address", "country", "published_on", "fei"],
    ["66-40", "Synthetic Works", "1 Road, Pune", "India", "02/03/2024", "3001"],
    ["66-40", "Synthetic Sud", "2 Rue, Lyon", "France", "2023-02-03", ""],
]
ALERT_PAGE = """<!DOCTYPE html><html><head><title>Import Alert 66-40</title>
<style>h4 { margin: 0 }</style></head><body><h1>Import Alert 66-40</h1>
<div class="main"><p>"Detention Without Physical Examination"
<h4>FRANCE</h4>
<div class="div-info"><div class="div-name floatleft">Synth&eacute;tic Sud</div>
<div class="floatright">Date Published: 02/03/2023</div>
<div class="clear">2 Rue, <br>Lyon, 69000 FRANCE</div>
<div>66 - - - - Drugs; all</div><div>Notes: refused an inspection</div></div>
<h4>INDIA</h4>
<div class="div-info"><div class="div-name floatleft">Synthetic Works</div>
<div class="floatright">Date Published: 12/30/2024</div><div class="clear"></div>
<div class="clear">1 Road, Pune, INDIA</div>
<div>62 G - - 99 Antibiotics</div><div>66 V - - 01 Ointment</div></div>
<div class="div-info"><div class="div-name floatleft">Synthetic Nowhere</div>
<div class="floatright">Date Published: soon</div><div class="clear">3 Road</div></div>
</div><div class="footer">66 Footer Road</div></body></html>
"""


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as the text of a CSV file."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def openfda_text(records: list[dict[str, Any]], updated: str = "2026-06-19") -> str:
    """Return records as the text of one of openFDA's bulk files."""
    return json.dumps({"meta": {"last_updated": updated}, "results": records})
