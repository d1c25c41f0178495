"""Checks of a project's container image: it predicts, holds only what serves, is safe.

A test file of the project runs them: for each `check` of CHECKS, `check(image)`, where
`image` is what `open_image(SERVICE, root)` gives.
"""

import json
import re
import stat
from collections.abc import Iterator
from typing import Any

import pytest

from mlservice.model import artifact
from mlservice.model.predictor import Predictor
from mlservice.paths import BASELINE, CURRENT
from mlservice.testing import image_registry, image_shutdown
from mlservice.testing.built_image import Check, Image, open_image
from mlservice.testing.rows import instances_of, valid_rows

__all__ = ["CHECKS", "Image", "open_image"]

TRAINING = ("mlflow", "dvc", "sklearn", "pandas", "pip")  # packages that it must lack
NOT_SERVING = tuple("training evaluation data batch adopt testing delivery".split())
READ_ONLY = ("/app/src/x", "/app/models/current/x", "/opt/x")
PREFIX = "/models/customers"
ROWS = 5  # in a request
TOLERANCE = 1e-5  # between two machines


def check_predictions_equal_those_of_this_process(image: Image) -> None:
    """Compare predictions of the container with those of the same model here."""
    here = Predictor(image.service, artifact.load(image.service, image.root / CURRENT))
    rows = valid_rows(image.service)
    for start in range(0, len(rows), ROWS):
        sent = rows[start : start + ROWS]
        expected = here.predict(instances_of(image.service, sent))
        status, answer = image.healthy.request("/predict", {"instances": sent})
        assert status == 200, answer
        for found, wanted in zip(answer["predictions"], expected, strict=True):
            values = list(leaves(wanted.model_dump(mode="json")))
            assert list(leaves(found)) == pytest.approx(values, abs=TOLERANCE)


def check_user_is_not_root(image: Image) -> None:
    """Compare user and group of the process with the Dockerfile: a number, not 0."""
    dockerfile = (image.root / "Dockerfile").read_text(encoding="utf-8")
    found = re.search(r"^USER (\d+):(\d+)$", dockerfile, re.MULTILINE)
    assert found, "the Dockerfile names no user by number"
    code, output = image.healthy.python("import os; print(os.getuid(), os.getgid())")
    assert (code, output.split()) == (0, [*found.groups()])
    assert "0" not in found.groups(), "this is root"


def check_files_are_read_only(image: Image) -> None:
    """Try to write beside the code, the model and the packages."""
    for path in READ_ONLY:
        code, output = image.healthy.python(f"open({path!r}, 'w')")
        assert code and "Read-only file system" in output, f"{path}: {output}"


def check_image_holds_no_training_package(image: Image) -> None:
    """Look for packages of training, and for pip."""
    found = f"print([n for n in {TRAINING} if importlib.util.find_spec(n)])"
    assert image.healthy.python(f"import importlib.util; {found}") == (0, "[]\n")


def check_image_holds_only_what_serves(image: Image) -> None:
    """Look for subpackages of the library that no server imports."""
    names = [f"mlservice.{name}" for name in NOT_SERVING]
    found = f"print([n for n in {names} if importlib.util.find_spec(n)])"
    assert image.healthy.python(f"import importlib.util; {found}") == (0, "[]\n")


def check_mounted_model_is_served(image: Image) -> None:
    """Mount the baseline in the place of the image's model."""
    manifest = image.root / BASELINE / "manifest.json"
    mount = f"{manifest.parent}:/app/{CURRENT}:ro"
    found = manifest.stat()
    private = found.st_mode & manifest.parent.stat().st_mode & stat.S_IROTH == 0
    owner = (f"--user={found.st_uid}:{found.st_gid}",) if private else ()  # umask 077
    with image.running(*owner, "--volume", mount) as container:
        version = container.wait_until_ready()
    text = manifest.read_text(encoding="utf-8")
    assert version == json.loads(text)["model_version"]


def check_container_without_a_model_is_alive_but_not_ready(image: Image) -> None:
    """Start without a model: /healthz answers, /readyz and /predict say why not."""
    with image.running("--env", "SERVE_MODEL_DIR=/nowhere") as container:
        container.wait_until(lambda: container.request("/healthz")[0] == 200, "alive")
        status, answer = container.request("/readyz")
        assert status == 503 and "no model in /nowhere" in answer["detail"]
        assert container.request("/predict", {"instances": []})[0] == 503
        assert container.state("Health.Status") != "healthy"


def check_container_serves_both_families_and_a_path_prefix(image: Image) -> None:
    """Listen on IPv4 and IPv6, behind a prefix: healthy, reachable, documented so."""
    options = ("--env", "SERVE_HOST=::", "--env", f"SERVE_ROOT_PATH={PREFIX}")
    with image.running(*options) as container:
        container.wait_until(lambda: container.is_healthy, "healthy")
        for start in ("", PREFIX):  # a proxy strips the prefix, or does not
            status, document = container.request(f"{start}/openapi.json")
            assert status == 200, document
            urls = [server["url"] for server in document.get("servers", [])]
            assert urls == [PREFIX], f"/docs sends requests to {urls}"


def leaves(value: Any) -> Iterator[Any]:
    """Yield the keys and values of nested JSON, in order."""
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if not isinstance(value, list):
        yield value
        return
    for part in value:
        yield from leaves(part)


CHECKS: list[Check] = [
    check_predictions_equal_those_of_this_process,
    check_user_is_not_root,
    check_files_are_read_only,
    check_image_holds_no_training_package,
    check_image_holds_only_what_serves,
    check_mounted_model_is_served,
    check_container_without_a_model_is_alive_but_not_ready,
    check_container_serves_both_families_and_a_path_prefix,
    *image_shutdown.CHECKS,
    *image_registry.CHECKS,
]
