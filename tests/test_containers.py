"""The rendered image and the stack around it, built and used for real with a container engine."""

import json
import re
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import quote

import pytest
import yaml
from trial import documented_example, fetch, free_port

pytestmark = [pytest.mark.slow, pytest.mark.docker]

NO_ENGINE = {"DOCKER_HOST": "unix:///nowhere/docker.sock"}
SENTENCE = "this needs a container engine, and none answers: install Docker, or start it"
PATIENCE = 90  # seconds, six scrapes of Prometheus

# What the public image of Prometheus is to the stack, made of Debian's package: only where it cannot be pulled.
STAND_IN = b"""
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends prometheus >/dev/null \\
    && install --directory --owner=nobody /prometheus
USER nobody
VOLUME /prometheus
ENTRYPOINT ["/usr/bin/prometheus"]
"""

BREAKS = {
    "root": ("Dockerfile", "USER 10001:10001\n", "", "check_user_is_not_root"),
    "health": ("Dockerfile", "'/readyz'", "'/nowhere'", "not healthy: its health check fails"),
    "deaf": ("Dockerfile", '"customer_churn"]', '"customer_churn.serve"]', "check_sigterm_is_heard_while_it_starts"),
    "pip": ("Dockerfile", "venv --without-pip", "venv", "check_image_holds_no_training_package"),
}


@dataclass(frozen=True)
class Stack:
    """What `make up` started, and where."""

    ports: dict[str, str]
    said: str

    def url(self, name: str) -> str:
        """Return the address of one of its services."""
        return f"http://127.0.0.1:{self.ports[f'{name}_PORT']}"

    def ask(self, query: str) -> list:
        """Return what Prometheus finds, once it finds something."""
        until = time.monotonic() + PATIENCE
        found: list = []
        while not found and time.monotonic() < until:
            page = fetch(f"{self.url('PROMETHEUS')}/api/v1/query?query={quote(query)}")
            found = json.loads(page)["data"]["result"]
            time.sleep(0.5)
        return found


def images(living) -> dict[str, str]:
    """Return the image of each service of compose.yaml."""
    services = yaml.safe_load((living.path / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return {name: service["image"] for name, service in services.items()}


def is_there(living, image: str) -> bool:
    """Tell whether the engine has an image, or can get it."""
    return living.try_(f"docker image inspect {image} >/dev/null || docker pull --quiet {image}")[0] == 0


@pytest.fixture(autouse=True, scope="module")
def engine(living):
    """Skip where no container engine answers."""
    if living.try_("docker info")[0] != 0:
        pytest.skip("no container engine answers")


def make_private(living) -> None:
    """Take what the umask 077 takes from each file: those of the images, and those that are mounted."""
    living.run("find . -mindepth 1 -maxdepth 1 ! -name .venv ! -name .git -exec chmod -R go= {} +")


@pytest.fixture(scope="module")
def stack(living, tmp_path_factory):
    """Start all that compose.yaml names and that can be had; stop it afterwards, volumes and all."""
    prometheus = images(living)["prometheus"]
    if not is_there(living, prometheus):
        build = ["docker", "build", "--quiet", "--tag", prometheus, "-"]
        subprocess.run(build, input=STAND_IN, env=living.active, check=True, capture_output=True)
    ports = {f"{name}_PORT": str(free_port()) for name in ("API", "MLFLOW", "PROMETHEUS", "GRAFANA")}
    with living.borrowed(tmp_path_factory.mktemp("stack") / "before"):
        try:
            make_private(living)
            yield Stack(ports, living.run("umask 077 && make up", **ports))
        finally:
            living.run("make down && docker compose --profile monitoring down --volumes")


def test_the_image_passes_its_own_tests_whatever_the_umask_is(living, tmp_path):
    """Files of mode 600 are copied into the image, and a model of mode 600 is mounted."""
    with living.borrowed(tmp_path / "before"):
        make_private(living)
        living.run("umask 077 && make image")
        output = living.run("umask 077 && make image-test")
    assert re.search(r"\d+ passed", output) and "skipped" not in output
    assert int(living.run("docker image inspect -f '{{.Size}}' customer-churn")) < 450e6


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_image_turns_red(living, name):
    file, old, new, told = BREAKS[name]
    with living.changed(file, old, new):
        code, output = living.try_("make image-test", PYTEST_ADDOPTS="--exitfirst")
    assert code != 0, f"make image-test stayed green:\n{output[-2000:]}"
    assert told in output


@pytest.mark.parametrize("word", ["image", "image-test", "up", "down"])
def test_without_an_engine_a_word_says_so(living, word):
    code, output = living.try_(f"make {word}", **NO_ENGINE)
    assert code != 0 and SENTENCE in output and "Traceback" not in output


def test_without_an_engine_the_tests_skip_and_say_why(living):
    assert "no container engine answers" in living.run("pytest -rs -m docker", **NO_ENGINE)


def test_the_stack_is_every_service_whose_image_is_there(living, stack):
    expected = {name for name, image in images(living).items() if is_there(living, image)}
    listed = living.run("docker compose --profile monitoring ps --format '{{.Service}} {{.State}} {{.Health}}'")
    states = dict(line.split(maxsplit=1) for line in listed.splitlines())
    assert set(states) == expected >= {"api", "mlflow", "prometheus"}
    assert {name: states[name] for name in ("api", "mlflow", "prometheus")} == dict.fromkeys(
        ("api", "mlflow", "prometheus"), "running healthy"
    )
    for name in set(images(living)) - expected:
        assert f"{name} is left out" in stack.said


def test_prometheus_sees_the_service_and_knows_the_alerts(stack):
    example = json.dumps(documented_example(stack.url("API"))).encode()
    fetch(f"{stack.url('API')}/predict", example)
    assert stack.ask('predictions_total{label="yes"} > 0')
    assert stack.ask("up == 1")
    groups = json.loads(fetch(f"{stack.url('PROMETHEUS')}/api/v1/rules"))["data"]["groups"]
    alerts = {rule["name"]: rule for group in groups for rule in group["rules"] if rule["type"] == "alerting"}
    assert {"NotReady", "Errors", "Slow"} <= set(alerts)
    assert all(rule["health"] in ("ok", "unknown") for rule in alerts.values())


def test_the_service_follows_the_registry(living, stack):
    manifest = living.path / "models/current/manifest.json"
    built_in = json.loads(fetch(f"{stack.url('API')}/model"))["run_id"]
    assert built_in == json.loads(manifest.read_text(encoding="utf-8"))["run_id"]
    train = "python -m customer_churn.train && python -m customer_churn.evaluate"
    living.run(train, MLFLOW_TRACKING_URI=stack.url("MLFLOW"))
    registered = json.loads(manifest.read_text(encoding="utf-8"))["run_id"]
    living.run("docker compose up --detach --wait api", SERVE_MODEL_ALIAS="champion", **stack.ports)
    assert json.loads(fetch(f"{stack.url('API')}/model"))["run_id"] == registered != built_in
