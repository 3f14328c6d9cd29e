"""The twenty-four invented facilities that apply, and where each one's story has got to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One invented facility.

    `outcome` is how far its story goes; `strength` the mean level its assessors see,
    `weak_area` the one area that lags behind it; `latest_class` the classification in its
    synthetic inspection record.
    """

    manufacturer: str
    name: str
    fei: str
    duns: str
    place: str
    country: str
    facility_type: str
    size: str
    products: str
    outcome: str
    strength: float
    weak_area: str = ""
    latest_class: str = "VAI"


def _site(number: int, *fields: str, **more: object) -> DemoSite:
    manufacturer, name, place, country, kind, size, products, outcome = fields
    fei, duns = f"3099{number:06d}", f"0990{number:05d}"
    return DemoSite(
        manufacturer, name, fei, duns, place, country, kind, size, products, outcome, **more
    )


API_SITES = (
    _site(
        1,
        "Vellankur Actives",
        "Vellankur Actives, Block 7",
        "Plot 7, Pashamylaram, Hyderabad 502307, India (IND)",
        "IND",
        "API",
        "large",
        "Metformin hydrochloride, losartan potassium",
        "published_areas",
        strength=3.5,
        weak_area="INV",
    ),
    _site(
        2,
        "Ostermark Feinchemie",
        "Ostermark Feinchemie, Werk Nord",
        "Hafenstrasse 12, 24937 Flensburg, Germany (DEU)",
        "DEU",
        "API",
        "medium",
        "Heparin sodium, lidocaine",
        "issued",
        strength=3.9,
        latest_class="NAI",
    ),
    _site(
        3,
        "Torrelaguna Síntesis",
        "Torrelaguna Síntesis",
        "Carretera 3, 28180 Torrelaguna, Spain (ESP)",
        "ESP",
        "API",
        "medium",
        "Amoxicillin trihydrate",
        "factual_check",
        strength=2.9,
    ),
    _site(
        4,
        "Haizhou Lantern Pharmachem",
        "Haizhou Lantern 海州灯塔",
        "88 Lantern Road, Lianyungang 222000, China (CHN)",
        "CHN",
        "API",
        "large",
        "Valsartan, oxytocin",
        "consensus",
        strength=3.2,
        weak_area="SERC",
    ),
    _site(
        5,
        "Brigmoor Actives",
        "Brigmoor Actives, Cork",
        "Unit 4, Ringaskiddy, Cork, Ireland (IRL)",
        "IRL",
        "API",
        "small",
        "Fentanyl citrate",
        "scoring",
        strength=3.6,
        latest_class="NAI",
    ),
    _site(
        6,
        "Pinewick Chimica",
        "Pinewick Chimica, Lodi",
        "Via dei Tigli 9, 26900 Lodi, Italy (ITA)",
        "ITA",
        "API",
        "medium",
        "Vancomycin hydrochloride",
        "scoring",
        strength=2.7,
    ),
    _site(
        7,
        "Sunderwal Intermediates",
        "Sunderwal Intermediates",
        "GIDC Estate, Ankleshwar 393002, India (IND)",
        "IND",
        "API_INTERMEDIATE",
        "small",
        "Penicillin G amidase intermediates",
        "in_progress",
        strength=2.4,
    ),
    _site(
        8,
        "Hanbit Molecules",
        "Hanbit Molecules 한빛",
        "21 Hanbit-ro, Cheongju, Korea (KOR)",
        "KOR",
        "API",
        "medium",
        "Cisplatin, carboplatin",
        "questionnaire_out",
        strength=3.1,
    ),
    _site(
        9,
        "Norrvik Biosynth",
        "Norrvik Biosynth",
        "Fabriksvej 2, 4400 Kalundborg, Denmark (DNK)",
        "DNK",
        "API",
        "large",
        "Insulin glargine",
        "planned",
        strength=4.1,
        latest_class="NAI",
    ),
    _site(
        10,
        "Kisogawa Works",
        "Kisogawa Works 木曽川",
        "5-2 Kawabata, Ichinomiya, Japan (JPN)",
        "JPN",
        "API",
        "medium",
        "Cefazolin sodium",
        "reserve",
        strength=3.3,
        latest_class="NAI",
    ),
    _site(
        11,
        "Qingshui Harbour Chemical",
        "Qingshui Harbour Chemical",
        "12 Harbour Road, Taizhou 318000, China (CHN)",
        "CHN",
        "API",
        "large",
        "Sartans",
        "ineligible",
        strength=2.0,
        latest_class="OAI",
    ),
    _site(
        12,
        "Aldermere Fermentation",
        "Aldermere Fermentation",
        "Seeweg 1, 3930 Visp, Switzerland (CHE)",
        "CHE",
        "API",
        "small",
        "Tacrolimus",
        "not_selected",
        strength=3.0,
        latest_class="NAI",
    ),
)

FDF_SITES = (
    _site(
        13,
        "Larkfield Sterile",
        "Larkfield Sterile, Dayton",
        "400 Larkfield Way, Dayton, OH 45402, United States (USA)",
        "USA",
        "FDF",
        "large",
        "Sodium bicarbonate injection, morphine injection",
        "published_areas",
        strength=3.8,
        latest_class="NAI",
    ),
    _site(
        14,
        "Copper Kettle Injectables",
        "Copper Kettle Injectables",
        "77 Foundry Street, Muncie, IN 47302, United States (USA)",
        "USA",
        "FDF",
        "medium",
        "Vincristine injection, methotrexate injection",
        "published_areas",
        strength=3.0,
        weak_area="PLN",
    ),
    _site(
        15,
        "Juniper Row Pharma",
        "Juniper Row Pharma, Plant 2",
        "2 Juniper Row, Cranbury, NJ 08512, United States (USA)",
        "USA",
        "FDF",
        "large",
        "Levothyroxine tablets",
        "published_areas",
        strength=4.2,
        latest_class="NAI",
    ),
    _site(
        16,
        "Tidewater Tablets",
        "Tidewater Tablets",
        "15 Dock Street, Norfolk, VA 23510, United States (USA)",
        "USA",
        "FDF",
        "medium",
        "Lisinopril tablets, metoprolol tablets",
        "published_overall",
        strength=2.6,
    ),
    _site(
        17,
        "Bluestem Oral Solids",
        "Bluestem Oral Solids",
        "910 Prairie Avenue, Salina, KS 67401, United States (USA)",
        "USA",
        "FDF",
        "small",
        "Potassium chloride tablets",
        "published_named",
        strength=3.4,
    ),
    _site(
        18,
        "Harbour Light Ophthalmics",
        "Harbour Light Ophthalmics",
        "3 Quay Lane, Gloucester, MA 01930, United States (USA)",
        "USA",
        "FDF",
        "small",
        "Timolol eye drops",
        "issued",
        strength=2.8,
        weak_area="SCM",
    ),
    _site(
        19,
        "Sycamore Creek Parenterals",
        "Sycamore Creek Parenterals",
        "1200 Creek Road, Bristol, TN 37620, United States (USA)",
        "USA",
        "FDF",
        "large",
        "Heparin injection, saline",
        "proposed",
        strength=3.6,
        weak_area="QC",
    ),
    _site(
        20,
        "Prairie Rose Liquids",
        "Prairie Rose Liquids",
        "44 Rose Street, Ames, IA 50010, United States (USA)",
        "USA",
        "FDF",
        "small",
        "Amoxicillin oral suspension",
        "final",
        strength=3.1,
    ),
    _site(
        21,
        "Old Mill Topicals",
        "Old Mill Topicals",
        "6 Mill Lane, Lancaster, PA 17603, United States (USA)",
        "USA",
        "FDF",
        "medium",
        "Hydrocortisone cream",
        "consensus",
        strength=2.5,
    ),
    _site(
        22,
        "Granite Pass Inhalation",
        "Granite Pass Inhalation",
        "18 Pass Road, Concord, NH 03301, United States (USA)",
        "USA",
        "FDF",
        "medium",
        "Albuterol inhaler",
        "reserve",
        strength=3.2,
    ),
    _site(
        23,
        "Palmetto Cove Pharma",
        "Palmetto Cove Pharma",
        "70 Cove Drive, Charleston, SC 29401, United States (USA)",
        "USA",
        "FDF",
        "small",
        "Lidocaine patches",
        "ineligible",
        strength=2.2,
        latest_class="OAI",
    ),
    _site(
        24,
        "Vellankur Actives",
        "Vellankur Finished Dose, Reno",
        "500 Basin Road, Reno, NV 89502, United States (USA)",
        "USA",
        "FDF",
        "medium",
        "Metformin tablets",
        "not_selected",
        strength=3.0,
        latest_class="NAI",
    ),
)

SITES = API_SITES + FDF_SITES

ACCEPTED = frozenset(
    {
        "planned",
        "questionnaire_out",
        "in_progress",
        "scoring",
        "consensus",
        "factual_check",
        "final",
        "proposed",
        "issued",
        "published_areas",
        "published_overall",
        "published_named",
    }
)
"""The outcomes of facilities that were selected and took their place."""
