"""Says what is wrong with a file of scores: every fault, its line, what was found and expected."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from openqmm.core.errors import InvalidScores, Problem
from openqmm.core.protocols.model import FACILITY_TYPES
from openqmm.core.ratings.scores import MARKS, ROLES, RepeatWatch, ScoreRow, unfit_id

REQUIRED = ("facility_id", "assessor_id", "question_id", "score")
OPTIONAL = ("role", "facility_type")

NumberedRow = tuple[int, dict[str, str]]

MOST = 1_000
"""Faults gathered before reading stops: by then the file is the wrong one, not a mistyped one."""

_HEADER_BYTES = 64 * 1024
_LINE_CHARACTERS = 1_000_000
_CELL_CHARACTERS_SHOWN = 60
_EXPECTED = f"expected the columns {', '.join(REQUIRED)} (and, if wanted, {', '.join(OPTIONAL)})"


def read_header(path: Path) -> list[str]:
    """Return the column names on a CSV file's first line, without the blanks around them.

    Raises
    ------
    InvalidScores
        The file is empty, is not UTF-8 text, or its first line is not the header of a scores file.
    """
    with path.open("rb") as file:
        start = file.read(_HEADER_BYTES)
    if not start.strip():
        raise _refusal(path, f"the file is empty; {_EXPECTED}.")
    line = start.split(b"\n", 1)[0]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(path, "this is UTF-16 text; save the file as UTF-8.")
    try:
        header = line.decode("utf-8-sig").strip("\r")
    except UnicodeDecodeError:
        raise _refusal(path, "this is not UTF-8 text; save the file as CSV in UTF-8.") from None
    readable = header.replace("\t", " ").isprintable()
    names = _stripped(next(csv.reader([header]), [])) if readable else []
    faults = _header_faults(names)
    if faults:
        raise _refusal(path, *faults)
    return names


def _header_faults(names: list[str]) -> list[str]:
    missing = [name for name in REQUIRED if name not in names]
    twice = [name for name in (*REQUIRED, *OPTIONAL) if names.count(name) > 1]
    faults = [f"the column {name} stands twice in the header." for name in twice]
    if missing:
        found = ", ".join(names)[:200] or "nothing readable"
        faults.append(f"found {found}; {_EXPECTED}. Missing: {', '.join(missing)}.")
    return faults


def _refusal(path: Path, *messages: str) -> InvalidScores:
    return InvalidScores(path.name, [Problem(message, 1) for message in messages])


def explain_csv(path: Path, questions: Collection[str], cause: str = "") -> InvalidScores:
    """Return the refusal of a CSV file: all its faults, found by reading it line by line."""
    faults: list[Problem] = []
    judge = _Judge(questions)
    with _text(path) as file:
        for line, fault_or_row in _csv_rows(file):
            faults += (
                [fault_or_row]
                if isinstance(fault_or_row, Problem)
                else judge.faults(line, fault_or_row)
            )
            if len(faults) >= MOST:
                return InvalidScores(path.name, faults[:MOST], complete=False)
    quoting = None if faults else quoting_fault(path)
    if quoting:
        faults.append(quoting)
    if not judge.rows and not faults:
        faults.append(Problem("there are no scores below the header.", 1))
    if not faults:
        faults.append(Problem(f"the file cannot be read as CSV: {cause}"))
    return InvalidScores(path.name, faults)


def quoting_fault(path: Path) -> Problem | None:
    """Return the fault of the first row whose quotes do not pair up, None when all do."""
    with _text(path) as file:
        reader = csv.reader(_bounded_lines(file), strict=True)
        line = 1
        try:
            for _ in reader:
                line = reader.line_num + 1
        except csv.Error as error:
            message = (
                f"a quoted cell of this row does not end properly ({error}); close its quote, and "
                "double every quote inside it."
            )
            return Problem(message, line)
    return None


def _text(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="", errors="surrogateescape")


def _csv_rows(file: TextIO) -> Iterator[tuple[int, Problem | dict[str, str]]]:
    reader = csv.reader(_bounded_lines(file))
    header = _stripped(next(reader))
    # A row is named by the line it starts on, though a quoted cell may run over several.
    line = reader.line_num + 1
    try:
        for cells in reader:
            if cells and len(cells) != len(header):
                message = f"found {len(cells)} cells; expected {len(header)}, as in the header."
                yield line, Problem(message, line)
            elif cells:
                yield line, dict(zip(header, _stripped(cells), strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, Problem(f"the text cannot be read as CSV from here on ({error}).", line)


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _bounded_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_LINE_CHARACTERS):
        if len(line) == _LINE_CHARACTERS:
            raise csv.Error("a line is longer than a million characters")
        yield line


def explain_rows(
    source: str, questions: Collection[str], header: list[str], rows: Sequence[NumberedRow]
) -> InvalidScores | None:
    """Return the refusal of rows from a workbook or Parquet file, None when nothing is wrong."""
    judge = _Judge(questions)
    faults = [Problem(message, 1) for message in _header_faults(header)]
    for line, row in () if faults else rows:
        faults += judge.faults(line, row)
        if len(faults) >= MOST:
            return InvalidScores(source, faults[:MOST], complete=False)
    if not judge.rows and not faults:
        faults.append(Problem(f"there are no scores in the file; {_EXPECTED}.", 1))
    return InvalidScores(source, faults) if faults else None


class _Judge:
    """Judges one row after another, remembering those before."""

    def __init__(self, questions: Collection[str]) -> None:
        self.questions = questions
        self.watch = RepeatWatch()
        self.rows = 0

    def faults(self, line: int, row: Mapping[str, str]) -> list[Problem]:
        self.rows += 1
        found = [
            *self._id_faults(row),
            *_word_faults("score", row["score"], MARKS, blank=False),
            *_word_faults("role", row.get("role", ""), ROLES),
            *_word_faults("facility_type", row.get("facility_type", ""), FACILITY_TYPES),
        ]
        problems = [Problem(message, line, column) for column, message in found]
        if not problems:
            score = ScoreRow(
                row["facility_id"],
                row["assessor_id"],
                row["question_id"],
                row["score"],
                row.get("role") or "assessor",
                row.get("facility_type") or None,
            )
            problems = [Problem(message, line) for message in self.watch.faults(line, score)]
        return problems

    def _id_faults(self, row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for column in REQUIRED[:2]:
            if not row[column]:
                yield column, "is blank; expected an id."
            elif unfit_id(row[column]):
                yield column, f"found {_shown(row[column])}; expected visible characters in UTF-8."
        question = row["question_id"]
        if question not in self.questions:
            yield "question_id", f"found {_shown(question)}; the protocol has no such question."


def _shown(word: str) -> str:
    return repr(word[:_CELL_CHARACTERS_SHOWN]) + ("..." if word[_CELL_CHARACTERS_SHOWN:] else "")


def _word_faults(
    column: str, word: str, known: Collection[str], *, blank: bool = True
) -> Iterator[tuple[str, str]]:
    if word in known or (blank and not word):
        return
    expected = ", ".join(known)
    if word:
        yield column, f"found {_shown(word)}; expected one of {expected}."
    else:
        yield column, f"is blank; expected one of {expected}. A blank is never level 1: write NR."
