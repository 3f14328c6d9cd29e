"""One cell of the authorization matrix: what is written down for it, and what the site answers."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from openqmm.apps.accounts.policies import LONGEST_SESSION, signing_in
from openqmm.apps.audit.models import AuditChange
from openqmm.site.checks import TRUSTED_MODULES, routes
from openqmm.web import clock
from tests import signing
from tests.people import PASSWORD, Cast
from tests.site import stages, worlds

SPEC = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))
GROUPS = SPEC["groups"]
PEOPLE: list[str] = GROUPS["everyone"]
ANSWERS = ("done", "ok", "not_found")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# An object's stages are looked at on the routes whose deepest id is its own.
SUBJECTS = ("disclosure", "rating", "assessment", "application", "round")
_NAMED = re.compile(r"<(?:(\w+):)?(\w+)>")
OWNERS = ("alder", "birch", "unknown")


@dataclass(frozen=True)
class Route:
    """A route of the site with what is written down about it."""

    name: str
    pattern: str
    view: Any

    @property
    def of_library(self) -> bool:
        """Whether a library serves it, which guards itself."""
        return self.view.__module__.startswith(TRUSTED_MODULES)

    @property
    def rules(self) -> dict[str, Any]:
        """What is written down, by method."""
        return SPEC["routes"][self.name]

    @property
    def declared(self) -> list[str]:
        """The methods it takes; HEAD goes with GET."""
        with_head = "GET" in self.rules and self.name not in SPEC["without_head"]
        return [*self.rules, *(["HEAD"] if with_head else [])]

    @property
    def undeclared(self) -> list[str]:
        """The methods it does not take."""
        return [method for method in METHODS if method not in self.declared]

    @property
    def ids(self) -> list[str]:
        """The names of what its address names."""
        return [name for _, name in self.named]

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose objects its address may name; one where it names none."""
        return OWNERS if any(kind == "uuid" for kind, _ in self.named) else OWNERS[:1]

    @property
    def subject(self) -> str:
        """The kind of object whose state matters."""
        found = [one for one in SUBJECTS if f"{one}_id" in self.ids]
        return SPEC["subjects"].get(self.name, found[0] if found else "")

    @property
    def stages(self) -> list[str]:
        """The stages at which it is tried."""
        found = stages.stages_of(self.subject) if self.subject else []
        return found if stages.LATEST in found else [*found, stages.LATEST]

    @property
    def named(self) -> list[tuple[str, str]]:
        """What its address names, each with its kind."""
        return [(kind or "str", name) for kind, name in _NAMED.findall(self.pattern)]

    def expected(self, method: str, stage: str, owner: str, person: str) -> str:
        """Return the answer written down for this cell."""
        rule = self.rule(method, stage)
        if owner == "unknown":
            rule = rule | rule.get("unknown", {})
        seen_as = worlds.MIRROR.get(person, person) if owner == "birch" else person
        for answer in ANSWERS:
            if seen_as in members(rule.get(answer, [])):
                known = owner != "unknown" or "unknown" in rule
                return answer if known else "not_found"
        return "sign_in" if person in members(["nobodies"]) else "refused"

    def concerned(self, method: str) -> list[str]:
        """Return whom a method answers in any state, and one whom it never does."""
        rule = self.rules[method]
        every = [rule, *rule.get("when", {}).values()]
        named = members(one for part in every for answer in ANSWERS for one in part.get(answer, []))
        refused = [person for person in PEOPLE if person not in named][-1:]
        return [person for person in PEOPLE if person in named or person in refused]

    def answers(self, person: str) -> bool:
        """Whether a person may call the route, by any method."""
        return any(
            self.expected(method, stage, "alder", person) not in ("refused", "sign_in")
            for method in self.rules
            for stage in self.stages
        )

    def rule(self, method: str, stage: str) -> dict[str, Any]:
        """Return what is written down for a method at a stage: what differs there comes first."""
        rule = self.rules["GET" if method == "HEAD" else method]
        for states, differs in rule.get("when", {}).items():
            if stage in states_of(states):
                return {"unknown": rule["unknown"]} | differs if "unknown" in rule else differs
        return rule

    def url(self, ids: dict[str, Any]) -> str:
        """Return its address for these ids; what does not exist yet has an unknown one."""
        named = {name: ids.get(name, FIXED.get(name, worlds.UNKNOWN)) for name in self.ids}
        if "signature_id" in named:
            named["signature_id"] = ids.get(f"{self.subject} signature", worlds.UNKNOWN)
        return reverse(self.name, kwargs=named)

    def url_ids(self, ids: dict[str, Any]) -> list[str]:
        """Return what its address names for these ids."""
        return [str(value) for value in resolve(self.url(ids)).kwargs.values()]

    def held(self, ids: dict[str, Any]) -> str:
        """Return the address of the page that holds out what is to be signed, if any."""
        page = SPEC["signed"].get(self.name, "")
        return page if page in ("", "itself") else all_routes()[page].url(ids)

    def sent(self, stage: str, ids: dict[str, Any]) -> dict[str, Any]:
        """Return what a browser sends; a value such as @application_id is the object's own."""
        # Every page of a record says which version it shows; a browser here finds it out itself.
        known = all(name in ids for kind, name in self.named if kind == "uuid")
        sent = SPEC["data"].get(self.name, {}) | ({} if known else {"version": "1"})
        return {
            name: (SENT | ids).get(value[1:], worlds.UNKNOWN)
            if str(value).startswith("@")
            else value
            for name, value in sent.items()
        }


FIXED = SPEC["fixed"]
SENT = {
    "password": PASSWORD,
    "today": f"{clock.today()}",
    "later": f"{clock.today() + timedelta(days=40)}",
    "tomorrow": f"{clock.today() + timedelta(days=1)}",
}


@cache
def all_routes() -> dict[str, Route]:
    """Return every route of the site by its name."""
    return {name: Route(name, pattern, view) for name, pattern, view in routes()}


def members(names: Iterable[str]) -> set[str]:
    """Return the people of these groups, groups of groups, and by these names."""
    found: set[str] = set()
    for name in names:
        found |= members(GROUPS[name]) if name in GROUPS else {name}
    return found


@cache
def states_of(text: str) -> frozenset[str]:
    """Return the stages that a key under `when` names: `application draft`, or several states of
    one kind of object, `assessment planned, oriented`, or a group of them."""
    subject, _, states = text.partition(" ")
    named = [one.strip() for one in states.split(",")]
    found = [state for one in named for state in SPEC["states"].get(one, [one])]
    told = frozenset(f"{subject} {state}" for state in found)
    unknown = told - set(stages.STAGES)
    if unknown:
        raise ValueError(f"There is no stage {', '.join(sorted(unknown))}.")
    return told


@dataclass
class Caller:
    """Everybody's browsers; what a call changed is undone."""

    clients: dict[str, Client]
    changes: int = 0
    made: int = 0
    wrong: list[str] = field(default_factory=list)

    def call(
        self,
        person: str,
        method: str,
        url: str,
        data: dict[str, Any],
        held: str = "",
        smuggled: dict[str, Any] | None = None,
    ) -> tuple[str, Any]:
        """Return the answer in a word, and the response.

        What is signed was read before, on the page `held` (or the answer to the same form, where it
        says `itself`); what is `smuggled` goes in after that.
        """
        self.made += 1
        client = self.clients[person]
        cookies = client.cookies.copy()
        with worlds.undone():
            if method == "POST" and held:
                data = data | held_out(client, url, data, held)
            data = data | (smuggled or {})
            before = _newest_change()
            response = getattr(client, method.lower())(
                url, data if method in ("GET", "POST") else {}
            )
            if response.streaming:
                # Read to its end, which closes what it is read from.
                response.body = b"".join(response.streaming_content)
            else:
                response.body = response.content
            changed = _newest_change() != before
        client.cookies = cookies
        return answer_of(response, changed), response


def _newest_change() -> int | None:
    return AuditChange.objects.order_by("-pk").values_list("pk", flat=True).first()


@contextmanager
def calling(cast: Cast, people: Iterable[str]) -> Iterator[Caller]:
    """Open these people's browsers. A machine that is slow signs nobody out meanwhile, and
    refusals, of which thousands are asked for, give no warning."""
    clients = {name: cast.client(None if name == "nobody" else name) for name in people}
    logging.disable(logging.WARNING)
    try:
        with mock.patch.object(signing_in, "IDLE", LONGEST_SESSION):
            yield Caller(clients)
    finally:
        logging.disable(logging.NOTSET)


def held_out(client: Client, url: str, data: dict[str, Any], page: str) -> dict[str, str]:
    """Return what a page holds out to be signed; nothing where there is no such page for them."""
    shown = client.post(url, data) if page == "itself" else client.get(page, data)
    return signing.held_out(shown) if b"qmm-sign__form" in shown.content else {}


def answer_of(response: HttpResponse, changed: bool) -> str:
    """Return an answer in a word: `done` where a record was changed, `gone` where the method is
    not taken."""
    status = response.status_code
    if status == 302 and "/accounts/login/" in response.headers["Location"]:
        status = 401
    named = {401: "sign_in", 403: "refused", 404: "not_found", 405: "gone"}
    if status >= 500:
        return f"broken ({status})"
    if status in named:
        # A refusal that has changed something all the same is no refusal.
        return f"{named[status]}, yet changed" if changed else named[status]
    return "done" if changed else "ok"


def cells_of(route: Route, stage: str) -> Iterator[tuple[str, str, str]]:
    """Yield the cells of a route at a stage: method, owner, person.

    Where every kind of object exists, everybody tries everything, of both rivals and of nobody.
    What differs by state is tried by whoever the route answers in any state, and by one whom it
    refuses: a role is refused before any object is looked at.
    """
    if stage == stages.LATEST:
        for method in route.declared:
            for owner in route.owners if method != "HEAD" else route.owners[:1]:
                for person in PEOPLE:
                    yield method, owner, person
        return
    for method in route.rules:
        for person in route.concerned(method):
            yield method, "alder", person


def undeclared_cells(route: Route) -> Iterator[tuple[str, str]]:
    """Yield the cells of the methods that a route does not take: by nobody, by one who may call the
    route, and by one who may not."""
    somebody = [person for person in PEOPLE if route.answers(person)][-1:]
    refused = [person for person in PEOPLE if not route.answers(person)][-1:]
    for method in route.undeclared:
        for person in dict.fromkeys(["nobody", *somebody, *refused]):
            yield method, person
