"""A file is read as it is, or refused in one sentence; splits are written together."""

import os

import pandas as pd
import pytest

from mlservice.data import files
from mlservice.data.checks import DataError, check
from mlservice.data.files import load
from mlservice.paths import SPLITS
from toys import SERVICES, training
from toys.training import SERVICE

COLUMNS = SERVICE.columns


@pytest.fixture
def prepared(raw, tmp_path, call):
    """The current folder with raw rows and their splits."""
    (tmp_path / "data").mkdir()
    raw.to_csv("data/raw.csv", index=False)
    training.write_params(tmp_path)
    assert call(training.prepare) == 0
    return tmp_path


def contents(folder):
    """Return every split with its bytes."""
    return {path.name: path.read_bytes() for path in folder.glob("data/*.parquet")}


def test_csv_and_parquet_hold_the_same_rows(raw, tmp_path):
    raw.to_parquet(tmp_path / "raw.parquet", index=False)
    raw.to_csv(tmp_path / "raw.csv", index=False)
    frames = [check(load(tmp_path / f"raw.{end}", COLUMNS), COLUMNS) for end in ("csv", "parquet")]
    pd.testing.assert_frame_equal(*frames)


def test_text_stays_text_and_only_an_empty_field_is_missing(tmp_path):
    (tmp_path / "raw.csv").write_text("contract,partner,note,calls\n01,NA,,3\n1.50,,null,4\n")
    found = load(tmp_path / "raw.csv", SERVICES["classification"].columns)
    assert found["contract"].tolist() == ["01", "1.50"]
    assert found["partner"].isna().tolist() == [False, True] and found["partner"][0] == "NA"
    assert found["note"].tolist() == ["", "null"]  # may not be missing: an empty text is one
    assert found["calls"].tolist() == [3, 4]


def test_a_split_that_is_absent_says_how_to_make_it():
    with pytest.raises(DataError, match="data/test.parquet does not exist; `make pipeline`"):
        files.read_split("test", COLUMNS)


def test_a_file_that_is_absent_says_how_to_get_one(tmp_path):
    with pytest.raises(DataError, match="raw.csv does not exist; `make setup`"):
        load(tmp_path / "raw.csv", COLUMNS)


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "raw.csv").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path / "raw.csv", COLUMNS)


@pytest.mark.parametrize("name", ["raw.xlsx", "raw", "raw.csv.gz"])
def test_another_kind_of_file_says_which_are_known(name, tmp_path):
    (tmp_path / name).touch()
    with pytest.raises(DataError, match=r"ends in \.csv or \.parquet"):
        load(tmp_path / name, COLUMNS)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("raw.csv", b"", "cannot be read: No columns"),
        ("raw.csv", b"a,b\n", "holds no rows"),
        ("raw.csv", b"a,b\n1,2\n1,2,3,4\n", "cannot be read: .*line 3"),
        ("raw.csv", b"a,b\n\xff\xfe,2\n", "cannot be read: .*decode"),
        ("raw.parquet", b"", "cannot be read"),
        ("raw.parquet", b"PAR1 but no more", "cannot be read"),
    ],
)
def test_an_empty_or_broken_file_is_refused(name, content, sentence, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=sentence) as caught:
        load(tmp_path / name, COLUMNS)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_nothing_is_written_if_a_row_is_bad(prepared, raw, call):
    before = contents(prepared)
    bad = raw.astype(object)
    bad.iloc[0] = "no such value"
    bad.to_csv("data/raw.csv", index=False)
    with pytest.raises(DataError, match="row 1, column "):
        call(training.prepare)
    assert contents(prepared) == before and len(before) == 3


def test_another_file_may_be_given(prepared, raw, call):
    before = {name: training.read(name).rows for name in SPLITS}
    (prepared / "data/raw.csv").unlink()
    raw.to_parquet("other.parquet", index=False)
    assert call(training.prepare, "--raw", "other.parquet") == 0
    for name, rows in before.items():
        pd.testing.assert_frame_equal(training.read(name).rows, rows)


def test_splits_that_a_killed_run_had_written_are_put_in_place_before_reading(prepared):
    expected = training.read("test").rows
    os.mkdir("data/.ready")
    expected.head(7).to_parquet("data/.ready/test.parquet", index=False)
    assert len(training.read("test").rows) == 7
    assert not (prepared / "data/.ready").exists()


def test_what_was_written_is_said(prepared, call, capsys):
    call(training.prepare)
    assert "train: 200 rows → data/train.parquet" in capsys.readouterr().out
    assert (prepared / "data/train.parquet").exists()


@pytest.mark.usefixtures("prepared")
def test_the_splits_on_disk_share_no_row_and_hold_all(raw):
    columns = [feature.column for feature in SERVICE.features]
    found = [set(pd.util.hash_pandas_object(training.read(name).rows[columns], index=False)) for name in SPLITS]
    different = len(raw.drop_duplicates(columns))
    assert sum(map(len, found)) == len(set.union(*found)) == different
