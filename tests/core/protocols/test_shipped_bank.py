"""The shipped questions and protocols keep the rules they were written under."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest

from openqmm.core.protocols import Question, read_yaml, shipped_bank, shipped_ids, shipped_protocol
from openqmm.core.protocols.reading import QuestionBank
from openqmm.core.protocols.schema import QuestionIn

PILOT_AREAS = ("SCM", "RM", "SERC", "MSO", "PMCI", "INV", "CX", "WF", "MRR", "PLN", "QC")
SUCCESSOR_AREAS = ("MCQ", "BC", "APQS", "TE", "EEE")
LEVEL_NAMES = ["Reactive", "Managed", "Proactive", "Predictive", "Optimising"]

# Words that stand for a degree where a level must describe a practice.
BANNED = re.compile(
    r"\b(partially|mostly|fully|robust|best-in-class|effective|effectively|more and more)\b",
    re.IGNORECASE,
)
# An inspection's words; a maturity assessment is none.
INSPECTION = re.compile(r"non-compliance|form 483|audit score|pass/fail", re.IGNORECASE)

METRICS = frozenset(
    [
        *("lar", "rft", "rework", "ppk", "cpk", "yield", "dev_rate", "dev_major_share"),
        *("dev_repeat", "dev_no_root", "dev_human", "dev_ontime", "dev_age", "capa_ontime"),
        *("capa_eff", "capa_prevent", "capa_retrain", "oos_rate", "ioosr", "lab_leadtime"),
        *("calib_ontime", "stability_fail", "em_excursion", "pqcr", "pqcr_crit", "recalls"),
        *("far_ontime", "apr_ontime", "cc_cycle", "cc_eff", "audit_repeat", "audit_ontime"),
        *("di_findings", "supp_lar", "supp_otif", "supp_qualified", "otif", "backorder", "doh"),
        *("ss_cover", "disp_ontime", "release_cycle", "sched_adh", "lead_adh", "fc_acc", "oee"),
        *("pm_ontime", "unplanned_mx", "train_ontime", "train_eff", "turnover", "vacancy", "trir"),
        *("near_miss", "suggest", "suggest_impl", "culture_score", "resp_rate", "mgmt_review"),
        "risk_review",
    ]
)


@pytest.fixture(scope="module")
def bank() -> QuestionBank:
    return shipped_bank()


def of_area(bank: QuestionBank, area: str) -> list[QuestionIn]:
    return [q for name, q in bank.questions.items() if name.rpartition("-")[0] == area]


def every_text(question: QuestionIn) -> Iterator[str]:
    yield question.text
    yield question.intent
    yield from question.levels.texts().values()
    for texts in question.criteria.values():
        yield from texts
    yield from question.look_at.interviews
    yield from question.look_at.documents
    yield from question.look_at.observations


def test_each_area_has_its_own_file_and_ids() -> None:
    for file in (files("openqmm") / "data" / "bank").iterdir():
        data = read_yaml(file.read_bytes(), file.name).data
        assert file.name == f"{data['area'].lower()}.yaml"
        names = [question["id"] for question in data["questions"]]
        assert names == [f"{data['area']}-{n:02}" for n in range(1, len(names) + 1)]


@pytest.mark.parametrize("area", PILOT_AREAS)
def test_a_pilot_area_has_eight_questions_and_two_or_three_key_ones(
    bank: QuestionBank, area: str
) -> None:
    questions = of_area(bank, area)
    assert len(questions) >= 8
    assert 2 <= sum(question.key for question in questions) <= 3


@pytest.mark.parametrize("area", SUCCESSOR_AREAS)
def test_a_successor_area_adds_questions_of_its_own(bank: QuestionBank, area: str) -> None:
    assert len(of_area(bank, area)) >= 4


def test_the_bank_has_no_other_areas(bank: QuestionBank) -> None:
    areas = {name.rpartition("-")[0] for name in bank.questions}
    assert areas == {*PILOT_AREAS, *SUCCESSOR_AREAS}


@pytest.mark.parametrize("area", [*PILOT_AREAS, *SUCCESSOR_AREAS])
def test_level_texts_are_distinct_and_of_readable_length(bank: QuestionBank, area: str) -> None:
    for question in of_area(bank, area):
        texts = question.levels.texts()
        assert len(set(texts.values())) == 5
        for level, text in texts.items():
            assert 25 <= len(text.split()) <= 60, f"{question.id} level {level}"


@pytest.mark.parametrize("area", [*PILOT_AREAS, *SUCCESSOR_AREAS])
def test_each_question_can_be_assessed(bank: QuestionBank, area: str) -> None:
    for question in of_area(bank, area):
        assert {"3", "4", "5"} <= set(question.criteria), question.id
        assert all(1 <= len(texts) <= 3 for texts in question.criteria.values()), question.id
        assert set(question.evidence) - {"document"}, question.id
        assert 2 <= len(question.references) <= 5, question.id
        assert question.text.endswith("?"), question.id
        first = question.text.split()[0].lower().rstrip(",")
        assert first not in {"is", "are", "does", "do", "has", "have", "can"}, question.id


def test_no_text_is_used_twice(bank: QuestionBank) -> None:
    counts = Counter(text for question in bank.questions.values() for text in every_text(question))
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_text_hides_behind_a_word_of_degree(bank: QuestionBank) -> None:
    found = [
        f"{question.id}: {word.group()} in {text!r}"
        for question in bank.questions.values()
        for text in every_text(question)
        for word in (BANNED.search(text), INSPECTION.search(text))
        if word
    ]
    assert found == []


def test_metrics_are_those_of_the_catalogue(bank: QuestionBank) -> None:
    used = {metric for question in bank.questions.values() for metric in question.metrics}
    assert used <= METRICS


@pytest.mark.parametrize(
    ("protocol_id", "areas"),
    [("pilot-eleven-areas", PILOT_AREAS), ("successor-five-areas", SUCCESSOR_AREAS)],
)
def test_a_shipped_protocol_has_its_areas_and_the_common_scale(
    protocol_id: str, areas: tuple[str, ...]
) -> None:
    protocol = shipped_protocol(protocol_id)
    assert tuple(area.id for area in protocol.areas) == areas
    assert [step.name for step in protocol.scale] == LEVEL_NAMES
    for area in protocol.areas:
        assert len(area.questions) >= 8
        assert 2 <= sum(question.key for question in area.questions) <= 3, area.id


def test_the_pilot_asks_every_question_of_its_areas_and_only_those(bank: QuestionBank) -> None:
    pilot = shipped_protocol("pilot-eleven-areas")
    for area in pilot.areas:
        assert {q.id for q in area.questions} == {q.id for q in of_area(bank, area.id)}


@pytest.mark.parametrize("protocol_id", shipped_ids())
def test_every_facility_type_has_questions_in_every_area(protocol_id: str) -> None:
    for area in shipped_protocol(protocol_id).areas:
        for facility_type in ("API", "API_INTERMEDIATE", "FDF"):
            asked: list[Question] = [q for q in area.questions if facility_type in q.applies_to]
            assert len(asked) >= 4, (area.id, facility_type)
