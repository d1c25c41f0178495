"""What tests draw: instances that the schema of a toy service allows."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from mlservice.schema.encoders import BAG_OF_WORDS, DATE_TIME, HASHED

ZONES = st.none() | st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))])
ENCODED = {
    HASHED: st.text(max_size=200),
    BAG_OF_WORDS: st.text(max_size=100) | st.text(max_size=10).map(lambda text: 999 * text),
    DATE_TIME: st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=ZONES).map(datetime.isoformat),
}


def instances(service):
    """Draw an instance that the schema allows, by column: of columns that every table may have."""
    return st.fixed_dictionaries({f.column: _values(f) for f in service.features})


def _values(feature):
    if feature.kind == "number":
        kind = st.integers if feature.whole else st.floats
        number = int if feature.whole else float
        values = kind(number(feature.low), number(feature.high))
    elif feature.encoder:
        values = ENCODED[feature.encoder]
    elif feature.kind == "flag":
        values = st.booleans()
    else:
        values = st.sampled_from(feature.categories)
    return st.none() | values if feature.nullable else values
