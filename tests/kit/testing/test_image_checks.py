"""Checks of an image pass on a service that works, and fail on broken ones: with local processes for containers."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from toy_project import health_check

from mlservice.testing import container, image, image_registry, image_shutdown
from mlservice.testing.image import CHECKS, open_image
from mlservice.testing.toy_models import save_toy
from toys.regression import SERVICE

FAKE = Path(__file__).with_name("fake_docker.py")
SERVE = """
from mlservice.process import exit_on_sigterm
exit_on_sigterm()
import runpy
runpy.run_module("toys.regression", run_name="__main__")
"""
DEAF = "import runpy; runpy.run_module('toys.regression', run_name='__main__')"
DIES = f"""
import os
from mlservice.serving.shutdown import DrainingServer
DrainingServer.handle_exit = lambda *_: os._exit(CODE)
{DEAF}
"""
LATE = """
from mlservice.serving.app import serve
from toys.regression import SERVICE
serve(SERVICE)
"""  # no handler before the server's own
STUB = """
import http.server, os
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"model_version": "another one"}')
http.server.HTTPServer(("127.0.0.1", int(os.environ["SERVE_PORT"])), Healthy).serve_forever()
"""  # a service that is always ready, with a model of its own: it starts at once
PYTHON = {
    "getuid": (0, "10001 10001\n"),
    "open(": (1, "OSError: Read-only file system"),
    "'pip'": (0, "[]\n"),
    "mlservice.training": (0, "[]\n"),
}
BREAKS = {  # check: what fake.json then holds
    "predictions_equal_those_of_this_process": {"env": {"SERVE_MODEL_DIR": "../../another"}},
    "user_is_not_root": {"code": STUB, "python": {"getuid": (0, "0 0\n")}},
    "files_are_read_only": {"code": STUB, "python": {"open(": (0, "")}},
    "image_holds_no_training_package": {"code": STUB, "python": {"'pip'": (0, "['pip']\n")}},
    "image_holds_only_what_serves": {"code": STUB, "python": {"mlservice.training": (0, "['mlservice.training']\n")}},
    "mounted_model_is_served": {"code": STUB},
    "container_without_a_model_is_alive_but_not_ready": {"code": STUB},
    "container_serves_both_families_and_a_path_prefix": {"code": STUB},
    "accepted_requests_are_answered_on_stop": {"code": DIES.replace("CODE", "0")},
    "sigterm_is_heard_while_it_starts": {"code": LATE},
    "container_fetches_the_champion": {"code": STUB},
}
SHARING = {name for name, broken in BREAKS.items() if "env" in broken or "python" in broken}  # one container
NEEDS_MLFLOW = "container_fetches_the_champion"  # starts a server: passes with a real engine only, to save time
NAMED = {check.__name__.removeprefix("check_"): check for check in CHECKS}


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Return `fake(code, env, python)`, which opens an image whose containers are local processes."""
    folder = tmp_path / "docker"
    (folder / "bin").mkdir(parents=True)
    shim = folder / "bin/docker"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{FAKE}" "$@"\n', "utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("FAKE_DOCKER", str(folder))
    monkeypatch.setenv("PATH", str(shim.parent), prepend=os.pathsep)
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr(container, "TIMEOUT", 30)
    monkeypatch.setattr(container.Container, "_address", lambda self: f"http://127.0.0.1:{self.id}")
    project = tmp_path / "project"
    save_toy(SERVICE, project / "models/current", seed=1)
    save_toy(SERVICE, project / "models/baseline", seed=2, name="baseline")
    save_toy(SERVICE, tmp_path / "another", seed=3)
    (project / "Dockerfile").write_text("FROM scratch\nUSER 10001:10001\n", "utf-8")

    def write(code=SERVE, env=None, python=None, status="starting"):
        own = str(project / "models/current")
        env = {"SERVE_HOST": "0.0.0.0", "SERVE_MODEL_DIR": own} | (env or {})
        command = [sys.executable, "-c", code]
        order = {"command": command, "health": health_check(), "env": env, "python": PYTHON | (python or {})}
        order["not healthy"] = status
        (folder / "fake.json").write_text(json.dumps(order), "utf-8")
        return open_image(SERVICE, project)

    yield write
    for pid in folder.glob("*/pid"):
        try:
            os.kill(int(pid.read_text("utf-8")), signal.SIGKILL)
        except ProcessLookupError:
            pass


@pytest.mark.parametrize("names", [SHARING, *({name} for name in sorted({*NAMED} - SHARING - {NEEDS_MLFLOW}))])
def test_checks_pass_on_an_image_that_works(names, fake):
    with fake() as opened:
        for name in names:
            NAMED[name](opened)


@pytest.mark.parametrize("name", NAMED)
def test_a_check_fails_on_a_broken_image(name, fake):
    with fake(**BREAKS[name]) as opened, pytest.raises(AssertionError):
        NAMED[name](opened)


@pytest.mark.parametrize(("user", "reason"), [("USER 0:0", "this is root"), ("USER nobody", "names no user by number")])
def test_a_dockerfile_that_names_root_or_no_number_fails(user, reason, fake, tmp_path):
    (tmp_path / "project/Dockerfile").write_text(f"{user}\n", "utf-8")
    with fake(STUB, python={"getuid": (0, "0 0\n")}) as opened, pytest.raises(AssertionError, match=reason):
        NAMED["user_is_not_root"](opened)


def test_a_wrong_exit_code_is_no_stop(fake):
    with fake(DIES.replace("CODE", "3")) as opened, pytest.raises(AssertionError):
        NAMED["accepted_requests_are_answered_on_stop"](opened)


def test_checks_share_one_healthy_container(fake, tmp_path):
    with fake(STUB) as opened:
        first, second = opened.healthy, opened.healthy
        assert first is second and first.state("Running")
        assert len([*(tmp_path / "docker").glob("*/pid")]) == 1
    first.wait_until(lambda: not first.state("Running"), "removed")


def test_a_container_that_is_never_healthy_fails_with_its_log(fake, monkeypatch):
    monkeypatch.setattr(container, "TIMEOUT", 1)
    with fake("print('no server')") as opened:
        with pytest.raises(pytest.fail.Exception, match="not healthy within 1 s\nno server"):
            NAMED["user_is_not_root"](opened)


def test_a_container_whose_health_check_gives_up_fails_at_once_with_its_log(fake):
    with fake("print('no server')", status="unhealthy") as opened:
        with pytest.raises(pytest.fail.Exception, match="not healthy: its health check fails\n"):
            NAMED["user_is_not_root"](opened)


def test_a_docker_command_that_fails_is_shown(fake):
    with fake():
        with pytest.raises(pytest.fail.Exception, match="docker port: Traceback"):
            container.docker("port")


def test_the_image_is_the_one_that_is_named(fake, monkeypatch):
    with fake() as opened:
        assert opened.name == SERVICE.name
    monkeypatch.setenv("IMAGE", "shop/api:1.2")
    with fake() as opened:
        assert opened.name == "shop/api:1.2"


def test_without_an_engine_checks_are_skipped(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pytest.skip.Exception, match="no container engine is installed"), open_image(SERVICE, tmp_path):
        pass
    (tmp_path / "docker").write_text("#!/bin/sh\nexit 1\n", "utf-8")
    (tmp_path / "docker").chmod(0o755)
    with pytest.raises(pytest.skip.Exception, match="no container engine answers"), open_image(SERVICE, tmp_path):
        pass


@pytest.mark.parametrize(
    ("engine", "host"),
    [("", "127.0.0.1"), ("unix:///run/docker.sock", "127.0.0.1"), ("tcp://10.1.2.3:2375", "10.1.2.3")],
)
def test_published_ports_are_on_the_host_of_the_engine(engine, host, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", engine)
    assert container.engine_host() == host


@pytest.mark.parametrize(("network", "direct"), [({}, ""), ({"bridge": {"IPAddress": ""}}, "")])
def test_a_container_without_an_address_is_asked_through_its_port(network, direct, monkeypatch):
    answers = {"run": "7f", "port": "0.0.0.0:4711", "inspect": json.dumps([{"NetworkSettings": {"Networks": network}}])}
    monkeypatch.setattr(container, "docker", lambda name, *_: answers[name])
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    made = container.Container("image")
    assert (made.direct, made.url) == (direct, "http://127.0.0.1:4711")


def test_nested_values_are_compared_with_their_names():
    assert list(image.leaves({"a": [1, {"b": 2.5}], "c": "x"})) == ["a", 1, "b", 2.5, "c", "x"]


def test_every_check_is_listed_once():
    assert set(BREAKS) == set(NAMED) and len(NAMED) == len(CHECKS)
    assert {*image_shutdown.CHECKS, *image_registry.CHECKS} < set(CHECKS)
