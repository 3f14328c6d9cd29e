"""Whatever the bytes, a reader answers with records or with a refusal, never with a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.inspections import read_inspections
from openqmm.core.registry.kinds import KINDS, kind_of

HEADER = b"FEI,Inspection ID,Inspection End Date,Classification,Project Area,State\n"
CELLS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([b"3001", b"0", b"-", b"2024-01-02", b"OAI", b"(VAI)", b'"', b"\r", b"\n"]),
)
ROWS = st.lists(st.lists(CELLS, max_size=8).map(b",".join), max_size=8).map(b"\n".join)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "inspections.csv"


@given(start=st.sampled_from([b"", HEADER, b"PK\x03\x04", b"\xef\xbb\xbf" + HEADER]), rows=ROWS)
def test_records_or_refusal(path: Path, start: bytes, rows: bytes) -> None:
    path.write_bytes(start + rows)
    try:
        read = read_inspections(path)
    except InvalidRecords as refusal:
        message = str(refusal)
    else:
        assert read.rows == len(read.records) + len(read.rejected)
        assert all(record.fei.isdigit() for record in read.records)
        assert all(problem.line > 1 for problem in read.rejected)
        return
    assert message.startswith("inspections.csv cannot be used")


JSON_STARTS = [
    b"[",
    b'{"results": [',
    b'{"statuscode": 400, "result": [{"a": ',
    b"<html><h4>X</h4>",
]


@given(start=st.sampled_from([b"", b"PK\x03\x04", *JSON_STARTS]), rest=st.binary(max_size=200))
def test_no_kind_crashes(path: Path, start: bytes, rest: bytes) -> None:
    path.write_bytes(start + rest)
    assert kind_of(path) is None
    for kind in KINDS.values():
        with pytest.raises(InvalidRecords, match=r"^inspections.csv cannot be used"):
            kind.read(path)
