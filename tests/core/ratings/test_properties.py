"""What must hold of every rating, whatever the protocol and the scores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openqmm.core.protocols import Protocol
from openqmm.core.protocols.model import FACILITY_TYPES, document_of
from openqmm.core.ratings import (
    ScoreRow,
    Scores,
    area_calculation,
    overall_calculation,
    rate,
    ratings_json,
)
from openqmm.core.ratings import scores as scores_module
from tests.factories import small_area, small_protocol, small_question
from tests.reference.rating_oracle import rate_by_hand

Case = tuple[Protocol, list[ScoreRow]]

ASSESSORS = ("Ann", "Ben", "Cem", "Dee")
WEIGHTS = ("1", "1", "1", "2", "0.1", "0.3333333", "7.5")
# Mostly numbers, or nearly every area would end up not rated.
MARKS = st.sampled_from(["1", "2", "3", "4", "5", "4", "5", "3", "NR", "NA", None])
CONSENSUS = st.sampled_from([None, None, None, None, "1", "3", "5", "NR", "NA"])
CUTS = st.sampled_from(
    [("1.5", "2.5", "3.5", "4.5"), ("2", "3", "4", "5"), ("1.0001", "3.3333", "3.4", "4.2")]
)


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    weights = st.sampled_from(WEIGHTS)
    types = st.one_of(
        st.just(FACILITY_TYPES), st.lists(st.sampled_from(FACILITY_TYPES), min_size=1, unique=True)
    )
    areas = []
    for a in range(draw(st.integers(1, 4))):
        asked = [
            small_question(
                f"{'DBCA'[a]}{q}",
                key=draw(st.booleans()),
                weight=draw(weights),
                applies_to=draw(types),
            )
            for q in range(draw(st.integers(1, 5)))
        ]
        areas.append(small_area("DBCA"[a], asked, weight=draw(weights)))
    gates = st.sampled_from([1, 1, 0, 2, None])
    return small_protocol(
        *areas,
        cut_points=draw(CUTS),
        coverage_min=draw(st.sampled_from(["0.8", "0.8", "0.5", "0", "1"])),
        min_assessors=draw(st.integers(1, 3)),
        single_assessor=draw(st.sampled_from(["flag", "not_rated"])),
        area_gate=draw(gates),
        overall_gate=draw(gates),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    protocol = draw(protocols())
    rows = []
    for facility in ("F2", "F10", "Ä")[: draw(st.integers(1, 3))]:
        kind = draw(st.sampled_from([None, *FACILITY_TYPES]))
        # A type said once holds for the facility, whichever rows repeat it.
        rows.append(ScoreRow(facility, "Zoe", next(protocol.questions()).id, "4", "assessor", kind))
        for question in protocol.questions():
            marks = draw(st.lists(MARKS, min_size=len(ASSESSORS), max_size=len(ASSESSORS)))
            rows += [
                ScoreRow(facility, who, question.id, mark)
                for who, mark in zip(ASSESSORS, marks, strict=True)
                if mark
            ]
            consensus = draw(CONSENSUS)
            if consensus:
                rows.append(ScoreRow(facility, "Lea", question.id, consensus, "consensus", kind))
    return protocol, rows


def written(protocol: Protocol, rows: Sequence[ScoreRow]) -> bytes:
    return b"".join(ratings_json(rate(protocol, Scores.from_rows(rows))))


def facilities(protocol: Protocol, rows: Sequence[ScoreRow]) -> list[dict[str, Any]]:
    return json.loads(written(protocol, rows))["facilities"]


@given(cases())
@settings(max_examples=250, deadline=None)
def test_a_naive_reading_of_the_method_agrees(case: Case) -> None:
    protocol, rows = case
    plain = [
        (r.facility_id, r.assessor_id, r.question_id, r.score, r.role, r.facility_type or "")
        for r in rows
    ]
    assert facilities(protocol, rows) == rate_by_hand(document_of(protocol), plain)


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_never_matters(case: Case, random: Any) -> None:
    protocol, rows = case
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert written(protocol, shuffled) == written(protocol, rows)


@given(cases())
@settings(max_examples=60, deadline=None)
def test_the_digest_can_be_recomputed_from_its_description(case: Case) -> None:
    _, rows = case
    types = {row.facility_id: row.facility_type for row in rows if row.facility_type}
    lines = sorted(
        (r.facility_id, types.get(r.facility_id, ""), r.assessor_id, r.question_id, r.role, r.score)
        for r in rows
    )
    text = "".join("\t".join(line) + "\n" for line in lines)
    assert Scores.from_rows(rows).digest() == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_does_not_depend_on_how_many_rows_are_hashed_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [ScoreRow(f"F{i % 7}", f"A{i}", "A1", "3") for i in range(50)]
    before = Scores.from_rows(rows).digest()
    monkeypatch.setattr(scores_module, "_ROWS_HASHED_AT_ONCE", 3)
    assert Scores.from_rows(rows).digest() == before


@given(cases())
@settings(max_examples=60, deadline=None)
def test_a_gate_never_raises_a_level(case: Case) -> None:
    protocol, rows = case
    for rating in rate(protocol, Scores.from_rows(rows)).facilities:
        for result in (rating.overall, *rating.areas.values()):
            if result.status != "rated":
                assert (result.level, result.arithmetic_level, result.gates) == (None, None, ())
                continue
            assert 1 <= result.level <= result.arithmetic_level <= 5
            # Each lowering is on record, and nothing else is.
            assert [(g.from_level, g.to_level) for g in result.gates] == (
                [(result.arithmetic_level, result.level)]
                if result.level < result.arithmetic_level
                else []
            )


@given(cases(), st.data())
@settings(max_examples=60, deadline=None)
def test_one_more_na_never_lowers_the_coverage(case: Case, data: st.DataObject) -> None:
    protocol, rows = case
    decided = {(row.facility_id, row.question_id) for row in rows if row.role == "consensus"}
    open_ = sorted({(row.facility_id, row.question_id) for row in rows} - decided)
    if not open_:
        return
    facility, question = data.draw(st.sampled_from(open_))
    more = [*rows, ScoreRow(facility, "New", question, "NA")]
    for before, after in zip(facilities(protocol, rows), facilities(protocol, more), strict=True):
        for id_, area in before["areas"].items():
            # None: nothing applies any more, so nothing is missing.
            now = after["areas"][id_]["coverage"]
            assert now is None or Fraction(now) >= Fraction(area["coverage"] or 0)


@given(cases(), st.sampled_from(["2", "0.001", "3.7", "1000000"]))
@settings(max_examples=60, deadline=None)
def test_scaling_all_weights_changes_nothing(case: Case, factor: str) -> None:
    protocol, rows = case
    by = type(protocol.areas[0].weight)(factor)
    scaled = replace(
        protocol,
        areas=tuple(
            replace(
                area,
                weight=area.weight * by,
                questions=tuple(replace(q, weight=q.weight * by) for q in area.questions),
            )
            for area in protocol.areas
        ),
    )
    assert facilities(scaled, rows) == facilities(protocol, rows)


@given(cases(), st.data())
@settings(max_examples=60, deadline=None)
def test_raising_one_score_never_lowers_an_area(case: Case, data: st.DataObject) -> None:
    protocol, rows = case
    raisable = [i for i, row in enumerate(rows) if row.score in "1234"]
    at = data.draw(st.sampled_from(raisable))
    raised = list(rows)
    raised[at] = replace(rows[at], score=str(int(rows[at].score) + 1))
    for before, after in zip(facilities(protocol, rows), facilities(protocol, raised), strict=True):
        assert {k: v["status"] for k, v in before["areas"].items()} == {
            k: v["status"] for k, v in after["areas"].items()
        }
        for id_, area in before["areas"].items():
            if area["status"] == "rated":
                now = after["areas"][id_]
                assert Fraction(now["score_exact"]) >= Fraction(area["score_exact"])
                assert now["level"] >= area["level"]


@given(cases())
@settings(max_examples=60, deadline=None)
def test_the_worked_calculation_gives_the_score(case: Case) -> None:
    protocol, rows = case
    for rating in rate(protocol, Scores.from_rows(rows)).facilities:
        for id_, area in rating.areas.items():
            if area.status == "rated":
                assert area_calculation(protocol, rating, id_).score == area.score
        if rating.overall.status == "rated":
            assert overall_calculation(protocol, rating).score == rating.overall.score


@given(cases())
@settings(max_examples=40, deadline=None)
def test_a_facility_is_rated_alike_alone_and_among_others(case: Case) -> None:
    protocol, rows = case
    together = facilities(protocol, rows)
    for facility in together:
        own = [row for row in rows if row.facility_id == facility["facility_id"]]
        assert facilities(protocol, own) == [facility]
