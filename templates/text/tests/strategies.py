"""What tests draw, how many rows they train on, and where texts stand."""

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.fields import MAX_TEXT
from {{ cookiecutter.package_name }}.schema import EXAMPLE, FEATURES
from {{ cookiecutter.package_name }}.texts import TEXT

ROWS = 3_000  # enough to beat the baseline surely, few enough to train in a second
COLUMN = next(f.column for f in FEATURES if f.coding is TEXT)


def with_text(text):
    """Return the example with another text, as a request holds it."""
    return EXAMPLE | {COLUMN: text}


def instances():
    """Draw an instance that the schema allows, by column."""
    return st.fixed_dictionaries({f.column: _values(f) for f in FEATURES})


def _values(feature):
    """Draw what a feature may hold, and nothing where it may be missing."""
    drawn = _present(feature)
    return drawn | st.none() if feature.nullable else drawn


def _present(feature):
    """Draw one of the categories, or a text of any script, now and then a long one."""
    if feature.categories:
        return st.sampled_from(feature.categories)
    if feature.kind == "flag":
        return st.booleans()
    if feature.coding is not TEXT:
        return st.text(max_size=MAX_TEXT)
    short = st.text(max_size=100)
    return short | short.map(lambda text: 1_000 * text)
