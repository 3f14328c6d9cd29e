"""What a state table is: every step, who may take it, and the sentence when it is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow.actors import Role

BACK = "the state it came from"


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from any of `sources` to `target`, taken by any of `roles`.

    A step whose target is `BACK` leads to the state the record came from, one of `back_to`.

    `event` is its code in the audit trail, `label` the verb on its button, `done` the past
    tense in a timeline. `reasoned` steps need a reason in words.
    """

    event: str
    sources: frozenset[str]
    target: str
    roles: frozenset[Role]
    label: str
    done: str
    reasoned: bool = False
    back_to: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StateTable:
    """The life of one kind of record."""

    subject: str
    initial: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def transition(self, event: str) -> Transition:
        """Return the transition of this event (TransitionRefused when the table has none)."""
        for transition in self.transitions:
            if transition.event == event:
                return transition
        raise TransitionRefused(f"There is no step {event!r} for {self.subject}.")

    def refusal(self, state: str, event: str, role: Role) -> str | None:
        """Return why the step is closed to `role` from `state`, or None when it is open."""
        transition = self.transition(event)
        if role not in transition.roles:
            allowed = " or ".join(sorted(role_.title for role_ in transition.roles))
            return f"Only the role {allowed} may {transition.label.lower()}."
        if state not in transition.sources:
            words = " or ".join(in_words(s) for s in self.states if s in transition.sources)
            return (
                f"{self.subject.capitalize()} is {in_words(state)}; to "
                f"{transition.label.lower()} it must be {words}."
            )
        return None

    def require(self, state: str, event: str, role: Role, *, came_from: str = "") -> str:
        """Return the state the step leads to; a step back leads to `came_from`.

        Raises
        ------
        NotPermitted
            The role may never take this step.
        TransitionRefused
            The step is not open from `state`, or it leads back and nobody knows where to.
        """
        transition = self.transition(event)
        refusal = self.refusal(state, event, role)
        if refusal is None and transition.target == BACK:
            return self._back(transition, came_from)
        if refusal is None:
            return transition.target
        raise (NotPermitted if role not in transition.roles else TransitionRefused)(refusal)

    def _back(self, transition: Transition, came_from: str) -> str:
        if came_from in transition.back_to:
            return came_from
        raise TransitionRefused(
            f"It is not on record which state {self.subject} came from; it cannot go back."
        )

    def open_to(self, role: Role, state: str) -> tuple[Transition, ...]:
        """Return the steps that `role` may take from `state`, in table order."""
        return tuple(
            transition
            for transition in self.transitions
            if self.refusal(state, transition.event, role) is None
        )


def in_words(state: str) -> str:
    """Return a state's code as words ("exit_meeting_held" -> "exit meeting held")."""
    return state.replace("_", " ")


def step(
    event: str,
    path: str,
    roles: Iterable[Role],
    label: str,
    done: str,
    *,
    reasoned: bool = False,
) -> Transition:
    """Return a transition written as "draft, submitted -> withdrawn"; one that leads back where the
    record came from as "suspended -> back to draft, submitted"."""
    sources, target = path.split(" -> ")
    back_to = target.removeprefix("back to ") if target.startswith("back to ") else ""
    return Transition(
        event,
        frozenset(source.strip() for source in sources.split(",")),
        BACK if back_to else target.strip(),
        frozenset(roles),
        label,
        done,
        reasoned,
        frozenset(state.strip() for state in back_to.split(",") if state),
    )
