"""Python attributes for column names, and suggestions for misspelt names."""

import difflib
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

from pydantic import BaseModel

LONGEST = 40  # characters of an attribute
SPELLED = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})
RESERVED = (  # by Python, by pydantic, and by what schema.py itself calls
    set(keyword.kwlist)
    | set(keyword.softkwlist)
    | set(dir(BaseModel))
    | {"int", "float", "str", "bool", "list", "dict"}
    | {"number", "flag", "category", "coded", "name", "day", "series", "row", "field"}
    | {"moment", "hashed", "words", "date", "datetime"}
    | {"l"}  # looks like 1: linters refuse it
)


def name_of(column: str, taken: Collection[str]) -> str:
    """Create a valid, public Python attribute that is not among `taken`.

    `Total charges ($)` becomes total_charges. A name without letters or digits is named
    after its position: column_3 after two others.
    """
    text = column.translate(SPELLED)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)  # PassengerId: passenger_id
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", text.lower())[:LONGEST].strip("_")
    if not name:
        name = f"column_{len(taken) + 1}"
    if name[0].isdigit() or name.startswith(("model_dump", "model_validate")):
        name = f"column_{name}"
    if name in RESERVED:
        name += "_"
    return _unique(name, taken)


def _unique(name: str, taken: Collection[str]) -> str:
    found, number = name, 2
    while found in taken or found in RESERVED:
        found, number = f"{name.rstrip('_')}_{number}", number + 1
    return found


def words_of(column: str) -> list[str]:
    """Split a column name into lower-case words."""
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", column)
    return re.findall(r"[^\W_]+", text.lower())


def nearest(name: str, columns: Iterable[str]) -> str:
    """Suggest columns of a similar name, whatever their case and punctuation."""
    known = list(columns)
    plain = ["".join(words_of(column)) for column in known]
    asked = "".join(words_of(name))
    close = set(difflib.get_close_matches(asked, plain, n=3, cutoff=0.6))
    close |= {text for text in plain if asked and asked in text}
    found = [column for column, text in zip(known, plain, strict=True) if text in close]
    if found:
        return f"did you mean {_listed(found[:3], ' or ')}?"
    more = f" … ({len(known):,} in all)" if len(known) > 10 else ""
    return f"the columns are {_listed(known[:10], ', ')}{more}"


def _listed(names: list[str], between: str) -> str:
    return between.join(f"'{name}'" for name in names)
