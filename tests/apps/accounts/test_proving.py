"""The proof before a signature: both components, every time, each code once."""

from __future__ import annotations

import pytest

from openqmm.apps.accounts import actions, queries
from openqmm.core.errors import NotPermitted
from openqmm.web import clock
from tests.people import PASSWORD, Cast
from tests.site.doors import Clock, code_of, give_authenticator

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R28")]


def test_whoever_has_a_second_factor_signs_with_it(cast: Cast) -> None:
    give_authenticator("sid")
    with pytest.raises(NotPermitted, match="password and a code"):
        actions.prove_identity(by=cast.sid, password=PASSWORD)


def test_an_installation_that_asks_for_it_lets_nobody_sign_without(cast: Cast, settings) -> None:
    settings.SIGNING_NEEDS_SECOND_FACTOR = True
    with pytest.raises(NotPermitted, match="Set one up"):
        actions.prove_identity(by=cast.sid, password=PASSWORD)
    with pytest.raises(NotPermitted, match="is not right"):
        actions.prove_identity(by=cast.sid, password=PASSWORD, code="123456")


def test_there_is_no_time_of_grace(cast: Cast) -> None:
    secret, _ = give_authenticator("sid")
    code = code_of(secret)
    proof = actions.prove_identity(by=cast.sid, password=PASSWORD, code=code)
    assert proof.components == ("password", "code")
    with pytest.raises(NotPermitted, match="is not right"):
        actions.prove_identity(by=cast.sid, password=PASSWORD, code=code)
    actions.prove_identity(by=cast.sid, password=PASSWORD, code=code_of(secret, 1))


def test_a_code_used_to_sign_in_does_not_sign(cast: Cast) -> None:
    secret, _ = give_authenticator("sid")
    person = queries.person(cast.sid.person_id)
    assert actions.use_code(person, code_of(secret))
    with pytest.raises(NotPermitted, match="is not right"):
        actions.prove_identity(by=cast.sid, password=PASSWORD, code=code_of(secret))


def test_recovery_codes_do_not_sign(cast: Cast) -> None:
    _, codes = give_authenticator("sid")
    with pytest.raises(NotPermitted, match="is not right"):
        actions.prove_identity(by=cast.sid, password=PASSWORD, code=codes[0])


def test_a_made_up_passkey_does_not_sign(cast: Cast, rf) -> None:
    from allauth.core.context import request_context

    give_authenticator("sid")
    request = rf.get("/")
    request.session = {}
    for passkey in ("{}", "nonsense", '{"id": "x", "type": "public-key"}', "[]", "1"):
        with request_context(request), pytest.raises(NotPermitted, match=r"is not right|Too many"):
            actions.prove_identity(by=cast.sid, password=PASSWORD, passkey=passkey)


def test_the_demonstration_gives_a_code_that_is_good_once(
    cast: Cast, settings, monkeypatch
) -> None:
    assert queries.demo_code(cast.sid) == ""
    settings.DEMO = True
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving)
    seen = set()
    for _ in range(3):
        code = queries.demo_code(cast.sid)
        actions.prove_identity(by=cast.sid, password=PASSWORD, code=code)
        seen.add(code)
    assert len(seen) == 3
    assert queries.demo_code(cast.sid) == ""
    moving.pass_by(seconds=30)
    assert queries.demo_code(cast.sid) != ""
