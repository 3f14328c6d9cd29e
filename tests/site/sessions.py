"""A manufacturer's whole session through a program, alone or beside a rival, to compare the two."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from openqmm.apps.audit.actions import anchor_trails, configured_folder, configured_key
from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs.actions import drawing
from openqmm.apps.programs.models import Application, Round, RoundSeed
from openqmm.core.programs import drawing as drawing_rules
from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy
from tests import people
from tests.apps.evidence.stories import evidence
from tests.apps.facilities.stories import facility_of
from tests.arranging import arranged
from tests.evidence_files import pdf
from tests.site import worlds
from tests.site.cells import Route, all_routes, held_out
from tests.site.determinism import Told

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
    "programs:apply": ("?facility=x", "?round=x"),
    "assessments:assessments": ("?page=2", "?page=last"),
    "ratings:ratings": ("?page=2",),
    "audit:trail": ("?text=Birch", "?text=3009999902", "?page=2", "?what=application.submit"),
    "public:directory": ("?text=Birch", "?level=3", "?page=2"),
    "api:directory": ("?text=Birch", "?limit=1", "?offset=1"),
    "public:self_check": ("?fei=3009999902&program=pilot-api",),
}
# What forms are sent beside what the matrix sends: every kind of file, and whole trails.
SENT: dict[str, tuple[dict[str, str], ...]] = {
    "audit:export": ({"format": "pdf"}, {"format": "whole"}),
    "audit:proof": ({"kind": "tlog"},),
}
# What is public of everybody together, from when it is: what a rival has disclosed, and the draw in
# which both took part, are meant to show.
PUBLISHED = {
    "public:directory": "disclosure published",
    "api:directory": "disclosure published",
    "public:draw": "round assessing",
    "public:draw_file": "round assessing",
}
_HASH = re.compile(r"^[A-Za-z0-9+/]{43}=$", re.MULTILINE)
_SIGNED = re.compile(r"^(— \S+ )([A-Za-z0-9+/=]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One answer, as a browser received it."""

    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes

    def difference(self, other: Page) -> str:
        """Return where the two part, for people."""
        for name in ("status", "headers", "cookies"):
            if len(self.body) == len(other.body) and getattr(self, name) != getattr(other, name):
                return f"{name}: {getattr(self, name)} | {getattr(other, name)}"
        a, b = self.body, other.body
        at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
        start = max(0, at - 60)
        return f"{a[start : at + 90]!r} | {b[start : at + 90]!r}"


@dataclass
class Session:
    """Everything Alder asked for, and was told."""

    told: Told
    pages: list[Page] = field(default_factory=list)

    def visit(
        self, client: Client, person: str, stage: str, route: Route, ids: dict[str, Any]
    ) -> None:
        """Ask for everything a person may ask of a route; what is sent is undone again."""
        for method, url, more in _asked(person, stage, route, ids):
            act = f"{stage} {person} {method} {url} {more or ''}"
            with self.told.acting(act), worlds.undone():
                cookies = client.cookies.copy()
                sent = route.sent(stage, ids) | more if method == "POST" else {}
                if sent and (held := route.held(ids)):
                    sent |= held_out(client, url, sent, held)
                response = getattr(client, method.lower())(url, sent)
                self.pages.append(_page(act, response))
                client.cookies = cookies


class Lone(worlds.World):
    """A world in which the rivals named act, each from a stream of chance of its own."""

    def __init__(self, cast: Any, story: Told, owners: tuple[str, ...]) -> None:
        super().__init__(cast, owners=owners)
        self.story = story
        self.busy = 0

    @contextmanager
    def acting(self, owner: str, stage: str) -> Iterator[None]:
        self.story.wait(minutes=0 if owner == "birch" else 7)
        with self.story.acting(f"{owner} {stage}"):
            yield

    def anchored(self, folder: Path) -> None:
        """Anchor all trails. A folder for each time: a stage that is undone was never published."""
        settings.CHECKPOINTS = folder
        with self.story.acting(f"the {len(self.path)}th anchor"):
            anchor_trails(key=configured_key(), folder=configured_folder())

    def meanwhile(self, ids: dict[str, Any]) -> None:
        """Let the rival, if there is one, do something and be refused something."""
        if "birch" not in self.owners:
            return
        self.busy += 1
        with self.story.acting(f"birch is busy {self.busy}"):
            made = facility_of(self.cast.bria, f"30088888{self.busy:02}", f"Birch Mill {self.busy}")
            evidence(self.cast.bria, made.pk, pdf(self.busy % 5 + 1))
            # Its own page, and one of the other's: a refusal is an event too.
            asker = self.cast.client("bria")
            asker.get(f"/facilities/{made.pk}/")
            asker.get(f"/facilities/{ids.get('facility_id', worlds.UNKNOWN)}/")


def session(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *,
    with_rival: bool,
    story: tuple[str, ...] = STORY,
) -> Session:
    """Go through the program and return what Alder was told."""
    cast = _people(told, monkeypatch, with_rival=with_rival)
    _place_one_by_one(told, monkeypatch)
    world = Lone(cast, told, ("alder", "birch") if with_rival else ("alder",))
    found = Session(told)
    own = cast.quin.organisation_id
    for stage in story:
        ids = world.at(stage)["alder"]
        if stage == "application eligible":
            _seed(told, ids)
        world.anchored(folder / stage)
        newest = AuditEvent.objects.filter(trail_id=own).latest("seq").pk
        ids = {"event_id": newest, "organisation_id": own} | ids
        for name in ALDER:
            # Signed in anew: the visits are undone, and with them the time they were made at.
            with told.acting(f"{name} signs in for {stage}"):
                client = cast.client(name)
            world.meanwhile(ids)
            for route in all_routes().values():
                found.visit(client, name, stage, route, ids)
    return found


def _seed(told: Told, ids: dict[str, Any]) -> None:
    """Let the round keep a seed by which Alder's lot comes first, with a rival or alone: a draw
    tells each who takes part at which place it was drawn."""
    alder = str(ids["application_id"])
    seeds = (f"{number:064x}" for number in count())
    seed = next(each for each in seeds if drawing_rules.lot(each, alder).startswith("00"))
    with told.acting("the seed"), arranged():
        RoundSeed.objects.filter(pk=ids["round_id"]).update(seed=seed)
        Round.objects.filter(pk=ids["round_id"]).update(seed_digest=drawing_rules.seed_digest(seed))


def _place_one_by_one(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a draw, which places both in one act, draw the salt of each from a stream of its own."""
    place = drawing._place

    def placed(by: Any, application: Any, line: Any, chances: Any) -> None:
        with told.acting(f"{application.pk} is placed"):
            place(by, application, line, chances)

    monkeypatch.setattr(drawing, "_place", placed)


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


def _asked(
    person: str, stage: str, route: Route, ids: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield the methods, addresses and further data that a person may ask of a route at a stage."""
    since = PUBLISHED.get(route.name)
    if since and STORY.index(stage) >= STORY.index(since):
        return
    if "disclosure_id" in route.ids and "disclosure_id" not in ids:
        return
    for method in route.rules:
        if route.expected(method, stage, "alder", person) in ("refused", "sign_in"):
            continue
        if route.of_library and (method == "POST" or stage != STORY[0]):
            continue
        url = route.url(ids)
        if method == "GET":
            yield from ((method, url + more, {}) for more in ("", *ASKED.get(route.name, ())))
        else:
            yield from ((method, url, more) for more in ({}, *SENT.get(route.name, ())))


def _page(asked: str, response: Any) -> Page:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    shown = shape(body)
    headers = {name: str(value) for name, value in response.headers.items()}
    if shown != body and "Content-Length" in headers:
        headers["Content-Length"] = str(len(shown))
    cookies = tuple(
        f"{name}={morsel.value}; path={morsel['path']}"
        for name, morsel in sorted(response.cookies.items())
    )
    return Page(asked, response.status_code, tuple(sorted(headers.items())), cookies, shown)


def shape(body: bytes) -> bytes:
    """Return an answer with what an anchor draws anew, or hashes together from every trail, crossed
    out: salt and slot, the path between other slots, and the installation's own hashes and
    signature. The trail's own hashes, sizes, paths and numbers stay, and so does every length."""
    if body.startswith(b"c2sp.org/tlog-proof"):
        return _crossed_note(body.decode()).encode()
    if b"tlog_proof" not in body:
        return body
    return b"\n".join(json.dumps(_crossed(json.loads(x))).encode() for x in body.splitlines())


def _crossed(told: Any) -> Any:
    if isinstance(told, str) and '"tlog_proof"' in told:
        # The file of a signature holds its proof as a text.
        return json.dumps(_crossed(json.loads(told)))
    if not isinstance(told, dict):
        return told
    if "tlog_proof" not in told:
        return {name: _crossed(value) for name, value in told.items()}
    path = ["x" * len(one) for one in told["path"]]
    note = _crossed_note(told["tlog_proof"])
    return told | {"salt": "x" * len(told["salt"]), "slot": "x", "path": path, "tlog_proof": note}


def _crossed_note(text: str) -> str:
    text = _HASH.sub("x" * 44, text)
    return _SIGNED.sub(lambda found: found[1] + "x" * len(found[2]), text)


def leaking(get_response: Callable[[Any], HttpResponse]) -> Callable[[Any], HttpResponse]:
    """Tell how many applications there are of anybody: a middleware that gives rivals away."""

    def answer(request: Any) -> HttpResponse:
        response = get_response(request)
        with tenancy.scope(SYSTEM):
            response.headers["X-Applications"] = str(Application.objects.count())
        return response

    return answer
