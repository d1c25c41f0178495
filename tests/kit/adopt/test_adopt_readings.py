import pandas as pd
import pytest

from mlservice.adopt.columns import reading_warnings, readings

LISTS = {
    "1 | 2.50 | -3 | +4 | 1e5": "1 2.50 -3 4 1e5",
    "22.0 | NA | | ?": "22 - - -",
    "1,234.5 | 3 | 1,000,000": "1234.5 3 1000000",
    "1.234,5 | 3,5 | 12": "1234.5 3.5 12",
    "0,123 | 1,234": "0.123 1.234",  # a thousand does not begin with 0
    "1 234,5 | 12 | 1\u00a0000": "1234.5 12 1000",
    "$5 | ($1,200.50) | -$3 | −4": "5 -1200.50 -3 -4",
    "12 % | 3%": "12 3",
    "7,5 € | 1.200,25 €": "7.5 1200.25",
    "CHF 1'234.50 | CHF 1": "1234.50 1",
    "yes | No | Y": "true false true",
    "Ja | nein": "true false",
    "0 | 1 | 1.0": "false true true",
    "on | off": "true false",
    "2026-01-31T10:00:00Z | 2026-01-31 | 2026-01-31 10:00:30.25+02:00": (
        "2026-01-31T10:00:00 2026-01-31 2026-01-31T08:00:30"
    ),
    "31/01/2026 | 02/03/2026": "2026-01-31 2026-03-02",
    "01/31/2026 9:30 PM | 02/03/2026 12:15 am": ("2026-01-31T21:30:00 2026-02-03T00:15:00"),
    "31.01.26 | 1.2.2026": "2026-01-31 2026-02-01",
    "31/01/2026 | 2026-03-04 | 5 Jan 2026 | Feb. 6, 2026": ("2026-01-31 2026-03-04 2026-01-05 2026-02-06"),
    "20141013T000000 | 20141231T235959": "2014-10-13T00:00:00 2014-12-31T23:59:59",
    "20260101 | 20260102 | 20260103 | 20260104 | 20261231": ("2026-01-01 2026-01-02 2026-01-03 2026-01-04 2026-12-31"),
    "Jan-2026 | Dec-2025": "2026-01-01 2025-12-01",
    "01234 | 55555": "01234 55555",  # a code
    "1.2.3 | 4.5.6": "1.2.3 4.5.6",
}


def column(*cells):
    return pd.Series(cells, dtype="string[pyarrow]")


@pytest.mark.parametrize("written", LISTS)
def test_cells_take_their_canonical_form(written):
    cells = column(*(cell.strip() for cell in written.split("|")))
    read = readings.apply(readings.of(cells), cells)
    assert list(read.fillna("-")) == LISTS[written].split(" ")


@pytest.mark.parametrize("words", ["inf", "-Infinity", "1e400", "9" * 400, "1e39"])
def test_no_infinite_number_stays(words):
    cells = column("1", words, "3")
    reading = readings.of(cells)
    read = readings.apply(reading, cells)
    assert reading.kind == "number" and list(read.fillna("")) == ["1", "", "3"]
    assert list(readings.infinite(cells, read)) == [False, True, False]
    assert not readings.unreadable(cells, read).any()
    assert "1 infinite" in reading_warnings.warning(reading, cells, read)


def test_a_date_without_end_is_missing():
    cells = column("2026-01-31", "9999-12-31")
    read = readings.apply(readings.of(cells), cells)
    assert list(readings.infinite(cells, read)) == [False, True]


def test_a_few_cells_that_are_no_numbers_are_counted_and_told():
    cells = column(*map(str, range(999)), "oops")
    reading = readings.of(cells)
    read = readings.apply(reading, cells)
    assert reading.kind == "number"
    assert list(readings.unreadable(cells, read).to_numpy().nonzero()[0]) == [999]
    assert "0.10%" in reading_warnings.warning(reading, cells, read)


def test_many_cells_that_are_no_numbers_make_a_text_with_a_warning():
    cells = column(*map(str, range(90)), *"ab1 cd2 ef3 gh4 ij5 kl6 mn7 op8 qr9 st0".split())
    reading = readings.of(cells)
    assert reading.kind == "text"
    said = reading_warnings.warning(reading, cells, readings.apply(reading, cells))
    assert "90.0%" in said


@pytest.mark.parametrize(
    ("cells", "doubted"),
    [
        (["01/02/2026", "03/04/2026"], True),
        (["01/02/2026", "31/04/2026", "31/01/2026"], False),
        (["31/01/2026", "01/31/2026", "03/04/2026"], True),
        (["05/05/2026"], False),
        (["2026-02-01"], False),
    ],
)
def test_a_date_of_two_readings_is_told(cells, doubted):
    cells = column(*cells)
    reading = readings.Reading("date-time", readings.of(cells).form or "%d/%m/%Y")
    said = reading_warnings.warning(reading, cells, readings.apply(reading, cells))
    assert ("two ways" in said) == doubted


def test_a_reading_does_not_change_with_the_rows_it_reads():
    reading = readings.of(column("31/01/2026", "13/02/2026"))
    assert list(readings.apply(reading, column("01/02/2026"))) == ["2026-02-01"]
    number = readings.of(column("1.234,5", "2,5"))
    assert list(readings.apply(number, column("1.234"))) == ["1234"]


def test_nothing_is_read_from_nothing():
    assert readings.of(column(None, "", " NaN ")).kind == "text"
    assert readings.apply(readings.of(column("1")), column()).empty
