"""Files of scores: good ones in every dress, and every fault with its line and column."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from openqmm.core.errors import InvalidScores, Problem
from openqmm.core.ratings import ScoreRow, Scores
from openqmm.core.ratings.scores_file import read_scores
from tests.factories import small_area, small_protocol

PROTOCOL = small_protocol(small_area("A", ["A1", "A2"]), small_area("B", ["B1"]))
REQUIRED = ["facility_id", "assessor_id", "question_id", "score"]
HEADER = "facility_id,assessor_id,question_id,score,role,facility_type,rationale\n"
GOOD = (
    "F1,Ann,A1,3,,API,\nF1,Ben,A1,NR,,,\nF1,Ann,A2,NA,assessor,API,\nF2,Lea,B1,5,consensus,FDF,\n"
)
ROWS = [
    ScoreRow("F1", "Ann", "A1", "3", facility_type="API"),
    ScoreRow("F1", "Ben", "A1", "NR"),
    ScoreRow("F1", "Ann", "A2", "NA"),
    ScoreRow("F2", "Lea", "B1", "5", "consensus", "FDF"),
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file of scores from text or bytes (CSV) or from rows of cells (XLSX, Parquet)."""

    def write_file(content: Any, name: str = "scores.csv") -> Path:
        path = tmp_path / name
        match path.suffix, content:
            case ".xlsx", list():
                with xlsxwriter.Workbook(path) as book:
                    sheet = book.add_worksheet()
                    for row, cells in enumerate(content):
                        for column, cell in enumerate(cells):
                            if cell is not None:
                                sheet.write(row, column, cell)
            case ".parquet", dict():
                pq.write_table(pa.table(content), path)
            case _, str():
                path.write_bytes(content.encode())
            case _:
                path.write_bytes(content)
        return path

    return write_file


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InvalidScores) as caught:
        read_scores(path, PROTOCOL)
    assert caught.value.subject == path.name
    return caught.value.problems


def only_problem(path: Path) -> Problem:
    (problem,) = problems(path)
    return problem


def test_a_file_and_its_rows_are_the_same_scores(write: Write) -> None:
    scores = read_scores(write(HEADER + GOOD), PROTOCOL)
    expected = Scores.from_rows(ROWS)
    assert len(scores) == 4
    assert scores.facilities == expected.facilities == ("F1", "F2")
    assert scores.facility_types == expected.facility_types == ("API", "FDF")
    assert scores.assessors == expected.assessors
    assert scores.questions == expected.questions
    for column in ("facility", "assessor", "question", "role", "mark"):
        assert getattr(scores, column).tolist() == getattr(expected, column).tolist()
    assert scores.digest() == expected.digest()


CSV_DRESSES = {
    "byte order mark": "\ufeff" + HEADER + GOOD,
    "windows line ends": (HEADER + GOOD).replace("\n", "\r\n"),
    "no line end at the end": (HEADER + GOOD).rstrip("\n"),
    "blank lines": (HEADER + "\n" + GOOD + "\n\n").replace("F2", "\nF2"),
    "blank lines, windows": (HEADER + "\n" + GOOD + "\n").replace("\n", "\r\n"),
    "padded cells": (HEADER + GOOD).replace(",", " ,\t"),
    "no-break spaces around": (HEADER + GOOD).replace("Ann", "\u00a0Ann\u3000"),
    "quoted cells": (HEADER + GOOD).replace("Ann", '"Ann"').replace("score", '"score"'),
    "line ends in a rationale": (HEADER + GOOD).replace(",FDF,", ',FDF,"so\nhe said,\r\n""yes"""'),
    "a rationale that looks like rows": HEADER + GOOD.replace(",API,\n", ',API,"\nF9,X,A1,3"\n', 1),
    "an inch mark in a rationale": (HEADER + GOOD).replace(",FDF,", ',FDF,a 5" pipe'),
    "an apostrophe and letters of every alphabet": HEADER
    + GOOD.replace(",API,\n", ",API,é 測試 'x'\n"),
    "extra columns of one name": (HEADER + GOOD).replace("\n", ",,\n"),
}


@pytest.mark.parametrize("content", CSV_DRESSES.values(), ids=CSV_DRESSES)
def test_good_csv_in_every_dress(write: Write, content: str) -> None:
    assert read_scores(write(content), PROTOCOL).digest() == Scores.from_rows(ROWS).digest()


def test_columns_may_stand_in_any_order_and_others_are_ignored(write: Write) -> None:
    content = (
        "comment,score,facility_type,question_id,scored_at,assessor_id,facility_id\n"
        "x,3,API,A1,2026-01-01,Ann,F1\n"
    )
    expected = Scores.from_rows([ScoreRow("F1", "Ann", "A1", "3", facility_type="API")])
    assert read_scores(write(content), PROTOCOL).digest() == expected.digest()


def test_a_type_said_once_holds_for_the_facility(write: Write) -> None:
    once = "F1,Ann,A1,3,,,\nF1,Ben,A1,3,,FDF,\n"
    scores = read_scores(write(HEADER + once), PROTOCOL)
    assert scores.facility_types == ("FDF",)
    always = write(HEADER + once.replace("3,,,", "3,,FDF,"))
    assert read_scores(always, PROTOCOL).digest() == scores.digest()


def test_many_rows_are_read_in_pieces_without_loss(write: Write) -> None:
    rows = [f"F{i},Ann,A1,{1 + i % 5},,,{'x' * 200}" for i in range(90_000)]
    scores = read_scores(write(HEADER + "\n".join(rows)), PROTOCOL)
    assert len(scores) == len(scores.facilities) == 90_000
    assert int(scores.mark.sum()) == 3 * 90_000


def test_a_workbook_gives_the_same_scores(write: Write) -> None:
    rows = [
        [*REQUIRED, "role", "facility_type", "scored_at"],
        [" F1 ", "Ann", "A1 ", 3, None, "API", 45000],
        [],
        ["F1", "Ben", "A1", "NR", None, None, None],
        ["F1", "Ann", "A2", " NA", "assessor", "API", None],
        ["F2", "Lea", "B1", "5", "consensus", "FDF", None],
    ]
    scores = read_scores(write(rows, "scores.xlsx"), PROTOCOL)
    assert scores.digest() == Scores.from_rows(ROWS).digest()


def test_a_parquet_file_gives_the_same_scores(write: Write) -> None:
    columns = {
        "score": ["3", "NR", "NA", "5"],
        "facility_id": ["F1", "F1", "F1", "F2"],
        "assessor_id": pa.array(["Ann", "Ben", "Ann", "Lea"]).dictionary_encode(),
        "question_id": ["A1", "A1", "A2", "B1"],
        "role": [None, None, "assessor", "consensus"],
        "facility_type": ["API", None, "API", "FDF"],
        "evidence": [[1], [2], None, []],
    }
    scores = read_scores(write(columns, "scores.parquet"), PROTOCOL)
    assert scores.digest() == Scores.from_rows(ROWS).digest()


@pytest.mark.parametrize("name", ["scores.xlsx", "scores.parquet"])
def test_a_facility_numbered_by_the_spreadsheet_keeps_its_number(write: Write, name: str) -> None:
    cells = [3004333526.0, "Ann", "A1", 4.0]
    content = {k: [v] for k, v in zip(REQUIRED, cells, strict=True)}
    path = write(content if name.endswith("parquet") else [REQUIRED, cells], name)
    scores = read_scores(path, PROTOCOL)
    assert (scores.facilities, scores.mark.tolist()) == (("3004333526",), [4])


# Row with the fault (line 6, below four good ones), column named, words of the message.
ROW_FAULTS = {
    "unknown question": ("F3,Ann,Z9,3,,,", "question_id", "'Z9'"),
    "question in other letters": ("F3,Ann,a1,3,,,", "question_id", "'a1'"),
    "score 6": ("F3,Ann,A1,6,,,", "score", "'6'"),
    "score 0": ("F3,Ann,A1,0,,,", "score", "'0'"),
    "half a score": ("F3,Ann,A1,3.5,,,", "score", "'3.5'"),
    "score with decimals": ("F3,Ann,A1,3.0,,,", "score", "'3.0'"),
    "another alphabet's three": ("F3,Ann,A1,３,,,", "score", "'３'"),
    "blank score": ("F3,Ann,A1,,,,", "score", "never level 1"),
    "score of spaces": ("F3,Ann,A1,  ,,,", "score", "never level 1"),
    "small letters": ("F3,Ann,A1,nr,,,", "score", "'nr'"),
    "no facility": (",Ann,A1,3,,,", "facility_id", "blank"),
    "no assessor": ("F3, ,A1,3,,,", "assessor_id", "blank"),
    "no question": ("F3,Ann,,3,,,", "question_id", "''"),
    "unknown role": ("F3,Ann,A1,3,observer,,", "role", "'observer'"),
    "unknown type": ("F3,Ann,A1,3,,Vaccine,", "facility_type", "'Vaccine'"),
    "NUL in an id": ("F\0,Ann,A1,3,,,", "facility_id", r"'F\x00'"),
    "NUL in a score": ("F3,Ann,A1,3\0,,,", "score", r"'3\x00'"),
    "invisible character in an id": ("F\u200b3,Ann,A1,3,,,", "facility_id", r"'F\u200b3'"),
    "same mark twice": ("F1,Ann,A1,4,,,", None, "Ann already marked A1 at F1 on line 2"),
    "same row twice": ("F1,Ann,A1,3,,API,", None, "already marked A1 at F1 on line 2"),
    "same mark twice but for blanks": ("F1 , Ann,A1,3,,API,", None, "on line 2"),
    "two consensus marks": ("F2,Ann,B1,5,consensus,,", None, "consensus on line 5"),
    "two types": ("F1,Ann,B1,5,,FDF,", None, "F1 is FDF here and API on line 2"),
    "too few cells": ("F3,Ann,A1,3", None, "found 4 cells; expected 7"),
    "too many cells": ("F3,Ann,A1,3,,,,,", None, "found 9 cells; expected 7"),
    "spaces only": ("   ", None, "found 1 cells; expected 7"),
}


@pytest.mark.parametrize(("row", "column", "words"), ROW_FAULTS.values(), ids=ROW_FAULTS)
def test_a_bad_row_is_named_by_line_and_column(
    write: Write, row: str, column: str | None, words: str
) -> None:
    problem = only_problem(write(HEADER + GOOD + row + "\nF4,Ann,A1,3,,,\n"))
    assert (problem.line, problem.column) == (6, column)
    assert words in problem.message


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ROW_FAULTS[k]
        for k in ("score 6", "blank score", "same mark twice but for blanks", "two types")
    ],
)
@pytest.mark.parametrize("name", ["scores.xlsx", "scores.parquet"])
def test_a_bad_row_of_a_workbook_or_parquet_file(
    write: Write, name: str, row: str, column: str | None, words: str
) -> None:
    lines = [line.split(",") for line in (HEADER + GOOD + row).splitlines()]
    columns = {name: list(cells) for name, *cells in zip(*lines, strict=True)}
    content = lines if name.endswith("xlsx") else columns
    problem = only_problem(write(content, name))
    assert (problem.line, problem.column) == (6, column)
    assert words in problem.message


def test_an_assessor_and_a_consensus_row_by_the_same_person_are_two_marks(write: Write) -> None:
    rows = "F1,Ann,A1,3,,,\nF1,Ann,A1,4,consensus,,\n"
    assert len(read_scores(write(HEADER + rows), PROTOCOL)) == 2


def test_a_row_with_a_long_rationale_is_named_by_its_first_line(write: Write) -> None:
    problem = only_problem(write(HEADER + 'F1,Ann,A1,6,,,"one\ntwo\nthree"\nF1,Ben,A1,3,,,\n'))
    assert (problem.line, problem.column) == (2, "score")


QUOTE_FAULTS = {
    "never closed": 'F3,Ann,A1,3,,,"he said\nF4,Ann,A1,3,,,\nF5,Ann,A1,3,,,\n',
    "closed by a later quote": 'F3,Ann,A1,3,,,"he said\nF4,Ann,A1,3,,,\nF5,Ann,A1,3,,,"x"\n',
    "never closed, with blank lines": '\nF3,Ann,A1,3,,,"he said\nF4,Ann,A1,3,,,\n',
}


@pytest.mark.parametrize("rows", QUOTE_FAULTS.values(), ids=QUOTE_FAULTS)
def test_a_quote_left_open_does_not_swallow_rows_in_silence(write: Write, rows: str) -> None:
    first = 6 + rows.startswith("\n")
    problem = only_problem(write(HEADER + GOOD + rows))
    assert problem.line in (first, 6)
    assert "quote" in problem.message


HEADER_FAULTS = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n\n", "empty"),
    "header only": (HEADER.encode(), "no scores below the header"),
    "header only, no line end": (HEADER.strip().encode(), "no scores below the header"),
    "byte order mark only": (b"\xef\xbb\xbf", "expected the columns"),
    "missing columns": (b"facility_id,score\nF1,3\n", "Missing: assessor_id, question_id"),
    "a column twice": (b"score," + HEADER.encode() + b"3,F1,Ann,A1,3,,,\n", "score stands twice"),
    "semicolons": (HEADER.replace(",", ";").encode(), "facility_id;assessor_id"),
    "tabs": (HEADER.replace(",", "\t").encode(), "expected the columns"),
    "no header": (b"F1,Ann,A1,3\n", "found F1, Ann, A1, 3"),
    "a web page": (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "<!DOCTYPE html>"),
    "UTF-16": ((HEADER + GOOD).encode("utf-16"), "UTF-16"),
    "UTF-16 without mark": ((HEADER + GOOD).encode("utf-16-be"), "nothing readable"),
    "latin-1 header": (b"facility_id,caf\xe9\n", "not UTF-8"),
    "a workbook by another name": (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe\n\n", "UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "UTF-8"),
    "zeros": (b"\0" * 100_000, "nothing readable"),
    "old line ends": ((HEADER + GOOD).replace("\n", "\r").encode(), "nothing readable"),
    "one endless line": (b"x" * 3_000_000, "expected the columns"),
}


@pytest.mark.parametrize(("content", "words"), HEADER_FAULTS.values(), ids=HEADER_FAULTS)
def test_the_wrong_file_is_refused_at_its_first_line(
    write: Write, content: bytes, words: str
) -> None:
    problem = only_problem(write(content))
    assert problem.line == 1
    assert words in problem.message
    assert len(problem.message) < 600


def test_latin_1_in_an_id(write: Write) -> None:
    content = HEADER.encode() + b"F1,Ann,A1,3,,,\nF2,Ren\xe9,A1,3,,,\n"
    problem = only_problem(write(content))
    assert (problem.line, problem.column) == (3, "assessor_id")
    assert "UTF-8" in problem.message


@pytest.mark.parametrize("name", ["scores.xlsx", "scores.parquet"])
@pytest.mark.parametrize("content", [b"", b"garbage" * 99, b"PK\x03\x04", b"PAR1xxxxPAR1"])
def test_no_workbook_and_no_parquet_file(write: Write, name: str, content: bytes) -> None:
    assert "this is not" in only_problem(write(content, name)).message


def test_workbook_headers(write: Write) -> None:
    row = ["F1", "Ann", "A1", 3]
    assert "Missing: score" in only_problem(write([REQUIRED[:3], row], "a.xlsx")).message
    assert "Missing: score" in only_problem(write([REQUIRED[:3]], "b.xlsx")).message
    assert (
        "stands twice" in only_problem(write([[*REQUIRED, "score"], [*row, 4]], "c.xlsx")).message
    )
    assert "no scores" in only_problem(write([REQUIRED], "d.xlsx")).message
    assert only_problem(write([], "e.xlsx")).line == 1


def test_parquet_headers_and_bad_text(write: Write, tmp_path: Path) -> None:
    row = dict(zip(REQUIRED, (["F1"], ["Ann"], ["A1"], ["3"]), strict=True))
    few = {name: row[name] for name in REQUIRED[:3]}
    assert "Missing: score" in only_problem(write(few, "a.parquet")).message
    arrays = [pa.array(cells) for cells in (*row.values(), ["4"])]
    twice = pa.Table.from_arrays(arrays, names=[*REQUIRED, "score"])
    pq.write_table(twice, tmp_path / "b.parquet")
    assert "stands twice" in only_problem(tmp_path / "b.parquet").message
    offsets, text = pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"F\xe9")
    latin = pa.Array.from_buffers(pa.string(), 1, [None, offsets, text])
    assert "UTF8" in only_problem(write(row | {"facility_id": latin}, "c.parquet")).message
    none = {name: pa.array([], pa.string()) for name in REQUIRED}
    assert "no scores" in only_problem(write(none, "d.parquet")).message


def test_every_fault_of_a_file_is_listed_at_once(write: Write) -> None:
    rows = [
        "F1,Ann,A1,3,,API,",
        "F1,Ann,A1,4,,API,",
        "F1,Lea,A2,4,consensus,,",
        "F1,Ben,A2,4,consensus,,",
        "F1,Ben,B1,3,,FDF,",
        "F1,Ben",
        ",,Z9,6,boss,Cheese,",
        'F9,Cem,A1,,,,"two\nlines"',
        "F9,Dee,A1,na,,,",
    ]
    found = [(p.line, p.column) for p in problems(write(HEADER + "\n".join(rows) + "\n"))]
    seventh = ["facility_id", "assessor_id", "question_id", "score", "role", "facility_type"]
    assert found == [
        (3, None),
        (5, None),
        (6, None),
        (7, None),
        *[(8, column) for column in seventh],
        (9, "score"),
        (11, "score"),
    ]


@pytest.mark.parametrize("name", ["scores.csv", "scores.xlsx"])
def test_reading_stops_after_a_thousand_faults(write: Write, name: str) -> None:
    rows = [REQUIRED, *([f"F{i}", "Ann", "A1", "6"] for i in range(1_500))]
    path = write(rows if name.endswith("xlsx") else "\n".join(map(",".join, rows)), name)
    with pytest.raises(InvalidScores) as caught:
        read_scores(path, PROTOCOL)
    assert len(caught.value.problems) == 1_000
    assert not caught.value.complete
    assert "at least 1,000 problems" in str(caught.value)
    assert "Reading stopped here" in str(caught.value)


def test_a_huge_cell_is_not_repeated_in_the_message(write: Write) -> None:
    path = write(HEADER + f"F1,Ann,{'q' * 100_000},{'9' * 100_000},,,\n")
    assert all(len(problem.message) < 200 for problem in problems(path))


def test_a_line_of_megabytes(write: Write) -> None:
    problem = only_problem(write(HEADER + GOOD + "x" * 20_000_000 + "\nF3,Ann,A1,3,,,\n"))
    assert problem.line == 6
    assert "longer than a million characters" in problem.message


# What follows a good header and one good row, and how much of it (bytes).
GARBAGE = {
    "zeros to the end": (b"\0", 300_000_000),
    "noise": (bytes(range(256)), 50_000_000),
    "an open quote": (b'"' + b"a,b,c,d\n" * 1000, 50_000_000),
    "unknown questions": (b"F2,Ann,Z1,3,,,\n", 50_000_000),
    "the same row": (b"F2,Ann,A1,3,,,\n", 50_000_000),
}
READ_GARBAGE = """
import resource, sys
from pathlib import Path
from openqmm.core.errors import InvalidScores
from openqmm.core.ratings.scores_file import read_scores
from tests.core.ratings.test_scores_file import PROTOCOL
def most_megabytes():
    # Of this program alone: getrusage would count the process that this one was copied from.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024
try:
    read_scores(Path(sys.argv[1]), PROTOCOL)
except InvalidScores as refusal:
    print(len(refusal.problems), most_megabytes())
"""


@pytest.mark.parametrize(("piece", "size"), GARBAGE.values(), ids=GARBAGE)
def test_a_vast_wrong_file_is_refused_in_little_time_and_memory(
    write: Write, piece: bytes, size: int
) -> None:
    path = write(HEADER + "F1,Ann,A1,3,,,\n")
    with path.open("ab") as file:
        if piece == b"\0":
            # A hole: the file is this long without being written.
            file.truncate(size)
        else:
            block = piece * (1 + 1_000_000 // len(piece))
            for _ in range(size // len(block)):
                file.write(block)
    # About 3 s on two shared cores, most of it starting Python; the limit stops a runaway.
    done = subprocess.run(
        [sys.executable, "-c", READ_GARBAGE, str(path)],
        capture_output=True,
        check=True,
        text=True,
        timeout=15,
    )
    count, megabytes = map(int, done.stdout.split())
    assert 1 <= count <= 1_000
    assert megabytes < 500


def test_rows_and_their_faults() -> None:
    with pytest.raises(InvalidScores) as caught:
        Scores.from_rows(
            [
                ScoreRow("F1", "Ann", "A1", "3", facility_type="API"),
                ScoreRow("F1", "Ann", "A1", "4"),
                ScoreRow("F1", "Ann", "A2", "6"),
                ScoreRow("F1", "Ann", "A2", "5", "boss"),
                ScoreRow("F1", "Ann", "B1", "5", "consensus"),
                ScoreRow("F1", "Ben", "B1", "5", "consensus"),
                ScoreRow("F1", "Ben", "A2", "5", facility_type="FDF"),
                ScoreRow("F2", "Ben", "A2", "5", facility_type="Cheese"),
                ScoreRow("", "a\tb", "A2\n", "5"),
                ScoreRow("F3", "\udce9", "A2", ""),
            ]
        )
    found = {(problem.line, problem.message) for problem in caught.value.problems}
    for line, words in (
        (2, "already marked A1"),
        (3, "score is '6'"),
        (4, "role is 'boss'"),
        (6, "consensus on line 5"),
        (7, "F1 is FDF here and API on line 1"),
        (8, "facility_type is 'Cheese'"),
        (9, "facility_id is ''"),
        (9, r"assessor_id is 'a\tb'"),
        (9, r"question_id is 'A2\n'"),
        (10, r"assessor_id is '\udce9'"),
        (10, "score is ''"),
    ):
        assert any(at == line and words in message for at, message in found), (line, words)
    assert len(found) == 11


def test_no_rows_are_no_scores() -> None:
    assert len(Scores.from_rows([])) == 0
