"""The public pages of the method and its protocols."""

import pytest

from openqmm.apps.protocols import queries
from openqmm.apps.protocols.actions import seal_protocol
from openqmm.core.errors import NotFound
from openqmm.core.protocols import read_protocol, shipped_ids, shipped_protocol
from openqmm.core.protocols.exchange import read_exchanged
from openqmm.core.workflow import SYSTEM
from tests.apps.assessments.stories import two_area_protocol

pytestmark = pytest.mark.django_db

PILOT = "pilot-eleven-areas"


def text(response):
    return response.content.decode()


def test_the_method_is_told_before_any_round_exists(client):
    page = text(client.get("/method/"))
    for words in ("Six steps", "Five levels", "Gates", "1.5, 2.5, 3.5 and 4.5", "Coverage"):
        assert words in page
    for id_ in shipped_ids():
        assert shipped_protocol(id_).title in page
    assert "style=" not in page


def test_a_protocol_shows_every_question_and_its_digest(client):
    page = text(client.get(f"/method/{PILOT}/"))
    protocol = shipped_protocol(PILOT)
    assert protocol.digest in page
    for question in protocol.questions():
        assert f"/method/{PILOT}/{question.id}/" in page
    assert page.count(">Key</span>") == sum(q.key for q in protocol.questions())


def test_a_question_shows_its_levels_criteria_and_what_is_looked_at(client):
    question = next(shipped_protocol(PILOT).questions())
    answer = client.get(f"/method/{PILOT}/{question.id}/")
    page = text(answer)
    from django.utils.html import escape

    for words in (
        *question.levels.values(),
        *(c for criteria in question.criteria.values() for c in criteria),
        *question.look_at.interviews,
        *question.references,
    ):
        assert escape(words) in page


@pytest.mark.parametrize("kind", ["yaml", "xlsx", "ciso"])
def test_a_protocol_is_sent_in_each_format_and_reads_back_the_same(client, kind):
    answer = client.get(f"/method/{PILOT}/file/{kind}/")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="pilot-eleven')
    found, content = read_exchanged(answer.content, "sent")
    assert found == kind
    assert read_protocol(content).digest == shipped_protocol(PILOT).digest


@pytest.mark.parametrize(
    "path", ["unheard-of/", f"{PILOT}/NO-99/", f"{PILOT}/file/exe/", f"{PILOT}/?version=0.1"]
)
def test_what_there_is_not_is_not_found(client, path):
    assert client.get(f"/method/{path}").status_code == 404


def test_the_sealed_version_stands_before_the_shipped_and_old_ones_stay(db):
    seal_protocol(by=SYSTEM, protocol=two_area_protocol())
    published = queries.published("synthetic")
    assert (published.protocol.version, published.versions) == ("1", ("1",))
    with pytest.raises(NotFound):
        queries.published("synthetic", "2")
    assert [p.protocol.id for p in queries.published_protocols()] == [*shipped_ids(), "synthetic"]


@pytest.mark.parametrize("path", ["about", "accessibility", "privacy"])
def test_the_short_pages_are_there(client, path):
    assert client.get(f"/{path}/").status_code == 200
