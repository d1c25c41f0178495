"""What tests draw, and how many rows they train on."""

from datetime import date

from hypothesis import strategies as st

from {{ cookiecutter.package_name }}.schema import AHEAD, KNOWN, SHORTEST

ROWS = 30 * 260  # 260 days: enough to beat the baseline surely, few enough to be quick
LONGEST = 100  # days of a history that is drawn: more than count


@st.composite
def instances(draw):
    """Draw an instance that the schema allows, by column."""
    length = draw(st.integers(SHORTEST, LONGEST))
    horizon = draw(st.integers(1, AHEAD))
    unit, price = st.floats(0, 1_000_000), st.none() | st.floats(0.01, 100_000)
    known = draw(st.lists(unit, min_size=KNOWN, max_size=KNOWN))
    rest = length - KNOWN
    units = known + draw(st.lists(st.none() | unit, min_size=rest, max_size=rest))
    total = length + horizon
    return {
        "product": draw(st.text(min_size=1, max_size=20)),
        "group": draw(st.text(max_size=20) | st.just("dairy")),
        "start": draw(st.dates(date(1900, 1, 1), date(2199, 12, 31))).isoformat(),
        "units": draw(st.permutations(units)),
        "price": draw(st.lists(price, min_size=total, max_size=total)),
        "horizon": horizon,
    }
