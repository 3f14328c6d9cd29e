"""How one protocol is read in terms of another: areas, questions kept, losses and gains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from openqmm.core.errors import InvalidProtocol
from openqmm.core.protocols.located import Located, Path
from openqmm.core.protocols.model import Area, Protocol, Question
from openqmm.core.protocols.reading import in_reading_order, shaped_faults
from openqmm.core.protocols.schema import Id, Text, Texts, Version


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProtocolRefIn(_Part):
    protocol: Text
    version: Version


class AreaPathIn(_Part):
    source: Annotated[Id, Field(alias="from")]
    targets: Annotated[list[Id], Field(alias="to")]
    note: Text | None = None


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Ids = Annotated[list[Id], BeforeValidator(_as_list), Field(min_length=1)]


class LossIn(_Part):
    questions: Ids
    loss: Text


class GainIn(_Part):
    questions: Ids
    gain: Text


class CrosswalkIn(_Part):
    format: Literal["openqmm-crosswalk/1"]
    title: Text
    summary: Text
    source: Annotated[ProtocolRefIn, Field(alias="from")]
    target: Annotated[ProtocolRefIn, Field(alias="to")]
    areas: Annotated[list[AreaPathIn], Field(min_length=1)]
    not_carried: Annotated[list[LossIn], Field(default_factory=list)]
    new: Annotated[list[GainIn], Field(default_factory=list)]
    losses: Texts


@dataclass(frozen=True, slots=True)
class AreaPath:
    """Where a source area goes: its target areas, in the words of the crosswalk's author."""

    area: str
    targets: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """A question both protocols ask: its areas and whether it may gate them.

    `same_wording` is False where text, levels or criteria differ; then scores cannot be compared.
    """

    question: str
    from_area: str
    to_area: str
    key_before: bool
    key_after: bool
    same_wording: bool


@dataclass(frozen=True)
class Crosswalk:
    """A checked reading of protocol `source` in terms of protocol `target`.

    `not_carried` and `new` map question ids to the stated loss or gain; `losses` hold for the
    crosswalk as a whole.
    """

    source: Protocol
    target: Protocol
    title: str
    summary: str
    areas: tuple[AreaPath, ...]
    not_carried: dict[str, str]
    new: dict[str, str]
    losses: tuple[str, ...]

    @cached_property
    def shared(self) -> tuple[SharedQuestion, ...]:
        """The questions both ask, in the source's order, with the target area each lands in."""
        homes = {question.id: area.id for area in self.target.areas for question in area.questions}
        return tuple(
            _shared(question, area.id, self.target.question(question.id), homes[question.id])
            for area in self.source.areas
            for question in area.questions
            if question.id in homes
        )

    def target_area_of(self, question_id: str) -> str | None:
        """Return the target area a source question lands in; None when it is not carried over."""
        return next((s.to_area for s in self.shared if s.question == question_id), None)


def read_crosswalk(file: Located, source: Protocol, target: Protocol) -> Crosswalk:
    """Return the crosswalk of a file after checking it against both protocols.

    Raises
    ------
    InvalidProtocol
        Names every fault with its line: a question neither carried over nor stated as lost, a new
        question without its gain, an unknown area or question, a version that is not the one given.
    """
    shaped, faults = shaped_faults(CrosswalkIn, file)
    if shaped is not None:
        found = [
            *_version_faults(shaped, source, target),
            *_area_faults(shaped, source, target),
            *_question_faults(shaped, source, target),
        ]
        faults += [file.problem(path, message) for path, message in found]
    if faults or shaped is None:
        raise InvalidProtocol(file.source, in_reading_order(faults))
    return Crosswalk(
        source=source,
        target=target,
        title=shaped.title,
        summary=shaped.summary,
        areas=tuple(
            AreaPath(path.source, tuple(path.targets), path.note or "") for path in shaped.areas
        ),
        not_carried={name: entry.loss for entry in shaped.not_carried for name in entry.questions},
        new={name: entry.gain for entry in shaped.new for name in entry.questions},
        losses=tuple(shaped.losses),
    )


def crosswalk_document(crosswalk: Crosswalk) -> dict[str, Any]:
    """Return a crosswalk as plain JSON data, the derived landing of each question included."""
    return {
        "format": "openqmm-crosswalk/1",
        "title": crosswalk.title,
        "summary": crosswalk.summary,
        "from": _named(crosswalk.source),
        "to": _named(crosswalk.target),
        "areas": [
            {"from": path.area, "to": list(path.targets), "note": path.note}
            for path in crosswalk.areas
        ],
        "shared": [
            {
                "question": shared.question,
                "from": shared.from_area,
                "to": shared.to_area,
                "key_before": shared.key_before,
                "key_after": shared.key_after,
                "same_wording": shared.same_wording,
            }
            for shared in crosswalk.shared
        ],
        "not_carried": crosswalk.not_carried,
        "new": crosswalk.new,
        "losses": list(crosswalk.losses),
    }


def _shared(before: Question, home: str, after: Question, new_home: str) -> SharedQuestion:
    return SharedQuestion(
        question=before.id,
        from_area=home,
        to_area=new_home,
        key_before=before.key,
        key_after=after.key,
        same_wording=_wording(before) == _wording(after),
    )


def _wording(question: Question) -> tuple[Any, ...]:
    return question.text, dict(question.levels), dict(question.criteria)


def _named(protocol: Protocol) -> dict[str, str]:
    return {"protocol": protocol.id, "version": protocol.version, "digest": protocol.digest}


def _version_faults(
    shaped: CrosswalkIn, source: Protocol, target: Protocol
) -> Iterator[tuple[Path, str]]:
    for key, stated, given in (("from", shaped.source, source), ("to", shaped.target, target)):
        if (stated.protocol, stated.version) != (given.id, given.version):
            said, is_now = f"{stated.protocol} {stated.version}", f"{given.id} {given.version}"
            yield (key,), f"this crosswalk is about {said}, not {is_now}; review it and say so."


def _area_faults(
    shaped: CrosswalkIn, source: Protocol, target: Protocol
) -> Iterator[tuple[Path, str]]:
    known = {area.id: area for area in source.areas}
    stated: set[str] = set()
    for i, path in enumerate(shaped.areas):
        if path.source in stated:
            yield ("areas", i, "from"), f"area {path.source} stands here a second time."
        stated.add(path.source)
        if path.source not in known:
            yield ("areas", i, "from"), _unknown("area", path.source, known, source)
            continue
        yield from _target_faults(("areas", i, "to"), path, known[path.source], target)
    for name in known:
        if name not in stated:
            yield ("areas",), f"area {name} of {source.id} is missing; say where it goes."


def _target_faults(
    at: Path, path: AreaPathIn, area: Area, target: Protocol
) -> Iterator[tuple[Path, str]]:
    wanted = {area.id: {question.id for question in area.questions} for area in target.areas}
    for j, name in enumerate(path.targets):
        if name not in wanted:
            yield (*at, j), _unknown("area", name, wanted, target)
    asked = {question.id for question in area.questions}
    for name, questions in wanted.items():
        if asked & questions and name not in path.targets:
            example = min(asked & questions)
            yield at, f"{example} goes from {area.id} to {name}; add it to the targets."


def _question_faults(
    shaped: CrosswalkIn, source: Protocol, target: Protocol
) -> Iterator[tuple[Path, str]]:
    before = {question.id for question in source.questions()}
    after = {question.id for question in target.questions()}
    lost = [("not_carried", i, entry.questions) for i, entry in enumerate(shaped.not_carried)]
    gained = [("new", i, entry.questions) for i, entry in enumerate(shaped.new)]
    yield from _listed(lost, before, after, source, f"{target.id} asks it too; it is not lost.")
    yield from _listed(gained, after, before, target, f"{source.id} asks it too; it is not new.")
    for name in sorted(before - after - {n for _, _, names in lost for n in names}):
        yield ("not_carried",), f"{name} is not carried over; state what is lost with it."
    for name in sorted(after - before - {n for _, _, names in gained for n in names}):
        yield ("new",), f"{name} is new in {target.id}; state what is gained with it."


def _listed(
    entries: list[tuple[str, int, list[str]]],
    own: set[str],
    other: set[str],
    protocol: Protocol,
    shared: str,
) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for key, i, names in entries:
        for j, name in enumerate(names):
            path: Path = (key, i, "questions", j)
            if name in seen:
                yield path, f"{name} stands here a second time."
            elif name not in own:
                yield path, _unknown("question", name, own, protocol)
            elif name in other:
                yield path, f"{name}: {shared}"
            seen.add(name)


def _unknown(kind: str, name: str, known: Any, protocol: Protocol) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    hint = f"; did you mean {near[0]}?" if near else "."
    return f"{protocol.id} has no {kind} {name}{hint}"
