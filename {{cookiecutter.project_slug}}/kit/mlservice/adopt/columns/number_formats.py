"""Formats of numbers: 1,234.5 and 1.234,5 and 1 234,5, 1,23,456, $5, 12 % and (3)."""

import pandas as pd

from mlservice.adopt.columns import units as unit_names
from mlservice.adopt.columns.column_regex import floats, parts, sub

WHOLE, POWER = r"(?:0|[1-9]\d*)", r"(?:[eE][+-]?\d+)?"  # 0123 is a code
SPACES = "[ \u00a0\u202f\u2009'’]"
THREES = r"[1-9]\d{0,2}(?:%s\d{3})+"  # thousands
LAKHS = r"[1-9]\d?(?:,\d\d)+,\d{3}"  # as in India: 1,23,456
PATTERNS = {  # by format; the first match wins
    "plain": rf"[+-]?(?:{WHOLE}(?:\.\d*)?|\.\d+){POWER}",
    "1,234.5": rf"[+-]?(?:(?:{THREES % ','}|{LAKHS}|{WHOLE})(?:\.\d*)?|\.\d+){POWER}",
    "1.234,5": rf"[+-]?(?:(?:{THREES % '[.]'}|{WHOLE})(?:,\d*)?|,\d+){POWER}",
    "1 234,5": rf"[+-]?(?:{THREES % SPACES}|{WHOLE})(?:[.,]\d*)?",
}
SEPARATORS = {"1,234.5": ",", "1.234,5": "[.]", "1 234,5": SPACES}
COMMA_FIRST = ("1.234,5", "plain", "1,234.5", "1 234,5")  # where commas are decimal
MARKED = (  # a number whose mark can be no other than that of the decimals
    r"[^\d]*(?:\d{1,3}(?:%s\d{3})+%s\d+|(?:0|[1-9]\d*)%s(?:\d\d?|\d{4,})|0%s\d+)[^\d]*"
)
COMMA, POINT = MARKED % ("[.]", ",", ",", ","), MARKED % (",", *["[.]"] * 3)
GROUPED = r"[^\d]*[1-9]\d{0,2}(?:[.]\d{3})+[^\d]*"  # 21.456: a number, or thousands
LARGEST = 3.4e38
INFINITE = r"(?i)[+-]?(?:inf|infinity|∞)"
MONEY = (
    r"(?:US\$|CA?\$|AU?\$|R\$|HK\$|NZ\$|S\$|[$€£¥₹₽₩₺₫₱฿₴₪]|EUR|USD|GBP|CHF|JPY|INR|CNY"
    r"|AUD|CAD|SEK|NOK|DKK|PLN|BRL|RUB|KRW|MXN|ZAR|Rs\.?|kr\.?|zł|Kč|Fr\.)"
)
AROUND = (
    ("−", "-"),
    (r"^[–—]\s*(\d)", r"-\1"),
    (rf"^((?:{MONEY})?)\s*\(\s*(.*)\)$", r"-\1\2"),
    (rf"^([+-]?)\s*{MONEY}\s*([+-]?)", r"\1\2"),
    (rf"(\d)\s*(?:%|{MONEY})$", r"\1"),
    (r"(?i)^(?:week|wk|kw|cw|day|fy|w)[ .-]*(\d{1,4})$", r"\1"),  # Week 12
    (r"^([^-]*\d)\s?-$", r"-\1"),  # a minus behind the number, as SAP writes it
)
LIMIT = r"^(?:[<>≤≥~≈]=?\s*)([+-]?[\d.,]+)$|^([\d.,]+)\s*\+$"  # <0.5, 90+
LIMITED = r"(?:[<>≤≥~≈]=?\s*)[+-]?[\d.,]+|[\d.,]+\s*\+"
LIMITS, NUMBERS = 0.2, 10  # limits at most, and distinct numbers at least beside them
MEASURE = r"^(?P<number>[+-]?[\d.,](?:[\d.,' \x{a0}]*[\d.,])?(?:[eE][+-]?\d+)?)"


def choose(counts: pd.Series, enough: float, decimal: str = "") -> str:
    """Choose the format of most cells; `counts` maps each text to its frequency.

    `decimal` is the decimal mark of the table's other columns, "" if unknown. Return ""
    if the format fits a share below `enough`, or if some texts are codes like 01234.
    """
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    grouped = decimal == "," and text.str.fullmatch(GROUPED).any()
    if not grouped and text.str.fullmatch(PATTERNS["plain"]).all():
        return "plain"
    if _many_limits(text, counts):
        return ""
    return _best(sub(_bare(text), LIMIT, r"\1\2"), counts, enough, decimal)


def _best(text: pd.Series, counts: pd.Series, enough: float, decimal: str) -> str:
    times = counts.to_numpy(dtype=float)
    endless = text.str.fullmatch(INFINITE).fillna(False).to_numpy(dtype=bool)
    if endless.all() or text.str.fullmatch(r"[+-]?0\d+").fillna(False).any():
        return ""
    best, most = "", 0.0
    for form in COMMA_FIRST if decimal == "," else PATTERNS:
        fits = text.str.fullmatch(PATTERNS[form]).fillna(False).to_numpy(dtype=bool)
        share = float(times[fits | endless].sum() / times.sum())
        if share > most:
            best, most = form, share
        if share == 1.0:
            break
    return best if most >= enough else ""


def choose_units(
    counts: pd.Series, enough: float, decimal: str = ""
) -> tuple[str, unit_names.Units, str]:
    """Choose the format of numbers with units: (format, factor of each unit, unit).

    Return ("", (), "") if too many cells are no numbers with units of one kind.
    """
    text = pd.Series(counts.index, dtype="string[pyarrow]")
    money = bool(text.str.contains(MONEY).any())
    found = _measures(_bare(text))
    names = found["unit"].fillna("").str.strip()
    fits = found["number"].notna()
    if counts[fits.to_numpy()].sum() < enough * counts.sum():
        return "", (), ""
    times = counts[fits.to_numpy()]
    form = _best(found["number"][fits], times, enough, decimal)
    if not form or times.empty:
        return "", (), ""
    by_unit = times.groupby(names[fits].to_numpy()).sum().sort_values(ascending=False)
    units, unit = unit_names.choose(by_unit, money, found["number"].nunique())
    return (form, units, unit) if units else ("", (), "")


def _measures(text: pd.Series) -> pd.DataFrame:
    return parts(text, f"{MEASURE}(?:{unit_names.SUFFIX})?$")


def _many_limits(text: pd.Series, counts: pd.Series) -> bool:
    """Return True if limits such as <18 and 65+ are too many: they are categories."""
    limits = text.str.fullmatch(LIMITED).fillna(False).to_numpy(dtype=bool)
    most = LIMITS * counts.sum()
    return bool(limits.any() and (counts[limits].sum() > most or len(text) < NUMBERS))


def read(text: pd.Series, form: str, units: unit_names.Units = ()) -> pd.Series:
    """Convert cells to plain numbers like -12.5; other texts become missing.

    A number with one of `units` is multiplied by the unit's factor.
    """
    if units:
        found = _measures(_bare(text))
        number = read(found["number"], form)
        factor = found["unit"].fillna("").str.strip().map(dict(units))
        changed = factor.notna() & (factor != 1) & number.notna()
        products = floats(number[changed]) * factor[changed].to_numpy(float)
        number = number.where(factor.notna())
        number[changed] = [f"{one:.12g}" for one in products]
        return number
    if form != "plain" or not text.str.fullmatch(PATTERNS["plain"]).all():
        text = sub(_bare(text), LIMIT, r"\1\2")
        text = text.where(text.str.fullmatch(PATTERNS[form]).fillna(False))
    if form != "plain":
        text = sub(sub(text, SEPARATORS[form], ""), ",", ".")
    text = sub(text, r"^\+|\.0*$", "")  # 22.0 is 22
    return text.mask(_too_large(text))


def decimal_mark(frame: pd.DataFrame) -> str:
    """Return the decimal mark of a table's numbers, "" if it has both or neither."""
    found = set()
    for column in frame.columns:
        text = frame[column].dropna().str.strip()
        text = text[text.str.len() < 30]
        if text.empty:
            continue
        if text.str.fullmatch(COMMA).mean() > 0.5:
            found.add(",")
        if text.str.fullmatch(POINT).mean() > 0.5:
            found.add(".")
    return found.pop() if len(found) == 1 else ""


def share(text: pd.Series) -> float:
    """Return the share of plain numbers among the texts that are not missing."""
    known = text.dropna()
    return float(known.str.fullmatch(PATTERNS["plain"]).sum() / max(1, len(known)))


def warnings(text: pd.Series, form: str) -> list[str]:
    """Return what was decided on cells that can be read in more than one way."""
    said = []
    percent = text.str.endswith("%").fillna(False)
    if percent.any():
        said.append("percent signs are left out: 45% is 45")
        if percent.mean() < 0.9 * text.notna().mean():
            said.append(f"only {percent.mean():.0%} of the cells have one")
    money = text.str.extract(rf"({MONEY})", expand=False).dropna().unique()
    if len(money) > 1:
        names = ", ".join(sorted(map(str, money))[:5])
        said.append(f"amounts in {names} are read as if they were of one currency")
    limits = text[text.str.fullmatch(LIMITED).fillna(False)]
    if len(limits):
        said.append(f"limits are read as numbers, such as {limits.iloc[0]}")
    grouped = text[text.str.fullmatch(GROUPED).fillna(False)]
    if form == "1.234,5" and len(grouped) and not text.str.contains(",").any():
        one = str(grouped.iloc[0])
        said.append(
            f"{one} is read as {one.replace('.', '')}: other columns have commas"
        )
    return said


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
