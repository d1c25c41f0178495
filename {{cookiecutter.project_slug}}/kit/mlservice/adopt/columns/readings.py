"""Conversion of cells to the one canonical form that data/raw.csv holds.

`of` infers the format of a column from a sample; `apply` then converts any number of
its rows by that format. Nothing is guessed cell by cell.
"""

import pandas as pd

from mlservice.adopt.columns import date_formats, number_formats
from mlservice.adopt.plan import Reading

MISSING = (
    frozenset(  # what files write for a missing value
        """NA N/A n/a na NaN nan NAN NULL Null null None NaT <NA> #N/A #NA #NULL!
    #VALUE! #DIV/0! #REF! #NAME? #NUM! ? - -- .""".split()
    )
    | {""}
)
READABLE = 0.995  # share of cells that must fit a format; others become missing
YES_NO = {  # format → its words for true, its words for false
    "true/false": ({"true", "t"}, {"false", "f"}),
    "yes/no": ({"yes", "y"}, {"no", "n"}),
    "1/0": ({"1", "1.0"}, {"0", "0.0"}),
    "on/off": ({"on"}, {"off"}),
    "ja/nein": ({"ja", "j"}, {"nein", "n"}),
    "oui/non": ({"oui", "o"}, {"non", "n"}),
    "sí/no": ({"sí", "si", "s"}, {"no", "n"}),
    "sim/não": ({"sim", "s"}, {"não", "nao", "n"}),
    "да/нет": ({"да"}, {"нет"}),
    "はい/いいえ": ({"はい"}, {"いいえ"}),
    "是/否": ({"是"}, {"否"}),
}


def clean(series: pd.Series) -> pd.Series:
    """Strip every cell; the markers of missing values become NA."""
    text = series.astype("string[pyarrow]").str.strip()
    return text.mask(text.isin(MISSING))


def of(series: pd.Series) -> Reading:
    """Infer the format of a column's cells."""
    counts = clean(series).value_counts()
    if counts.empty:
        return Reading("text")
    if len(counts) <= 4:  # two words, each with its initial
        words = {str(word).lower() for word in counts.index}
        for form, (true, false) in YES_NO.items():
            if words <= true | false and words & true and words & false:
                return Reading("yes/no", form)
    number = number_formats.choose(counts, READABLE)
    if number and not date_formats.packed(counts.index):
        return Reading("number", number)
    if form := date_formats.choose(counts, READABLE):
        return Reading("date-time", form)
    return Reading("text")


def apply(reading: Reading, series: pd.Series) -> pd.Series:
    """Convert every cell to its canonical text; what cannot be read becomes NA."""
    text = clean(series)
    if reading.kind == "number":
        return number_formats.read(text, reading.form)
    if reading.kind == "date-time":
        return date_formats.read(text, reading.form)
    if reading.kind == "yes/no":
        true, false = YES_NO[reading.form]
        words = text.str.lower()
        read = words.mask(words.isin(true), "true").mask(words.isin(false), "false")
        return read.where(words.isin(true | false))
    return text


def infinite(series: pd.Series, read: pd.Series) -> pd.Series:
    """Return a mask of infinite cells, which are missing in `read`."""
    return _lost(series, read) & _infinite_text(series)


def unreadable(series: pd.Series, read: pd.Series) -> pd.Series:
    """Return a mask of cells that do not fit the format and are missing in `read`."""
    return _lost(series, read) & ~_infinite_text(series)


def _lost(series: pd.Series, read: pd.Series) -> pd.Series:
    return clean(series).notna() & read.isna()


def _infinite_text(series: pd.Series) -> pd.Series:
    text = clean(series)
    day = text.str.fullmatch(date_formats.ENDLESS).fillna(False).astype(bool)
    return number_formats.infinite(text) | day


def warning(reading: Reading, series: pd.Series, read: pd.Series) -> str:
    """Return a warning about lost cells and ambiguous formats, or ""."""
    text = clean(series)
    warnings = []
    if reading.kind == "text" and (share := number_formats.share(text)) > 0.5:
        warnings.append(f"only {share:.1%} of the cells are numbers: taken as text")
    if read.isna().sum() > text.isna().sum():
        if lost := int(infinite(text, read).sum()):
            warnings.append(f"{lost:,} infinite values are taken as missing")
        if lost := int(unreadable(text, read).sum()):
            share = lost / len(text)
            warnings.append(f"{share:.2%} of the cells are no {reading.kind}: missing")
    if reading.kind == "number" and text.str.endswith("%").any():
        warnings.append("percent signs are left out: 45% is 45")
    if reading.kind == "date-time":
        warnings.append(date_formats.doubt(text, reading.form))
    return "; ".join(filter(None, warnings))
