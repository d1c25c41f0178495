"""Instances that tests draw, how many rows they train on, and where texts stand."""

from hypothesis import strategies as st
from mlservice.testing import strategies

from {{ cookiecutter.package_name }}.service import SERVICE
from {{ cookiecutter.package_name }}.texts import TEXT

ROWS = 3_000  # enough to beat the baseline, few enough to train in a second
COLUMN = next(f.column for f in SERVICE.features if f.encoder is TEXT)
SHORT = st.text(max_size=100)  # of any script; now and then a long one


def with_text(text):
    """Return the example with another text, as a request holds it."""
    return SERVICE.example | {COLUMN: text}


def instances(service):
    """Draw an instance that the schema allows, by column."""
    texts = SHORT | SHORT.map(lambda text: 1_000 * text)
    return strategies.instances(service, {TEXT: texts})
