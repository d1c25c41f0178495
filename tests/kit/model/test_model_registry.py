"""What is fetched from MLflow, and what is said where that cannot be."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from {{ cookiecutter.package_name }} import NAME, registry
from {{ cookiecutter.package_name }}.artifact import ArtifactError

API = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts/1/models/m-7/artifacts"


@pytest.fixture
def pages(project):
    """What the stand-in for MLflow answers, by path."""
    folder = project / "models/current"
    version = {"model_version": {"version": "7"}}
    place = {"artifact_uri": f"mlflow-artifacts:{FILES.partition('/artifacts')[2]}"}
    return {
        f"{API}/registered-models/alias?name={NAME}&alias=champion": version,
        f"{API}/model-versions/get-download-uri?name={NAME}&version=7": place,
        f"{FILES}/manifest.json": (folder / "manifest.json").read_bytes(),
        f"{FILES}/model.onnx": (folder / "model.onnx").read_bytes(),
    }


@pytest.fixture
def mlflow(pages):
    """The address of a stand-in for MLflow; `mlflow.asked` are the headers it got."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):  # pylint: disable=invalid-name  # the base class asks for it
            server.asked.append(self.headers)
            page = pages.get(self.path)
            self.send_response(404 if page is None else 200)
            self.end_headers()
            self.wfile.write(
                page if isinstance(page, bytes) else json.dumps(page).encode()
            )

        def log_message(self, *_):  # pylint: disable=arguments-differ
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.asked = []
        server.uri = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def fetch(server, **more):
    return registry.fetch("champion", {"MLFLOW_TRACKING_URI": server.uri} | more)


def test_the_champion_is_fetched_and_verified(mlflow, predictor):
    assert fetch(mlflow).manifest == predictor.model.manifest


def test_a_token_or_a_name_is_shown_to_the_server(mlflow):
    fetch(mlflow, MLFLOW_TRACKING_TOKEN="t0ken")
    assert {asked["Authorization"] for asked in mlflow.asked} == {"Bearer t0ken"}
    mlflow.asked.clear()
    fetch(mlflow, MLFLOW_TRACKING_USERNAME="ada", MLFLOW_TRACKING_PASSWORD="b")
    assert {asked["Authorization"] for asked in mlflow.asked} == {"Basic YWRhOmI="}


def test_an_alias_that_nothing_has_is_told(mlflow):
    with pytest.raises(ArtifactError, match=f"has no {NAME}@nobody.*make pipeline"):
        registry.fetch("nobody", {"MLFLOW_TRACKING_URI": mlflow.uri})


def test_files_that_the_server_does_not_hand_out_are_told(mlflow, pages):
    place = next(path for path in pages if "download-uri" in path)
    pages[place] = {"artifact_uri": "s3://bucket/models/m-7"}
    with pytest.raises(ArtifactError, match="s3://bucket.*--serve-artifacts"):
        fetch(mlflow)


def test_a_file_that_was_changed_on_the_way_is_refused(mlflow, pages):
    pages[f"{FILES}/model.onnx"] += b"x"
    with pytest.raises(ArtifactError, match="is not what its manifest describes"):
        fetch(mlflow)


@pytest.mark.parametrize("page", [b"<html>", b"[]", b'{"model_version": null}'])
def test_something_else_than_mlflow_is_told(mlflow, pages, page):
    pages[next(path for path in pages if "alias" in path)] = page
    with pytest.raises(ArtifactError, match="no MLflow answers at"):
        fetch(mlflow)


def test_a_server_that_is_down_is_told(free_port):
    uri = f"http://127.0.0.1:{free_port}"
    with pytest.raises(ArtifactError, match=f"no MLflow answers at {uri}"):
        registry.fetch("champion", {"MLFLOW_TRACKING_URI": uri})


@pytest.mark.parametrize("uri", ["", "sqlite:///mlflow.db"])
def test_a_store_that_is_no_server_is_told(uri):
    with pytest.raises(ArtifactError, match="needs MLFLOW_TRACKING_URI"):
        registry.fetch("champion", {"MLFLOW_TRACKING_URI": uri})
