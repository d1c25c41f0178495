"""The image as production runs it: under the security context that Kubernetes sets."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from {{ cookiecutter.package_name }} import NAME

ROOT = Path(__file__).parents[2]
# Where published ports are: on the engine's machine, which need not be this one.
HOST = urlsplit(os.environ.get("DOCKER_HOST", "")).hostname or "127.0.0.1"
IMAGE = os.environ.get("IMAGE", NAME)  # `make image-test` says which
PATIENCE = 120  # seconds until a start counts as failed, on a busy machine too


def docker(*words):
    """Run a command of the engine; fail the test with what it says if it fails."""
    done = subprocess.run(
        ("docker", *words), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"docker {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


class Container:
    """A running container of the image."""

    def __init__(self, *options):
        """Start it with its port published on one that is free."""
        words = ("run", "--detach", "--publish=8000", *options, IMAGE)
        self.id = docker(*words)
        self.url = f"http://{HOST}:{docker('port', self.id, '8000').split(':')[-1]}"
        self.direct = self._address()
        self.url = self.direct or self.url

    def _address(self):
        """Return its own address, if this machine has a way there; else nothing."""
        network = json.loads(docker("inspect", self.id))[0]["NetworkSettings"]
        own = network["Networks"].get("bridge", {}).get("IPAddress")
        try:
            socket.create_connection((own, 8000), timeout=1).close()
        except ConnectionRefusedError:
            pass  # it is there, and does not listen yet
        except OSError:
            return ""
        return f"http://{own}:8000"

    def state(self, field):
        """Return what the engine knows of it; `field` is dotted."""
        found = json.loads(docker("inspect", self.id))[0]["State"]
        for name in field.split("."):
            found = found[name]
        return found

    def python(self, code):
        """Run Python code in it; return the exit code and what was said."""
        words = ("docker", "exec", self.id, "python", "-c", code)
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def ask(self, path, body=None):
        """Ask for a page, or post JSON to it; return status and JSON."""
        headers = {"content-type": "application/json"}
        sent = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self.url + path, sent, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def wait_until(self, met, what):
        """Return when met() is true; fail if it never is."""
        for _ in range(PATIENCE * 10):
            try:
                if met():
                    return
            except OSError:
                pass  # it does not listen yet
            time.sleep(0.1)
        pytest.fail(f"not {what} within {PATIENCE} s\n{docker('logs', self.id)}")

    def wait_until_ready(self):
        """Return the version of the model once /readyz says yes."""
        self.wait_until(lambda: self.ask("/readyz")[0] == 200, "ready")
        return self.ask("/readyz")[1]["model_version"]

    def stop(self):
        """Tell it to stop, as every engine does: SIGTERM, later SIGKILL."""
        docker("stop", self.id)

    def signal(self, name):
        """Send its process a signal, if it still runs."""
        words = ("docker", "kill", f"--signal={name}", self.id)
        subprocess.run(words, capture_output=True, check=False)

    def log(self):
        """Return its log lines, each of which must be JSON."""
        return [json.loads(line) for line in docker("logs", self.id).splitlines()]


@pytest.fixture(scope="session", autouse=True)
def engine():
    """Skip where there is no engine to run containers with."""
    try:
        done = subprocess.run(("docker", "info"), capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no container engine is installed")
    if done.returncode:
        pytest.skip("no container engine answers")


@pytest.fixture(scope="session")
def here():
    """The address by which a container reaches this machine."""
    if HOST == "127.0.0.1":
        return "host-gateway"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((HOST, 9))  # sends nothing: it only looks up the way
        return probe.getsockname()[0]


@pytest.fixture(scope="session")
def running(hardened):
    """Return `running(*options)`, a context with a hardened container."""

    @contextmanager
    def start(*options):
        container = Container(*hardened, *options)
        try:
            yield container
        finally:
            docker("rm", "--force", "--volumes", container.id)

    return start


@pytest.fixture(scope="module")
def service(running):
    """A container with the model in it, once its own health check says so."""
    with running() as container:
        container.wait_until(
            lambda: container.state("Health.Status") == "healthy", "healthy"
        )
        yield container
