"""Records are linked to sites by number, name and place; what is only similar goes to a person."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.registry.firm_names import distinctive_words, fold_firm, folded_names
from openqmm.core.registry.linkage import (
    Link,
    LinkCounts,
    Linker,
    Named,
    Unlinked,
    count_links,
    sites_of,
)
from openqmm.core.registry.records import Establishment, Inspection


def establishment(fei: str | None, name: str, address: str, **fields: Any) -> Establishment:
    given = {"duns": None, "country": "USA", "operations": (), "expires_on": None} | fields
    return Establishment(fei=fei, name=name, address=address, **given)


ESTABLISHMENTS = [
    establishment("1001", "Synthecor Laboratories, Inc.", "1 Road, Springfield, Ohio (OH) 45501"),
    establishment("1002", "Synthecor Laboratories Ltd", "2 Road, Dayton, Ohio (OH) 45402"),
    establishment("1003", "Quellmed GmbH", "Weg 1, Köln, 50667", country="DEU", duns="123456789"),
    establishment("1004", "Brightwater Pharma S.A. de C.V.", "Calle 1, Toluca", country="MEX"),
    establishment("1005", "Old Oak Company dba Oak Compounding", "5 Road, Salem, Oregon (OR) 9"),
    establishment("1006", "Pharmaceutical Products Inc.", "6 Road, Salem, Oregon (OR) 97301"),
    establishment(None, "Nameless Works", "7 Road, Salem, Oregon (OR) 97301", duns="987654321"),
    establishment("1008", "Twin Peaks", "8 Road, Salem, Oregon (OR) 97301", duns="111111111"),
]


@pytest.fixture
def linker() -> Linker:
    return Linker(sites_of(ESTABLISHMENTS))


@pytest.mark.parametrize(
    ("record", "fei", "method"),
    [
        (Named("Anything", fei="0000001001"), "1001", "fei"),
        (Named("Anything", duns="12-345-6789"), "1003", "duns"),
        (Named("Anything", duns="987654321"), None, None),
        (Named("SYNTHECOR LABORATORIES LLC", "Springfield", "USA"), "1001", "name_city"),
        (Named("Synthecor Laboratories", "Akron", "USA"), None, None),
        (Named("Synthecor Laboratories", country="USA"), None, None),
        (Named("Quellmed", "Koln", "DEU"), "1003", "name_city"),
        (
            Named("Quellmed", address="Weg 1, 50667 KÖLN, GERMANY", country="DEU"),
            "1003",
            "name_city",
        ),
        (Named("Brightwater Pharma SA", country="MEX"), "1004", "name_country"),
        (Named("Brightwater Pharma SA", country="USA"), None, None),
        (Named("Brightwater Pharma SA"), None, None),
        (Named("Oak Compounding", "Salem", "USA"), "1005", "name_city"),
        (Named("Synthekor Laboratories", "Dayton", "USA"), None, None),
        (Named("Brightwatter Pharma", "Toluca", "MEX"), "1004", "fuzzy"),
        (Named("Brightwatter", country="MEX"), None, None),
        (Named("Brightwatter Pharma", country="MEX"), "1004", "fuzzy"),
        (Named("", "Salem", "USA"), None, None),
    ],
)
def test_rules(linker: Linker, record: Named, fei: str | None, method: str | None) -> None:
    found = linker.link(record)
    if fei is None:
        assert isinstance(found, Unlinked)
    else:
        assert isinstance(found, Link)
        assert (found.fei, found.method) == (fei, method)
        assert found.evidence
        assert found.score == 100 if method != "fuzzy" else 95 <= found.score < 100


def test_record_with_an_unknown_fei_is_not_linked_by_its_name(linker: Linker) -> None:
    found = linker.link(Named("Quellmed", "Köln", "DEU", fei="9999"))
    assert isinstance(found, Unlinked)
    assert [candidate.fei for candidate in found.candidates] == ["1003"]


def test_name_and_city_of_two_sites_is_for_review() -> None:
    twins = [establishment(fei, "Twin Works", f"{fei} Road, Salem, Oregon") for fei in ("1", "2")]
    found = Linker(sites_of(twins)).link(Named("Twin Works", "Salem", "USA"))
    assert isinstance(found, Unlinked)
    assert [(c.fei, c.score, c.same_place) for c in found.candidates] == [
        ("2", 100, True),
        ("1", 100, True),
    ]


def test_candidates_of_the_same_place_come_first_and_few(linker: Linker) -> None:
    found = linker.link(Named("Synthecor Labs Two", "Dayton", "USA"))
    assert isinstance(found, Unlinked)
    assert [(c.fei, c.same_place) for c in found.candidates] == [("1002", True), ("1001", False)]
    many = [establishment(str(n), f"Quadrivex {n}", f"Road, City {n}") for n in range(1, 20)]
    reviewed = Linker(sites_of(many)).link(Named("Quadrivex Incorporated", "Elsewhere", "USA"))
    assert isinstance(reviewed, Unlinked)
    assert len(reviewed.candidates) == 5


def test_common_words_of_the_trade_do_not_score(linker: Linker) -> None:
    found = linker.link(Named("Pharmaceutical Laboratories Products International", country="USA"))
    assert found == Unlinked(())
    assert distinctive_words(fold_firm("Global Pharma Labs")) == ""


def test_similar_name_in_another_country_is_no_candidate(linker: Linker) -> None:
    assert linker.link(Named("Quellmedd", country="USA")) == Unlinked(())
    anywhere = linker.link(Named("Quellmedd"))
    assert isinstance(anywhere, Unlinked)
    assert [candidate.fei for candidate in anywhere.candidates] == ["1003"]


def test_inspected_sites_are_known_by_their_city(inspection: Any) -> None:
    inspected: Inspection = inspection("2024-01-02", fei="2001", city="Pune", legal_name="Works")
    linker = Linker(sites_of([], [inspected]))
    found = linker.link(Named("The Works, Ltd.", "PUNE", "IND"))
    assert isinstance(found, Link)
    assert found.fei == "2001"


def test_counts(linker: Linker) -> None:
    quellmed = Named("Quellmed", "Köln", "DEU")
    records = [quellmed, quellmed, Named("x", fei="1001"), Named("Quelmed"), Named("Unheard-of")]
    counts = count_links(records, linker)
    assert counts == LinkCounts(5, {"name_city": 2, "fei": 1}, reviewable=1)
    assert counts.linked == 3


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Synthétic & Sons, Co., Ltd.", ("synthetic sons",)),
        ("SYNTHETIC (PVT.) LTD", ("synthetic",)),
        ("Dr. O'Synth's L.L.C.", ("dr osynths",)),
        ("Synth Works, Inc., a Parent Company", ("synth works",)),
        ("Synth LLC d/b/a Corner Drugs", ("synth", "corner drugs")),
        ("Synth D.B.A. Synth Inc", ("synth",)),
        ("Limited", ("limited",)),
        ("合成", ("合成",)),
        ("", ()),
    ],
)
def test_folded_names(name: str, names: tuple[str, ...]) -> None:
    assert folded_names(name) == names


NAMES = st.text(alphabet="ab c.&'", max_size=12)


@given(name=NAMES, other=NAMES, city=NAMES)
def test_below_95_nothing_is_linked_by_a_similar_name(name: str, other: str, city: str) -> None:
    site = establishment("1", other, f"Road, {city}")
    found = Linker(sites_of([site])).link(Named(name, city, "USA"))
    if isinstance(found, Link):
        assert found.score >= 95
        assert found.fei == "1"


@given(order=st.permutations(ESTABLISHMENTS))
def test_order_of_the_sites_never_matters(order: list[Establishment]) -> None:
    records = [Named("Synthecor Labs"), Named("Oak Compounding", "Salem", "USA")]
    expected = [Linker(sites_of(ESTABLISHMENTS)).link(record) for record in records]
    assert [Linker(sites_of(order)).link(record) for record in records] == expected
