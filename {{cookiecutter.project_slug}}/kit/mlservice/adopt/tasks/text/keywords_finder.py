"""Search for the keywords of each class, which the baseline predicts from."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

from mlservice.adopt.columns import readings
from mlservice.adopt.plan import Column
from mlservice.encoding.text import READ, WORD, normalize
from mlservice.errors import UserError
from mlservice.schema.encoders import SPACELESS

MOST = 5  # keywords of a class
ROWS = 20_000  # of the sample
FEWEST, SHARE = (
    10,
    0.005,
)  # rows that must contain a keyword: a rarer word may be a name
SHORTEST = 4  # letters: a shorter word is a part of many others
ODDS = 1.0  # logarithm: nearly three times as likely in the class as elsewhere
SIGNIFICANT = 3.0  # standard errors by which it must be more likely at all
ADDRESS = re.compile(r"\S*@\S*|(?:https?://|www\.)\S*")
EASTERN = "\u3000"  # from here on, scripts without spaces between words

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Keywords:
    """Keywords by class, the rarest class first, and the class of most other texts."""

    keywords: dict[str, tuple[str, ...]]
    otherwise: str


def find(frame: pd.DataFrame, text: Column, target: Column) -> Keywords:
    """Find the keywords in sampled rows; a class without significant words has none.

    Raise UserError if no class has one.
    """
    if len(frame) > ROWS:
        frame = frame.sample(ROWS, random_state=0)
    names = readings.apply(target.reading, frame[target.column])
    known = names.isin(target.categories)
    frame, names = frame[known], names[known].astype(object)
    cells = readings.clean(frame[text.column]).fillna("").astype(object)
    codes = pd.Categorical(names, target.categories).codes.astype(np.int64)
    chosen = _chosen(list(cells), codes, len(target.categories))
    if not chosen:
        raise UserError(
            f"no word of '{text.column}' tells the classes of '{target.column}' apart: "
            "each stands in too few rows or in all classes alike; bring more rows"
        )
    return _by_class(chosen, list(cells), codes, target.categories)


def _chosen(cells: list[str], codes: Counts, classes: int) -> dict[str, int]:
    """Choose words with the class of each; none is a part of another."""
    rows = np.bincount(codes, minlength=classes)
    texts = _normalized(cells)
    chosen: dict[str, int] = {}
    for word, code in _candidates(cells, codes, rows):
        full = sum(other == code for other in chosen.values()) >= MOST
        if full or any(word in other or other in word for other in chosen):
            continue
        held = texts.str.contains(word, regex=False).to_numpy(bool)
        counts = np.bincount(codes[held], minlength=classes)[:, None]
        if _strength(counts, rows)[code, 0] > 0:  # as a part of other words, too
            chosen[word] = code
    return chosen


def _candidates(
    cells: list[str], codes: Counts, rows: Counts
) -> Iterator[tuple[str, int]]:
    """Yield words with their class, the most significant first."""
    least = max(FEWEST, int(np.ceil(SHARE * len(cells))))
    counter = CountVectorizer(analyzer=words, binary=True, min_df=least)
    try:
        matrix = counter.fit_transform(cells)
    except ValueError:  # no word is left
        return
    counts = np.vstack(
        [np.asarray(matrix[codes == k].sum(axis=0))[0] for k in range(len(rows))]
    )
    strength = _strength(counts, rows)
    best, names = strength.max(axis=0), counter.get_feature_names_out()
    for at in np.lexsort((names, -best)):
        if best[at] > 0:
            yield str(names[at]), int(strength[:, at].argmax())


def _strength(counts: Counts, rows: Counts) -> NDArray[np.float64]:
    """Return the log odds of each word and class in standard errors, shape (k, words).

    `counts` (k, words) are the rows of each class that contain a word, `rows` (k,) all
    of a class. 0 where the word is not significant, or more frequent in another class.
    """
    size = rows[:, None]
    inside, outside = counts + 0.5, counts.sum(axis=0) - counts + 0.5
    odds = np.log(inside / (size - counts + 0.5))
    odds -= np.log(outside / (size.sum() - size - outside + 1.0))
    significance = odds / np.sqrt(1 / inside + 1 / outside)
    most = counts == counts.max(axis=0)
    return np.where(
        (odds >= ODDS) & (significance >= SIGNIFICANT) & most, significance, 0.0
    )


def words(text: str) -> Iterator[str]:
    """Yield the words that may become keywords: letters only, outside of addresses."""
    plain = ADDRESS.sub(" ", unicodedata.normalize("NFKC", text[:READ]).lower())
    for word in WORD.findall(plain):
        if not word.isalpha() or word != word.casefold():
            continue  # a database would not find what casefold changes, such as ß
        if word[0] >= EASTERN or re.match(SPACELESS, word):
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= SHORTEST:
            yield word


def _by_class(
    chosen: dict[str, int],
    cells: list[str],
    codes: Counts,
    categories: tuple[str, ...],
) -> Keywords:
    rows = np.bincount(codes, minlength=len(categories))
    order = sorted(set(chosen.values()), key=lambda code: (rows[code], code))
    keywords = {
        categories[code]: tuple(word for word, of in chosen.items() if of == code)
        for code in order
    }
    free = ~_normalized(cells).str.contains("|".join(chosen)).to_numpy(bool)
    rest = np.bincount(codes[free], minlength=len(rows)) if free.any() else rows
    return Keywords(keywords, categories[int(rest.argmax())])


def _normalized(cells: list[str]) -> "pd.Series[str]":
    return pd.Series([normalize(cell) for cell in cells], dtype="string[pyarrow]")
