"""What is fetched from MLflow, and what is said where that cannot be."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mlservice.model import artifact, mlflow_registry
from mlservice.model.artifact import ArtifactError
from toys.classification import SERVICE
from toys.weights import WeightsScorer, listing, save_weights

NAME = SERVICE.name
MORE = {"reference.json": b"[1, 2]"}
API = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts/1/models/m-7/artifacts"


@pytest.fixture
def pages(folder, old, facts):
    """What the stand-in for MLflow answers, by path."""
    artifact.save(SERVICE, folder, old, MORE, **facts)
    version = {"model_version": {"version": "7"}}
    location = {"artifact_uri": f"mlflow-artifacts:{FILES.partition('/artifacts')[2]}"}
    return {
        f"{API}/registered-models/alias?name={NAME}&alias=champion": version,
        f"{API}/model-versions/get-download-uri?name={NAME}&version=7": location,
    } | {f"{FILES}/{path.name}": path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def mlflow(pages):
    """The address of a stand-in for MLflow; `mlflow.asked` are the headers it got."""

    class Answer(BaseHTTPRequestHandler):  # pylint: disable=missing-class-docstring
        def do_GET(self):  # pylint: disable=invalid-name  # the base class asks for it
            server.asked.append(self.headers)
            page = pages.get(self.path)
            content = page if isinstance(page, bytes) else json.dumps(page).encode()
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Length", str(len(content) + server.missing))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):  # pylint: disable=arguments-differ
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.asked, server.missing = [], 0
        server.uri = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def fetch(server, **more):
    return mlflow_registry.fetch(SERVICE, "champion", {"MLFLOW_TRACKING_URI": server.uri} | more)


def test_the_champion_is_fetched_and_verified_with_all_its_files(mlflow, folder):
    found = fetch(mlflow)
    assert found.manifest == artifact.load(SERVICE, folder).manifest
    assert found.files == MORE


def test_a_token_or_a_name_is_shown_to_the_server(mlflow):
    fetch(mlflow, MLFLOW_TRACKING_TOKEN="t0ken")
    assert {asked["Authorization"] for asked in mlflow.asked} == {"Bearer t0ken"}
    mlflow.asked.clear()
    fetch(mlflow, MLFLOW_TRACKING_USERNAME="ada", MLFLOW_TRACKING_PASSWORD="b")
    assert {asked["Authorization"] for asked in mlflow.asked} == {"Basic YWRhOmI="}


def test_an_alias_that_nothing_has_is_reported(mlflow):
    with pytest.raises(ArtifactError, match=f"has no {NAME}@nobody.*make pipeline"):
        mlflow_registry.fetch(SERVICE, "nobody", {"MLFLOW_TRACKING_URI": mlflow.uri})


def test_files_that_the_server_does_not_hand_out_are_reported(mlflow, pages):
    location = next(path for path in pages if "download-uri" in path)
    pages[location] = {"artifact_uri": "s3://bucket/models/m-7"}
    with pytest.raises(ArtifactError, match="s3://bucket.*--serve-artifacts"):
        fetch(mlflow)


def test_a_model_in_another_file_is_fetched_where_the_service_lists_it(mlflow, pages, folder):
    save_weights(SERVICE, folder, outputs=2)
    pages |= {f"{FILES}/{path.name}": path.read_bytes() for path in folder.iterdir()}
    environment = {"MLFLOW_TRACKING_URI": mlflow.uri}
    assert isinstance(mlflow_registry.fetch(listing(SERVICE), "champion", environment).scorer, WeightsScorer)
    with pytest.raises(ArtifactError, match="does not list what loads such a file"):
        mlflow_registry.fetch(SERVICE, "champion", environment)


@pytest.mark.parametrize("name", ["model.onnx", "reference.json"])
def test_a_file_that_was_changed_on_the_way_is_refused(name, mlflow, pages):
    pages[f"{FILES}/{name}"] += b"x"
    with pytest.raises(ArtifactError, match=f"{name} is not what its manifest describes"):
        fetch(mlflow)


def test_a_further_file_that_the_server_does_not_have_is_reported(mlflow, pages):
    del pages[f"{FILES}/reference.json"]
    with pytest.raises(ArtifactError, match=f"has no {NAME}@champion, or does not hand it out .404"):
        fetch(mlflow)


def test_a_file_that_takes_too_long_is_reported(mlflow, monkeypatch):
    monkeypatch.setattr(mlflow_registry, "LONGEST", -1)
    with pytest.raises(ArtifactError, match="no MLflow answers at .* for one file"):
        fetch(mlflow)


def test_a_file_that_is_broken_off_is_reported(mlflow):
    mlflow.missing = 1
    with pytest.raises(ArtifactError, match="no MLflow answers at .*IncompleteRead"):
        fetch(mlflow)


@pytest.mark.parametrize("page", [b"<html>", b"[]", b'{"model_version": null}'])
def test_something_else_than_mlflow_is_reported(mlflow, pages, page):
    pages[next(path for path in pages if "alias" in path)] = page
    with pytest.raises(ArtifactError, match="no MLflow answers at"):
        fetch(mlflow)


def test_a_server_that_is_down_is_reported(free_port):
    uri = f"http://127.0.0.1:{free_port}"
    with pytest.raises(ArtifactError, match=f"no MLflow answers at {uri}"):
        mlflow_registry.fetch(SERVICE, "champion", {"MLFLOW_TRACKING_URI": uri})


@pytest.mark.parametrize("uri", ["", "sqlite:///mlflow.db"])
def test_a_store_that_is_no_server_is_reported(uri):
    with pytest.raises(ArtifactError, match="needs MLFLOW_TRACKING_URI"):
        mlflow_registry.fetch(SERVICE, "champion", {"MLFLOW_TRACKING_URI": uri})
