"""From a cell's text to the one form that data/raw.csv holds.

`of` finds out how a column is written from a sample; `apply` then reads any number of
its rows alike. Nothing is guessed cell by cell.
"""

import pandas as pd

from . import moments, numerals
from .plan import Reading

MISSING = (
    frozenset(  # what files write where nothing is known
        """NA N/A n/a na NaN nan NAN NULL Null null None NaT <NA> #N/A #NA #NULL!
    #VALUE! #DIV/0! #REF! #NAME? #NUM! ? - -- .""".split()
    )
    | {""}
)
READABLE = 0.995  # of the cells must fit a form; the others become missing, with a word
YES_NO = {  # a form: its words for true, its words for false
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
    """Trim every cell; what means missing becomes missing."""
    text = series.astype("string[pyarrow]").str.strip()
    return text.mask(text.isin(MISSING))


def of(series: pd.Series) -> Reading:
    """Find out how a column's cells are written."""
    counts = clean(series).value_counts()
    if counts.empty:
        return Reading("text")
    if len(counts) <= 4:  # two words, each with its initial
        words = {str(word).lower() for word in counts.index}
        for form, (true, false) in YES_NO.items():
            if words <= true | false and words & true and words & false:
                return Reading("yes/no", form)
    number = numerals.choose(counts, READABLE)
    if number and not moments.packed(counts.index):
        return Reading("number", number)
    if form := moments.choose(counts, READABLE):
        return Reading("date-time", form)
    return Reading("text")


def apply(reading: Reading, series: pd.Series) -> pd.Series:
    """Write every cell in its canonical text; what cannot be read becomes missing."""
    text = clean(series)
    if reading.kind == "number":
        return numerals.read(text, reading.form)
    if reading.kind == "date-time":
        return moments.read(text, reading.form)
    if reading.kind == "yes/no":
        true, false = YES_NO[reading.form]
        words = text.str.lower()
        read = words.mask(words.isin(true), "true").mask(words.isin(false), "false")
        return read.where(words.isin(true | false))
    return text


def infinite(series: pd.Series, read: pd.Series) -> pd.Series:
    """Mark the cells that became missing in `read` as they say infinity or no end."""
    return _lost(series, read) & _endless(series)


def unreadable(series: pd.Series, read: pd.Series) -> pd.Series:
    """Mark the cells that held something and became missing in `read`: no fit."""
    return _lost(series, read) & ~_endless(series)


def _lost(series: pd.Series, read: pd.Series) -> pd.Series:
    return clean(series).notna() & read.isna()


def _endless(series: pd.Series) -> pd.Series:
    text = clean(series)
    day = text.str.fullmatch(moments.ENDLESS).fillna(False).astype(bool)
    return numerals.infinite(text) | day


def warning(reading: Reading, series: pd.Series, read: pd.Series) -> str:
    """Say what got lost in reading and what had to be guessed; empty if nothing."""
    text = clean(series)
    said = []
    if reading.kind == "text" and (share := numerals.share(text)) > 0.5:
        said.append(f"only {share:.1%} of the cells are numbers: taken as text")
    if read.isna().sum() > text.isna().sum():
        if endless := int(infinite(text, read).sum()):
            said.append(f"{endless:,} infinite values are taken as missing")
        if lost := int(unreadable(text, read).sum()):
            share = lost / len(text)
            said.append(f"{share:.2%} of the cells are no {reading.kind}: missing")
    if reading.kind == "number" and text.str.endswith("%").any():
        said.append("percent signs are left out: 45% is 45")
    if reading.kind == "date-time":
        said.append(moments.doubt(text, reading.form))
    return "; ".join(filter(None, said))
