"""Every cell of every state table: it leads on, or it is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import ROLES_IN, Role, StateTable, Transition
from openqmm.core.workflow.states import (
    APPLICATION,
    ASSESSMENT,
    DISCLOSURE,
    IMPROVEMENT_ACTION,
    RATING,
    ROUND,
    TABLES,
)

# Written down by hand: a state that loses its way out by mistake must not become final unnoticed.
FINAL = {
    ROUND.subject: {"closed"},
    APPLICATION.subject: {"ineligible", "not_selected", "declined", "withdrawn"},
    ASSESSMENT.subject: {"rated", "cancelled"},
    RATING.subject: {"expired", "superseded"},
    DISCLOSURE.subject: {"withdrawn", "expired"},
    IMPROVEMENT_ACTION.subject: {"verified", "rejected"},
}

# Those who watch, advise, buy or read never move anything; an assessor scores, the lead moves.
ONLOOKERS = {
    Role.OBSERVER,
    Role.CONSULTANT,
    Role.PURCHASER_ANALYST,
    Role.RECORDS_AUDITOR,
    Role.PUBLIC,
    Role.ASSESSOR,
}

every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.subject)


def _cells(table: StateTable) -> Iterator[tuple[str, Transition, Role]]:
    for state in table.states:
        for step in table.transitions:
            for role in Role:
                yield state, step, role


def _reached(table: StateTable, start: str) -> set[str]:
    reached, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        leaving = [step for step in table.transitions if state in step.sources]
        targets = {target for step in leaving for target in step.back_to or {step.target}}
        ahead += targets - reached
        reached |= targets
    return reached


@every_table
def test_every_state_can_be_reached(table: StateTable) -> None:
    assert _reached(table, table.initial) == set(table.states)


@every_table
def test_only_the_final_states_have_no_way_out(table: StateTable) -> None:
    left = {source for step in table.transitions for source in step.sources}
    assert set(table.states) - left == FINAL[table.subject]


@every_table
def test_every_state_can_come_to_an_end(table: StateTable) -> None:
    for state in table.states:
        assert _reached(table, state) & FINAL[table.subject], state


@every_table
def test_steps_name_only_states_of_their_table(table: StateTable) -> None:
    assert len(set(table.states)) == len(table.states)
    for step in table.transitions:
        assert step.sources, step.event
        targets = step.back_to or {step.target}
        assert step.sources | targets <= set(table.states), step.event
        assert not targets & step.sources, step.event


@every_table
def test_every_step_belongs_to_a_role_that_somebody_can_hold(table: StateTable) -> None:
    held = frozenset[Role]().union(*ROLES_IN.values()) | {Role.SYSTEM}
    for step in table.transitions:
        assert step.roles, step.event
        assert step.roles <= held, step.event


@every_table
def test_steps_are_told_apart_by_event_and_by_label(table: StateTable) -> None:
    assert len({step.event for step in table.transitions}) == len(table.transitions)
    assert len({step.label for step in table.transitions}) == len(table.transitions)


@every_table
def test_onlookers_take_no_step(table: StateTable) -> None:
    for step in table.transitions:
        assert not step.roles & ONLOOKERS, step.event


@every_table
def test_every_cell_leads_on_or_is_refused_with_a_sentence(table: StateTable) -> None:
    for state, step, role in _cells(table):
        refusal = table.refusal(state, step.event, role)
        if role in step.roles and state in step.sources:
            assert refusal is None
            for target in step.back_to or {step.target}:
                assert table.require(state, step.event, role, came_from=target) == target
            continue
        expected = NotPermitted if role not in step.roles else TransitionRefused
        with pytest.raises(expected) as refused:
            table.require(state, step.event, role)
        sentence = str(refused.value)
        assert sentence == refusal
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "_" not in sentence, "codes are not words"


@every_table
def test_a_refused_role_is_told_who_may(table: StateTable) -> None:
    for state, step, role in _cells(table):
        if role not in step.roles:
            sentence = table.refusal(state, step.event, role) or ""
            assert all(allowed.title in sentence for allowed in step.roles)


@every_table
def test_a_refused_state_is_told_which_one_it_takes(table: StateTable) -> None:
    for state, step, role in _cells(table):
        if role in step.roles and state not in step.sources:
            sentence = table.refusal(state, step.event, role) or ""
            now, needed = sentence.split("; ")
            assert now.endswith(f" is {state.replace('_', ' ')}")
            assert all(source.replace("_", " ") in needed for source in step.sources)


@every_table
def test_open_steps_are_the_cells_that_are_not_refused(table: StateTable) -> None:
    for state in table.states:
        for role in Role:
            open_ = [
                step for step in table.transitions if role in step.roles and state in step.sources
            ]
            assert list(table.open_to(role, state)) == open_


@every_table
def test_an_unknown_step_is_refused(table: StateTable) -> None:
    with pytest.raises(TransitionRefused, match=f"no step 'promote' for {table.subject}"):
        table.require(table.initial, "promote", Role.PROGRAM_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("table", "events"),
    [
        (
            APPLICATION,
            {
                "ask_information",
                "give_information",
                "find_eligible",
                "find_ineligible",
                "select",
                "reserve",
                "not_select",
                "decline",
                "withdraw",
            },
        ),
        (ASSESSMENT, {"suspend", "resume", "cancel"}),
        (RATING, {"suspend", "reinstate", "supersede"}),
        (DISCLOSURE, {"withdraw"}),
        (IMPROVEMENT_ACTION, {"reject"}),
        (ROUND, set()),
    ],
    ids=lambda value: value.subject if isinstance(value, StateTable) else "",
)
def test_decisions_about_others_need_a_reason(table: StateTable, events: set[str]) -> None:
    assert {step.event for step in table.transitions if step.reasoned} == events


def test_an_application_can_be_withdrawn_until_it_is_decided() -> None:
    closed = FINAL[APPLICATION.subject]
    for state in set(APPLICATION.states) - closed:
        for role in (Role.AUTHORISED_SIGNATORY, Role.FACILITY_QUALITY_LEAD):
            assert APPLICATION.refusal(state, "withdraw", role) is None


def test_nothing_is_published_except_after_consent() -> None:
    (publish,) = [step for step in DISCLOSURE.transitions if step.target == "published"]
    assert publish.sources == {"consented"}
    (consent,) = [step for step in DISCLOSURE.transitions if step.target == "consented"]
    assert consent.roles == {Role.AUTHORISED_SIGNATORY}


@pytest.mark.parametrize("came_from", ["", "rated", "cancelled", "suspended"])
def test_nothing_goes_back_to_where_it_cannot_have_come_from(came_from: str) -> None:
    office = Role.PROGRAM_ADMINISTRATOR
    with pytest.raises(TransitionRefused, match="not on record which state"):
        ASSESSMENT.require("suspended", "resume", office, came_from=came_from)
