"""Two people, one record: what each changed of it, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields of a record after two people changed it from the same beginning.

    `values` holds every field that is settled; each of the others is named in one place only:
    `theirs` and `mine` say who changed it, `both` that they made the same change, `conflicts` that
    somebody has to choose.
    """

    values: dict[str, Any]
    theirs: tuple[str, ...] = ()
    mine: tuple[str, ...] = ()
    both: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def tidied(value: Any) -> Any:
    """Return a text with its line ends in one form and no space around it, anything else as it is.

    Browsers send line ends in two forms; a difference that nobody can see is none.
    """
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def merged(
    base: Mapping[str, Any] | None, theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> Merged:
    """Return the three-way merge of flat fields.

    A field that one side changed takes that side's value; one that both changed alike takes it
    too. Where both changed it differently, or what stood before is not known, it is a conflict and
    has no value: neither side's is dropped in silence.

    Parameters
    ----------
    base : what both began with; None, or without a field, where that is not known.
    theirs, mine : the two changed records, with the same fields.

    Raises
    ------
    ValueError
        The two do not have the same fields.
    """
    if theirs.keys() != mine.keys():
        raise ValueError("Two versions of one record have the same fields.")
    values: dict[str, Any] = {}
    found: dict[str, list[str]] = {"theirs": [], "mine": [], "both": [], "conflicts": [], "": []}
    for name in theirs:
        one, other = tidied(theirs[name]), tidied(mine[name])
        began = (tidied(base[name]),) if base is not None and name in base else ()
        kind = _kind(began, one, other)
        found[kind].append(name)
        if kind != "conflicts":
            values[name] = other if kind == "mine" else one
    found.pop("")
    return Merged(values, **{kind: tuple(names) for kind, names in found.items()})


def _kind(began: tuple[Any, ...], theirs: Any, mine: Any) -> str:
    """Return who changed a field that began as `began` (empty where that is not known)."""
    if theirs == mine:
        return "both" if began and began[0] != theirs else ""
    if began and mine == began[0]:
        return "theirs"
    return "mine" if began and theirs == began[0] else "conflicts"
