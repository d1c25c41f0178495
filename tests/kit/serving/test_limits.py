"""Too large, not ready, not there: each refusal has its status and its reason."""

import json
import shutil

import pytest
from damaged_models import tamper
from toys.classification import SERVICE

EXAMPLE = SERVICE.example

BODY = json.dumps({"instances": [EXAMPLE]}).encode()


def in_pieces(body, size=100):
    """Send a body without saying how long it is."""
    for start in range(0, len(body), size):
        yield body[start : start + size]


@pytest.mark.parametrize("send", [bytes, in_pieces], ids=["with length", "chunked"])
def test_a_body_may_have_so_many_bytes_and_no_more(send, serving):
    with serving(max_body_bytes=len(BODY)) as client:
        assert client.post("/predict", content=send(BODY)).status_code == 200
        answer = client.post("/predict", content=send(BODY + b" "))
    assert answer.status_code == 413
    assert answer.json()["detail"] == f"the body may have {len(BODY)} bytes at most"


def test_the_rest_of_a_body_that_is_too_large_is_not_read(serving):
    sent = []

    def endless():
        while len(sent) < 1_000:
            sent.append(1)
            yield b" " * 1_000

    with serving(max_body_bytes=5_000) as client:
        assert client.post("/predict", content=endless()).status_code == 413


@pytest.mark.parametrize(("rows", "status"), [(2, 200), (3, 413)])
def test_a_request_may_have_so_many_instances_and_no_more(rows, status, serving):
    with serving(max_instances=2) as client:
        answer = client.post("/predict", json={"instances": [EXAMPLE] * rows})
    assert answer.status_code == status
    assert status == 200 or answer.json()["detail"].startswith("send 2 instances")


def test_what_is_too_many_is_not_read_first(serving):
    with serving(max_instances=2) as client:
        answer = client.post("/predict", json={"instances": [{}] * 50})
    assert answer.status_code == 413


@pytest.mark.parametrize(("method", "path"), [("POST", "/predict"), ("GET", "/readyz"), ("GET", "/model")])
def test_without_a_model_it_says_why_and_when_to_ask_again(method, path, serving, tmp_path):
    with serving(model_dir=tmp_path / "none", retry_after_seconds=7) as client:
        answer = client.request(method, path, json={"instances": [EXAMPLE]})
        assert client.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "7"
    assert "no model in" in answer.json()["detail"]
    assert "make pipeline" in answer.json()["detail"]


def test_a_model_that_was_tampered_with_is_not_served(serving, model_folder, tmp_path):
    folder = shutil.copytree(model_folder, tmp_path / "own")
    tamper(folder)
    with serving(model_dir=folder) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "its manifest describes" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 405),
        ("GET", "/predict/", 404),
        ("GET", "/no/such/path", 404),
        ("GET", "/predict", 405),
        ("PUT", "/predict", 405),
        ("POST", "/healthz", 405),
        ("DELETE", "/model", 405),
    ],
)
def test_another_path_or_method_is_refused_in_json(method, path, status, client):
    answer = client.request(method, path, follow_redirects=False)
    assert (answer.status_code, type(answer.json()["detail"])) == (status, str)


def test_alive_and_ready_are_two_answers(client, predictor):
    assert client.get("/healthz").json() == {"status": "alive"}
    expected = {"status": "ready", "model_version": predictor.version}
    assert client.get("/readyz").json() == expected


def test_the_model_is_described(client, predictor):
    about = client.get("/model").json()
    manifest = predictor.model.manifest
    assert about["model_version"] == manifest.model_version
    assert about["metrics"] == manifest.metrics
    assert about["created"] == manifest.created.isoformat().replace("+00:00", "Z")
    assert [feature["column"] for feature in about["features"]] == list(EXAMPLE)
