"""A project to deliver, and stand-ins for docker and kubectl that write down what they are told."""

import threading
from http.server import ThreadingHTTPServer

import pytest
from delivery_place import DEPLOYMENT, DIGESTS, OVERLAY, Answers, git, stand_in

VARIABLES = ("REGISTRY", "REGISTRY_USER", "REGISTRY_PASSWORD", "OVERLAY", "COMPOSE_HOST", "KUBE_CONFIG", "TO")


@pytest.fixture(scope="session")
def answering():
    """The port of a service that answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def docker(tmp_path_factory, monkeypatch, answering):
    """The stand-in for docker."""
    tool = stand_in(tmp_path_factory.mktemp("docker"), "docker", "engine.json", monkeypatch)
    tool.set(port=answering, digest=DIGESTS["b"].partition("@")[2])
    monkeypatch.setenv("SERVE_API_KEYS", "first-key, second-key")
    return tool


@pytest.fixture
def kubectl(docker, monkeypatch, answering):
    """The stand-in for kubectl."""
    tool = stand_in(docker.folder.parent, "kubectl", "cluster.json", monkeypatch)
    tool.set(port=answering)
    return tool


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A committed project with a model and an overlay: the current folder."""
    for name in (*VARIABLES, "DOCKER_HOST", "KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {
        "deploy/kubernetes/overlays/production/kustomization.yaml": OVERLAY,
        "deploy/kubernetes/base/deployment.yaml": DEPLOYMENT,
        "compose.yaml": "services: {api: {image: toy}}\n",
        "models/current/manifest.json": '{"model_version": "m7"}\n',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message=First")
    return tmp_path
