"""A form with files says the same as the JSON with their base64."""

import base64

import httpx2
import pytest
from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.serving.messages import PredictRequest, request_of
from pydantic import ValidationError, create_model
from toys.image import SERVICE

EXAMPLE = SERVICE.example
Instance = SERVICE.instance

REQUEST = request_of(SERVICE, 1_000)
FILE = base64.b64decode(EXAMPLE["image"])


def form(*files):
    """Return a form's body and content type, as a client writes them."""
    fields = [("image", (f"{n}.png", data, "image/png")) for n, data in enumerate(files)]
    request = httpx2.Request("POST", "http://service/predict", files=fields)
    return request.read(), request.headers["content-type"]


def read(body, kind):
    """Read a body as the service does."""
    return SERVICE.bodies[kind.partition(";")[0]].read(REQUEST, body, kind).instances


def test_a_form_s_files_are_instances_in_their_order(predictor):
    assert isinstance(predictor, Predictor)
    found = predictor.predict(read(*form(FILE, FILE)))
    assert found == predictor.predict([Instance.model_validate(EXAMPLE)] * 2)


def send(client, *files):
    """Send files as a browser's form or `curl -F` does."""
    return client.post("/predict", files=[("image", data) for data in files])


@pytest.fixture(scope="module")
def client(serving):
    """A client of the service that takes pictures."""
    with serving(SERVICE) as served:
        yield served


@pytest.fixture(scope="module")
def predictor(models):
    """The toy model of pictures."""
    return Predictor(SERVICE, artifact.load(SERVICE, models / "image"))


def test_the_service_takes_a_form(client):
    answer = send(client, FILE, FILE)
    asked = client.post("/predict", json={"instances": [EXAMPLE] * 2})
    assert answer.status_code == 200 and answer.json() == asked.json()


def test_a_form_that_does_not_fit_is_refused_as_json_is(serving):
    with serving(SERVICE, max_instances=2) as client:
        faulty, many = send(client, FILE, b"GIF89a"), send(client, FILE, FILE, FILE)
        empty = client.post("/predict", data={}, files={"picture": FILE})
    (fault,) = faulty.json()["detail"]
    assert (faulty.status_code, fault["row"], fault["column"]) == (422, 1, "image")
    assert (many.status_code, empty.status_code) == (413, 422)


def test_the_document_describes_the_form(client):
    post = client.get("/openapi.json").json()["paths"]["/predict"]["post"]
    form = post["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert list(form["properties"]) == form["required"] == ["image"]


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\r\n--", b"--x\r\n\r\n", bytes(range(256))])
def test_any_bytes_pass_through_a_form(data):
    request = create_model("Any", instances=(list[dict[str, str]], ...), __base__=PredictRequest)
    request.bounds = REQUEST.bounds
    (row,) = SERVICE.bodies["multipart/form-data"].read(request, *form(data)).instances
    assert {name: base64.b64decode(value) for name, value in row.items()} == {"image": data}


def test_a_file_that_is_no_picture_is_named_by_row_and_column():
    with pytest.raises(ValidationError) as caught:
        read(*form(FILE, b"GIF89a"))
    assert caught.value.errors()[0]["loc"] == ("instances", 1, "image")


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
    ],
)
@pytest.mark.parametrize("body", [b"", b"--", b"--x--\r\n", b"\r\n--x", b"--x\r\n"])
def test_what_is_no_form_is_refused(kind, body):
    with pytest.raises(ValidationError):
        read(body, kind)
