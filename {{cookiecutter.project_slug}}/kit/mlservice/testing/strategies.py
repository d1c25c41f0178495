"""Hypothesis strategies of instances, as requests hold them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mlservice.schema.declare import MAX_TEXT
from mlservice.schema.encoder import Encoder
from mlservice.schema.encoders import BAG_OF_WORDS, BUCKET, DATE_TIME, HASHED
from mlservice.schema.features import Feature
from mlservice.service import Service

Strategy = SearchStrategy[Any]

ZONES: Strategy = st.none() | st.sampled_from(
    [UTC, timezone(timedelta(hours=-9, minutes=-30))]
)
TIMES = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=ZONES).map(
    datetime.isoformat
)
SHORT, LONG = st.text(max_size=100), st.text(max_size=10)
ENCODED: dict[Encoder, Strategy] = {
    BUCKET: st.text(max_size=MAX_TEXT),
    HASHED: st.text(max_size=MAX_TEXT),
    BAG_OF_WORDS: SHORT | LONG.map(lambda text: 999 * text),
    DATE_TIME: TIMES,
}


def instances(
    service: Service[Any, Any], encoded: Mapping[Encoder, Strategy] | None = None
) -> Strategy:
    """Return a strategy of instances that the schema allows, as plain data by column.

    `encoded` has the strategies of the values that have an encoder of your own.
    """
    known = ENCODED | dict(encoded or {})
    columns = {f.column: _values(f, known) for f in service.features}
    return st.fixed_dictionaries(columns)


def _values(feature: Feature, encoded: Mapping[Encoder, Strategy]) -> Strategy:
    values = _present(feature, encoded)
    return st.none() | values if feature.nullable else values


def _present(feature: Feature, encoded: Mapping[Encoder, Strategy]) -> Strategy:
    if feature.encoder:
        return encoded[feature.encoder]
    if feature.kind == "flag":
        return st.booleans()
    if feature.kind == "category":
        return st.sampled_from(feature.categories)
    if feature.kind == "name":
        return st.text(min_size=1, max_size=20)
    low, high = float(feature.low or 0), float(feature.high or 0)
    return st.integers(int(low), int(high)) if feature.whole else st.floats(low, high)
