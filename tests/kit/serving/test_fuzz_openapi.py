"""schemathesis reads the OpenAPI document, and asks the running service for all of it.

What is sent is valid, wrong by one constraint, or of another method; each answer must
have a documented status, content type and shape.
"""

import json

import pytest
import requests
import schemathesis
from mlservice.serving import app
from mlservice.serving.settings import Settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)
from toys.classification import SERVICE

FEATURES = SERVICE.features
Instance = SERVICE.instance

REFUSED = ["401", "403", "405", "413", "415", "422"]
CONFIG = {
    "generation": {"deterministic": True, "database": "none", "max-examples": 60},
    "checks": {"negative_data_rejection": {"expected-statuses": REFUSED}},
}
RULES = Instance.__pydantic_decorators__.model_validators  # between columns
if RULES or any(feature.encoder for feature in FEATURES):  # what no JSON Schema can say
    ACCEPTED = ["2xx", "401", "403", "404", "409", "422", "5xx"]
    CONFIG["checks"]["positive_data_acceptance"] = {"expected-statuses": ACCEPTED}
MOST = 20  # instances, so that one too many can still be read when a test fails
APP = app.create_app(SERVICE, Settings.model_construct(max_instances=MOST))
DOCUMENT = json.loads(json.dumps(APP.openapi()))  # as it is sent: without tuples
schema = schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig.from_dict(CONFIG))


@pytest.fixture(scope="module")
def session():
    """A client that keeps its connection."""
    with requests.Session() as session:
        yield session


def whole(value):
    """Write 3.0 as 3: an integer to JSON Schema, but to the service only the latter."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schema.parametrize()
def test_the_service_is_what_its_document_says(case, live, session):
    case.body = whole(case.body)
    form = case.media_type == "multipart/form-data"  # a list is so many files, or none
    skipped = [negative_data_rejection, positive_data_acceptance] if form else []
    case.call_and_validate(live.url, session=session, excluded_checks=skipped)


def test_the_document_is_the_one_that_is_served(live, session):
    assert session.get(f"{live.url}/openapi.json").json() == DOCUMENT
