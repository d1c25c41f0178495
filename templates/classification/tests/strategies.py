"""What tests draw, and how many rows they train on."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.codings import (
    HASHED,
    MOMENT,
    WORDS,
)
from {{ cookiecutter.package_name }}.schema import FEATURES

ROWS = 3_000  # enough to beat the baseline surely, few enough to train in a second
ZONES = st.none() | st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))])
CODED = {
    HASHED: st.text(max_size=200),
    WORDS: st.text(max_size=100) | st.text(max_size=10).map(lambda text: 999 * text),
    MOMENT: st.datetimes(
        datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=ZONES
    ).map(datetime.isoformat),
}


def instances():
    """Draw an instance that the schema allows, by column."""
    return st.fixed_dictionaries({f.column: _values(f) for f in FEATURES})


def _values(feature):
    if feature.kind == "number":
        kind = st.integers if feature.whole else st.floats
        number = int if feature.whole else float
        values = kind(number(feature.low), number(feature.high))
    elif feature.coding:
        values = CODED[feature.coding]
    elif feature.kind == "flag":
        values = st.booleans()
    else:
        values = st.sampled_from(feature.categories)
    return st.none() | values if feature.nullable else values
