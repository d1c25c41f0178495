"""Files as programs and people write them: what is no row of the table is left out, and the plan says so."""

import json
import zipfile
from datetime import timedelta

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from mlservice.adopt import infer_plan
from mlservice.adopt.sources import open_source
from mlservice.errors import UserError

ROWS = 120
AGES = [20 + 7 * at % 61 for at in range(ROWS)]
CITIES = ["Bern", "Rome", "Oslo"]
BOUGHT = [str(one) for one in np.random.default_rng(0).choice(["yes", "no"], ROWS)]
LINES = [f"{age},{CITIES[at % 3]},{age * 31.5 + at},{BOUGHT[at]}" for at, age in enumerate(AGES)]
HEADER = "age,city,income,bought"
FIRST = LINES[0].split(",")
LAST = LINES[-1].split(",")


def text(*lines, before=(), after=()):
    """Join the lines of a file: the table's own, with others above and below."""
    return "\n".join([*before, *lines, *after]) + "\n"


def commas(lines, more=","):
    return [line + more for line in lines]


FILES = {  # the text, and what the plan says of it
    "a delimiter behind every row": (text(*commas([HEADER, *LINES])), ""),
    "a delimiter behind the rows": (text(HEADER, *commas(LINES)), ""),
    "a delimiter behind some rows": (text(HEADER, *LINES[:60], *commas(LINES[60:])), ""),
    "a delimiter behind the header": (text(HEADER + ",", *LINES), ""),
    "rows of nothing": (text(HEADER, *LINES, *[",,,"] * 40), ""),
    "a title": (text(HEADER, *LINES, before=["Customers 2026", ""]), "1 rows above the header.*Customers 2026"),
    "a title with delimiters": (text(HEADER, *LINES, before=["Customers, 2026,,", ",,,"]), "above the header"),
    "comments": (text(HEADER, *LINES, before=["# made by x", "# on 1, 2, 3, 4, 5"]), "2 rows above the header"),
    "a comment among the rows": (text(HEADER, *LINES[:50], "# a break", *LINES[50:]), "1 comments among the rows"),
    "a header that is a comment": (text("#" + HEADER, *LINES), ""),
    "units": (text(HEADER, "years,,EUR,", *LINES), "a row below the header is left out: 'years'"),
    "descriptions": (text(HEADER, "Age at sale,Where,Income a year,Bought?", *LINES), "Age at sale"),
    "groups of columns": (text(HEADER, *LINES, before=["Person,,Money,"]), "above the header"),
    "names of two rows": (text("who,who,money,money", HEADER, *LINES), "two rows are the header"),
    "remarks": (text(HEADER, *LINES, after=["Source: register", "* estimated,"]), "2 rows below the table"),
    "remarks with delimiters": (text(HEADER, *LINES, after=["Source: register,,,"]), "'Source: register' in 'age'"),
    "an end of file of DOS": (text(HEADER, *LINES) + "\x1a", "control characters"),
    "control characters": (text(HEADER, *LINES).replace("Bern", "B\x02ern", 3), "control characters"),
}


@pytest.mark.parametrize("name", FILES)
def test_text_around_a_table_is_left_out_and_said(name, tmp_path):
    content, said = FILES[name]
    path = tmp_path / "mine.csv"
    path.write_text(content, "utf-8")
    plan = infer_plan(path, "bought", "classification")
    assert [one.column for one in plan.features] == ["age", "city", "income"] and plan.aside == ()
    assert [one.kind for one in plan.features] == ["integer", "category", "number"]
    rows = pd.concat(open_source(str(path)).chunks()).iloc[:, :4].dropna()
    assert len(rows) == ROWS and rows.iloc[0].tolist() == FIRST
    assert LAST in rows.values.tolist()
    warnings = " ".join(plan.warnings)
    assert (pd.Series([warnings]).str.contains(said).all()) if said else plan.warnings == ()


def test_units_below_the_header_fill_the_schema(tmp_path):
    (tmp_path / "mine.csv").write_text(FILES["units"][0], "utf-8")
    plan = infer_plan(tmp_path / "mine.csv", "bought", "classification")
    assert [one.unit for one in plan.features] == ["years", "", "EUR"]


def test_names_that_recur_below_groups_are_joined(tmp_path):
    lines = [",".join(line.split(",")[:3] + line.split(",")[:1] + line.split(",")[3:]) for line in LINES]
    (tmp_path / "mine.csv").write_text(text("2025,,,2026,", "age,city,income,age,bought", *lines), "utf-8")
    names = open_source(str(tmp_path / "mine.csv")).columns
    assert names == ("2025 age", "2025 city", "2025 income", "2026 age", "2026 bought")


@pytest.mark.parametrize("delimiter", [",", " "])
def test_row_names_of_a_header_that_is_one_short_are_set_aside(delimiter, tmp_path):
    lines = [f"{at + 1},{line}" for at, line in enumerate(LINES)]
    content = text(HEADER, *lines).replace(",", delimiter)  # as R's write.table writes it
    (tmp_path / "mine.csv").write_text(content, "utf-8")
    plan = infer_plan(tmp_path / "mine.csv", "bought", "classification")
    assert [one.column for one in plan.aside] == ["Unnamed: 0"] and len(plan.features) == 3


def test_a_column_without_a_name_among_others_is_set_aside_and_can_be_kept(tmp_path):
    (tmp_path / "mine.csv").write_text(text(HEADER.replace("city", ""), *LINES), "utf-8")
    plan = infer_plan(tmp_path / "mine.csv", "bought", "classification")
    assert [(one.column, one.why) for one in plan.aside] == [("Unnamed: 1", "the column has no name")]
    kept = infer_plan(tmp_path / "mine.csv", "bought", "classification", keep=("Unnamed: 1",))
    assert kept.aside == () and len(kept.features) == 3


@pytest.mark.parametrize("row", ["41,Bern", "41", "41,Bern,2,yes,no"])
def test_a_ragged_row_is_still_refused(row, tmp_path):
    (tmp_path / "mine.csv").write_text(text(HEADER, *LINES[:50], row, *LINES[50:]), "utf-8")
    with pytest.raises(UserError, match="row 52 .* does not fit the header"):
        infer_plan(tmp_path / "mine.csv", "bought", "classification")


def test_a_remark_in_the_middle_is_refused(tmp_path):
    (tmp_path / "mine.csv").write_text(text(HEADER, *LINES[:50], "a remark", *LINES[50:]), "utf-8")
    with pytest.raises(UserError, match="row 52 .* does not fit the header"):
        infer_plan(tmp_path / "mine.csv", "bought", "classification")


def workbook(path, rows, merged=""):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return path


CELLS = [HEADER.split(",")] + [[age, CITIES[at % 3], age * 31.5 + at, BOUGHT[at]] for at, age in enumerate(AGES)]
SHEETS = {
    "a title": ([["Customers 2026"], [], *CELLS], "A1:D1", "rows above the header"),
    "a total and a source": ([*CELLS, ["Total", None, 1e6, None], ["Source: us"]], "", "totals and remarks"),
    "cells far beside": ([*CELLS[:100], [], [*CELLS[100], None, None, "mine"], *CELLS[101:]], "", r"\(row 102\)"),
    "a blank cell far beside": ([*CELLS[:100], [*CELLS[100], None, " "], *CELLS[101:]], "", ""),
    "units": ([CELLS[0], ["years", None, "EUR"], *CELLS[1:]], "", "a row below the header"),
    "groups in merged cells": ([["Person", None, "Money", None], *CELLS], "A1:B1", "above the header"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_cells_around_the_table_of_a_sheet_are_left_out_and_said(name, tmp_path):
    rows, merged, said = SHEETS[name]
    plan = infer_plan(workbook(tmp_path / "mine.xlsx", rows, merged), "bought", "classification")
    assert [one.column for one in plan.features] == ["age", "city", "income"] and plan.aside == ()
    assert [one.kind for one in plan.features] == ["integer", "category", "number"]
    assert pd.Series([" ".join(plan.warnings)]).str.contains(said).all() if said else plan.warnings == ()


def test_a_zip_file_may_hold_other_files_beside_the_table(tmp_path):
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("README.md", "about it")
        archive.writestr("set/names.txt", "what it is")
        archive.writestr("set/mine.csv", text(HEADER, *LINES))
    assert len(infer_plan(tmp_path / "mine.zip", "bought", "classification").features) == 3


def test_a_workbook_may_have_a_wrong_ending_or_be_packed(tmp_path):
    book = workbook(tmp_path / "mine.xlsx", CELLS)
    (tmp_path / "mine.csv").write_bytes(book.read_bytes())
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.write(book, "mine.xlsx")
    (tmp_path / "mine.xls").write_text(text(HEADER, *LINES).replace(",", "\t"), "utf-8")
    for name in ("mine.csv", "mine.zip", "mine.xls"):
        assert open_source(str(tmp_path / name)).sample(ROWS).iloc[0].tolist() in (FIRST, [*FIRST[:2], "630", FIRST[3]])
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(UserError, match="old.xls is a workbook of Excel 2003 or older; .*save it as"):
        open_source(str(tmp_path / "old.xls"))


NESTED = [
    {
        "age": age,
        "home": {"city": CITIES[at % 3], "at": {"north": at * 1.5}},
        "tags": ["a"] * (at % 3),
        "bought": BOUGHT[at],
    }
    for at, age in enumerate(AGES)
]
TYPED = {
    "age": AGES,
    "took": [timedelta(seconds=at) for at in range(ROWS)],
    "list": [[at] for at in range(ROWS)],
    "both": [{"a": at} for at in range(ROWS)],
    "raw": [bytes([at]) for at in range(ROWS)],
    "price": pa.array([f"{at}.50" for at in range(ROWS)]).cast(pa.decimal128(9, 2)),
    "half": pa.array(np.arange(ROWS, dtype=np.float16)),
    "bought": BOUGHT,
}


def nested(folder):
    (folder / "mine.jsonl").write_text("\n".join(map(json.dumps, NESTED)), "utf-8")
    return folder / "mine.jsonl", ["age", "home.city", "home.at.north"], ["tags"]


def typed(folder):
    parquet.write_table(pa.table(TYPED), folder / "mine.parquet")
    return folder / "mine.parquet", ["age", "price", "half"], ["took", "list", "both", "raw"]


def framed(_):
    return pd.DataFrame({name: TYPED[name] for name in ("age", "list", "bought")}), ["age"], ["list"]


@pytest.mark.parametrize("write", [nested, typed, framed])
def test_columns_that_hold_no_single_values_are_set_aside_by_name(write, tmp_path):
    data, read, aside = write(tmp_path)
    plan = infer_plan(data, "bought", "classification")
    found = {one.column: one for one in (*plan.features, *plan.aside)}
    assert {name: found[name].kind for name in aside} == dict.fromkeys(aside, "unreadable")
    assert all("no single value" in found[name].why and not found[name].declared for name in aside)
    assert set(found) == {*read, *aside} and all(found[name].kind != "unreadable" for name in read)
    dropped = infer_plan(data, "bought", "classification", drop=tuple(aside))
    assert {one.column for one in dropped.aside if "dropped" in one.why} == set(aside)
    for asked in ({"keep": (aside[0],)}, {"target": aside[0]}):
        with pytest.raises(UserError, match=f"'{aside[0]}' cannot be used: it holds"):
            infer_plan(data, **{"target": "bought", "task": "classification", **asked})


def test_dates_before_1900_are_years():
    days = [f"{1700 + 2 * at}-07-02" for at in range(ROWS)]
    frame = pd.DataFrame({"born": days, "age": AGES, "bought": BOUGHT})
    plan = infer_plan(frame, "bought", "classification")
    born = plan.features[0]
    assert (born.column, born.kind, born.unit) == ("born", "number", "year") and born.missing == 0
    assert "1850-07-02 is 1850.5" in born.warning and born.low < 1700 < born.high


def test_classes_beyond_a_hundred_are_one():
    classes = [f"class {at}" for at in range(140) for _ in range(12 + (140 - at))]
    frame = pd.DataFrame({"x": np.random.default_rng(0).normal(size=len(classes)), "class": classes})
    plan = infer_plan(frame, "class", "classification")
    assert len(plan.target.categories) == 100 and "other" in plan.target.categories
    assert "140 classes: the 41 rarest" in plan.target.warning and "'other'" in plan.target.warning


def test_texts_without_spaces_are_texts():
    words = {
        "tech": ["画面が固まる", "接続できない", "再起動しても直らない"],
        "billing": ["請求書が届かない", "二重に請求された", "返金してほしい"],
    }
    rng = np.random.default_rng(0)
    labels = rng.choice(["tech", "billing"], 400)
    texts = ["".join(rng.choice(words[label], 2)) + f"番号{at}" for at, label in enumerate(labels)]
    plan = infer_plan(pd.DataFrame({"text": texts, "label": labels}), "label", "text")
    assert plan.features[0].declared == "bag_of_words" and "pairs of characters" in plan.features[0].why
    table = infer_plan(
        pd.DataFrame({"text": texts, "x": rng.normal(size=400), "label": labels}), "label", "classification"
    )
    assert table.features[0].kind == "free text"


def test_a_contingency_table_is_taken():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {name: rng.choice(list(values), 1316) for name, values in {"a": "xyz", "b": "uv", "c": "pq"}.items()}
    )
    frame["bought"] = np.where(rng.random(1316) < np.where(frame["a"] == "x", 0.8, 0.3), "yes", "no")
    plan = infer_plan(frame, "bought", "classification")
    assert any("12 combinations recur, and the target varies: they may be split" in one for one in plan.warnings)


@pytest.mark.parametrize("digits", [16, 20])
def test_numbers_of_many_digits_are_not_whole(digits):
    rng = np.random.default_rng(0)
    amounts = [f"{at}" + "0" * (digits - 4) for at in rng.integers(1000, 9999, ROWS)]
    frame = pd.DataFrame({"amount": amounts, "x": rng.normal(size=ROWS), "bought": BOUGHT})
    amount = infer_plan(frame, "bought", "classification", keep=("amount",)).features[0]
    assert amount.kind == "number" and not amount.whole


@pytest.mark.parametrize(
    ("header", "names"),
    [(",value", ("Unnamed: 0", "value")), ("% fat,value", ("% fat", "value")), ("#,value", ("#", "value"))],
)
def test_odd_names_are_no_titles(header, names, tmp_path):
    (tmp_path / "mine.csv").write_text(text(header, *(f"row {at},{at * 1.5}" for at in range(40))), "utf-8")
    source = open_source(str(tmp_path / "mine.csv"))
    assert source.columns == names and len(source.sample(99)) == 40
