"""Whole numbers that are codes: of products, branches, sectors; and phone numbers."""

import numpy as np
import pandas as pd

from mlservice.adopt.columns.names import words_of

CODES = set(  # the last word of a name: numbers under it name something
    """code codes cd icd icd9 icd10 naics sic nace isic isco soc cpt drg hcpcs ndc npi
    hts plu sku gtin ean upc isbn iata fips product prod item article artikel model
    branch filiale municipality gemeinde commune comune municipio provider supplier
    vendor carrier insurer payer merchant mcc store shop outlet warehouse depot plant
    department dept division region district county province canton kommune zone ward
    precinct tract station route line terminal gate machine device sensor operator
    agent campaign channel category cat segment cluster sector industry occupation
    profession nationality country class group grp hospital clinic facility
    site customer client patient subject user member employee account household hh
    cohort batch lot""".split()
)
TAILS = set("code codes cd no nr num number key type id".split())  # after such a word
AMOUNTS = set(  # words of a name that is an amount all the same
    """n num number no count counts nr total sum avg average mean median max min std
    days day months years year age hours minutes size per rate ratio share pct percent
    price cost sales revenue income score rank rating level index population pop area
    distance length weight height width value amount qty quantity freq frequency
    has is in by first last prev previous""".split()
)
RANKS = 12  # whole numbers from 0 or 1 up to it may be a rank, as classes are
PHONES = {"phone", "mobile", "telephone", "tel", "cell", "cellphone", "whatsapp", "fax"}
PHONES |= {"msisdn", "imei", "imsi", "ssn", "aadhaar", "handy", "telefon", "contactno"}
DIGITS, SHARE = 5, 0.05  # digits of codes that no name tells; distinct of the rows


def code(name: str, values: pd.Series) -> str:
    """Return the evidence that whole numbers are codes, not amounts, or "".

    `values` has no missing cells and no negative ones.
    """
    if values.min() < 0 or values.nunique() < 3:
        return ""
    words = words_of(name)
    told = _told(words)
    ranks = values.max() <= RANKS and values.nunique() > values.max() - 2
    if told and not (ranks and words[-1] in ("class", "group", "grp")):
        return f"codes: its name says {told}"
    return f"{_digits(values)}-digit codes that repeat" if _regular(values) else ""


def _told(words: list[str]) -> str:
    """Return the word of a name that says that its numbers are codes, or ""."""
    last = words[-1] if words else ""
    if set(words[:-1]) & AMOUNTS - {"first", "last", "no", "in"}:
        return ""
    if last in TAILS and len(words) > 1 and words[-2] in CODES:
        return words[-2]
    return last if last in CODES or last.endswith("code") else ""


def _digits(values: pd.Series) -> int:
    return int(np.floor(np.log10(max(1.0, float(values.max()))))) + 1


def _regular(values: pd.Series) -> bool:
    """Return True for whole numbers of the same many digits that repeat."""
    digits = _digits(values)
    if digits < DIGITS or values.min() < 10 ** (digits - 1) or len(values) < 100:
        return False
    distinct = pd.Series(values.unique())
    few = 3 <= len(distinct) <= SHARE * len(values)
    round_ones = (distinct % 10 == 0).mean() > 0.3
    spread = values.max() > 2.5 * values.min()
    return bool(
        few and spread and not round_ones and values.value_counts().median() >= 5
    )


def phone(name: str, values: pd.Series) -> str:
    """Return the evidence that whole numbers are phone numbers or the like, or ""."""
    words, rows = set(words_of(name)), len(values)
    digits = np.floor(np.log10(values.where(values > 0, 1))) + 1
    share = values.nunique() / rows
    if words & PHONES and digits.median() >= 7:
        return "its name says phone numbers or the like"
    if rows >= 50 and share >= 0.98 and digits.min() >= 10 and digits.nunique() <= 2:
        width = int(digits.max())
        return f"{share:.0%} of its values are distinct, of {width} digits each"
    return ""
