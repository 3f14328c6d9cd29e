"""Reads a file of scores: columns at once when all is well, row by row to explain what is not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from python_calamine import CalamineError, CalamineWorkbook

from openqmm.core.errors import InvalidScores, Problem
from openqmm.core.protocols import Protocol
from openqmm.core.protocols.model import FACILITY_TYPES
from openqmm.core.ratings.scores import MARKS, ROLES, IntArray, Scores, unfit_id
from openqmm.core.ratings.scores_faults import (
    OPTIONAL,
    REQUIRED,
    NumberedRow,
    explain_csv,
    explain_rows,
    quoting_fault,
    read_header,
)
from openqmm.core.records import workbook_fault

_BLOCK_BYTES = 8 << 20
# A full sheet of Excel's million rows and ten columns.
_MOST_CELLS = 11_000_000
_COLUMNS = (*REQUIRED, *OPTIONAL)


class _UnusableError(Exception):
    """Something in the file is wrong; the slow reader will say what."""


def read_scores(path: Path, protocol: Protocol) -> Scores:
    """Return the scores in a CSV, XLSX or Parquet file, checked against the protocol.

    Columns `facility_id, assessor_id, question_id, score`; optional `role`, `facility_type`;
    others are ignored. Text is UTF-8.

    Raises
    ------
    InvalidScores
        Names every fault with its line (up to 1,000, then reading stops): unknown
        question, mark, role or type, the same mark twice, two consensus marks, two types.
    """
    questions = frozenset(question.id for question in protocol.questions())
    match path.suffix.lower():
        case ".xlsx":
            return _read_rows(path, questions, *_workbook_rows(path))
        case ".parquet":
            return _read_rows(path, questions, *_parquet_rows(path))
        case _:
            return _read_csv(path, questions)


def _read_csv(path: Path, questions: Collection[str]) -> Scores:
    header = read_header(path)
    builder = _Builder(questions)
    try:
        for batch in _csv_batches(path, header):
            builder.add(batch)
        # Fewer rows than lines: some cell runs over several, perhaps for want of its closing
        # quote, and the rows it swallowed would be missing without a word.
        if builder.rows != _lines(path) - 1 and quoting_fault(path):
            raise _UnusableError
        return builder.scores()
    except (_UnusableError, pa.ArrowInvalid) as error:
        raise explain_csv(path, questions, cause=str(error)) from None


def _lines(path: Path) -> int:
    count, block = 0, b"\n"
    with path.open("rb") as file:
        while following := file.read(_BLOCK_BYTES):
            block = following
            count += block.count(b"\n")
    return count + (not block.endswith(b"\n"))


def _csv_batches(path: Path, header: Sequence[str]) -> Iterator[Any]:
    columns = [name for name in header if name in _COLUMNS]
    options = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()),
        include_columns=columns,
        strings_can_be_null=False,
    )
    names = list(header)
    reading = pa.csv.ReadOptions(block_size=_BLOCK_BYTES, column_names=names, skip_rows=1)
    parsing = pa.csv.ParseOptions(newlines_in_values=True)
    with pa.csv.open_csv(path, reading, parsing, options) as reader:
        yield from reader


def _read_rows(
    path: Path, questions: Collection[str], header: list[str], rows: list[NumberedRow]
) -> Scores:
    faults = explain_rows(path.name, questions, header, rows)
    if faults is not None:
        raise faults
    builder = _Builder(questions)
    builder.add(pa.RecordBatch.from_pylist([row for _, row in rows]))
    return builder.scores()


def _workbook_rows(path: Path) -> tuple[list[str], list[NumberedRow]]:
    with path.open("rb") as file:
        fault = workbook_fault(file, most_bytes=1 << 30, most_cells=_MOST_CELLS)
    if fault:
        raise InvalidScores(path.name, [Problem(fault)])
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    except (CalamineError, OSError, IndexError) as error:
        message = f"this is not an XLSX workbook ({error}); save it as .xlsx or .csv."
        raise InvalidScores(path.name, [Problem(message)]) from None
    lines = sheet.to_python(skip_empty_area=False)
    header = [_cell_text(cell) for cell in lines[0]] if lines else []
    return header, [
        (number, {name: _cell_text(cell) for name, cell in zip(header, line, strict=False)})
        for number, line in enumerate(lines[1:], start=2)
        if any(cell != "" for cell in line)
    ]


def _parquet_rows(path: Path) -> tuple[list[str], list[NumberedRow]]:
    try:
        with pa.parquet.ParquetFile(path) as file:
            header = list(file.schema_arrow.names)
            table = file.read([name for name in _COLUMNS if name in header])
        table.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        message = f"this is not a Parquet file that can be read ({error})."
        raise InvalidScores(path.name, [Problem(message)]) from None
    return header, [
        (number, {name: _cell_text(cell) for name, cell in row.items()})
        for number, row in enumerate(table.to_pylist(), start=2)
    ]


def _cell_text(cell: Any) -> str:
    """Return a typed cell as the text a CSV would hold: the number 3.0 is the mark "3"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


@dataclass
class _Vocabulary:
    """Words met so far in a column and their positions in the order of meeting."""

    index: dict[str, int] = field(default_factory=dict)

    def positions(self, column: Any) -> IntArray:
        """Return the position of each cell, learning new words on the way."""
        encoded = pc.dictionary_encode(pc.utf8_trim_whitespace(column))
        words = encoded.dictionary.to_pylist()
        mapped = np.array(
            [self.index.setdefault(word, len(self.index)) for word in words], dtype=np.int64
        )
        cells: IntArray = mapped[encoded.indices.to_numpy(zero_copy_only=False)]
        return cells

    def in_order(self) -> tuple[tuple[str, ...], IntArray]:
        """Return the words sorted, and each old position's new one."""
        words = tuple(sorted(self.index))
        moved = np.empty(len(words), dtype=np.int64)
        moved[[self.index[word] for word in words]] = np.arange(len(words))
        return words, moved


class _Builder:
    """Gathers record batches into `Scores`, refusing at the first sign of a fault."""

    def __init__(self, questions: Collection[str]) -> None:
        self.known_questions = questions
        self.vocabularies = {name: _Vocabulary() for name in _COLUMNS}
        self.columns: dict[str, list[IntArray]] = {name: [] for name in _COLUMNS}
        self.rows = 0

    def add(self, batch: Any) -> None:
        given = dict(zip(batch.schema.names, batch.columns, strict=True))
        blank = pa.array([""], pa.string()).take(pa.array(np.zeros(batch.num_rows, np.int64)))
        for name in _COLUMNS:
            column = self.vocabularies[name].positions(given.get(name, blank))
            # Four bytes a cell keep tens of millions of rows in memory.
            self.columns[name].append(column.astype(np.int32))
        self.rows += batch.num_rows
        self._check_words()

    def _check_words(self) -> None:
        words = {name: vocabulary.index.keys() for name, vocabulary in self.vocabularies.items()}
        allowed = (
            words["question_id"] <= set(self.known_questions)
            and words["score"] <= set(MARKS)
            and words["role"] <= {"", *ROLES}
            and words["facility_type"] <= {"", *FACILITY_TYPES}
            and not any(unfit_id(word) for name in REQUIRED[:2] for word in words[name])
        )
        room = 2 * len(words["facility_id"]) * len(words["assessor_id"]) * len(words["question_id"])
        # More rows than places to put them: some stand twice, without reading on.
        if not allowed or self.rows > room:
            raise _UnusableError

    def scores(self) -> Scores:
        if not self.rows:
            raise _UnusableError
        column = {name: np.concatenate(parts) for name, parts in self.columns.items()}
        ordered = {name: vocabulary.in_order() for name, vocabulary in self.vocabularies.items()}
        facilities, assessors, questions = (ordered[name][0] for name in REQUIRED[:3])
        facility, assessor, question = (ordered[n][1][column[n]] for n in REQUIRED[:3])
        role = self._coded("role", ("", "consensus"), column) % 2
        mark = self._coded("score", MARKS, column) - 1
        _refuse_repeats(facility, question, assessor, role)
        return Scores(
            facilities,
            assessors,
            questions,
            self._types(facility, len(facilities), column),
            facility,
            assessor,
            question,
            role,
            mark,
        )

    def _coded(self, name: str, words: Sequence[str], column: dict[str, IntArray]) -> IntArray:
        index = self.vocabularies[name].index
        code = np.zeros(len(index), dtype=np.int64)
        for word, position in index.items():
            code[position] = words.index(word) if word in words else 0
        return code[column[name]]

    def _types(
        self, facility: IntArray, n_facilities: int, column: dict[str, IntArray]
    ) -> tuple[str | None, ...]:
        kind = self._coded("facility_type", ("", *FACILITY_TYPES), column)
        typed = kind > 0
        found = np.zeros(n_facilities, dtype=np.int64)
        found[facility[typed]] = kind[typed]
        if np.any(found[facility[typed]] != kind[typed]):
            raise _UnusableError
        return tuple((None, *FACILITY_TYPES)[code] for code in found)


def _refuse_repeats(
    facility: IntArray, question: IntArray, assessor: IntArray, role: IntArray
) -> None:
    cell = facility * (int(question.max()) + 1) + question
    consensus = cell[role == 1]
    mark = (cell * (int(assessor.max()) + 1) + assessor) * 2 + role
    for keys in (consensus, np.sort(mark)):
        ordered = np.sort(keys)
        if np.any(ordered[1:] == ordered[:-1]):
            raise _UnusableError
