"""Containers of the public files: JSON, archives, and what is refused (synthetic records)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry import contents, json_records
from openqmm.core.registry.establishments import read_establishments
from openqmm.core.registry.inspections import read_inspections

WriteFile = Callable[..., Path]

SITE = ("3002", "111111111", "Synthetic API", "1 Mill Road, Pune, India (IND)", "API MANUFACTURE")


def answer_record(**fields: Any) -> dict[str, Any]:
    """Return one record as the Data Dashboard service answers it."""
    return {
        "FEINumber": "3004333526",
        "LegalName": "Synthetic\n Works, Inc.",
        "City": "Sunrise",
        "State": None,
        "CountryCode": None,
        "CountryName": "Korea (the Republic of)",
        "InspectionID": 1106400,
        "InspectionEndDate": "2024-10-11",
        "Classification": "No Action Indicated (NAI)",
        "ProjectArea": "Drug Quality Assurance",
        "ProductType": "Drugs",
        "PostedCitations": True,
        "FirmProfile": {"Link": "https://example.org/1"},
    } | fields


def success(*records: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"statuscode": 400, "message": "Success.", "result": list(records)} | fields


@pytest.fixture
def json_file(tmp_path: Path) -> Callable[..., Path]:
    def write(data: object, name: str = "answer.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(data), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    "wrap",
    [
        success,
        lambda record: success(record, message="Success"),
        lambda record: {"result": [record], "message": "Success.", "statuscode": 400},
        lambda record: {"meta": {"results": {"total": 1}}, "results": [record]},
        lambda record: [record],
    ],
)
def test_records_are_found_whatever_wraps_them(
    json_file: WriteFile, wrap: Callable[[dict[str, Any]], object]
) -> None:
    read = read_inspections(json_file(wrap(answer_record())))
    (record,) = read.records
    assert (record.fei, record.inspection_id, record.state) == ("3004333526", "1106400", "")
    assert (record.legal_name, record.country) == ("Synthetic Works, Inc.", "KOR")
    assert read.unrecognised_columns == ()
    assert read.updated_on is None


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (
            {"statuscode": 401, "message": "Invalid key", "result": []},
            "an error answer of the Data Dashboard (statuscode 401: Invalid key)",
        ),
        (success(answer_record(), message="Partly"), "statuscode 400: Partly"),
        ({"statuscode": 400, "message": "Success.", "result": None}, "error answer"),
        (
            [{"statuscode": 412, "message": "No results found"}],
            "an error answer of the Data Dashboard (statuscode 412: No results found)",
        ),
        ({"error": {"code": "NOT_FOUND", "message": "No matches found!"}}, "NOT_FOUND: No matches"),
        ({"meta": {}}, "without a list of records"),
        ({"results": []}, "without a single record"),
        ([], "without a single record"),
        (["a"], "a list of something else than records"),
        ({"results": [{"recall_number": "D-1"}]}, "Its records have 'recall_number'"),
        (success(dict(list(answer_record().items())[:-4])), "Its records lack Project Area"),
    ],
)
def test_other_json_is_refused_by_name(json_file: WriteFile, data: object, found: str) -> None:
    with pytest.raises(InvalidRecords) as refused:
        read_inspections(json_file(data))
    assert found in str(refused.value)
    assert "Expected an inspection classification file" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ['{"results": [{"a": 1}', '{"results": [{"a": 1} {"b": 2}]}', '{"a" 1}', "[" * 100_000, '[{"a'],
)
def test_damaged_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cut.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRecords, match=r"damaged JSON|nested too deeply"):
        read_inspections(path)


def test_json_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes('[{"FEINumber": "é"}]'.encode("cp1252"))
    with pytest.raises(InvalidRecords, match="another encoding than UTF-8"):
        read_inspections(path)


def test_faulty_records_are_named_by_their_number(json_file: WriteFile) -> None:
    records = [answer_record(), answer_record(FEINumber="none"), answer_record(InspectionID=None)]
    read = read_inspections(json_file(success(*records)))
    assert [str(problem) for problem in read.rejected] == [
        "answer.json, record 2: FEINumber is not an FEI of at most 10 digits ('none')",
        "answer.json, record 3: InspectionID is missing",
    ]
    with pytest.raises(InvalidRecords, match="record 1, FEINumber: is not an FEI"):
        read_inspections(json_file(success(answer_record(FEINumber="none"))))


def test_day_of_the_data_is_the_one_the_file_names(json_file: WriteFile) -> None:
    data = {"meta": {"last_updated": "2026-06-19"}, "results": [answer_record()]}
    assert read_inspections(json_file(data)).updated_on == date(2026, 6, 19)


def test_lists_are_joined_and_inner_objects_have_columns_of_their_own(json_file: WriteFile) -> None:
    data = [
        {"a": ["x", None, "y"], "parts": [{"name": "p", "n": 1}, {"name": "q"}]},
        {"b": {"c": [1, 2.5]}, "parts": []},
    ]
    content = contents.whole_file(json_file(data))
    assert list(json_records.JsonRecords(content).rows()) == [
        (0, ["a", "parts.name", "parts.n", "b.c", "parts"]),
        (1, ["x; y", "p; q", "1", "", ""]),
        (2, ["", "", "", "1; 2.5", ""]),
    ]


def test_records_across_the_pieces_read(
    json_file: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [answer_record(InspectionID=n) for n in range(50)]
    path = json_file(success(*records) | {"last": 12345})
    for piece in (1, 7, 64):
        monkeypatch.setattr(json_records, "_PIECE", piece)
        assert len(read_inspections(path).records) == 50
    text = json_records._Text(io.StringIO("12345 "))
    monkeypatch.setattr(json_records, "_PIECE", 2)
    assert text.value() == 12345


def test_record_beyond_bounds_is_refused(
    json_file: WriteFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_records, "_PIECE", 64)
    monkeypatch.setattr(json_records, "_LONGEST_VALUE", 256)
    path = json_file([answer_record(LegalName="x" * 2000)])
    with pytest.raises(InvalidRecords, match="damaged JSON"):
        read_inspections(path)


def archive(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "."), content)
    return path


def test_archive_with_one_json(tmp_path: Path) -> None:
    data = json.dumps({"results": [answer_record(InspectionEndDate="?"), answer_record()]})
    read = read_inspections(archive(tmp_path / "i.json.zip", part__json=data))
    assert len(read.records) == 1
    assert str(read.rejected[0]).startswith("i.json.zip, record 1: InspectionEndDate")


def test_archive_of_the_registrations_with_an_old_workbook_beside(
    tmp_path: Path, registration_file: WriteFile
) -> None:
    text = registration_file(SITE).read_bytes()
    old = b"\xd0\xcf\x11\xe0 old workbook"
    path = archive(tmp_path / "drls_reg.zip", drls_reg__xls=old, drls_reg__txt=text)
    assert (
        read_establishments(path).records == read_establishments(tmp_path / "drls_reg.txt").records
    )


def test_archive_is_read_from_the_member_that_fits(
    tmp_path: Path, registration_file: WriteFile
) -> None:
    text = registration_file(SITE).read_bytes()
    path = archive(tmp_path / "a.zip", readme__txt="words", other__csv="a,b\n1,2\n", drls__txt=text)
    assert len(read_establishments(path).records) == 1


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"a__xls": b"\xd0\xcf\x11\xe0"}, "without a text or JSON file"),
        ({"a__html": "<html>Sorry</html>"}, "without a text or JSON file"),
        ({"a__csv": "x,y\n1,2\n"}, r"holds a\.csv\); a\.csv: no header in its first 40 rows"),
        ({f"m{n}__txt": "x" for n in range(101)}, "101 files, more than 100"),
    ],
)
def test_archive_without_such_a_table_is_refused(
    tmp_path: Path, members: dict[str, str | bytes], found: str
) -> None:
    with pytest.raises(InvalidRecords, match=found):
        read_establishments(archive(tmp_path / "a.zip", **members))


def test_archive_that_unpacks_beyond_bounds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "bomb.zip", a__txt=b"\n" * (17 << 20))
    with pytest.raises(InvalidRecords, match="more than 100 times its size"):
        read_establishments(path)
    monkeypatch.setattr(contents, "_MOST_UNPACKED", 1 << 20)
    with pytest.raises(InvalidRecords, match="more than 1 MB"):
        read_establishments(path)


def test_damaged_member_is_refused(tmp_path: Path, registration_file: WriteFile) -> None:
    text = registration_file(*[SITE] * 2000).read_bytes()
    path = archive(tmp_path / "a.zip", drls__txt=text)
    with zipfile.ZipFile(path) as file:
        middle = file.infolist()[0].compress_size // 2
    damaged = bytearray(path.read_bytes())
    damaged[middle : middle + 40] = b"\x00" * 40
    path.write_bytes(bytes(damaged))
    with pytest.raises(InvalidRecords, match="damaged zip archive"):
        read_establishments(path)


def test_locked_member_is_refused(tmp_path: Path, registration_file: WriteFile) -> None:
    path = archive(tmp_path / "a.zip", drls__txt=registration_file(SITE).read_bytes())
    locked = bytearray(path.read_bytes())
    # The flag of encryption, in the member's own header and in the directory.
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(locked))
    with pytest.raises(InvalidRecords, match="cannot be unpacked"):
        read_establishments(path)
