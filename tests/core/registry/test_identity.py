"""FEI, DUNS and countries: what compares equal, and what is no identity at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.registry.countries import alpha3_by_spelling, alpha3_codes
from openqmm.core.registry.identity import (
    country_code,
    country_of_address,
    is_domestic_country,
    is_fei_placeholder,
    normalise_duns,
    normalise_fei,
)

BLANKS = st.text(alphabet=" \t\r\n\u00a0", max_size=4)
FEI_NUMBERS = st.integers(min_value=1, max_value=9_999_999_999)


@given(FEI_NUMBERS, st.integers(min_value=0, max_value=12), BLANKS, BLANKS)
def test_padding_and_blanks_never_change_an_fei(
    number: int, zeros: int, before: str, after: str
) -> None:
    assert normalise_fei(f"{before}{'0' * zeros}{number}{after}") == str(number)


@given(st.text(max_size=14))
def test_normalised_fei_is_digits_and_stays_itself(text: str) -> None:
    fei = normalise_fei(text)
    if fei is not None:
        assert fei.isascii()
        assert fei.isdigit()
        assert not fei.startswith("0")
        assert len(fei) <= 10
        assert normalise_fei(fei) == fei


@given(FEI_NUMBERS, FEI_NUMBERS)
def test_two_feis_compare_equal_only_when_they_are_the_same_number(a: int, b: int) -> None:
    assert (normalise_fei(f"{a:010d}") == normalise_fei(str(b))) == (a == b)


@pytest.mark.parametrize("text", ["", "  ", "-", "0000000", "0000000000", None, "null"])
def test_fei_placeholder_is_missing(text: str | None) -> None:
    assert normalise_fei(text) is None
    assert is_fei_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["3.00433E+09", "FEI 3004", "3004 3335", "12345678901", "3004333526.0", "３００４"],
)
def test_misspelt_fei_is_neither_read_nor_taken_for_missing(text: str) -> None:
    assert normalise_fei(text) is None
    assert not is_fei_placeholder(text)


@pytest.mark.parametrize(("text", "fei"), [("0000000360", "360"), ("0001196", "1196")])
def test_short_feis_are_genuine(text: str, fei: str) -> None:
    assert normalise_fei(text) == fei


@pytest.mark.parametrize(
    ("text", "duns"),
    [
        ("069529323", "069529323"),
        (" 69-529-3236 ", "695293236"),
        ("69529323", None),
        ("0000000000001", None),
        ("000000000", None),
        ("-", None),
        (None, None),
    ],
)
def test_duns_keeps_its_zeros_and_is_never_padded(text: str | None, duns: str | None) -> None:
    assert normalise_duns(text) == duns


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Korea (the Republic of)", "KOR"),
        ("Korea (the Democratic People's Republic of)", "PRK"),
        ("Korea, South", "KOR"),
        ("United Kingdom of Great Britain and Northern Ireland (the)", "GBR"),
        ("Côte d'Ivoire", "CIV"),
        ("Türkiye", "TUR"),
        ("Netherlands (Kingdom of the)", "NLD"),
        ("united states", "USA"),
        ("USA", "USA"),
        ("in", "IND"),
        ("Hong Kong", "HKG"),
        ("-", None),
        ("", None),
        (None, None),
        ("Freedonia", None),
    ],
)
def test_country_by_code_or_name(text: str | None, code: str | None) -> None:
    assert country_code(text) == code


def test_country_table_is_complete_and_unambiguous() -> None:
    assert len(alpha3_codes()) == 249
    by_spelling = alpha3_by_spelling()
    assert set(by_spelling.values()) == alpha3_codes()
    # A folded spelling that stood for two countries would have lost one of its entries.
    assert by_spelling["congo"] == "COG"
    assert by_spelling["congo democratic republic of"] == "COD"
    assert by_spelling["niger"] != by_spelling["nigeria"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("1 Mill Road, Pune, 411001, India (IND)  ", "IND"),
        ("1 Main St, Springfield (IL), United States (USA)", "USA"),
        ("1 Main St, Springfield (IL)", None),
        ("1 Peach St, Atlanta, Georgia", None),
        ("1 Front St, Dover, DE", None),
        ("1 Some St, Praha, 149 00, Czechia", "CZE"),
        ("1 Some St, Nowhere (QQQ)", None),
        ("", None),
    ],
)
def test_country_of_address_reads_only_its_tail(address: str, code: str | None) -> None:
    assert country_of_address(address) == code


def test_territories_are_domestic_and_unknown_stays_unknown() -> None:
    assert is_domestic_country("PRI") is True
    assert is_domestic_country("CHN") is False
    assert is_domestic_country(None) is None
