"""Delimited text: whatever its delimiter, quoting and encoding."""

import pandas as pd
import pytest

from mlservice.adopt.sources import delimited, open_source
from mlservice.errors import UserError

TABLE = 'name,code,note\nAnna,01,é\nBob,,"x, y"\n'


@pytest.fixture
def read(tmp_path):
    """Write a file, open it, and give the source with all its rows as lists."""

    def reading(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        source = open_source(str(path))
        frame = pd.concat(list(source.chunks()))
        return source, frame.astype(object).where(frame.notna(), None).values.tolist()

    return reading


def test_cells_are_text_as_written_and_an_empty_one_is_missing(read):
    source, rows = read('n,t,m\n01,1.50,\nNA, x ,""\n')
    assert rows == [["01", "1.50", None], ["NA", " x ", None]]
    assert {str(kind) for kind in source.sample(9).dtypes} == {"string"}
    assert source.sample(9).iloc[0, 2] is pd.NA


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", ":", "\x01", "~"])
def test_every_delimiter_is_found(read, delimiter):
    lines = [["a", "b", "c"], ["1", "x y", "2"], ["3", "z", "4"]]
    source, rows = read("\n".join(map(delimiter.join, lines)))
    assert source.columns == ("a", "b", "c")
    assert rows == lines[1:]


@pytest.mark.parametrize(
    "content, columns, row",
    [
        ("a;b\n1,5;2,7\n3,25;4,5\n", ("a", "b"), ["1,5", "2,7"]),
        ("a, EUR;b, EUR\n1,5;2,7\n3,2;4,5\n", ("a, EUR", "b, EUR"), ["1,5", "2,7"]),
        ("a\tb, c\nhi, there\tx\n1\ty, z\n", ("a", "b, c"), ["hi, there", "x"]),
        ('"a;b",c\n"1;2",3\n"4;5",6\n', ("a;b", "c"), ["1;2", "3"]),
        ("a,b\n1,x;y\n2,z\n", ("a", "b"), ["1", "x;y"]),
        ("x y z\n1 2 3\n4 5 6\n", ("x", "y", "z"), ["1", "2", "3"]),
        ("sep=;\r\na;b\r\n1;2,5\r\n", ("a", "b"), ["1", "2,5"]),
        ("only\n1,5\n2,7\n", ("only",), ["1,5"]),
        ("full name\nAnna Bell\nBob Hill\n", ("full name",), ["Anna Bell"]),
    ],
    ids=lambda case: repr(case)[:30],
)
def test_the_delimiter_is_what_divides_every_row_alike(read, content, columns, row):
    source, rows = read(content)
    assert source.columns == columns
    assert rows[0] == row


@pytest.mark.parametrize(
    "content, row",
    [
        ('a,b\n"1\n2","x ""y"", z"\n', ["1\n2", 'x "y", z']),
        ("'a','b'\n'1','x, y'\n", ["1", "x, y"]),
        ('a,b\n1,"say \\"hi, you\\" twice"\n2,3\n', ["1", 'say "hi, you" twice']),
        ('a\tb\n"1\tx\n2\ty\n', ['"1', "x"]),
        ('a,b\n5" pipe,x\n', ['5" pipe', "x"]),
        ("a,b\r1,2\r", ["1", "2"]),
        ("a,b\r\n\r\n1,2\r\n\r\n", ["1", "2"]),
    ],
    ids=["doubled", "single", "backslash", "none", "inch", "mac", "blank lines"],
)
def test_quotes_and_line_ends_of_every_kind(read, content, row):
    assert read(content)[1][0] == row


@pytest.mark.parametrize(
    "encoding, shown",
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-32", "UTF-32"),
        ("cp1252", "cp1252 (a guess)"),
        ("latin-1", "cp1252 (a guess)"),
    ],
)
def test_every_western_encoding_reads_the_same(read, encoding, shown):
    source, rows = read((TABLE + "Zoë Müller,2,ß\n" * 9).encode(encoding))
    assert source.columns == ("name", "code", "note")
    assert rows[:2] == [["Anna", "01", "é"], ["Bob", None, "x, y"]]
    assert rows[-1] == ["Zoë Müller", "2", "ß"]
    assert source.form == f"CSV, ',' between fields, {shown}"


@pytest.mark.parametrize(
    "encoding, cities",
    [
        ("cp1251", ["Москва", "Казань", "Нижний Новгород", "Пермь"]),
        ("cp932", ["東京", "大阪"]),
        ("gb18030", ["北京", "上海"]),
        ("cp1253", ["Αθήνα", "Πάτρα", "Θεσσαλονίκη", "Ηράκλειο"]),
    ],
)
def test_encodings_of_other_scripts_are_guessed(read, encoding, cities):
    content = "city,n\n" + "".join(f"{city},1\n" for city in cities) * 9
    assert [row[0] for row in read(content.encode(encoding))[1][: len(cities)]] == cities


def test_a_letter_far_down_still_decides_the_encoding(read):
    source, rows = read(b"a,b\n" + b"plain,1\n" * 130_000 + "Zürich,2\n".encode("cp1252"))
    assert rows[-1] == ["Zürich", "2"]
    assert source.form.endswith("cp1252 (a guess)")


def test_bytes_that_no_code_page_knows_are_read_as_latin_1(read):
    source, _ = read("a,b\n1,é\n".encode("cp1252") * 99 + b"x,\x81\n")
    assert source.form.endswith("latin-1 (a guess)")


@pytest.mark.parametrize(
    "content, sentence",
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b\n", "a header and no rows"),
        (
            "a,b,c\n1,2,3\n4,5\n",
            r"row 3 \(the header is row 1\) .* expected 3 fields, found 2",
        ),
        (
            "a,b\n1,2\n" + "3,4\n" * 5000 + "5,6,7\n",
            "row 5003 .* expected 2 fields, found 3",
        ),
        ("a,b,a,b,c\n1,2,3,4,5\n", "more than one column named 'a', 'b'"),
        (",,\n1,2,3\n", "no column has a name"),
        (",".join(f"c{i}" for i in range(2001)) + "\n1\n", "has 2,001 columns"),
        ("5.1,3.5,x\n4.9,3.0,x\n5.1,2.2,y\n", "must hold the column names"),
        ("1,2\n3,4\n", "must hold the column names"),
        ("My table\n1,2,3\n4,5,6\n", "one field where the others have 3"),
        ('a,b\n1,2\n3,"4\n5,6\n', "a quote in its last rows is never closed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "is a binary file"),
        (bytes(range(1, 256)) * 9, "is a binary file"),
        (b"PAR1" + b"\0" * 99, "is a binary file"),
        (b"\xff\xfea\0,\0b", "cannot be read as text"),
    ],
    ids=lambda case: repr(case[:25]),
)
def test_what_is_no_table_is_refused_in_a_sentence(read, content, sentence):
    with pytest.raises(UserError, match=sentence) as caught:
        read(content)
    assert "data.csv" in str(caught.value)


def test_a_quote_that_swallows_the_file_is_refused(read, monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 1000)
    with pytest.raises(UserError, match="a row longer than .* a quote is never closed"):
        read('a,b\n1,"' + "x,y\n" * 1000)


def test_names_are_stripped_and_may_be_numbers(read):
    assert read("\ufeff a ,\t2019\nx,1\n")[0].columns == ("a", "2019")
