"""The pages and files of ratings: who sees what, and that a rival sees nothing."""

import csv
import io
import json
import re
import subprocess
from fractions import Fraction
from shutil import which
from uuid import uuid4

import pytest

from openqmm.apps.disclosure import queries as disclosure
from openqmm.apps.ratings import actions, queries
from openqmm.core.ratings import shown_score
from openqmm.core.workflow import PUBLIC
from tests.apps.disclosure.stories import shared
from tests.apps.ratings import stories
from tests.people import PASSWORD
from tests.signing import held_out

pytestmark = pytest.mark.django_db

FILES = ("", "rating.pdf", "rating.csv", "bundle.json")


def text(response):
    return response.content.decode()


def test_the_administrator_proposes_from_the_list(cast):
    from tests.apps.assessments import stories as assessments

    story = assessments.final(cast, stories.GATED)
    ada = cast.client("ada")
    assert "Ready to be proposed" in text(ada.get("/ratings/"))
    answer = ada.post(f"/ratings/propose/{story.id}/", follow=True)
    assert "before the board" in text(answer)
    assert "Ready to be proposed" not in text(ada.get("/ratings/"))


def test_the_board_reads_one_page_and_decides_on_it(cast):
    story = stories.proposed(cast)
    bea = cast.client("bea")
    page = text(bea.get(story.url))
    for words in (
        "Rating of Alder Works",
        "Score <b>3.8</b>",
        "is held at level 3",
        "Plans are made from data people can show.",
        "Let the night shift into the planning.",
        "Record the review",
        "<svg",
    ):
        assert words in page
    assert "style=" not in page

    page = text(bea.post(f"{story.url}review/", {"note": "Gates were checked."}, follow=True))
    assert "Gates were checked." in page
    assert "Read and sign" in page

    form = {"reason": "The board agrees."}
    form |= {"password": PASSWORD} | held_out(bea.post(f"{story.url}issue/", form))
    page = text(bea.post(f"{story.url}issue/", form, follow=True))
    assert "Signature holds" in page
    assert "Suspend the rating" in page


def test_a_wrong_password_keeps_the_reason_written(cast):
    story = stories.reviewed(cast)
    bea, form = cast.client("bea"), {"reason": "A long and careful reason."}
    form |= {"password": "no"} | held_out(bea.post(f"{story.url}issue/", form))
    answer = bea.post(f"{story.url}issue/", form)
    assert answer.status_code == 403
    assert "A long and careful reason." in text(answer)
    assert "The password is not right" in text(answer)
    assert story.rating.state == "reviewed"


def test_a_step_that_closed_meanwhile_gives_back_what_was_written(cast):
    story = stories.proposed(cast)
    actions.review_rating(by=cast.bea, rating_id=story.id, note="The first review.")
    answer = cast.client("bea").post(f"{story.url}review/", {"note": "Second, in detail."})
    assert answer.status_code == 409
    assert "Second, in detail." in text(answer)
    assert story.rating.review_note == "The first review."


def test_the_facility_reads_its_own_once_issued_and_not_the_boards_notes(cast):
    story = stories.reviewed(cast)
    quin = cast.client("quin")
    assert quin.get(story.url).status_code == 404
    assert "No rating has been issued to you yet" in text(quin.get("/ratings/"))

    stories.issue(story)
    page = text(quin.get(story.url))
    for words in ("What would change the level", "Share it, or not", "The board agrees."):
        assert words in page
    for words in ("Gates and coverage were checked.", "Proposed the rating", "bundle.json"):
        assert words not in page
    assert "Alder Works" in text(quin.get("/ratings/"))


def test_a_facility_that_is_not_rated_reads_why(cast):
    story = stories.issued(cast, stories.NOT_RATED)
    page = text(cast.client("quin").get(story.url))
    assert "There is no level, because:" in page
    assert "Key question PLN-01" in page
    assert "A level needs this to change" in page


def test_the_bundle_stays_between_the_office_and_the_team(cast):
    story = stories.issued(cast)
    for name in ("ada", "bea", "lea", "odo"):
        answer = cast.client(name).get(f"{story.url}bundle.json")
        assert answer.status_code == 200
        assert answer.content.decode() == story.rating.bundle
    for name in ("quin", "sid"):
        assert cast.client(name).get(f"{story.url}bundle.json").status_code == 404


def test_another_contractors_assessor_and_the_unconcerned_see_nothing(cast):
    story = stories.issued(cast)
    # Zoe works for the same contractor and is not on the team.
    for name in ("zoe", "bria", "boris"):
        for file in FILES:
            assert cast.client(name).get(story.url + file).status_code == 404
    for name in ("pia", "cora", "rex"):
        for file in FILES:
            assert cast.client(name).get(story.url + file).status_code == 403
    assert cast.client(None).get(story.url).status_code == 302


def test_the_five_places_show_one_number(cast):
    story = stories.issued(cast)
    consent = shared(story)
    quin = cast.client("quin")
    bundle = json.loads(story.rating.bundle)["result"]["overall"]
    shown = shown_score(Fraction(bundle["score_exact"]))

    api = quin.get(f"/api/v1/ratings/{story.id}").json()["overall"]
    assert (api["score_exact"], api["level"]) == (bundle["score_exact"], bundle["level"])

    lines = csv.DictReader(io.StringIO(text(quin.get(f"{story.url}rating.csv"))))
    row = next(line for line in lines if line["scope"] == "overall")
    assert (row["score_exact"], row["level"]) == (bundle["score_exact"], str(bundle["level"]))

    page = text(quin.get(story.url))
    assert re.search(r"Score <b>([\d.]+)</b>", page)[1] == shown
    published = disclosure.disclosed_rating(PUBLIC, consent.pk)
    assert (published.score, published.level) == (shown, bundle["level"])
    assert [(r.score, r.level) for r in disclosure.directory(PUBLIC)] == [(shown, bundle["level"])]

    pdf = quin.get(f"{story.url}rating.pdf")
    assert pdf.content.startswith(b"%PDF")
    if which("pdftotext"):
        made = subprocess.run(
            ["pdftotext", "-", "-"], input=pdf.content, capture_output=True, check=True
        ).stdout.decode()
        assert re.search(rf"\b{re.escape(shown)}\b", made)
        assert bundle["score_exact"] in made


def test_what_is_shown_is_read_from_the_bundle_and_never_computed(cast, monkeypatch):
    story = stories.issued(cast)

    def computed(*_: object) -> None:
        raise AssertionError("computed anew")

    monkeypatch.setattr("openqmm.core.ratings.rating.question_results", computed)
    quin = cast.client("quin")
    for file in ("", "rating.pdf", "rating.csv"):
        assert quin.get(story.url + file).status_code == 200


def test_lists_and_pages_cost_few_queries(cast, django_assert_max_num_queries):
    story = stories.issued(cast)
    stories.proposed(cast, name="Alder North", fei="3009999902")
    with django_assert_max_num_queries(1):
        assert len(queries.ratings(cast.bea)) == 2
    with django_assert_max_num_queries(13):
        queries.rating(cast.bea, story.id)


def test_everybody_is_told_what_to_do_next(cast):
    from tests.apps.assessments import stories as assessments

    assessment = assessments.final(cast, stories.GATED)

    def labels(by):
        return [step.label for step in queries.next_steps(by)]

    assert labels(cast.ada) == ["Propose the rating"]
    rating = actions.propose_rating(by=cast.ada, assessment_id=assessment.id)
    assert (labels(cast.ada), labels(cast.bea)) == ([], ["Review the proposed rating"])
    actions.review_rating(by=cast.bea, rating_id=rating.pk, note="Gates were checked.")
    assert labels(cast.bea) == ["Decide and issue the rating"]
    assert labels(cast.quin) == []
    actions.issue_rating(
        by=cast.bea, rating_id=rating.pk, reason="The board agreed.", password=PASSWORD
    )
    assert (labels(cast.bea), labels(cast.quin)) == ([], ["Read your rating"])
    assert labels(cast.bria) == []


@pytest.mark.parametrize("file", FILES)
def test_the_rival_is_answered_as_if_there_were_nothing(cast, file):
    story = stories.issued(cast)
    bria = cast.client("bria")
    there, nowhere = bria.get(story.url + file), bria.get(f"/ratings/{uuid4()}/{file}")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content
    assert "Alder" not in text(bria.get("/ratings/"))
