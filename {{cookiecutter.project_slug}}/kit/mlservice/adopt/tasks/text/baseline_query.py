"""Generation of docs/baseline.sql: the keywords as one portable query."""

from collections.abc import Mapping, Sequence

FILE = """\
-- The baseline as one query: the first class with a keyword in the text gets the text.
-- keywords.py declares them; a test runs this query against the model in models/baseline.
-- Some databases lower A to Z alone: other letters stand here in both cases.
SELECT
    id,
    CASE
{cases}
        ELSE {otherwise} -- what most texts without a keyword are
    END AS {target}
FROM texts
ORDER BY id
"""
LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(65, 91)})


def write(
    text: str, target: str, keywords: Mapping[str, Sequence[str]], otherwise: str
) -> str:
    """Return the query for the columns `text` and `target` of a table of texts."""
    cases = [
        f"        WHEN {_holds(text, words)} THEN {_quoted(name)}"
        for name, words in keywords.items()
    ]
    return FILE.format(
        cases="\n".join(cases), otherwise=_quoted(otherwise), target=_named(target)
    )


def _holds(text: str, words: Sequence[str]) -> str:
    """Return the condition that a text contains one of the words, in any case."""
    forms = dict.fromkeys(
        form.translate(LOWER)
        for word in words
        for form in (word, word.capitalize(), word.upper())
    )
    lower = f"LOWER({_named(text)})"
    return " OR ".join(f"{lower} LIKE {_quoted(f'%{form}%')}" for form in forms)


def _named(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
