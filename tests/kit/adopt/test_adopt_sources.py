"""A source is read evenly, in pieces, and notices when its file changes."""

import bz2
import gzip
import lzma
import os
import random
import zipfile

import pandas as pd
import pyarrow as pa
import pytest

from mlservice.adopt.sources import open_source
from mlservice.errors import UserError

ROWS = 250_000


@pytest.fixture(scope="module")
def sorted_file(tmp_path_factory):
    """A file whose rows are in order, a few chunks long."""
    path = tmp_path_factory.mktemp("big") / "sorted.csv"
    path.write_text("i,same\n" + "".join(f"{i},x\n" for i in range(ROWS)))
    return str(path)


def test_a_sample_comes_evenly_from_the_whole_file_in_its_order(sorted_file):
    source = open_source(sorted_file)
    drawn = source.sample(1_000)["i"].astype(int)
    assert drawn.is_monotonic_increasing and drawn.is_unique and len(drawn) == 1_000
    tenths = (drawn * 10 // ROWS).value_counts()
    assert len(tenths) == 10 and tenths.min() > 60  # of 100 expected
    assert source.rows == ROWS


def test_the_same_file_gives_the_same_sample(sorted_file):
    first, second = (open_source(sorted_file).sample(500) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_chunks_give_every_row_once_in_order(sorted_file):
    source = open_source(sorted_file)
    assert source.rows is None
    chunks = list(source.chunks())
    assert all(len(chunk) >= 100_000 for chunk in chunks[:-1])
    assert pd.concat(chunks)["i"].tolist() == [str(i) for i in range(ROWS)]
    assert source.rows == ROWS
    assert source.size == os.path.getsize(sorted_file)


def test_a_small_file_is_its_own_sample(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,x\n2,y\n")
    assert open_source(str(tmp_path / "a.csv")).sample(5)["a"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_text("a,b\n1,x\n2,y\n3,z\n"),
        lambda path: os.utime(path, (1, 1)),
        lambda path: path.unlink(),
    ],
    ids=["longer", "newer", "gone"],
)
def test_a_file_that_changes_is_noticed(tmp_path, change):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    source = open_source(str(path))
    assert not source.changed()
    change(path)
    assert source.changed()


def test_a_file_that_is_gone_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    source = open_source(str(path))
    path.unlink()
    with pytest.raises(UserError, match="a.csv cannot be read"):
        source.sample(5)


@pytest.mark.parametrize(
    "data, query, sentence",
    [
        ("nothing.csv", "", "nothing.csv does not exist"),
        (".", "", "is a folder"),
        ("", "", "is a folder"),
        ("bad\0name.csv", "", "cannot be read as a file|does not exist"),
        ("x" * 5000, "", "cannot be read as a file"),
        ("/dev/null", "", "no ordinary file"),
        ("empty.csv", "", "is empty"),
        ("old.ods", "", "ending '.ods'; save the table as CSV"),
        ("t.parquet.gz", "", "t.parquet.gz cannot be read as a file: Not a gzipped file"),
        ("full.csv", "SELECT 1", "QUERY is for a database"),
    ],
    ids=lambda case: case[:12].replace("\0", "0"),
)
def test_what_is_no_file_of_a_known_form_is_refused(tmp_path, data, query, sentence):
    (tmp_path / "empty.csv").touch()
    for name in ("old.ods", "t.parquet.gz", "full.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=sentence):
        open_source(data, query)


PACKS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("ending", PACKS)
def test_compressed_files_are_unpacked_and_damaged_ones_refused(tmp_path, ending):
    path = tmp_path / f"data.csv.{ending}"
    packed = PACKS[ending](b"a,b\n01,x\n02,y\n" * 99)
    path.write_bytes(packed)
    assert open_source(str(path)).sample(1000).iloc[0].tolist() == ["01", "x"]
    for damage in (packed[:-20], b"no archive at all"):
        path.write_bytes(damage)
        with pytest.raises(UserError, match="data.csv.* cannot be read"):
            open_source(str(path))


def test_a_zip_file_may_hold_one_file(tmp_path):
    path = tmp_path / "data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("folder/data.csv", "a,b\n1,2\n")
        archive.writestr("__MACOSX/data.csv", "notes")
    assert open_source(str(path)).sample(9).iloc[0].tolist() == ["1", "2"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.csv", "a,b\n1,2\n")
    with pytest.raises(UserError, match="holds 2 files .folder/data.csv, other.csv"):
        open_source(str(path))
    path.write_bytes(b"no archive at all")
    with pytest.raises(UserError, match="data.zip cannot be read"):
        open_source(str(path))


def damaged(content, chance):
    """Change, cut or repeat a few bytes somewhere."""
    at, length = chance.randrange(len(content)), chance.randrange(1, 9)
    new = chance.choice([b"", chance.randbytes(length), b'"', b"\r", b",", b"\xff\xfe"])
    return content[:at] + new + content[at + length * chance.randrange(2) :]


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "xlsx", "csv.gz"])
def test_a_damaged_file_gives_a_table_or_a_sentence(tmp_path, form):
    frame = pd.DataFrame({"a": range(30), "b": ['x, "y"', "é", None] * 10})
    path = tmp_path / f"t.{form}"
    match form:
        case "parquet":
            frame.to_parquet(path)
        case "xlsx":
            frame.to_excel(path, index=False)
        case "jsonl":
            frame.to_json(path, orient="records", lines=True)
        case _:
            frame.to_csv(path, index=False)
    content, chance = path.read_bytes(), random.Random(0)
    for _ in range(12 if form == "xlsx" else 40):
        path.write_bytes(damaged(content, chance))
        try:
            assert open_source(str(path)).sample(50).shape[1] >= 1
        except UserError as error:
            assert path.name in str(error) and "\n" not in str(error)
