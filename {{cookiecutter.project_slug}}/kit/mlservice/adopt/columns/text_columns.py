"""Classification of text and integer columns: identifiers, categories, free text."""

import numpy as np
import pandas as pd

from mlservice.adopt.columns.names import words_of
from mlservice.adopt.plan import Kind
from mlservice.schema.declare import MAX_TEXT
from mlservice.schema.encoders import SPACELESS

LISTED = 40  # categories at most that schema.py lists; more are hashed
LONGEST = MAX_TEXT  # characters of a category
FEW = 0.01  # share of the values at most that may be longer: they are cut
ID_WORDS = {"id", "ids", "uuid", "guid", "identifier", "rowid", "objectid", "pk"}
NUMBER_WORDS = ID_WORDS | {"no", "nr", "num", "number", "key", "index", "idx", "ref"}
NUMBER_WORDS |= {"code", "serial", "rownames", "sku", "unnamed", "reference"}
PERSON_WORDS = {"firstname", "lastname", "surname", "fullname", "username", "nickname"}
PERSON_WORDS |= {"email", "mail", "phone", "telephone", "mobile", "address", "street"}
PERSON_WORDS |= {"ssn", "iban", "passport", "ip", "url", "forename", "maiden"}
PEOPLE = set(  # words of columns about persons
    """age sex gender dob birth birthdate birthday married marital salary wage employee
    patient passenger student hired race ethnicity email smoker""".split()
)
PERSONS = set(  # words before "name" that make it a person's
    """first last full middle given family user customer client patient passenger
    student employee person people contact owner member applicant borrower guest
    teacher doctor agent driver candidate respondent subject participant""".split()
)
NAMES = {"name", "names", "title", "model", "car", "song", "track", "album", "product"}
STATISTICS = set(  # words of a column about a postal code's people, not of codes
    """mean median avg average sum total count counts num number n pop population
    income rate share pct percent density price std min max ratio per age score
    households""".split()
)
POSTAL_WORDS = {"zip", "zipcode", "postcode", "postal", "plz", "fips"}
PATTERNS = {  # of identifiers, however often one occurs
    "UUIDs": r"\{?[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\}?",
    "e-mail addresses": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "web addresses": r"(?:https?://|www\.)\S+",
    "checksums": r"[0-9a-f]{32,}",
    "phone numbers": r"(?:\+|00)\d[\d ()./-]{7,16}\d"
    r"|\(?0?\d{2,5}\)?[ /.-]+\d{3,5}[ .-]\d{3,5}",
    "IP addresses": r"(?:\d{1,3}\.){3}\d{1,3}",
}


def identifier(
    name: str, text: pd.Series, counts: pd.Series, persons: bool = False
) -> str:
    """Return the evidence that a text column is an identifier, or "".

    `text` has no missing cells; `counts` maps each text to its frequency, the most
    frequent first; `persons` says that other columns are about persons.
    """
    some = pd.Series(counts.index[:1000], dtype="string[pyarrow]")
    for what, pattern in PATTERNS.items():
        if some.str.fullmatch(pattern).mean() > 0.95:
            return f"holds {what}"
    words, share = set(words_of(name)), len(counts) / len(text)
    distinctness = f"{share:.0%} of its values are distinct"
    several = len(counts) > 10 and not postal(name)
    recurring = _recurring(some)
    rules = {
        f"{distinctness}, and its name says a person's": share > 0.5
        and _of_persons(words, persons or not recurring),
        f"{distinctness}, and its name says an id": several
        and words & ID_WORDS
        and share > 0.2,
        f"{distinctness}: they name the rows": several
        and share >= 0.95
        and _words(some) < 4
        and not _digits(some)
        and not (recurring and words & NAMES),
    }
    return next((why for why, true in rules.items() if true), "")


def _of_persons(words: set[str], unless_told: bool) -> bool:
    """Return True if a column's name says a person; `name` alone is `unless_told`."""
    if words & PERSON_WORDS or ("name" in words and words & PERSONS):
        return True
    return bool(words) and words <= {"name", "names"} and unless_told


def numbering(name: str, values: pd.Series) -> str:
    """Return the evidence that whole numbers are an identifier, or ""."""
    rows, distinct, words = len(values), values.nunique(), words_of(name)
    if rows < 10:
        return ""
    steps, share, width = values.diff().iloc[1:], distinct / rows, np.ptp(values)
    named = share > 0.2 and distinct > 10 and set(words) & ID_WORDS
    last = "unnamed" in words or set(words[-1:]) & NUMBER_WORDS
    distinctness = f"{share:.0%} of its values are distinct"
    rules = {
        "rises by 1 from row to row": (steps == 1).mean() > 0.98,
        "rises with every row": rows >= 1000 and (steps > 0).all(),
        f"{distinctness}, and its name says an id": named,
        f"{distinctness}, and its name says a number of the row": share >= 0.98
        and last,
        f"{distinctness}, and close: a numbering": share == 1.0
        and rows >= 50
        and width < 1.2 * rows,
        f"{distinctness}, too large to be measured": share >= 0.98
        and values.min() > 2**53,
    }
    return next((why for why, true in rules.items() if true), "")


def labels(name: str) -> bool:
    """Return True if the column name contains a word for an identifier."""
    return bool(set(words_of(name)) & ID_WORDS)


def postal(name: str) -> bool:
    """Return True if the column name says a postal code, and no statistic of one."""
    words = set(words_of(name))
    return bool(words & POSTAL_WORDS) and not words & STATISTICS


def kind_of(text: pd.Series, counts: pd.Series) -> tuple[Kind, str]:
    """Return category or free text, and the evidence; `text` has no missing cells."""
    distinct, share = len(counts), len(counts) / len(text)
    some = pd.Series(counts.index[:1000], dtype="string[pyarrow]")
    long = pd.Series(counts.index, dtype="string[pyarrow]").str.len() > LONGEST
    if long.mean() > FEW or (long.any() and distinct <= LISTED):
        return "free text", "texts of more than 200 characters"
    if distinct > 10 and share > 0.2 and _words(some) >= 4:
        why = f"several words, {share:.0%} of them distinct"
        return "free text", why + _spaceless(some)
    if distinct > LISTED and share > 0.2 and _recurring(some):
        return "free text", f"words that recur, {share:.0%} of the texts distinct"
    if distinct > LISTED:
        return "many categories", f"{distinct:,} distinct values"
    return "category", f"{distinct} distinct value{'s' * (distinct > 1)}"


def _digits(some: pd.Series) -> bool:
    """Return True if most texts are numbers, so that the others are errors."""
    return bool(some.str.fullmatch(r"[+-]?\d*[.,]\d+|[+-]?\d{1,4}").mean() > 0.8)


def _words(some: pd.Series) -> float:
    """Estimate the words of a typical text, also in scripts without spaces."""
    spaced = float((some.str.count(" ") + 1).median())
    ascii_only = some.str.fullmatch(r"[\x00-\x7f]*").mean() > 0.5
    if ascii_only:
        return spaced
    without = some.str.count(SPACELESS).median() / 2  # characters of a word
    return max(spaced, float(without), float(some.str.len().median()) / 6)


def _spaceless(some: pd.Series) -> str:
    """Return what becomes of texts in a script without spaces, or ""."""
    without = some.str.contains(SPACELESS, regex=True).mean() > 0.5
    return "; no spaces between words: pairs of characters" if without else ""


def _recurring(some: pd.Series) -> bool:
    """Return True if the texts share words, as names of cars do with their make.

    Most texts have a word that at least three have, and at most half of them.
    """
    few = some.str.lower().str.findall(r"[^\W\d_]{2,}").map(set)
    times = few.explode().value_counts()
    shared = set(times[(times >= 3) & (times <= len(few) / 2)].index)
    return len(few) > LISTED and bool(
        few.map(lambda words: bool(words & shared)).mean() > 0.5
    )
