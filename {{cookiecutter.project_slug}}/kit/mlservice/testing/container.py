"""Containers of a project's image, run with the rights of its Kubernetes manifest."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

DEPLOYMENT = "deploy/kubernetes/base/deployment.yaml"
RIGHTS = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
LIMITS = ("--tmpfs=/tmp", "--memory=256m")  # of a project without that manifest
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy
TIMEOUT = 120  # seconds until a start counts as failed, on a busy machine too


def engine_host() -> str:
    """Return the host of published ports: the engine's, which need not be this one."""
    return urlsplit(os.environ.get("DOCKER_HOST", "")).hostname or "127.0.0.1"


def docker(*arguments: str) -> str:
    """Run a docker command; return its output, fail the test where it fails."""
    done = subprocess.run(
        ("docker", *arguments), capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.fail(f"docker {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def require_engine() -> None:
    """Skip the test where no container engine answers."""
    try:
        done = subprocess.run(("docker", "info"), capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no container engine is installed")
    if done.returncode:
        pytest.skip("no container engine answers")


def run_options(root: Path) -> tuple[str, ...]:
    """Return the options of `docker run`: rights, memory and mounts as deployed.

    Memory and mounts come from the Kubernetes manifest of the project in `root`.
    """
    path = root / DEPLOYMENT
    if not path.exists():
        return (*RIGHTS, *LIMITS)
    manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    memory = docker_memory(container["resources"]["limits"]["memory"])
    mounts = (f"--tmpfs={mount['mountPath']}" for mount in container["volumeMounts"])
    return (*RIGHTS, *mounts, f"--memory={memory}")


def docker_memory(quantity: str) -> str:
    """Convert a quantity of Kubernetes, such as 256Mi, to docker's form: 256m."""
    return re.sub(
        r"^(\d+)([KMG])i$", lambda found: found[1] + found[2].lower(), quantity
    )


class Container:
    """A running container, with port 8000 published."""

    def __init__(self, image: str, *options: str) -> None:
        """Start the image with options of `docker run`."""
        self.id = docker("run", "--detach", "--publish=8000", *options, image)
        port = docker("port", self.id, "8000").split(":")[-1]
        self.direct = self._address()
        self.url = self.direct or f"http://{engine_host()}:{port}"

    def _address(self) -> str:
        """Return the URL of the container itself; empty if it cannot be reached."""
        network = json.loads(docker("inspect", self.id))[0]["NetworkSettings"]
        own = network["Networks"].get("bridge", {}).get("IPAddress")
        if not own:  # another kind of network
            return ""
        try:
            socket.create_connection((own, 8000), timeout=1).close()
        except ConnectionRefusedError:
            pass  # reachable, but not yet listening
        except OSError:
            return ""
        return f"http://{own}:8000"

    def state(self, field: str) -> Any:
        """Return a field of the container's state, such as `Health.Status`."""
        found = json.loads(docker("inspect", self.id))[0]["State"]
        for name in field.split("."):
            found = found[name]
        return found

    @property
    def is_healthy(self) -> bool:
        """Return whether the image's own health check succeeds; fail if it gave up."""
        status = self.state("Health.Status")
        if status == "unhealthy":
            pytest.fail(
                f"not healthy: its health check fails\n{docker('logs', self.id)}"
            )
        return bool(status == "healthy")

    def python(self, code: str) -> tuple[int, str]:
        """Run Python code in the container; return exit code and output."""
        command = ("docker", "exec", self.id, "python", "-c", code)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def request(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Get a path, or post JSON to it; return status and JSON."""
        headers = {"content-type": "application/json"}
        sent = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self.url + path, sent, headers)
        try:
            with DIRECT.open(request, timeout=TIMEOUT) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def wait_until(self, met: Callable[[], bool], state: str) -> None:
        """Wait until `met` returns True; fail the test after the timeout."""
        end = time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            try:
                if met():
                    return
            except OSError:
                pass  # not yet listening
            time.sleep(0.1)
        pytest.fail(f"not {state} within {TIMEOUT} s\n{docker('logs', self.id)}")

    def wait_until_ready(self) -> str:
        """Wait until /readyz answers 200; return the version of the model."""
        self.wait_until(lambda: self.request("/readyz")[0] == 200, "ready")
        return str(self.request("/readyz")[1]["model_version"])

    def stop(self) -> None:
        """Stop the container as every engine does: SIGTERM, later SIGKILL."""
        docker("stop", self.id)

    def signal(self, name: str) -> None:
        """Send a signal to the container's process, if it still runs."""
        command = ("docker", "kill", f"--signal={name}", self.id)
        subprocess.run(command, capture_output=True, check=False)

    def log(self) -> list[dict[str, Any]]:
        """Return the log, each line of which must be JSON."""
        return [json.loads(line) for line in docker("logs", self.id).splitlines()]

    def remove(self) -> None:
        """Stop and remove the container with its volumes."""
        docker("rm", "--force", "--volumes", self.id)
