"""A bundle can be recomputed to the letter, and any change of it is found."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.errors import InvalidInput
from openqmm.core.ratings import (
    ScoreRow,
    Scores,
    facility_document,
    rate,
    read_bundle,
    recompute,
    seal_bundle,
)
from openqmm.core.records import canonical_json, sha256_hex
from tests.factories import small_area, small_protocol, small_question

PROTOCOL = small_protocol(
    small_area("A", [small_question("A-1", key=True), "A-2", "A-3"]),
    small_area(
        "B", [small_question("B-1", weight="1.5"), small_question("B-2", applies_to=["FDF"])]
    ),
)
ROWS = [
    ScoreRow("F1", assessor, question, score, role, "API")
    for assessor, role, question, score in (
        ("A1", "assessor", "A-1", "2"),
        ("A2", "assessor", "A-1", "5"),
        ("consensus", "consensus", "A-1", "2"),
        ("A1", "assessor", "A-2", "5"),
        ("A2", "assessor", "A-2", "4"),
        ("A1", "assessor", "A-3", "5"),
        ("A2", "assessor", "A-3", "NA"),
        ("A1", "assessor", "B-1", "3"),
        ("A2", "assessor", "B-1", "NR"),
        ("A1", "assessor", "B-2", "4"),
    )
]


def sealed(rows=ROWS, protocol=PROTOCOL):
    (rating,) = rate(protocol, Scores.from_rows(rows)).facilities
    return seal_bundle(protocol, rows, rating, software_version="0.0.0-test")


def changed(**parts):
    document = json.loads(sealed().text) | parts
    return canonical_json(document).decode()


def test_the_text_is_canonical_and_its_digest_is_its_own():
    bundle = sealed()
    assert canonical_json(json.loads(bundle.text)).decode() == bundle.text
    assert bundle.digest == sha256_hex(bundle.text.encode())
    assert bundle.protocol == {"id": "synthetic", "version": "1", "digest": PROTOCOL.digest}
    assert bundle.assessors == 2


def test_the_order_of_the_scores_does_not_matter():
    assert sealed(ROWS[::-1]).text == sealed().text


def test_reading_gives_the_rating_back_as_it_was():
    (rating,) = rate(PROTOCOL, Scores.from_rows(ROWS)).facilities
    bundle = read_bundle(sealed().text)
    assert bundle.rating == rating
    assert bundle.result == facility_document(rating)
    assert bundle.ratings.inputs_digest == Scores.from_rows(ROWS).digest()


@given(st.lists(st.sampled_from(["1", "2", "3", "4", "5", "NR", "NA"]), min_size=10, max_size=10))
def test_any_marks_recompute(marks):
    questions = [question.id for question in PROTOCOL.questions()]
    rows = [
        ScoreRow("F1", f"A{1 + i // 5}", questions[i % 5], mark) for i, mark in enumerate(marks)
    ]
    bundle = sealed(rows)
    verdict = recompute(bundle.text, PROTOCOL, digest=bundle.digest)
    assert verdict.valid, verdict.first_bad
    assert bundle.rating == rate(PROTOCOL, Scores.from_rows(rows)).facilities[0]


def test_a_changed_result_is_found():
    result = json.loads(sealed().text)["result"]
    result["overall"]["level"] += 1
    assert recompute(changed(result=result), PROTOCOL).first_bad == "result"


def test_a_changed_mark_is_found():
    scores = json.loads(sealed().text)["scores"]
    scores[0]["score"] = "3"
    assert recompute(changed(scores=scores), PROTOCOL).first_bad == "inputs"


def test_a_changed_working_is_found():
    working = json.loads(sealed().text)["working"]
    working["coverage"]["overall"] = "1/2"
    assert recompute(changed(working=working), PROTOCOL).first_bad == "result"


def test_another_protocol_or_method_is_found_and_nothing_is_computed():
    other = small_protocol(*PROTOCOL.areas, area_gate=None)
    assert recompute(sealed().text, other).first_bad == "protocol"
    later = changed(method={"id": "openqmm-transparent", "version": "2.0"})
    verdict = recompute(later, PROTOCOL)
    assert verdict.first_bad == "method"
    assert "result" not in {check.name for check in verdict.checks}


def test_another_spelling_or_digest_is_found():
    text = sealed().text
    assert recompute(text.replace(":", ": ", 1), PROTOCOL).first_bad == "canonical"
    assert recompute(text, PROTOCOL, digest="0" * 64).first_bad == "digest"


def test_a_repeated_key_is_found():
    text = sealed().text
    assert recompute('{"format":"x",' + text[1:], PROTOCOL).first_bad == "canonical"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[1]", "its format"),
        ('{"format": "openqmm-ratings/1"}', "openqmm-ratings/1"),
        ('{"format": "openqmm-bundle/1"}', "missing"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_bundle_is_refused_with_a_reason(text, words):
    with pytest.raises(InvalidInput, match=words):
        read_bundle(text)


@pytest.mark.parametrize("part", ["scores", "result", "working", "protocol", "method"])
def test_a_bundle_that_lacks_a_part_is_refused(part):
    document = json.loads(sealed().text)
    del document[part]
    with pytest.raises(InvalidInput, match="missing or malformed"):
        read_bundle(canonical_json(document).decode())


def test_a_score_that_is_no_text_is_refused():
    scores = json.loads(sealed().text)["scores"]
    scores[0]["score"] = 3
    with pytest.raises(InvalidInput, match="score of a score is 3"):
        read_bundle(changed(scores=scores))


def test_scores_of_another_facility_are_not_sealed_in():
    (rating,) = rate(PROTOCOL, Scores.from_rows(ROWS)).facilities
    with pytest.raises(ValueError, match="F2"):
        seal_bundle(PROTOCOL, [ScoreRow("F2", "A1", "A-1", "3")], rating, software_version="0")


def test_under_its_protocol_a_bundle_reads_in_protocol_order():
    backwards = small_protocol(*reversed(PROTOCOL.areas))
    bundle = sealed(protocol=backwards)
    assert list(bundle.rating.areas) == ["A", "B"]
    read = bundle.under(backwards).rating
    assert list(read.areas) == ["B", "A"]
    assert list(read.questions) == [question.id for question in backwards.questions()]
    assert read.areas == bundle.rating.areas
