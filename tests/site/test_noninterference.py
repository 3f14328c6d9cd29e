"""What one manufacturer sees does not depend on what another has or does: to the byte.

Alder goes through a whole program: every page, form, file and answer of the API, at every stage, as
its quality lead, its signatory and its own auditor. It does so twice: alone, and with a rival that
was there before, acts between any two of its requests, and has as much of everything.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from openqmm.apps.audit.actions import configured_key
from openqmm.apps.ratings import views

from tests import people
from tests.site import determinism, worlds
from tests.site.cells import Route, all_routes, held_out
from tests.site.determinism import Told

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R15")]

ALDER = ("quin", "sid", "aud")
RIVALS = ("bria", "boris")
# The stages of a program, in the order in which a manufacturer lives through it.
STORY = (
    "round open",
    "application draft",
    "application submitted",
    "application screening",
    "application eligible",
    "application selected",
    "application accepted",
    "round assessing",
    "assessment planned",
    "assessment questionnaire_out",
    "assessment scoring",
    "assessment consensus",
    "assessment factual_check",
    "rating proposed",
    "rating valid",
    "disclosure published",
    "disclosure named",
)
# What lists are asked beside nothing: filters, searches, pages, and what a rival would be found by.
ASKED = {
    "facilities:facilities": ("",),
    "programs:apply": ("?facility=x", "?round=x"),
    "assessments:assessments": ("?page=2", "?page=last"),
    "ratings:ratings": ("?page=2",),
    "audit:trail": ("?text=Birch", "?text=3009999902", "?page=2", "?what=application.submit"),
    "public:directory": ("?text=Birch", "?level=3", "?page=2"),
    "api:directory": ("?text=Birch", "?limit=1", "?offset=1"),
    "public:self_check": ("?fei=3009999902&program=pilot-api",),
}
# The directory is public: what a rival has disclosed shows there, and is meant to.
PUBLISHED = {"public:directory", "api:directory"}


@dataclass(frozen=True)
class Page:
    """One answer, as a browser received it."""

    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes


@dataclass
class Session:
    """Everything Alder asked for, and was told."""

    pages: list[Page] = field(default_factory=list)


class Lone(worlds.World):
    """A world in which the rivals named act, each from a stream of chance of its own."""

    def __init__(self, cast: Any, story: Told, owners: tuple[str, ...]) -> None:
        super().__init__(cast, owners=owners)
        self.story = story

    @contextmanager
    def acting(self, owner: str, stage: str) -> Iterator[None]:
        self.story.wait(minutes=0 if owner == "birch" else 7)
        with self.story.acting(f"{owner} {stage}"):
            yield


def _people(told: Told, monkeypatch: pytest.MonkeyPatch, *, with_rival: bool) -> Any:
    """Create everybody but the rival's people; these last, and from their own chance."""
    full, more = dict(people.CAST), dict(worlds.MORE)
    for module in (people, worlds):
        rest = {name: row for name, row in full.items() if name not in RIVALS}
        monkeypatch.setattr(module, "CAST", rest)
    monkeypatch.setattr(worlds, "MORE", {name: row for name, row in more.items() if name != "bud"})
    with told.acting("office"):
        cast = worlds.everybody()
    if with_rival:
        with told.acting("birch"):
            monkeypatch.setattr(people, "CAST", {name: full[name] for name in RIVALS})
            rival = people.assemble()
            cast.actors.update(rival.actors)
            cast.organisations.update(rival.organisations)
            monkeypatch.setattr(worlds, "MORE", more)
            worlds.add_beside(cast, "bud")
    return cast


def _session(told: Told, monkeypatch: pytest.MonkeyPatch, *, with_rival: bool) -> Session:
    cast = _people(told, monkeypatch, with_rival=with_rival)
    owners = ("alder", "birch") if with_rival else ("alder",)
    world = Lone(cast, told, owners)
    session = Session()
    for stage in STORY:
        ids = world.at(stage)["alder"]
        for name in ALDER:
            # Signed in anew: the visits are undone, and with them the time they were made at.
            with told.acting(f"{name} signs in for {stage}"):
                client = cast.client(name)
            for route in all_routes().values():
                _visit(told, session, client, name, stage, route, ids)
    return session


def _visit(
    told: Told,
    session: Session,
    client: Client, person: str, stage: str, route: Route, ids: dict[str, Any]
) -> None:
    """Ask for everything a person may ask of a route; what is sent is undone again."""
    if any(name in {"disclosure_id"} and name not in ids for name in route.ids):
        return
    for method in route.rules:
        if route.expected(method, stage, "alder", person) in ("refused", "sign_in"):
            continue
        if route.of_library and (method == "POST" or stage != STORY[0]):
            continue
        url = route.url(ids)
        for asked in ("", *ASKED.get(route.name, ())) if method == "GET" else ("",):
            if route.name in PUBLISHED and stage.startswith("disclosure"):
                continue
            act = f"{stage} {person} {method} {url}{asked}"
            with told.acting(act), worlds.undone():
                cookies = client.cookies.copy()
                sent = route.sent(stage, ids) if method == "POST" else {}
                if sent and (held := route.held(ids)):
                    sent |= held_out(client, url, sent, held)
                response = getattr(client, method.lower())(url + asked, sent)
                session.pages.append(_page(act, response))
                client.cookies = cookies


def _page(asked: str, response: Any) -> Page:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = tuple(sorted((name, str(value)) for name, value in response.headers.items()))
    cookies = tuple(
        f"{name}={morsel.value}; path={morsel['path']}"
        for name, morsel in sorted(response.cookies.items())
    )
    return Page(asked, response.status_code, headers, cookies, body)


def test_a_rival_changes_nothing_of_what_a_manufacturer_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    logging.disable(logging.WARNING)
    # Made once for the installation, when first needed; not by what is compared.
    configured_key()
    sessions = []
    for with_rival in (False, True):
        with monkeypatch.context() as patch, determinism.told() as told, worlds.undone():
            # What is kept outside the database, each world has for itself.
            settings.EVIDENCE_FOLDER = tmp_path / f"evidence {with_rival}"
            # The seal's own signature draws from where no story can tell.
            patch.setattr(views, "sealed_pdf", lambda content: content)
            sessions.append(_session(told, patch, with_rival=with_rival))
    logging.disable(logging.NOTSET)
    alone, beside = sessions
    assert [page.asked for page in alone.pages] == [page.asked for page in beside.pages]
    differing = [
        f"{a.asked}: {_difference(a, b)}"
        for a, b in zip(alone.pages, beside.pages, strict=True)
        if a != b
    ]
    assert not differing, f"{len(differing)} of {len(alone.pages)}:\n" + "\n".join(differing[:40])
    assert len(alone.pages) >= 1_000


def _difference(a: Page, b: Page) -> str:
    for name in ("status", "headers", "cookies"):
        if len(a.body) == len(b.body) and getattr(a, name) != getattr(b, name):
            return f"{name}: {getattr(a, name)} | {getattr(b, name)}"
    at = next(
        (n for n, (x, y) in enumerate(zip(a.body, b.body, strict=False)) if x != y),
        min(len(a.body), len(b.body)),
    )
    start = max(0, at - 60)
    return f"{a.body[start : at + 90]!r} | {b.body[start : at + 90]!r}"


