"""A file is read as it is, or refused in one sentence."""

import pandas as pd
import pytest

from {{ cookiecutter.package_name }} import data
from {{ cookiecutter.package_name }}.data import DataError


def test_csv_and_parquet_hold_the_same_rows(raw, tmp_path):
    raw.to_parquet(tmp_path / "raw.parquet", index=False)
    raw.to_csv(tmp_path / "raw.csv", index=False)
    frames = [
        data.check(data.load(tmp_path / f"raw.{end}")) for end in ("csv", "parquet")
    ]
    pd.testing.assert_frame_equal(*frames)


def test_a_file_that_is_absent_says_how_to_get_one(tmp_path):
    with pytest.raises(DataError, match="raw.csv does not exist; `make setup`"):
        data.load(tmp_path / "raw.csv")


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "raw.csv").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        data.load(tmp_path / "raw.csv")


@pytest.mark.parametrize("name", ["raw.xlsx", "raw", "raw.csv.gz"])
def test_another_kind_of_file_says_which_are_known(name, tmp_path):
    (tmp_path / name).touch()
    with pytest.raises(DataError, match=r"ends in \.csv or \.parquet"):
        data.load(tmp_path / name)


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
        data.load(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_the_stage_ends_before_it_writes_if_a_row_is_bad(own_project, call):
    before = {
        path.name: path.read_bytes() for path in own_project.glob("data/*.parquet")
    }
    frame = data.load(data.RAW).astype(object)
    frame.iloc[0] = "no such value"
    frame.to_csv("data/raw.csv", index=False)
    with pytest.raises(DataError, match="row 1, column "):
        call(data.main)
    after = {
        path.name: path.read_bytes() for path in own_project.glob("data/*.parquet")
    }
    assert after == before and len(before) == 3


def test_another_file_may_be_given(raw, own_project, call):
    before = {name: data.read(name).rows for name in data.SPLITS}
    (own_project / "data/raw.csv").unlink()
    raw.to_parquet("other.parquet", index=False)
    assert call(data.main, "--raw", "other.parquet") == 0
    for name, rows in before.items():
        pd.testing.assert_frame_equal(data.read(name).rows, rows)
