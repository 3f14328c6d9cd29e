"""One site's registration and look-back window: edges, ties, several rows of one FEI."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest

from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.records import Establishment, Inspection
from openqmm.core.registry.windows import fiscal_year_start, window_start

MakeInspection = Callable[..., Inspection]
AS_OF = date(2026, 6, 1)


def establishment(
    duns: str, operations: tuple[str, ...] = (), country: str | None = "IND", **other: object
) -> Establishment:
    given: dict[str, object] = {"fei": "3001", "expires_on": date(2025, 12, 31)}
    return Establishment(
        duns=duns,
        name=f"Site {duns}",
        address="1 Road",
        country=country,
        operations=operations,
        **given | other,
    )


def test_several_duns_of_one_fei_are_united_whatever_their_order() -> None:
    rows = [
        establishment("111111111", ("PACK",)),
        establishment("333333333", ("MANUFACTURE",)),
        establishment("222222222", ("API MANUFACTURE", "LABEL")),
    ]
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        record = Registry(rows, ()).facility_record(" 0000003001")
        assert record is not None
        # A maker gives the name although a packer has the lowest DUNS.
        assert record.name == "Site 222222222"
        assert record.activities == {"API", "FDF"}
        assert record.duns == ("222222222", "333333333", "111111111")
        assert (record.country, record.is_domestic) == ("IND", False)


def test_only_the_rows_that_expire_last_stand() -> None:
    old = establishment("111111111", ("API MANUFACTURE",), expires_on=date(2024, 12, 31))
    new = establishment("111111111", ("MANUFACTURE",))
    record = Registry([old, new], ()).facility_record("3001")
    assert record is not None
    assert record.activities == {"FDF"}
    assert record.expires_on == date(2025, 12, 31)


def test_countries_that_disagree_make_the_country_unknown() -> None:
    pair = [establishment("111111111"), establishment("222222222", country="USA")]
    record = Registry(pair, ()).facility_record("3001")
    assert record is not None
    assert record.country is None
    assert record.is_domestic is None
    pair[1] = establishment("222222222", country=None)
    record = Registry(pair, ()).facility_record("3001")
    assert record is not None
    assert record.country == "IND"


@pytest.mark.parametrize("fei", ["3002", "", "-", "0000000000", "not one"])
def test_unknown_fei_has_no_record_and_an_empty_window(
    fei: str, inspection: MakeInspection
) -> None:
    unnumbered = establishment("444444444", fei=None)
    registry = Registry([establishment("111111111"), unnumbered], [inspection("2025-01-01")])
    assert registry.facility_record(fei) is None
    window = registry.inspections_in_window(fei, AS_OF)
    assert window.inspections == ()
    assert window.current_classification is None
    assert not window.has_oai


def test_window_includes_both_its_ends(inspection: MakeInspection) -> None:
    days = ["2021-05-31", "2021-06-01", "2024-01-01", "2026-06-01", "2026-06-02"]
    registry = Registry((), [inspection(day) for day in days])
    window = registry.inspections_in_window("3001", AS_OF, years=5)
    assert [str(i.ended_on) for i in window.inspections] == days[3:0:-1]
    assert (window.first_on, window.last_on) == (date(2021, 6, 1), AS_OF)


def test_other_project_areas_do_not_count(inspection: MakeInspection) -> None:
    registry = Registry(
        (),
        [
            inspection("2024-01-01", "VAI", inspection_id="7"),
            inspection(
                "2024-01-01",
                "OAI",
                inspection_id="7",
                project_area="Unapproved and Misbranded Drugs",
            ),
            inspection("2025-01-01", "OAI", project_area="Bioresearch Monitoring"),
        ],
    )
    window = registry.inspections_in_window("3001", AS_OF)
    assert window.current_classification == "VAI"
    assert not window.has_oai
    other = registry.inspections_in_window("3001", AS_OF, project_area="Bioresearch Monitoring")
    assert other.current_classification == "OAI"


@pytest.mark.parametrize(
    ("classes", "current"),
    [
        (("NAI", "VAI"), "VAI"),
        (("OAI", "NAI", "VAI"), "OAI"),
        (("NAI", None), None),
        (("VAI", None), None),
        (("OAI", None), "OAI"),
        (("NAI",), "NAI"),
    ],
)
def test_least_favourable_class_of_the_latest_day_stands(
    inspection: MakeInspection, classes: tuple[str | None, ...], current: str | None
) -> None:
    tied = [inspection("2025-03-01", c, inspection_id=str(i)) for i, c in enumerate(classes)]
    older = inspection("2025-02-28", "OAI")
    for rows in ([older, *tied], [*reversed(tied), older]):
        window = Registry((), rows).inspections_in_window("3001", AS_OF)
        assert window.current_classification == current
        assert window.has_oai


def test_window_start_on_a_leap_day_and_out_of_bounds() -> None:
    assert window_start(date(2024, 2, 29), 4) == date(2020, 2, 29)
    assert window_start(date(2024, 2, 29), 5) == date(2019, 2, 28)
    for years in (0, -1, 3000):
        with pytest.raises(ValueError, match="at least 1 year"):
            window_start(AS_OF, years)


def test_fiscal_year_starts_in_october_before() -> None:
    assert fiscal_year_start(2020) == date(2019, 10, 1)
