"""A consent is signed, shows what was agreed and no more, and ends at once when withdrawn."""

from dataclasses import asdict, fields
from datetime import timedelta
from uuid import uuid4

import pytest

from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.apps.disclosure import actions, queries
from openqmm.apps.disclosure.models import Disclosure
from openqmm.apps.disclosure.queries import DirectoryFilters, DisclosedRating
from openqmm.apps.ratings import actions as ratings
from openqmm.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import PUBLIC
from openqmm.web import clock
from tests.apps.disclosure.stories import shared, shared_with_elm
from tests.apps.ratings import stories

pytestmark = pytest.mark.django_db


def events():
    return list(AuditEvent.objects.order_by("at", "seq").values_list("what", flat=True))


def text(response):
    return response.content.decode()


def test_a_signed_consent_publishes_at_once_and_both_are_on_the_trail(cast):
    story = stories.issued(cast)
    consent = shared(story)
    assert consent.state == "published"
    assert events()[-2:] == ["disclosure.consented", "disclosure.published"]
    told = AuditEvent.objects.filter(what__startswith="disclosure.")
    assert {event.trail_id for event in told} == {cast.sid.organisation_id}
    (row,) = queries.consents(cast.sid, story.id).consents
    assert [(s.name, s.holds) for s in row.signatures] == [("Sid Test", True)]


def test_the_recipients_are_on_the_trail_and_under_the_signature(cast):
    story = stories.issued(cast)
    consent = shared_with_elm(story)
    linked = AuditChange.objects.filter(table_name__endswith="recipients")
    assert linked.count() == 1
    (row,) = queries.consents(cast.sid, story.id).consents
    assert (row.recipients, row.signatures[0].holds) == (("Elm Hospitals",), True)
    other = queries.signed_content(consent, [str(uuid4())])
    assert other != queries.signed_content(consent, [str(cast.pia.organisation_id)])


@pytest.mark.parametrize("person", ["quin", "ada", "bea", "lea", "cora", "pia"])
def test_only_the_signatory_signs(cast, person):
    story = stories.issued(cast)
    before = events()
    with pytest.raises(NotPermitted):
        shared(story, by=cast.actors[person])
    assert (events(), Disclosure.objects.count()) == (before, 0)


def test_the_rivals_signatory_finds_nothing_to_sign_or_withdraw(cast):
    story = stories.issued(cast)
    with pytest.raises(NotFound):
        shared(story, by=cast.boris)
    consent = shared(story)
    with pytest.raises(NotFound):
        actions.withdraw_consent(
            by=cast.boris, disclosure_id=consent.pk, reason="Mischief among rivals."
        )
    assert Disclosure.objects.get(pk=consent.pk).state == "published"


@pytest.mark.parametrize(
    ("terms", "refused", "words"),
    [
        ({"scope": "report"}, InvalidInput, "Choose"),
        ({"audience": "named"}, InvalidInput, "at least one purchaser"),
        ({"recipient_ids": [uuid4()]}, InvalidInput, "no recipients"),
        ({"audience": "named", "recipient_ids": [uuid4()]}, InvalidInput, "not a purchaser"),
    ],
)
def test_terms_that_do_not_fit_are_refused_and_leave_nothing(cast, terms, refused, words):
    story = stories.issued(cast)
    before = events()
    with pytest.raises(refused, match=words):
        shared(story, **terms)
    assert (events(), Disclosure.objects.count()) == (before, 0)


def test_a_wrong_password_consents_to_nothing_and_is_on_the_trail(cast):
    story = stories.issued(cast)
    before = events()
    with pytest.raises(NotPermitted, match="password"):
        shared(story, password="no")
    assert (events(), Disclosure.objects.count()) == ([*before, "person.proof_failed"], 0)


def test_the_last_day_lies_between_today_and_the_ratings_own(cast):
    story = stories.issued(cast)
    with pytest.raises(InvalidInput, match="past"):
        shared(story, until_on=clock.today() - timedelta(days=1))
    with pytest.raises(InvalidInput, match="cannot be shown longer"):
        shared(story, until_on=story.rating.valid_until + timedelta(days=1))
    assert shared(story, until_on=clock.today()).state == "published"


def test_a_rating_is_not_shared_twice_with_the_same_audience(cast):
    story = stories.issued(cast)
    shared(story)
    with pytest.raises(TransitionRefused, match="public already"):
        shared(story, scope="overall")
    shared_with_elm(story)
    with pytest.raises(TransitionRefused, match="Elm Hospitals can see"):
        shared_with_elm(story)
    assert Disclosure.objects.count() == 2


def test_only_a_rating_in_effect_is_shared(cast):
    story = stories.issued(cast)
    ratings.suspend_rating(by=cast.bea, rating_id=story.id, reason="Change of owner.")
    with pytest.raises(TransitionRefused, match="in effect"):
        shared(story)


def test_withdrawal_is_effective_at_once_and_stays_on_record(cast):
    story = stories.issued(cast)
    consent = shared(story)
    browser = cast.client(None)
    assert browser.get(f"/directory/{consent.pk}/").status_code == 200

    actions.withdraw_consent(by=cast.sid, disclosure_id=consent.pk, reason="A new strategy.")
    gone, nowhere = (browser.get(f"/directory/{id_}/") for id_ in (consent.pk, uuid4()))
    assert gone.status_code == 404
    assert gone.content == nowhere.content
    assert browser.get(f"/api/v1/directory/{consent.pk}").status_code == 404
    assert queries.directory(PUBLIC) == []
    assert events()[-1] == "disclosure.withdrawn"
    with pytest.raises(TransitionRefused):
        actions.withdraw_consent(
            by=cast.sid, disclosure_id=consent.pk, reason="A second withdrawal."
        )
    (row,) = queries.consents(cast.quin, story.id).consents
    assert (row.state, row.reason) == ("withdrawn", "A new strategy.")
    assert row.signatures[0].holds


def test_a_suspended_rating_is_shown_to_nobody_until_reinstated(cast):
    story = stories.issued(cast)
    consent = shared(story)
    ratings.suspend_rating(by=cast.bea, rating_id=story.id, reason="Change of owner.")
    with pytest.raises(NotFound):
        queries.disclosed_rating(PUBLIC, consent.pk)
    ratings.reinstate_rating(by=cast.bea, rating_id=story.id, reason="The owner confirmed.")
    assert queries.disclosed_rating(PUBLIC, consent.pk).facility == "Alder Works"


def test_a_disclosure_ends_on_its_last_day(cast, settings):
    settings.DEMO = True
    story = stories.issued(cast)
    consent = shared(story, until_on=clock.today() + timedelta(days=10))
    for days, seen in ((10, True), (11, False)):
        with clock.told(clock.now() + timedelta(days=days)):
            assert bool(queries.directory(PUBLIC)) is seen
    with clock.told(clock.now() + timedelta(days=11)):
        (row,) = queries.consents(cast.sid, story.id).consents
        assert (row.state, row.live) == ("expired", False)
        with pytest.raises(NotFound):
            queries.disclosed_rating(PUBLIC, consent.pk)


def test_named_purchasers_alone_see_what_names_them(cast):
    story = stories.issued(cast)
    consent = shared_with_elm(story)
    assert [row.named for row in queries.directory(cast.pia)] == [True]
    assert queries.disclosed_rating(cast.pia, consent.pk).facility == "Alder Works"
    for by in (PUBLIC, cast.bria, cast.cora, cast.lea, cast.ada):
        assert queries.directory(by) == []
        with pytest.raises(NotFound):
            queries.disclosed_rating(by, consent.pk)


def test_a_purchaser_named_and_public_sees_one_row_that_shows_more(cast):
    story = stories.issued(cast)
    shared(story, scope="overall")
    wider = shared_with_elm(story)
    assert [row.id for row in queries.directory(cast.pia)] == [wider.pk]
    assert [row.scope for row in queries.directory(PUBLIC)] == ["overall"]


def test_the_overall_scope_shows_no_area(cast):
    story = stories.issued(cast)
    consent = shared(story, scope="overall")
    shown = queries.disclosed_rating(PUBLIC, consent.pk)
    assert (shown.areas, shown.reasons, shown.chart) == ((), (), "")
    assert (shown.level, shown.score, shown.assessors) == (4, "3.8", 3)
    page = text(cast.client(None).get(f"/directory/{consent.pk}/"))
    assert "Area PLN" not in page


def test_the_area_scope_shows_levels_and_scores_and_no_gate(cast):
    story = stories.issued(cast)
    consent = shared(story)
    shown = queries.disclosed_rating(PUBLIC, consent.pk)
    assert [(a.title, a.level, a.score) for a in shown.areas] == [
        ("Area PLN", 3, "4.0"),
        ("Area WF", 4, "3.7"),
    ]
    assert "held" not in shown.chart


def test_not_rated_shows_nothing_else_unless_the_facility_agrees_to_why(cast):
    story = stories.issued(cast, stories.NOT_RATED)
    plain = queries.disclosed_rating(PUBLIC, shared(story, scope="overall").pk)
    assert (plain.level, plain.score, plain.areas, plain.reasons) == (None, None, (), ())
    assert (plain.coverage, plain.assessors) == ("", None)
    wider = queries.disclosed_rating(cast.pia, shared_with_elm(story).pk)
    assert wider.areas == ()
    assert wider.reasons == ("Area PLN is not rated.",)


def test_no_field_beyond_the_list_is_public():
    assert {field.name for field in fields(DisclosedRating)} == {
        *("facility", "fei", "address", "country", "activity", "scope", "status"),
        *("level", "level_name", "score", "reasons", "areas", "coverage", "assessors"),
        *("protocol_id", "protocol_title", "protocol_version", "method_id", "method_version"),
        *("assessed_on", "issued_on", "valid_until", "chart"),
        *("signed_by", "signed_meaning", "signed_at", "signature_state"),
    }


def test_nothing_private_reaches_a_public_page_or_the_api(cast):
    story = stories.issued(cast)
    consent = shared(story)
    private = (
        *("Lea Test", "Asa Test", "Bea Test", "Sid Test", "A1", "PLN-01"),
        "Plans are made from data people can show.",
        "The planner showed last month",
        "Gates and coverage were checked.",
        "The board agrees.",
        story.rating.digest,
        str(story.id),
    )
    browser = cast.client(None)
    pages = ("/directory/", f"/directory/{consent.pk}/")
    api = ("/api/v1/directory/", f"/api/v1/directory/{consent.pk}")
    for url in (*pages, *api):
        answer = browser.get(url)
        assert answer.status_code == 200
        assert [word for word in private if word in text(answer)] == []
    shown = str(asdict(queries.disclosed_rating(PUBLIC, consent.pk)))
    assert [word for word in private if word in shown] == []


def test_the_directory_is_searched_by_name_place_level_and_activity(cast):
    shared(stories.issued(cast))

    def found(**wanted):
        return len(queries.directory(PUBLIC, DirectoryFilters(**wanted)))

    assert found() == found(text="alder") == found(text="synthetic street") == 1
    assert found(text="IND") == 1
    assert found(text="birch") == found(level="2") == found(activity="FDF") == 0
    assert found(level="4", activity="API", text="works") == 1


def test_the_directory_costs_one_query(cast, django_assert_max_num_queries):
    shared(stories.issued(cast))
    with django_assert_max_num_queries(1):
        queries.directory(PUBLIC)


def test_the_signatory_is_asked_to_decide_once(cast):
    story = stories.issued(cast)
    assert len(queries.next_steps(cast.sid)) == 1
    assert queries.next_steps(cast.quin) == queries.next_steps(cast.boris) == []
    shared(story)
    assert queries.next_steps(cast.sid) == []
