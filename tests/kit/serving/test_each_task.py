"""The HTTP contract of each task: predictions, refusals, OpenAPI, description of the model."""

import json
from base64 import b64encode
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.serving.messages import response_of
from mlservice.testing.strategies import instances
from toys import SERVICES
from toys.image import PICTURE
from toys.text import TEXT

ENCODED = {  # what can be drawn of the toys' own encoders
    TEXT: st.text(max_size=TEXT.longest),
    PICTURE: st.binary(min_size=PICTURE.width, max_size=PICTURE.width).map(lambda data: b64encode(data).decode()),
}
DRAWN = [task for task in SERVICES if task != "forecasting"]  # its histories have rules between their columns


@pytest.fixture(scope="module", params=SERVICES)
def each(request, serving):
    """A toy service, and a client of it."""
    service = SERVICES[request.param]
    with serving(service) as client:
        yield SimpleNamespace(service=service, client=client)


@pytest.fixture(scope="module")
def model(each, models):
    """The toy model of the task, loaded as the service loads it."""
    return Predictor(each.service, artifact.load(each.service, models / each.service.task))


def post(each, *rows):
    """Ask for predictions of these rows."""
    return each.client.post("/predict", json={"instances": rows})


def test_a_prediction_is_that_of_the_model(each, model):
    example = each.service.example
    answer = post(each, example, example)
    assert answer.status_code == 200
    body = response_of(each.service).model_validate_json(answer.content)
    assert body.predictions == model.predict([each.service.instance.model_validate(example)] * 2)
    assert body.model_version == model.version


def test_a_prediction_is_counted_under_its_label(each, model):
    prediction = model.predict([each.service.instance.model_validate(each.service.example)])[0]
    label = f'predictions_total{{label="{each.service.label_of(prediction)}"}} '

    def count():
        lines = each.client.get("/metrics").text.splitlines()
        return sum(float(line.removeprefix(label)) for line in lines if line.startswith(label))

    before = count()
    post(each, each.service.example)
    assert count() == before + 1


def test_a_wrong_value_is_named_by_row_and_column_without_echo(each):
    for column in each.service.example:
        answer = post(each, each.service.example, each.service.example | {column: {"secret-value": 1}})
        assert answer.status_code == 422 and "secret-value" not in answer.text
        faults = answer.json()["detail"]
        assert {(fault["row"], fault["column"].split(".")[0]) for fault in faults} == {(1, column)}


def test_a_column_that_is_absent_or_unknown_is_named(each):
    for feature in each.service.features:
        row = {name: v for name, v in each.service.example.items() if name != feature.column} | {"no such": 1}
        faults = post(each, row).json()["detail"]
        named = {"no such"} if feature.optional else {feature.column, "no such"}
        assert {(fault["row"], fault["column"]) for fault in faults} == {(0, column) for column in named}


def test_the_document_describes_every_feature_and_its_example_is_accepted(each):
    post_predict = each.client.get("/openapi.json").json()["paths"]["/predict"]["post"]
    content = post_predict["requestBody"]["content"]
    assert set(content) == {"application/json", *each.service.bodies}
    row = content["application/json"]["schema"]["properties"]["instances"]["items"]
    assert list(row["properties"]) == [feature.column for feature in each.service.features]
    assert row["required"] == [feature.column for feature in each.service.features if not feature.optional]
    for feature in each.service.features:
        described = row["properties"][feature.column]
        assert (described["description"], described["examples"]) == (feature.meaning, [feature.example])
    assert each.client.post("/predict", json=content["application/json"]["example"]).status_code == 200


def test_the_document_describes_the_prediction(each):
    document = each.client.get("/openapi.json").json()
    schema = document["components"]["schemas"][each.service.prediction.__name__]
    assert list(schema["properties"]) == list(each.service.prediction.model_fields)
    response = document["components"]["schemas"]["PredictResponse"]
    assert response["properties"]["predictions"]["items"]["$ref"].endswith(f"/{each.service.prediction.__name__}")


def test_the_model_is_described_with_target_and_features(each, model):
    about = each.client.get("/model").json()
    assert about["model_version"] == model.version
    assert about["target"] == {"column": each.service.target.column, "meaning": each.service.target.meaning}
    assert [feature["column"] for feature in about["features"]] == list(each.service.example)
    assert [feature["example"] for feature in about["features"]] == list(each.service.example.values())


def test_a_form_is_taken_where_the_service_has_one_and_else_refused(each):
    files = [("image", b"\x00\x01\x02\xff"), ("image", b"\xff\x00\x00\x00"), ("image", b"five!")]
    right = each.client.post("/predict", files=files[:2])
    if "multipart/form-data" not in each.service.bodies:
        assert right.status_code == 415
        assert right.json()["detail"] == "send the body as application/json"
        return
    assert right.status_code == 200 and len(right.json()["predictions"]) == 2
    wrong = each.client.post("/predict", files=files)
    (fault,) = wrong.json()["detail"]
    assert (wrong.status_code, fault["row"], fault["column"]) == (422, 2, "image")


@pytest.mark.parametrize("task", DRAWN)
@given(draws=st.data())
def test_every_row_that_the_schema_allows_is_predicted_in_order(task, draws, clients):
    rows = draws.draw(st.lists(instances(SERVICES[task], ENCODED), min_size=2, max_size=4))
    for sent in (rows, rows[::-1]):
        answer = clients[task].post("/predict", content=json.dumps({"instances": sent}))
        assert answer.status_code == 200, answer.text
    alone = [clients[task].post("/predict", json={"instances": [row]}).json()["predictions"][0] for row in rows]
    assert answer.json()["predictions"] == alone[::-1]


@pytest.fixture(scope="module")
def clients(serving):
    """A client of each toy service, by task."""
    with ExitStack() as stack:
        yield {task: stack.enter_context(serving(SERVICES[task])) for task in DRAWN}
