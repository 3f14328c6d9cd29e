"""The API: what is public, what needs a session, and how refusals answer."""

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from ninja import Router
from ninja.errors import AuthenticationError

from openqmm.api import allow, assemble
from openqmm.apps.disclosure.endpoints import DirectoryOut, RatedOut
from openqmm.apps.protocols.queries import published
from openqmm.core.errors import NotPermitted
from openqmm.core.protocols import document_of
from openqmm.core.workflow import Actor, Role
from openqmm.site.checks import routes
from openqmm.web.access import EVERYONE
from tests.apps.disclosure.stories import shared, shared_with_elm
from tests.apps.ratings import stories

pytestmark = pytest.mark.django_db

API = "/api/v1"


def test_the_directory_is_public_and_of_its_stated_shape(cast):
    consent = shared(stories.issued(cast))
    browser = cast.client(None)
    listed = browser.get(f"{API}/directory/").json()
    assert DirectoryOut.model_validate(listed).count == 1
    assert listed["items"][0]["id"] == str(consent.pk)
    whole = browser.get(f"{API}/directory/{consent.pk}").json()
    assert RatedOut.model_validate(whole).score == "3.8"
    assert set(whole) == set(RatedOut.model_fields)
    assert browser.get(f"{API}/directory/", {"level": "2"}).json()["count"] == 0
    assert browser.get(f"{API}/directory/", {"offset": 1}).json()["items"] == []


def test_a_named_purchaser_sees_more_by_its_session(cast):
    consent = shared_with_elm(stories.issued(cast))
    assert cast.client("pia").get(f"{API}/directory/").json()["count"] == 1
    assert cast.client(None).get(f"{API}/directory/").json()["count"] == 0
    assert cast.client(None).get(f"{API}/directory/{consent.pk}").status_code == 404


def test_protocols_are_public_whole_and_with_their_digest(cast):
    stories.proposed(cast)
    browser = cast.client(None)
    ids = {row["id"] for row in browser.get(f"{API}/protocols/").json()}
    assert {"synthetic", "pilot-eleven-areas"} <= ids
    protocol = published("synthetic").protocol
    answer = browser.get(f"{API}/protocols/synthetic").json()
    assert answer == json.loads(json.dumps(document_of(protocol))) | {"digest": protocol.digest}
    assert browser.get(f"{API}/protocols/synthetic?version=9").status_code == 404
    assert browser.get(f"{API}/protocols/unheard-of").status_code == 404


def test_a_rating_is_the_stored_result_to_the_letter(cast):
    story = stories.issued(cast)
    stored = json.loads(story.rating.bundle)["result"]
    answer = cast.client("sid").get(f"{API}/ratings/{story.id}")
    assert answer.headers["Cache-Control"] == "no-store, private"
    body = answer.json()
    assert {key: body[key] for key in stored} == stored
    assert (body["state"], body["bundle_digest"]) == ("valid", story.rating.digest)
    assert "scores" not in body


def test_who_may_not_is_answered_in_json(cast):
    story = stories.issued(cast)
    url = f"{API}/ratings/{story.id}"
    assert cast.client(None).get(url).status_code == 401
    assert cast.client("pia").get(url).status_code == 403
    assert cast.client("ada").post(url).status_code == 405
    for name in (None, "pia"):
        assert set(cast.client(name).get(url).json()) == {"detail"}


def test_the_rival_is_answered_as_if_there_were_nothing(cast):
    story = stories.issued(cast)
    bria = cast.client("bria")
    there, nowhere = (bria.get(f"{API}/ratings/{id_}") for id_ in (story.id, uuid4()))
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content == b'{"detail":"Not found."}'


@pytest.mark.parametrize("query", ["level=6", "limit=0", "limit=501", "offset=-1", "activity=X"])
def test_a_malformed_request_is_told_where(cast, query):
    answer = cast.client(None).get(f"{API}/directory/?{query}")
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["place"][-1] == query.partition("=")[0]


def test_the_description_names_every_operation_and_loads_nothing_from_elsewhere(cast):
    answer = cast.client(None).get(f"{API}/openapi.json")
    assert set(answer.json()["paths"]) == {
        f"{API}/directory/",
        f"{API}/directory/{{disclosure_id}}",
        f"{API}/protocols/",
        f"{API}/protocols/{{protocol_id}}",
        f"{API}/ratings/{{rating_id}}",
    }
    assert cast.client(None).get(f"{API}/docs").status_code == 404


def test_every_operation_states_its_roles_where_the_matrix_looks():
    declared = {name: view.allowed_roles for name, _, view in routes() if name.startswith("api:")}
    assert set(declared) == {
        *("api:openapi-json", "api:api-root", "api:directory", "api:disclosed"),
        *("api:protocols", "api:protocol", "api:rating"),
    }
    assert Role.PUBLIC not in declared["api:rating"]
    assert Role.PURCHASER_ANALYST not in declared["api:rating"]
    assert declared["api:directory"] == EVERYONE


def nobody(text):
    return None


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("declared", [{}, {"scope": None}])
def test_an_operation_without_a_scope_stops_the_start(declared):
    router = Router()

    @router.get("/open", url_name="open")
    @allow(EVERYONE, **declared)
    def scopeless(request):
        return {}

    with pytest.raises(ImproperlyConfigured, match="the scope a key needs"):
        assemble({"/x": router}, read_key=nobody)


@pytest.mark.requirement("R14")
def test_an_operation_without_roles_stops_the_start():
    router = Router()

    @router.get("/open", url_name="open")
    def undeclared(request):
        return {}

    with pytest.raises(ImproperlyConfigured, match="does not declare its roles"):
        assemble({"/x": router}, read_key=nobody)


@pytest.mark.django_db
def test_the_guard_tells_the_unknown_from_the_unfit():
    @allow(Role.OBSERVER)
    def seen(request):
        return "seen"

    def call(role):
        return seen(SimpleNamespace(actor=Actor(role, "Somebody")))

    assert call(Role.OBSERVER) == "seen"
    with pytest.raises(AuthenticationError):
        call(Role.PUBLIC)
    with pytest.raises(NotPermitted):
        call(Role.ASSESSOR)


@pytest.mark.parametrize("name", ["api:openapi-json", "api:api-root"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_librarys_own_addresses_are_only_read(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405
