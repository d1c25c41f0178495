"""Instances that tests draw and ask for, and how many rows they train on."""

from datetime import date
from itertools import cycle, islice

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.features import (
    GROUPS,
    PRICED,
)
from {{ cookiecutter.package_name }}.sample import PRODUCTS
from {{ cookiecutter.package_name }}.schema import (
    AHEAD,
    KNOWN,
    SHORTEST,
)
from {{ cookiecutter.package_name }}.service import SERVICE

DAYS = max(260, 1_000 // PRODUCTS)  # enough to beat the baseline surely, and quick
ROWS = PRODUCTS * DAYS
LONGEST = 100  # days of a history that is drawn: more than count

COLUMN = {feature.name: feature.column for feature in SERVICE.features}
BOUNDS = {feature.name: (feature.low, feature.high) for feature in SERVICE.features}
USUAL, CUT = (2.0, 1.5) if PRICED else (0.0, 1.0)  # prices
UNIT = st.floats(*BOUNDS["units"])
PRICE = st.none() | st.floats(*BOUNDS.get("price", (0, 1)))


def request(**given):
    """Return the example with these values, by attribute; all else stays as it is.

    Values of what the schema does not declare are left out.
    """
    change = {COLUMN[name]: value for name, value in given.items() if name in COLUMN}
    return SERVICE.example | change


def instances(_service):
    """Draw an instance that the schema allows, by column."""
    return histories()


@st.composite
def histories(draw):
    """Draw a history, and what is asked of it."""
    length = draw(st.integers(SHORTEST, LONGEST))
    horizon = draw(st.integers(1, AHEAD))
    return request(
        product=draw(st.text(min_size=1, max_size=20)),
        group=draw(st.text(max_size=20) | st.sampled_from(["", *GROUPS])),
        start=draw(st.dates(date(1900, 1, 1), date(2199, 12, 31))).isoformat(),
        units=repeated(draw(units()), length),
        price=repeated(draw(st.lists(PRICE, min_size=1)), length + horizon),
        horizon=horizon,
    )


@st.composite
def units(draw):
    """Draw the fewest days of which enough are known, in any order."""
    known = draw(st.lists(UNIT, min_size=KNOWN, max_size=KNOWN))
    rest = SHORTEST - KNOWN
    more = draw(st.lists(st.none() | UNIT, min_size=rest, max_size=rest))
    return draw(st.permutations(known + more))


def repeated(values, length):
    """Repeat values up to a length: drawing each of a hundred days takes too long."""
    return list(islice(cycle(values), length))
