"""What tests draw, and how many rows they train on."""

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.schema import FEATURES

ROWS = 3_000  # enough to beat the baseline surely, few enough to train in a second


def instances():
    """Draw an instance that the schema allows, by column."""
    return st.fixed_dictionaries({f.column: _values(f) for f in FEATURES})


def _values(feature):
    """Draw one of the categories, or a text of any script, now and then a long one."""
    if feature.categories:
        return st.sampled_from(feature.categories)
    short = st.text(max_size=100)
    return short | short.map(lambda text: 1_000 * text)
