"""Assessors' scores as columns: the one input of every rating and statistic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openqmm.core.errors import InvalidScores, Problem
from openqmm.core.protocols.model import FACILITY_TYPES

Mark = Literal["1", "2", "3", "4", "5", "NR", "NA"]
MARKS: tuple[Mark, ...] = ("NA", "NR", "1", "2", "3", "4", "5")
ROLES = ("assessor", "consensus")
NA, NR = -1, 0
IntArray = npt.NDArray[np.int64]

_ROWS_HASHED_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One mark as a person gave it; `role` is "assessor" or "consensus"."""

    facility_id: str
    assessor_id: str
    question_id: str
    score: str
    role: str = "assessor"
    facility_type: str | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """Checked scores in columns of equal length, each cell a position in its vocabulary.

    Attributes
    ----------
    facilities, assessors, questions : the vocabularies, each sorted and without repeats.
    facility_types : per facility, its type or None when none was given.
    facility, assessor, question : shape (n,), positions in the vocabularies.
    role : shape (n,), position in ROLES.
    mark : shape (n,), 1..5, or NR (0) or NA (-1).
    """

    facilities: tuple[str, ...]
    assessors: tuple[str, ...]
    questions: tuple[str, ...]
    facility_types: tuple[str | None, ...]
    facility: IntArray
    assessor: IntArray
    question: IntArray
    role: IntArray
    mark: IntArray

    @classmethod
    def from_rows(cls, rows: Iterable[ScoreRow]) -> Scores:
        """Return the scores of these rows, in whatever order they come.

        Raises
        ------
        InvalidScores
            An id is blank or unreadable; a mark, role or facility type is not one of the known; the
            same assessor marked a question of a facility twice; a question has two consensus
            marks; a facility has two types.
        """
        given = list(rows)
        faults = [*_unknown_words(given), *_repeats(given)]
        if faults:
            raise InvalidScores("The scores", faults)
        facilities = sorted({row.facility_id for row in given})
        types = {row.facility_id: row.facility_type for row in given if row.facility_type}
        assessors = sorted({row.assessor_id for row in given})
        questions = sorted({row.question_id for row in given})
        return cls(
            tuple(facilities),
            tuple(assessors),
            tuple(questions),
            tuple(types.get(facility) for facility in facilities),
            _positions([row.facility_id for row in given], facilities),
            _positions([row.assessor_id for row in given], assessors),
            _positions([row.question_id for row in given], questions),
            _positions([row.role for row in given], ROLES),
            _positions([row.score for row in given], MARKS) - 1,
        )

    def __len__(self) -> int:
        return len(self.mark)

    def digest(self) -> str:
        """Return the SHA-256 (hex) of the sorted rows, the same for any order of input.

        Each row is the UTF-8 text of facility id, facility type (empty when none), assessor id,
        question id, role and score, joined by tabs and ended by a line feed; rows are
        sorted by facility, assessor, question and role in code point order.
        """
        order = np.lexsort((self.role, self.question, self.assessor, self.facility))
        running = hashlib.sha256()
        for start in range(0, len(order), _ROWS_HASHED_AT_ONCE):
            running.update(self._lines(order[start : start + _ROWS_HASHED_AT_ONCE]))
        return running.hexdigest()

    def _lines(self, rows: IntArray) -> bytes:
        types = [kind or "" for kind in self.facility_types]
        columns = [
            _words(self.facilities, self.facility[rows]),
            _words(types, self.facility[rows]),
            _words(self.assessors, self.assessor[rows]),
            _words(self.questions, self.question[rows]),
            _words(ROLES, self.role[rows]),
            pc.binary_join_element_wise(_words(MARKS, self.mark[rows] + 1), "", "\n"),
        ]
        joined = pc.binary_join_element_wise(*columns, "\t")
        return bytes(joined.buffers()[2] or b"")


def _words(vocabulary: Sequence[str], positions: IntArray) -> Any:
    return pa.array(vocabulary, pa.string()).take(pa.array(positions))


def _positions(values: Sequence[str], vocabulary: Sequence[str]) -> IntArray:
    index = {word: i for i, word in enumerate(vocabulary)}
    return np.array([index[value] for value in values], dtype=np.int64)


def unfit_id(word: str) -> bool:
    """Tell whether an id is empty or holds characters nobody can see.

    Tabs and line ends among them would let two different sets of rows have one digest.
    """
    return not word or not word.isprintable()


def _unknown_words(rows: Sequence[ScoreRow]) -> list[Problem]:
    faults = []
    for number, row in enumerate(rows, start=1):
        found = [
            f"{name} is {word!r}; expected visible characters."
            for name, word in (
                ("facility_id", row.facility_id),
                ("assessor_id", row.assessor_id),
                ("question_id", row.question_id),
            )
            if unfit_id(word)
        ]
        if row.score not in MARKS:
            found.append(f"score is {row.score!r}; expected 1, 2, 3, 4, 5, NR or NA.")
        if row.role not in ROLES:
            found.append(f"role is {row.role!r}; expected assessor or consensus.")
        if row.facility_type not in (None, *FACILITY_TYPES):
            expected = ", ".join(FACILITY_TYPES)
            found.append(f"facility_type is {row.facility_type!r}; expected {expected} or None.")
        faults += [Problem(message, number) for message in found]
    return faults


def _repeats(rows: Sequence[ScoreRow]) -> list[Problem]:
    watch = RepeatWatch()
    return [
        Problem(message, number)
        for number, row in enumerate(rows, start=1)
        for message in watch.faults(number, row)
    ]


class RepeatWatch:
    """Notices, row by row, what may stand only once for a facility and question."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str, str, str], int] = {}
        self._consensus: dict[tuple[str, str], int] = {}
        self._types: dict[str, tuple[str, int]] = {}

    def faults(self, line: int, row: ScoreRow) -> list[str]:
        """Return what is wrong with this row beside those before it."""
        found = []
        first = self._marks.setdefault(
            (row.facility_id, row.assessor_id, row.question_id, row.role), line
        )
        if first != line:
            found.append(
                f"{row.assessor_id} already marked {row.question_id} at {row.facility_id} on line "
                f"{first}; keep one of the two."
            )
        elif row.role == "consensus":
            other = self._consensus.setdefault((row.facility_id, row.question_id), line)
            if other != line:
                found.append(
                    f"{row.question_id} at {row.facility_id} has a consensus on line {other} "
                    "already; a team reaches one."
                )
        if row.facility_type:
            known, other = self._types.setdefault(row.facility_id, (row.facility_type, line))
            if known != row.facility_type:
                found.append(
                    f"{row.facility_id} is {row.facility_type} here and {known} on line {other}; "
                    "a facility has one type."
                )
        return found
