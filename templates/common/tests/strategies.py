"""What tests draw, and how many rows they train on."""

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.schema import FEATURES

ROWS = 3_000  # enough to beat the baseline surely, few enough to train in a second


def instances():
    """Draw an instance that the schema allows, by column."""
    return st.fixed_dictionaries({f.column: _values(f) for f in FEATURES})


def _values(feature):
    if feature.kind == "number":
        kind = st.integers if feature.whole else st.floats
        number = int if feature.whole else float
        values = kind(number(feature.low), number(feature.high))
    elif feature.kind == "flag":
        values = st.booleans()
    else:
        values = st.sampled_from(feature.categories)
    return st.none() | values if feature.nullable else values
