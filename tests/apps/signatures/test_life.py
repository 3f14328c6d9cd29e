"""The life of a signature against a model of plain Python: who signs what, when, and what holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from openqmm.apps.audit.models import Signature
from openqmm.apps.programs import actions, queries
from openqmm.apps.signatures import actions as signing
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.web import clock
from tests.apps.programs.stories import WRITTEN, alder_draft, open_round
from tests.arranging import arranged
from tests.people import PASSWORD, Cast, assemble

PEOPLE = ("sid", "quin", "boris", "ada")
REFUSALS = (NotFound, NotPermitted, TransitionRefused)


@dataclass
class Model:
    """What must be true, known without a database."""

    text: str = WRITTEN["statement"]
    now: datetime = field(default_factory=clock.now)
    signed: str | None = None
    used: set[str] = field(default_factory=set)

    def signs(self, who: str, shown: Shown, password: str) -> bool:
        """Tell whether this attempt signs; the challenge is used whatever comes of it, if the
        person may come as far as trying."""
        if self.signed is not None or who != "sid":
            return False
        fresh = shown.challenge not in self.used
        self.used.add(shown.challenge)
        return (
            fresh
            and shown.who == who
            and shown.text == self.text
            and self.now < shown.at + timedelta(minutes=10)
            and password == PASSWORD
        )

    @property
    def state(self) -> str | None:
        """What the one signature is, if it was made."""
        if self.signed is None:
            return None
        return "holds" if self.signed == self.text else "superseded"


@dataclass(frozen=True)
class Shown:
    """A page as somebody has it open."""

    challenge: str
    who: str
    text: str
    at: datetime


class Life(RuleBasedStateMachine):
    """Everybody opens, edits, waits, signs and tries to, in any order."""

    pages = Bundle("pages")

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.clock = patch.object(clock, "now", lambda: self.model.now)
        self.clock.start()
        self.atomic = transaction.atomic()
        # As a test's own: what must outlive a refusal is written within it too.
        self.atomic._from_testcase = True
        self.atomic.__enter__()
        self.cast: Cast = assemble()
        self.draft = alder_draft(self.cast, open_round(self.cast))

    @rule(target=pages, who=st.sampled_from(PEOPLE))
    def open_page(self, who: str) -> Any:
        # Whatever a page shows whom is the page's business; a challenge alone gives nobody a right.
        paper = queries.submission_paper(self._application())
        page = signing.begin(by=self.cast.actors[who], paper=paper)
        return Shown(page.challenge, who, self.model.text, self.model.now)

    @rule(words=st.sampled_from(["To learn where we stand.", "To be seen.", WRITTEN["statement"]]))
    def edit(self, words: str) -> None:
        def edit() -> None:
            actions.edit_application(
                by=self.cast.quin,
                application_id=self.draft.pk,
                version=self._application().version,
                entry=WRITTEN | {"statement": words},
            )

        if self.model.signed is None:
            edit()
        else:
            with pytest.raises(TransitionRefused):
                edit()
            with arranged() as opened:
                opened.update(self._application(), statement=words)
        self.model.text = words

    @rule(minutes=st.sampled_from([1, 5, 9, 11]))
    def wait(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)

    @rule(
        shown=pages,
        who=st.sampled_from(["sid", *PEOPLE]),
        password=st.sampled_from([PASSWORD, PASSWORD, PASSWORD, "a guess"]),
    )
    def sign(self, shown: Shown, who: str, password: str) -> None:
        if password != PASSWORD:
            # Far enough apart for nobody to be locked out, which is another story.
            self.model.now += timedelta(minutes=16)
        before = Signature.objects.count()
        expected = self.model.signs(who, shown, password)

        def attempt() -> None:
            actions.submit_application(
                by=self.cast.actors[who],
                application_id=self.draft.pk,
                password=password,
                challenge=shown.challenge,
            )

        if expected:
            attempt()
            self.model.signed = self.model.text
            assert Signature.objects.get().statement.count(shown.text)
        else:
            with pytest.raises(REFUSALS):
                attempt()
            assert Signature.objects.count() == before

    @invariant()
    def it_is_as_the_model_says(self) -> None:
        if not hasattr(self, "draft"):
            return
        found = [view.state for view in queries.signatures_of(self._application())]
        assert found == ([] if self.model.state is None else [self.model.state])
        state = self._application().state
        assert state == ("draft" if self.model.signed is None else "submitted")

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.clock.stop()

    def _application(self) -> Any:
        return queries.application(self.cast.sid, self.draft.pk)


@pytest.mark.requirement("R33")
@pytest.mark.django_db
def test_a_signature_lives_as_the_model_says(pytestconfig: pytest.Config) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=20,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
