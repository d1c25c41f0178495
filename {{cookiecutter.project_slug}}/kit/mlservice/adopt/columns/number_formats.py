"""How people write numbers: 1,234.5 and 1.234,5 and 1 234,5, $5, 12 % and (3)."""

import pandas as pd

from .strings import sub

WHOLE, POWER = r"(?:0|[1-9]\d*)", r"(?:[eE][+-]?\d+)?"  # a code like 0123 is no number
SPACES = "[ \u00a0\u202f\u2009'’]"
THREES = r"[1-9]\d{0,2}(?:%s\d{3})+"  # thousands
PATTERNS = {  # by form; the first wins where several fit
    "plain": rf"[+-]?(?:{WHOLE}(?:\.\d*)?|\.\d+){POWER}",
    "1,234.5": rf"[+-]?(?:(?:{THREES % ','}|{WHOLE})(?:\.\d*)?|\.\d+){POWER}",
    "1.234,5": rf"[+-]?(?:(?:{THREES % '[.]'}|{WHOLE})(?:,\d*)?|,\d+){POWER}",
    "1 234,5": rf"[+-]?(?:{THREES % SPACES}|{WHOLE})(?:[.,]\d*)?",
}
SEPARATORS = {"1,234.5": ",", "1.234,5": "[.]", "1 234,5": SPACES}
LARGEST = 3.4e38
INFINITE = r"(?i)[+-]?(?:inf|infinity|∞)"
MONEY = r"(?:[$€£¥₹]|EUR|USD|GBP|CHF)"
AROUND = (
    ("−", "-"),
    (r"^\((.*)\)$", r"-\1"),
    (rf"^([+-]?)\s*{MONEY}\s*", r"\1"),
    (rf"\s*(?:%|{MONEY})$", ""),
)


def choose(counts: pd.Series, enough: float) -> str:
    """Find the form that fits most cells, given how often each text occurs.

    Empty if it fits fewer than the share `enough`, or if some are codes like 01234.
    """
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    if text.str.fullmatch(PATTERNS["plain"]).all():
        return "plain"
    text = _bare(text)
    times = counts.to_numpy(dtype=float)
    endless = text.str.fullmatch(INFINITE).to_numpy(dtype=bool)
    if endless.all() or text.str.fullmatch(r"[+-]?0\d+").any():
        return ""
    best, most = "", 0.0
    for form, pattern in PATTERNS.items():
        fits = text.str.fullmatch(pattern).to_numpy(dtype=bool) | endless
        share = float(times[fits].sum() / times.sum())
        if share > most:
            best, most = form, share
        if share == 1.0:
            break
    return best if most >= enough else ""


def read(text: pd.Series, form: str) -> pd.Series:
    """Write cells as plain numbers like -12.5; what is none becomes missing."""
    if form != "plain" or not text.str.fullmatch(PATTERNS["plain"]).all():
        text = _bare(text)
        text = text.where(text.str.fullmatch(PATTERNS[form]).fillna(False))
    if form != "plain":
        text = sub(sub(text, SEPARATORS[form], ""), ",", ".")
    text = sub(text, r"^\+|\.0*$", "")  # 22.0 is 22
    return text.mask(_too_large(text))


def share(text: pd.Series) -> float:
    """Give the share of the texts that are plain numbers, among those not missing."""
    known = text.dropna()
    return float(known.str.fullmatch(PATTERNS["plain"]).sum() / max(1, len(known)))


def infinite(text: pd.Series) -> pd.Series:
    """Mark the texts that say infinity, in a word or as a number beyond all floats."""
    bare = _bare(text.astype("string[pyarrow]").str.strip())
    return bare.str.fullmatch(INFINITE).fillna(False).astype(bool) | _too_large(bare)


def _too_large(text: pd.Series) -> pd.Series:
    """Mark what a float32 cannot hold, the model's number; few texts are so long."""
    marked = pd.Series(False, index=text.index)
    asked = text[text.str.contains(r"[eE]\+?\d{2}|\d{39}", regex=True).fillna(False)]
    numbers = pd.to_numeric(asked.astype(object), errors="coerce")
    marked[asked.index] = numbers.abs() > LARGEST
    return marked


def _bare(text: pd.Series) -> pd.Series:
    """Take off what is around a number: money, percent, the accountant's brackets."""
    for pattern, by in AROUND:
        text = sub(text, pattern, by)
    return text
