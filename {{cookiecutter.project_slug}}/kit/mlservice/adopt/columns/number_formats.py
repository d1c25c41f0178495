"""Formats of numbers: 1,234.5 and 1.234,5 and 1 234,5, $5, 12 % and (3)."""

import pandas as pd

from mlservice.adopt.columns.column_regex import sub

WHOLE, POWER = r"(?:0|[1-9]\d*)", r"(?:[eE][+-]?\d+)?"  # 0123 is a code
SPACES = "[ \u00a0\u202f\u2009'’]"
THREES = r"[1-9]\d{0,2}(?:%s\d{3})+"  # thousands
PATTERNS = {  # by format; the first match wins
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
    """Choose the format of most cells; `counts` maps each text to its frequency.

    Return "" if it fits a share below `enough`, or if some texts are codes like 01234.
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
    """Convert cells to plain numbers like -12.5; other texts become missing."""
    if form != "plain" or not text.str.fullmatch(PATTERNS["plain"]).all():
        text = _bare(text)
        text = text.where(text.str.fullmatch(PATTERNS[form]).fillna(False))
    if form != "plain":
        text = sub(sub(text, SEPARATORS[form], ""), ",", ".")
    text = sub(text, r"^\+|\.0*$", "")  # 22.0 is 22
    return text.mask(_too_large(text))


def share(text: pd.Series) -> float:
    """Return the share of plain numbers among the texts that are not missing."""
    known = text.dropna()
    return float(known.str.fullmatch(PATTERNS["plain"]).sum() / max(1, len(known)))


def infinite(text: pd.Series) -> pd.Series:
    """Return a mask of infinite values: words, and numbers beyond float32."""
    bare = _bare(text.astype("string[pyarrow]").str.strip())
    return bare.str.fullmatch(INFINITE).fillna(False).astype(bool) | _too_large(bare)


def _too_large(text: pd.Series) -> pd.Series:
    """Return a mask of numbers beyond float32, which is what the model takes."""
    marked = pd.Series(False, index=text.index)
    suspects = text[text.str.contains(r"[eE]\+?\d{2}|\d{39}", regex=True).fillna(False)]
    numbers = pd.to_numeric(suspects.astype(object), errors="coerce")
    marked[suspects.index] = numbers.abs() > LARGEST
    return marked


def _bare(text: pd.Series) -> pd.Series:
    """Remove currency, percent signs and the brackets of negative amounts."""
    for pattern, by in AROUND:
        text = sub(text, pattern, by)
    return text
