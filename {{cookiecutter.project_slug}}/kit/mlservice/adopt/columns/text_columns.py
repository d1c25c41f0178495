"""Classification of text and integer columns: identifiers, categories, free text."""

import numpy as np
import pandas as pd

from mlservice.adopt.columns.names import words_of
from mlservice.adopt.plan import Kind

LISTED = 40  # categories at most that schema.py lists; more are hashed
LONGEST = 200  # characters of a category; a longer one is free text
ID_WORDS = {"id", "ids", "uuid", "guid", "identifier", "rowid", "objectid", "pk"}
NUMBER_WORDS = ID_WORDS | {"no", "nr", "num", "number", "key", "index", "idx", "ref"}
NUMBER_WORDS |= {"code", "serial", "rownames", "sku", "unnamed", "reference"}
PERSON_WORDS = {"name", "firstname", "lastname", "surname", "fullname", "username"}
PERSON_WORDS |= {"email", "mail", "phone", "telephone", "mobile", "address", "street"}
PERSON_WORDS |= {"ssn", "iban", "passport", "ip", "url"}
POSTAL_WORDS = {"zip", "zipcode", "postcode", "postal", "plz", "fips"}
PATTERNS = {  # of identifiers, however often one occurs
    "UUIDs": r"\{?[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}\}?",
    "e-mail addresses": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "web addresses": r"(?:https?://|www\.)\S+",
    "checksums": r"[0-9a-f]{32,}",
}


def identifier(name: str, text: pd.Series, counts: pd.Series) -> str:
    """Return the evidence that a text column is an identifier, or "".

    `text` has no missing cells; `counts` maps each text to its frequency, the most
    frequent first.
    """
    some = pd.Series(counts.index[:1000], dtype="string[pyarrow]")
    for what, pattern in PATTERNS.items():
        if some.str.fullmatch(pattern).mean() > 0.95:
            return f"holds {what}"
    words, distinct = set(words_of(name)), len(counts)
    share = distinct / len(text)
    distinctness = f"{share:.0%} of its values are distinct"
    several = distinct > 10 and not postal(name)
    rules = {
        f"{distinctness}, and its name says a person's": words & PERSON_WORDS
        and share > 0.5,
        f"{distinctness}, and its name says an id": several
        and words & ID_WORDS
        and share > 0.2,
        f"{distinctness}: they name the rows": several
        and share >= 0.95
        and _words(some) < 4
        and not _digits(some),
    }
    return next((why for why, true in rules.items() if true), "")


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
    """Return True if the column name contains a word for a postal code."""
    return bool(set(words_of(name)) & POSTAL_WORDS)


def kind_of(text: pd.Series, counts: pd.Series) -> tuple[Kind, str]:
    """Return category or free text, and the evidence; `text` has no missing cells."""
    distinct, share = len(counts), len(counts) / len(text)
    some = pd.Series(counts.index[:1000], dtype="string[pyarrow]")
    if some.str.len().max() > LONGEST:
        return "free text", "texts of more than 200 characters"
    if distinct > 10 and share > 0.2 and _words(some) >= 4:
        return "free text", f"several words, {share:.0%} of them distinct"
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
    return spaced if ascii_only else max(spaced, float(some.str.len().median()) / 6)
