"""Components: order, words beside colour, escaped text, links that lead where they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace as Row

import pytest
from django import forms
from django.core.paginator import Paginator
from django.test import RequestFactory

Render = Callable[..., str]


class Application(forms.Form):
    """One field of each kind of control (synthetic)."""

    name = forms.CharField(help_text="As registered.")
    note = forms.CharField(widget=forms.Textarea, required=False)
    country = forms.ChoiceField(choices=[("IT", "Italy")])
    visit_on = forms.DateField()
    kind = forms.ChoiceField(choices=[("API", "API"), ("FDF", "FDF")], widget=forms.RadioSelect)
    spoken = forms.MultipleChoiceField(
        choices=[("en", "English")], widget=forms.CheckboxSelectMultiple
    )
    plan = forms.FileField(help_text="PDF.")
    agreed = forms.BooleanField(help_text="All of it.")
    token = forms.CharField(widget=forms.HiddenInput, initial="t")


FIELDS = "{% for bound in form %}{% field bound %}{% endfor %}"


@pytest.mark.parametrize("tone", ["neutral", "info", "progress", "done", "warn", "stop"])
def test_state_is_a_word_in_every_tone(render: Render, tone: str) -> None:
    html = render("{% state_tag 'Submitted' tone %}", tone=tone)
    assert f"qmm-tag--{tone}" in html
    assert ">Submitted<" in html


def test_unknown_tone_is_refused(render: Render) -> None:
    with pytest.raises(ValueError, match="neutral, info"):
        render("{% state_tag 'x' 'red' %}")


def test_do_next_puts_late_first_then_by_date_and_undated_last(render: Render) -> None:
    items = [
        Row(label="undated", url="/a", due=None, late=False, about=""),
        Row(label="later", url="/b", due=date(2027, 5, 1), late=False, about=""),
        Row(label="overdue", url="/c", due=date(2027, 6, 1), late=True, about="Asked twice"),
        Row(label="sooner", url="/d", due=datetime(2027, 4, 1, tzinfo=UTC), late=False, about=""),
    ]
    html = render("{% do_next items %}", items=items)
    order = re.findall(r">(undated|later|overdue|sooner)</a>", html)
    assert order == ["overdue", "sooner", "later", "undated"]
    assert html.count(">Late<") == 1
    assert "No date" in html
    assert "Asked twice" in html


def test_do_next_teaches_when_empty(render: Render) -> None:
    assert "appears here with its date" in render("{% do_next items %}", items=[])
    assert "appears here with its date" in render("{% do_next items %}", items=None)


def test_do_next_reads_mappings(render: Render) -> None:
    html = render("{% do_next items %}", items=[{"label": "Sign", "url": "/s", "late": True}])
    assert '<a class="usa-link" href="/s">Sign</a>' in html


def test_stages_name_the_current_one(render: Render) -> None:
    states = [("Oriented", "done"), ("Visit", "current"), ("Rated", "todo")]
    steps = [Row(label=label, state=state) for label, state in states]
    html = render("{% stage_track steps %}", steps=steps)
    assert html.count('aria-current="step"') == 1
    assert "Stage 2 of 3: Visit" in html


def test_stages_all_done_end_on_the_last(render: Render) -> None:
    steps = [Row(label="One", state="done"), Row(label="Two", state="done")]
    assert "Stage 2 of 2: Two" in render("{% stage_track steps %}", steps=steps)


def test_no_stages_draw_nothing(render: Render) -> None:
    assert not render("{% stage_track steps %}", steps=[]).strip()


def test_empty_state_offers_its_action_only_with_an_address(render: Render) -> None:
    assert "usa-button" not in render("{% empty_state 'Nothing yet' 'Soon.' %}")
    assert 'href="/go"' in render("{% empty_state 'Nothing yet' 'Soon.' 'Go' '/go' %}")


def test_summary_takes_pairs_and_objects_and_says_what_is_missing(render: Render) -> None:
    rows = [("FEI", "3009999901"), Row(label="Valid until", value=None), ("Lots", 0)]
    html = render("{% summary_list rows %}", rows=rows)
    assert "<dt>FEI</dt><dd>3009999901</dd>" in html
    assert "Not given" in html
    assert "<dt>Lots</dt><dd>0</dd>" in html


def test_timeline_tells_who_why_and_what_changed(render: Render) -> None:
    entry = Row(
        at=datetime(2027, 3, 1, 9, tzinfo=UTC),
        by="Ines Moreau",
        sentence="Moved the visit <b>.",
        why="Shut.",
        changes=[Row(field="Visit", before=None, after="22 Apr")],
    )
    html = render("{% timeline entries %}", entries=[entry])
    assert "Moved the visit &lt;b&gt;." in html
    assert "Ines Moreau" in html
    assert "Shut." in html
    assert "1 field changed" in html
    assert "<td></td><td>22 Apr</td>" in html
    assert "Nothing has happened yet" in render("{% timeline entries %}", entries=[])


def test_pager_keeps_the_filters_of_the_address(render: Render) -> None:
    request = RequestFactory().get("/list", {"page": "2", "state": "open", "q": "a&b"})
    page = Paginator(range(1204), 50).page(2)
    html = render("{% pager page %}", page=page, request=request)
    assert "51 to 100 of 1204" in html
    assert 'href="?page=3&amp;state=open&amp;q=a%26b"' in html
    assert html.count('aria-current="page"') == 1
    assert "page=2&amp;page" not in html


def test_pager_of_one_page_has_no_links(render: Render) -> None:
    assert "<nav" not in render("{% pager page %}", page=Paginator([1], 50).page(1))
    assert "Nothing to show" in render("{% pager page %}", page=Paginator([], 50).page(1))


def test_every_label_and_description_points_at_something(render: Render) -> None:
    html = render(FIELDS, form=Application({}))
    ids = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', html)) <= ids
    described = {
        name for value in re.findall(r'describedby="([^"]+)"', html) for name in value.split()
    }
    assert described
    assert described <= ids


def test_each_widget_gets_its_component(render: Render) -> None:
    html = render(FIELDS, form=Application({"visit_on": "2027-04-19", "kind": "FDF"}))
    for css in ("usa-input", "usa-textarea", "usa-select", "usa-radio__input", "qmm-file"):
        assert re.search(rf'class="[^"]*\b{css}\b', html)
    assert re.search(r'<input type="date" name="visit_on" value="2027-04-19"', html)
    assert re.search(r'type="radio"[^>]* value="FDF"[^>]* checked', html)
    assert re.search(r'class="usa-checkbox__input[^"]*"[^>]* id="id_agreed"', html)
    assert re.search(r'<input type="hidden" name="token"', html)
    assert html.count("(optional)") == 1


def test_error_summary_links_to_controls_that_exist(render: Render) -> None:
    form = Application({})
    form.add_error(None, "The two dates contradict each other.")
    html = render("{% error_summary form %}", form=form)
    fields = render(FIELDS, form=form)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert {"id_name", "id_kind_0", "id_spoken_0", "id_agreed"} <= set(targets)
    assert all(f'id="{target}"' in fields for target in targets)
    assert "The two dates contradict each other." in html
    assert f"{len(targets) + 1} things need correcting" in html


def test_error_summary_is_absent_without_errors(render: Render) -> None:
    assert not render("{% error_summary form %}", form=Application()).strip()
    assert not render("{% error_summary form %}", form=None).strip()
