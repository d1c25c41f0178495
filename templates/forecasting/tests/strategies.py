"""What tests draw, and how many rows they train on."""

from datetime import date
from itertools import cycle, islice

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.schema import (
    AHEAD,
    KNOWN,
    SHORTEST,
)

ROWS = 30 * 260  # 260 days: enough to beat the baseline surely, few enough to be quick
LONGEST = 100  # days of a history that is drawn: more than count

UNIT = st.floats(0, 1_000_000)
PRICE = st.none() | st.floats(0.01, 100_000)


@st.composite
def instances(draw):
    """Draw an instance that the schema allows, by column."""
    length = draw(st.integers(SHORTEST, LONGEST))
    horizon = draw(st.integers(1, AHEAD))
    return {
        "product": draw(st.text(min_size=1, max_size=20)),
        "group": draw(st.text(max_size=20) | st.just("dairy")),
        "start": draw(st.dates(date(1900, 1, 1), date(2199, 12, 31))).isoformat(),
        "units": repeated(draw(units()), length),
        "price": repeated(draw(st.lists(PRICE, min_size=1)), length + horizon),
        "horizon": horizon,
    }


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
