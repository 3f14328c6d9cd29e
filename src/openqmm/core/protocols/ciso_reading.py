"""From a CISO Assistant library to the authoring form of a protocol, each value with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols.ciso_labels import (
    AREA_LABELS,
    EVIDENCE_LABELS,
    FRAMEWORK_LABELS,
    QUESTION_LABELS,
    Label,
    read_line,
)
from openqmm.core.protocols.located import Located, Path, Place, problem_at, put_at, value_at

_FRAMEWORK: Path = ("objects", "framework")
_NODES: Path = (*_FRAMEWORK, "requirement_nodes")
_NODE_KEYS = {
    "urn",
    "parent_urn",
    "assessable",
    "depth",
    "ref_id",
    "name",
    "description",
    "annotation",
    "typical_evidence",
    "weight",
    "questions",
}
_FRAMEWORK_KEYS = {
    "urn",
    "ref_id",
    "name",
    "description",
    "annotation",
    "min_score",
    "max_score",
    "scores_definition",
    "requirement_nodes",
}
_QUESTION_KEYS = {"type", "text", "choices"}
_CHOICE_KEYS = {"urn", "value", "add_score"}
_KINDS = ("area", "element", "question")


def is_library(file: Located) -> bool:
    """Say whether a YAML file is a library of that system rather than a protocol of ours."""
    return isinstance(file.data, dict) and "objects" in file.data and "format" not in file.data


def read_library(file: Located) -> Located:
    """Return the framework of a library as a protocol in authoring form.

    Parameters
    ----------
    file : the library's YAML as `read_yaml` gives it.

    Raises
    ------
    InvalidProtocol
        The file holds no framework with requirement nodes.
    """
    nodes = value_at(file.data, _NODES)
    if not isinstance(nodes, list):
        message = "this is no library with a framework: objects.framework.requirement_nodes is"
        problem = Problem(f"{message} missing.", file.line(_NODES), source=file.source)
        raise InvalidProtocol(file.source, [problem])
    return _LibraryReader(file).read(nodes)


class _LibraryReader:
    """Walks the requirement nodes once; keeps every fault and goes on."""

    def __init__(self, file: Located) -> None:
        self.file = file
        self.framework = value_at(file.data, _FRAMEWORK)
        self.form: dict[str, Any] = {
            "format": "openqmm-protocol/1",
            "areas": [],
            "questions": [],
        }
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = list(file.problems)
        self.homes: dict[str, tuple[int, Path]] = {}

    def read(self, nodes: Sequence[Any]) -> Located:
        self._head()
        for i, node in enumerate(nodes):
            path: Path = (*_NODES, i)
            if isinstance(node, dict):
                self._unknown_keys(path, node, _NODE_KEYS)
                self._node(path, node)
            else:
                self._fault(path, "this requirement node is no mapping.")
        return Located(self.file.source, self.form, self.places, tuple(self.problems))

    def _fault(self, path: Path, message: str) -> None:
        self.problems.append(problem_at(self.file.source, self.file.place(path), message))

    def _unknown_keys(self, path: Path, found: dict[str, Any], known: set[str]) -> None:
        for key in found:
            if key not in known:
                message = f"{key} has no place in a protocol and would be lost; remove it."
                self._fault((*path, key), message)

    def _take(self, entry: Any, target: Path, source: Path, *, into: Path = ()) -> None:
        """Copy a value that stands in the library into the form, with its place."""
        value, place = value_at(self.file.data, source), self.file.place(source)
        if value is None:
            return
        put_at(entry, target, value)
        if place:
            self.places[(*into, *target)] = place

    def _head(self) -> None:
        place = self.file.place(_FRAMEWORK)
        if place:
            self.places[()] = place
        self._unknown_keys(_FRAMEWORK, self.framework, _FRAMEWORK_KEYS)
        objects = self.file.data["objects"]
        self._unknown_keys(("objects",), objects, {"framework"})
        for key, name in (("id", "ref_id"), ("title", "name"), ("summary", "description")):
            self._take(self.form, (key,), (*_FRAMEWORK, name))
        self._take(self.form, ("language",), ("locale",))
        if (self.framework.get("min_score"), self.framework.get("max_score")) != (1, 5):
            self._fault((*_FRAMEWORK, "min_score"), "the scores must run from 1 to 5.")
        self._labels(self.form, (*_FRAMEWORK, "annotation"), FRAMEWORK_LABELS, ())
        steps = self.framework.get("scores_definition")
        self.form["scale"] = []
        for i in range(len(steps) if isinstance(steps, list) else 0):
            step: dict[str, Any] = {}
            source: Path = (*_FRAMEWORK, "scores_definition", i)
            for key, name in (("level", "score"), ("name", "name"), ("description", "description")):
                self._take(step, (key,), (*source, name), into=("scale", i))
            self.form["scale"].append(step)

    def _labels(
        self, entry: dict[str, Any], source: Path, labels: Sequence[Label], into: Path
    ) -> None:
        """Read the labelled lines of a text into an entry; a fault for each line that is none."""
        text = value_at(self.file.data, source)
        if text is None:
            return
        if not isinstance(text, str):
            self._fault(source, f"{source[-1]} must be a text of labelled lines.")
            return
        for i, line in enumerate(text.splitlines()):
            if line.strip():
                self._label(entry, line, (*source, i), labels, into)

    def _label(
        self, entry: dict[str, Any], line: str, source: Path, labels: Sequence[Label], into: Path
    ) -> None:
        try:
            label, value = read_line(line, labels)
        except ValueError as error:
            self._fault(source, str(error))
            return
        place = self.file.place(source)
        present = (*into, *label.path) in self.places
        if label.kind == "many":
            value = [*(value_at(entry, label.path) or ()), value]
        elif present:
            self._fault(source, f"{label.name} stands here a second time; keep one of the two.")
        if place and not present:
            self.places[(*into, *label.path)] = place
        if place and label.kind == "many":
            self.places[(*into, *label.path, len(value) - 1)] = place
        put_at(entry, label.path, value)

    def _node(self, path: Path, node: dict[str, Any]) -> None:
        depth = node.get("depth")
        if depth not in (1, 2, 3):
            self._fault((*path, "depth"), "depth must be 1 (area), 2 (element) or 3 (question).")
            return
        home: Path = ()
        if depth > 1:
            parent = self.homes.get(str(node.get("parent_urn")).lower())
            if parent is None or parent[0] != depth - 1:
                kind, above = _KINDS[depth - 1], _KINDS[depth - 2]
                message = f"the {kind} {node.get('ref_id')} hangs under no {above} above it."
                self._fault((*path, "parent_urn"), f"{message} Correct parent_urn or the order.")
                return
            home = parent[1]
        read = (self._area, self._element, self._question)[depth - 1]
        self.homes[str(node.get("urn")).lower()] = (depth, read(path, node, home))

    def _area(self, path: Path, node: dict[str, Any], _home: Path) -> Path:
        at: Path = ("areas", len(self.form["areas"]))
        area: dict[str, Any] = {"elements": []}
        self._named(area, path, at, (("title", "name"), ("summary", "description")))
        self._labels(area, (*path, "annotation"), AREA_LABELS, at)
        self.form["areas"].append(area)
        return at

    def _element(self, path: Path, node: dict[str, Any], home: Path) -> Path:
        elements = value_at(self.form, home)["elements"]
        at: Path = (*home, "elements", len(elements))
        element: dict[str, Any] = {"questions": []}
        self._named(element, path, at, (("title", "name"),))
        elements.append(element)
        return at

    def _named(self, entry: Any, path: Path, at: Path, keys: Any) -> None:
        self.places[at] = self.file.place(path) or Place(1)
        for key, name in (("id", "ref_id"), *keys):
            self._take(entry, (key,), (*path, name), into=at)

    def _question(self, path: Path, node: dict[str, Any], home: Path) -> Path:
        at: Path = ("questions", len(self.form["questions"]))
        question: dict[str, Any] = {"levels": {}, "look_at": {}}
        self._named(question, path, at, (("topic", "name"), ("weight", "weight")))
        self._ask(question, path, node, at)
        self._labels(question, (*path, "annotation"), QUESTION_LABELS, at)
        self._labels(question, (*path, "typical_evidence"), EVIDENCE_LABELS, at)
        self.form["questions"].append(question)
        asked = value_at(self.form, home)["questions"]
        placed: Path = (*home, "questions", len(asked))
        weight = question.pop("weight", None)
        name = question.get("id")
        asked.append({"id": name} if weight is None else {"id": name, "weight": weight})
        for key in ("id", "weight"):
            self.places[(*placed, key)] = self.places.get((*at, key), self.places[at])
        self.places[placed] = self.places[(*placed, "id")]
        return at

    def _ask(self, question: dict[str, Any], path: Path, node: dict[str, Any], at: Path) -> None:
        """Read the question's words and its five choices, one for each level."""
        asked = node.get("questions")
        if not isinstance(asked, dict) or len(asked) != 1:
            self._fault((*path, "questions"), "expected one question with a choice for each level.")
            return
        (urn, block), source = next(iter(asked.items())), (*path, "questions")
        source = (*source, urn)
        if not isinstance(block, dict) or block.get("type") != "unique_choice":
            self._fault(source, "the question must be of the type unique_choice.")
            return
        self._unknown_keys(source, block, _QUESTION_KEYS)
        self._take(question, ("text",), (*source, "text"), into=at)
        if node.get("description", block.get("text")) != block.get("text"):
            message = "the description differs from the question's text; make them the same."
            self._fault((*path, "description"), message)
        choices = block.get("choices")
        for i, choice in enumerate(choices if isinstance(choices, list) else ()):
            self._choice(question, choice, (*source, "choices", i), at)

    def _choice(self, question: dict[str, Any], choice: Any, source: Path, at: Path) -> None:
        score = choice.get("add_score") if isinstance(choice, dict) else None
        level = str(score)
        if level not in {"1", "2", "3", "4", "5"} or level in question["levels"]:
            message = f"add_score is {score!r}; the five choices have add_score 1 to 5, each once."
            self._fault(source, message)
            return
        self._unknown_keys(source, choice, _CHOICE_KEYS)
        self._take(question, ("levels", level), (*source, "value"), into=at)
