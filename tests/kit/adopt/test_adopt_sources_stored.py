"""Parquet, JSON and Excel: typed values become the text that stands for them."""

import gzip
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.adopt.sources import open_source
from mlservice.errors import UserError


def rows_of(path):
    frame = pd.concat(list(open_source(str(path)).chunks()))
    return frame.astype(object).where(frame.notna(), None).values.tolist()


def test_parquet_becomes_the_shortest_text_that_round_trips(tmp_path):
    moment = datetime(2026, 1, 31, 9, 30)
    columns = {
        "whole": [3, None],
        "real": [0.1, 3.0],
        "flag": [True, None],
        "moment": [moment, moment.replace(microsecond=500_000)],
        "zoned": pa.array([1769848200, None]).cast(pa.timestamp("s", "+01:00")),
        "day": [date(2026, 1, 31), None],
        "hour": [time(9, 30), time(9, 30, 0, 250_000)],
        "price": [Decimal("1.50"), None],
        "kind": pa.array(["01", None]).dictionary_encode(),
        "nothing": [None, None],
    }
    parquet.write_table(pa.table(columns), tmp_path / "t.parquet")
    first, second = rows_of(tmp_path / "t.parquet")
    assert first[:5] == [
        "3",
        "0.1",
        "true",
        "2026-01-31T09:30:00",
        "2026-01-31T08:30:00Z",
    ]
    assert first[5:] == ["2026-01-31", "09:30:00", "1.50", "01", None]
    assert second[:4] == [None, "3", None, "2026-01-31T09:30:00.5"]
    assert second[4:] == [None, None, "09:30:00.25", None, None, None]


def test_parquet_tells_what_is_no_single_value(tmp_path):
    for values in ([[1, 2]], [{"x": 1}], [timedelta(1)], [b"\xff\xfe"]):
        parquet.write_table(pa.table({"ok": [1], "odd": values}), tmp_path / "t.pq")
        source = open_source(str(tmp_path / "t.pq"))
        assert "values of type" in source.unreadable["odd"] and len(source.unreadable) == 1
        assert rows_of(tmp_path / "t.pq") == [["1", None]]


def test_parquet_that_is_empty_or_broken_is_refused(tmp_path):
    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table({"a": pa.array([], pa.int64())}), path)
    with pytest.raises(UserError, match="has columns and no rows"):
        open_source(str(path))
    parquet.write_table(pa.table({"a": list(range(999))}), path)
    whole = path.read_bytes()
    for broken in (whole[:-30], b"PAR1 and no more", b"\0" * 20):
        path.write_bytes(broken)
        with pytest.raises(UserError, match="t.parquet cannot be read as Parquet"):
            open_source(str(path))


@pytest.mark.parametrize(
    "name, text",
    [
        ("a.jsonl", '{"a": "01", "b": 1.50}\n\n{"b": null, "c": true}\n'),
        ("a.ndjson", '{"a":"01","b":1.50}\r\n{"c":true}\r\n'),
        ("a.json", '[{"a": "01", "b": 1.50},\n {"b": null, "c": true}]\n'),
        ("b.json", '\ufeff{"a": "01",\n "b": 1.50} {"c": true}'),
    ],
)
def test_json_keeps_its_text_in_lines_and_in_lists(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    source = open_source(str(tmp_path / name))
    assert source.columns == ("a", "b", "c")
    assert rows_of(tmp_path / name) == [["01", "1.50", None], [None, None, "true"]]


def test_json_is_streamed_whole_over_its_blocks(tmp_path):
    rows = [{"i": i, "t": "[é, {x}]" * (i % 50)} for i in range(12_000)]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    found = rows_of(tmp_path / "a.jsonl.gz")
    assert found == [[str(row["i"]), row["t"]] for row in rows]


@pytest.mark.parametrize(
    "text, sentence",
    [
        ('{"a": 1}\n{"a": \n', "object 2 is no valid JSON"),
        ('[{"a": 1}, {"a": 2}', "object 3 is no valid JSON"),
        ('{"a": 1}]', "object 2 is no valid JSON"),
        ('{"a": 1} [2]', "item 2 is no JSON object"),
        ("3\n4\n", "item 1 is no JSON object"),
        ("[]", "holds no objects"),
        ('{"a": "\\ud800"}', "column 'a' holds"),
        ('{"a": ' + "[" * 200_000, "cannot be read as JSON"),
        (json.dumps(dict.fromkeys(map(str, range(2001)))), "has 2,001 columns"),
        ("\x89PNG\0", "cannot be read as JSON|no JSON object"),
    ],
    ids=lambda case: repr(case[:20]),
)
def test_json_that_is_no_table_is_refused(tmp_path, text, sentence):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=sentence) as caught:
        rows_of(path)
    assert "a.json" in str(caught.value)


@pytest.fixture
def workbook(tmp_path):
    """Write an Excel file: sheets by name, each a list of rows."""

    def write(**sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "t.xlsx")
        return tmp_path / "t.xlsx"

    return write


def test_excel_gives_the_first_sheet_that_holds_data(workbook):
    header = [" a ", "b", 2019, "d", None]
    row = [3, 0.1, True, datetime(2026, 1, 31, 9, 30)]
    path = workbook(notes=[["my notes"]], data=[[], header, row, [], ["01"]], more=[[1], [2]])
    source = open_source(str(path))
    assert source.columns == ("a", "b", "2019", "d")
    assert source.form == "Excel, sheet 'data' (the first of 2 that hold data)"
    assert rows_of(path) == [
        ["3", "0.1", "true", "2026-01-31T09:30:00"],
        ["01", None, None, None],
    ]


def test_excel_refuses_what_is_no_table(workbook):
    with pytest.raises(UserError, match="no sheet with a header and rows"):
        open_source(str(workbook(a=[["x", "y"]], b=[])))
    path = workbook(a=[["x"], [1]])
    for broken in (b"PK\x03\x04 broken", path.read_bytes()[:-200], b"\xd0\xcf\x11\xe0"):
        path.write_bytes(broken)
        with pytest.raises(UserError, match="t.xlsx cannot be read as an Excel"):
            open_source(str(path))
