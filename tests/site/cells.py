"""One cell of the authorization matrix: what is written down for it, and what the site answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from openqmm.apps.audit.models import AuditChange
from openqmm.site.checks import TRUSTED_MODULES, routes
from openqmm.web import clock
from tests.people import PASSWORD
from tests.site import worlds

SPEC = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))
GROUPS = SPEC["groups"]
PEOPLE: list[str] = GROUPS["everyone"]
ANSWERS = ("done", "ok", "refused", "not_found", "sign_in", "gone")
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
        return [*self.rules, *(["HEAD"] if "GET" in self.rules else [])]

    @property
    def undeclared(self) -> list[str]:
        """The methods it does not take."""
        return [method for method in METHODS if method not in self.declared]

    @property
    def ids(self) -> list[str]:
        """The names of what its address names."""
        return [name for _, name in self._named]

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose objects its address may name; one where it names none."""
        return OWNERS if any(kind == "uuid" for kind, _ in self._named) else OWNERS[:1]

    @property
    def subject(self) -> str:
        """The kind of object whose state matters."""
        found = [one for one in SUBJECTS if f"{one}_id" in self.ids]
        return SPEC["subjects"].get(self.name, found[0] if found else "")

    @property
    def stages(self) -> list[str]:
        """The stages at which it is tried."""
        found = worlds.stages_of(self.subject) if self.subject else []
        return found if worlds.LATEST in found else [*found, worlds.LATEST]

    @property
    def _named(self) -> list[tuple[str, str]]:
        return [(kind or "str", name) for kind, name in _NAMED.findall(self.pattern)]

    def expected(self, method: str, stage: str, owner: str, person: str) -> str:
        """Return the answer written down for this cell."""
        rule = self.rule(method, stage)
        if owner == "unknown" and "unknown" in rule:
            rule = rule | rule["unknown"]
        seen_as = worlds.MIRROR.get(person, person) if owner == "birch" else person
        for answer in ("done", "ok", "not_found", "gone"):
            if seen_as in members(rule.get(answer, [])):
                known = answer in ("not_found", "gone") or owner != "unknown" or "unknown" in rule
                return answer if known else "not_found"
        return "sign_in" if person in members(["nobodies"]) else "refused"

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
        return reverse(self.name, kwargs=named)

    def sent(self, stage: str, ids: dict[str, Any]) -> dict[str, Any]:
        """Return what a browser sends; a value such as @application_id is the object's own."""
        sent = SPEC["data"].get(self.name, {})
        return {
            name: (SENT | ids).get(value[1:], worlds.UNKNOWN) if str(value).startswith("@") else value
            for name, value in sent.items()
        }


FIXED = SPEC["fixed"]
SENT = {
    "password": PASSWORD,
    "today": f"{clock.today()}",
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
    stages = frozenset(f"{subject} {state}" for state in found)
    unknown = stages - set(worlds.STAGES)
    if unknown:
        raise ValueError(f"There is no stage {', '.join(sorted(unknown))}.")
    return stages


@dataclass
class Caller:
    """Everybody's browsers; what a call changed is undone."""

    clients: dict[str, Client]
    changes: int = 0
    made: int = 0
    wrong: list[str] = field(default_factory=list)

    def call(self, person: str, method: str, url: str, data: dict[str, Any]) -> tuple[str, Any]:
        """Return the answer in a word, and the response."""
        self.made += 1
        client = self.clients[person]
        cookies = client.cookies.copy()
        with worlds.undone():
            before = AuditChange.objects.count() if method == "POST" else 0
            response = getattr(client, method.lower())(url, data if method in ("GET", "POST") else {})
            if response.streaming:
                # Read to its end, which closes what it is read from.
                response.body = b"".join(response.streaming_content)
            else:
                response.body = response.content
            changed = method == "POST" and AuditChange.objects.count() != before
        client.cookies = cookies
        return answer_of(response, changed), response


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
    """Yield the declared cells of a route at a stage: method, owner, person."""
    for method in route.declared:
        if method == "HEAD" and stage != worlds.LATEST:
            # It is GET by another name; once is enough.
            continue
        for owner in route.owners if stage == worlds.LATEST else route.owners[:2]:
            for person in PEOPLE:
                yield method, owner, person
