"""What stands in a field is of its shape, or it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openqmm.core.verifier import reading
from tests.core.verifier.ledgers import ALDER, at

DIGEST = "0" * 64


@pytest.mark.parametrize(
    ("fits", "good", "bad"),
    [
        (reading.is_text_or_null, ["", "a", None], [0, [], False]),
        (reading.is_count, [0, 1, 2**53], [-1, 2**53 + 1, True, 1.0, "1", None]),
        (reading.is_digest, [DIGEST], ["", DIGEST[1:], DIGEST + "0", "A" * 64, 0, None]),
        (reading.is_digest_or_null, [DIGEST, None], ["", DIGEST[1:], 0]),
        (reading.is_uuid, [ALDER], ["", ALDER[1:], ALDER.upper(), f"{ALDER}\n", 0, None]),
        (reading.is_uuid_or_null, [ALDER, None], ["", ALDER[1:], 0]),
        (reading.is_time, [at(0)], ["", at(0)[:-1], at(0).replace("T", " "), f"{at(0)}\n", 0]),
        (reading.is_path, [[], [DIGEST], [DIGEST] * 64], [[DIGEST] * 65, [""], DIGEST, None]),
    ],
)
def test_a_field_is_of_its_shape(
    fits: Callable[[Any], bool], good: list[object], bad: list[object]
) -> None:
    assert all(fits(value) for value in good)
    assert not any(fits(value) for value in bad)


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ({"a": 1, "b": "x"}, None),
        ([], "an object was expected"),
        ({"a": 1}, "fields missing or unknown: b"),
        ({"a": 1, "b": "x", "d": 1, "c": 1}, "fields missing or unknown: c, d"),
        ({"a": -1, "b": "x"}, "a is malformed"),
        ({"a": 1, "b": 1}, "b is malformed"),
        ({"x" * 50: 1}, f"fields missing or unknown: a, b, {'x' * 40}"),
        (dict.fromkeys("defghi", 1), "fields missing or unknown: a, b, d, e, f"),
    ],
)
def test_an_object_has_these_fields_and_no_others(found: Any, fault: str | None) -> None:
    assert reading.misfits(found, {"a": reading.is_count, "b": str}) == fault
