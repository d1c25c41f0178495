"""Checks of deploy/kubernetes/overlays: complete, with names and ranges of their own.

kubectl or kustomize builds the overlays; without one of them, those checks are skipped.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlservice.testing.deployment import Check, Deployment
from mlservice.testing.kubernetes import BASE, Manifests, validate

OVERLAYS = "deploy/kubernetes/overlays"
BUILDERS = {"kubectl": "kustomize", "kustomize": "build"}  # the tool and its subcommand


def overlays_of(deployment: Deployment) -> list[str]:
    """Return the paths of the overlays; there must be one at least."""
    found = sorted(path.name for path in (deployment.root / OVERLAYS).iterdir())
    assert found, f"{OVERLAYS} is empty"
    return [f"{OVERLAYS}/{name}" for name in found]


def build(folder: Path) -> dict[str, Any]:
    """Build an overlay; return its manifests by kind. Skip the test without a tool."""
    tool = next(filter(shutil.which, BUILDERS), None)
    if not tool:
        pytest.skip("neither kubectl nor kustomize is installed to build the overlay")
    command = [tool, BUILDERS[tool], str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(done.stdout)}


def built_overlays(deployment: Deployment) -> list[dict[str, Any]]:
    """Build every overlay."""
    return [build(deployment.root / path) for path in overlays_of(deployment)]


def check_kustomizations_name_the_existing_files(deployment: Deployment) -> None:
    """Compare the resources of each kustomization with the files of its folder."""
    for path in (BASE, *overlays_of(deployment)):
        folder = deployment.root / path
        resources = deployment.yaml(f"{path}/kustomization.yaml")["resources"]
        assert resources, f"{path} has no resources"
        missing = [name for name in resources if not (folder / name).exists()]
        assert not missing, f"{path} names files that do not exist: {missing}"
        files = {file.name for file in folder.glob("*.yaml")} - {"kustomization.yaml"}
        assert files <= set(resources), f"a file in {path} is not applied"


def check_overlays_are_valid_and_complete(deployment: Deployment) -> None:
    """Validate what each overlay applies, and compare its kinds with the base."""
    base = Manifests(deployment).by_name.values()
    kinds = {manifest["kind"] for manifest in base}
    for built in built_overlays(deployment):
        for manifest in built.values():
            validate(manifest)
        assert set(built) == kinds | {"ConfigMap"}


def check_overlays_set_a_tag_and_the_settings(deployment: Deployment) -> None:
    """Compare image, environment and ConfigMap of each overlay with the base."""
    base = Manifests(deployment)
    for built in built_overlays(deployment):
        (container,) = built["Deployment"]["spec"]["template"]["spec"]["containers"]
        name, _, tag = container["image"].rpartition(":")  # or a digest
        own = base.container["image"].rpartition("/")[2]  # a registry may be another
        assert name.removesuffix("@sha256").rpartition("/")[2] == own
        assert tag not in ("", "latest")
        source, *secrets = container["envFrom"]
        assert secrets == base.container["envFrom"][1:]
        assert container.get("env") == base.container.get("env")
        config = built["ConfigMap"]
        assert source["configMapRef"]["name"] == config["metadata"]["name"]
        assert config["data"] == base.variables


def check_overlays_have_their_own_namespace_and_range(deployment: Deployment) -> None:
    """Compare the namespaces of the overlays, and their replicas with the base."""
    paths, base = overlays_of(deployment), Manifests(deployment).specs["autoscaler"]
    namespaces = {
        deployment.yaml(f"{path}/kustomization.yaml")["namespace"] for path in paths
    }
    assert len(namespaces) == len(paths), "two overlays share a namespace"
    for built in built_overlays(deployment):
        (own,) = {manifest["metadata"]["namespace"] for manifest in built.values()}
        assert own in namespaces
        scaled = built["HorizontalPodAutoscaler"]["spec"]
        assert 1 <= scaled["minReplicas"] < scaled["maxReplicas"]
        assert scaled != base, "kustomize ignores a patch that finds no target"


CHECKS: list[Check] = [
    check_kustomizations_name_the_existing_files,
    check_overlays_are_valid_and_complete,
    check_overlays_set_a_tag_and_the_settings,
    check_overlays_have_their_own_namespace_and_range,
]
