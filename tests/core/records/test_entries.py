"""Contents and entries are spelt as RFC 8785 spells them, and salted."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.records import (
    NO_ENTRY,
    Act,
    Change,
    canonical_json,
    change_digest,
    content_digest,
    entry,
    event_content,
)
from openqmm.core.records.canonical import plain_json
from openqmm.core.verifier.events import read_content
from openqmm.core.verifier.reading import Unreadable, canonical_object

SALT = bytes(range(32))
ACT = Act(
    event="0e000000-0000-4000-8000-000000000001",
    at="2027-03-01T09:30:00.123456Z",
    actor_id=None,
    actor_name="the platform",
    actor_role="system",
    actor_organisation=None,
    what="score.recorded",
    sentence="recorded a score",
    why="",
    subject_type="assessments.Score",
    subject_id="7",
)
text = st.text(st.characters(exclude_categories=["Cs"]))
records = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcXYZ_09", min_size=1), inner),
    max_leaves=10,
)


@given(records)
def test_the_fast_spelling_is_the_canonical_one(record: object) -> None:
    assert plain_json(record).encode() == canonical_json(record)


@given(text, text, text)
def test_a_content_is_canonical_and_reads_back(name: str, why: str, row: str) -> None:
    act = dataclasses.replace(ACT, actor_name=name, why=why)
    content = event_content(act, SALT, [Change("t", "1", None, row)])
    assert content.encode() == canonical_json(json.loads(content))
    facts = read_content(content)
    assert (facts["actor"]["name"], facts["why"]) == (name, why)
    digest = hashlib.sha256(SALT + row.encode()).hexdigest()
    assert facts["changes"] == [{"after": digest, "before": None, "record": "1", "table": "t"}]


def test_an_entry_is_canonical() -> None:
    made = entry(ACT.event, 7, NO_ENTRY, content_digest(SALT, "x"))
    assert made == canonical_json(json.loads(made))
    assert json.loads(made) == {
        "content": hashlib.sha256(SALT + b"x").hexdigest(),
        "prev": NO_ENTRY,
        "seq": 7,
        "trail": ACT.event,
    }


def test_the_first_entry_follows_64_zeros() -> None:
    assert set(NO_ENTRY) == {"0"}
    assert len(NO_ENTRY) == 64


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_canonical_form(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        plain_json({"a": number})


def test_no_row_has_no_digest() -> None:
    assert change_digest(SALT, None) is None
    assert change_digest(SALT, "") == hashlib.sha256(SALT).hexdigest()


@pytest.mark.parametrize("at", ["2027-03-01T09:30:00Z", "2027-03-01 09:30:00.123456Z", ""])
def test_another_spelling_of_time_is_refused(at: str) -> None:
    with pytest.raises(ValueError, match="UTC time"):
        event_content(dataclasses.replace(ACT, at=at), SALT, [])


def test_text_without_a_form_in_utf8_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        event_content(dataclasses.replace(ACT, why="\ud800"), SALT, [])


@pytest.mark.parametrize(
    "spelt", ['{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":"\\u00e9"}', '{"a":-0}', "[1]"]
)
def test_the_verifier_refuses_other_spellings(spelt: str) -> None:
    with pytest.raises(Unreadable):
        canonical_object(spelt)
