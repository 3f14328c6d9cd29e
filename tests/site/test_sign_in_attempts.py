"""Guessing: counted for all processes, by person, told to nobody, kept over a restart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from openqmm.apps.accounts import actions
from openqmm.apps.audit.models import AuditEvent
from openqmm.core.errors import NotPermitted
from tests.people import PASSWORD, Cast
from tests.site.doors import CODE, code_of, enter, events, give_authenticator, is_inside, person

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R21")]


def _guess(name: str, times: int) -> list[int]:
    return [enter(Client(), name, f"wrong guess number {n}").status_code for n in range(times)]


def test_the_sixth_attempt_is_refused_though_it_is_right(cast: Cast) -> None:
    assert _guess("pia", 5) == [200, 200, 200, 200, 429]
    client = Client()
    enter(client, "pia")
    assert not is_inside(client)
    assert len(events("person.sign_in_failed")) == 5
    assert len(events("person.locked_out")) == 1


def test_whoever_is_locked_out_is_told_by_mail(cast: Cast) -> None:
    _guess("pia", 7)
    assert [(message.to, "locked" in message.body) for message in mail.outbox] == [
        (["pia@example.org"], True)
    ]


def test_the_library_alone_would_lock_too(cast: Cast) -> None:
    """Each of the two counts holds without the other."""
    _guess("pia", 5)
    cache.clear()
    response = enter(Client(), "pia")
    assert response.status_code == 429
    assert b"Wait 15 minutes" in response.content
    assert len(events("person.locked_out")) == 1


def test_the_lock_ends_after_fifteen_minutes(cast: Cast) -> None:
    _guess("pia", 5)
    cache.clear()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    client = Client()
    enter(client, "pia")
    assert is_inside(client)


def test_colleagues_behind_the_same_address_are_not_locked_out(cast: Cast) -> None:
    _guess("cora", 6)
    client = Client()
    enter(client, "pia")
    assert is_inside(client)


def test_unknown_addresses_are_locked_alike_and_not_written_down(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    statuses = []
    for _ in range(5):
        response = Client().post(
            "/accounts/login/",
            {"login": "my-secret-pass@phrase.org", "password": "x"},
        )
        statuses.append(response.status_code)
    assert statuses == [200, 200, 200, 200, 429]
    assert AuditEvent.objects.count() == before
    kept = str(list(AccessAttempt.objects.values()))
    assert "phrase.org" not in kept


def test_changing_the_browser_escapes_no_count(cast: Cast) -> None:
    for n in range(5):
        enter(Client(headers={"User-Agent": f"browser {n}"}), "pia", "wrong wrong wrong")
    cache.clear()
    assert enter(Client(headers={"User-Agent": "another"}), "pia").status_code == 429


def test_codes_are_not_guessed_either(cast: Cast) -> None:
    secret, _ = give_authenticator("quin")
    for n in range(5):
        client = Client()
        enter(client, "quin")
        client.post(CODE, {"code": f"{n:06}"})
    client = Client()
    enter(client, "quin")
    client.post(CODE, {"code": code_of(secret)})
    assert not is_inside(client)


def test_wrong_proofs_count_though_the_step_is_rolled_back(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(NotPermitted, match="not right"):
            actions.prove_identity(by=cast.sid, password="guess")
    with pytest.raises(NotPermitted, match="Too many wrong passwords"):
        actions.prove_identity(by=cast.sid, password=PASSWORD)
    assert len(events("person.proof_failed")) == 5
    assert len(events("person.locked_out")) == 1


def test_a_right_proof_forgets_the_wrong_ones(cast: Cast) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(NotPermitted):
                actions.prove_identity(by=cast.sid, password="guess")
        actions.prove_identity(by=cast.sid, password=PASSWORD)


@pytest.mark.django_db(transaction=False)
def test_a_proof_within_a_transaction_is_an_error_of_the_program(cast: Cast) -> None:
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        actions.prove_identity(by=cast.sid, password=PASSWORD)


def test_counts_stand_in_the_database_all_processes_share(settings) -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    assert settings.CACHES.keys() == {"default"}
    assert settings.AXES_HANDLER.endswith("AxesDatabaseHandler")


def test_one_whose_password_is_wrong_uses_up_nobodys_code(cast: Cast) -> None:
    secret, _ = give_authenticator("sid")
    code = code_of(secret)
    with pytest.raises(NotPermitted, match="or the second proof"):
        actions.prove_identity(by=cast.sid, password="guess", code=code)
    proof = actions.prove_identity(by=cast.sid, password=PASSWORD, code=code)
    assert proof.person_id == person("sid").pk
    assert proof.components == ("password", "code")
