"""The manifests are valid; they agree with each other, the image and the service.

Whoever deletes deploy/kubernetes deletes this file, too.
"""

import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from {{ cookiecutter.package_name }} import serve
from {{ cookiecutter.package_name }}.config import Settings

ROOT = Path(__file__).parents[2]
BASE = ROOT / "deploy/kubernetes/base"
OVERLAYS = sorted((ROOT / "deploy/kubernetes/overlays").iterdir())
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BUILDERS = {"kubectl": "kustomize", "kustomize": "build"}  # the tool and its word
PROBES = {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


MANIFESTS = {p.stem: read(p) for p in BASE.glob("*.yaml") if p.stem != "kustomization"}
SPECS = {name: manifest["spec"] for name, manifest in MANIFESTS.items()}
POD = SPECS["deployment"]["template"]
(CONTAINER,) = POD["spec"]["containers"]
(PORT,) = CONTAINER["ports"]
(CONFIG,) = read(BASE / "kustomization.yaml")["configMapGenerator"]
VARIABLES = dict(literal.split("=", 1) for literal in CONFIG["literals"])


def check(manifest):
    version = kubernetes_validate.latest_version()
    kubernetes_validate.validate(manifest, version, strict=True)


@pytest.fixture(params=OVERLAYS, ids=lambda folder: folder.name)
def built(request):
    """What an overlay applies: manifests by kind."""
    tool = next(filter(shutil.which, BUILDERS), None)
    if not tool:
        pytest.skip("neither kubectl nor kustomize is installed to build the overlay")
    command = [tool, BUILDERS[tool], str(request.param)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {manifest["kind"]: manifest for manifest in yaml.safe_load_all(done.stdout)}


@pytest.fixture
def settings(monkeypatch):
    """What the service reads from the ConfigMap."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


@pytest.mark.parametrize("name", sorted(MANIFESTS))
def test_each_manifest_is_valid(name):
    check(MANIFESTS[name])


def test_what_an_overlay_applies_is_valid_and_complete(built):
    for manifest in built.values():
        check(manifest)
    kinds = {manifest["kind"] for manifest in MANIFESTS.values()}
    assert set(built) == kinds | {"ConfigMap"}


def test_an_overlay_names_its_tag_and_reads_its_settings(built):
    (container,) = built["Deployment"]["spec"]["template"]["spec"]["containers"]
    name, _, tag = container["image"].rpartition(":")
    assert name == CONTAINER["image"] and tag not in ("", "latest")
    source, keys = container["envFrom"]
    assert keys == CONTAINER["envFrom"][1] and keys["secretRef"]["optional"]
    assert source["configMapRef"]["name"] == built["ConfigMap"]["metadata"]["name"]
    assert built["ConfigMap"]["data"] == VARIABLES


def test_an_overlay_has_a_namespace_and_a_range_of_its_own(built):
    (own,) = {manifest["metadata"]["namespace"] for manifest in built.values()}
    others = {read(path / "kustomization.yaml")["namespace"] for path in OVERLAYS}
    assert own in others and len(others) == len(OVERLAYS)
    scaled, base = built["HorizontalPodAutoscaler"]["spec"], SPECS["autoscaler"]
    assert 1 <= scaled["minReplicas"] < scaled["maxReplicas"]
    assert scaled != base, "kustomize says nothing when a patch finds no target"


@pytest.mark.parametrize("folder", [BASE, *OVERLAYS], ids=lambda folder: folder.name)
def test_kustomizations_name_the_files_that_exist(folder):
    resources = read(folder / "kustomization.yaml")["resources"]
    assert resources and all((folder / name).exists() for name in resources)
    files = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert files <= set(resources), "a file that nothing applies"


def test_probes_ask_routes_that_the_service_has():
    routes = serve.create_app(Settings()).openapi()["paths"]
    for kind, path in PROBES.items():
        assert CONTAINER[f"{kind}Probe"]["httpGet"]["path"] == path
        assert "get" in routes[path]


def test_everything_leads_to_the_port_of_the_image():
    (port,) = re.findall(r"SERVE_PORT=(\d+)", DOCKERFILE)
    assert PORT["containerPort"] == int(port) and "SERVE_PORT" not in VARIABLES
    (rule,) = SPECS["network-policy"]["ingress"]
    assert [open_["port"] for open_ in rule["ports"]] == [int(port)]
    probes = [
        CONTAINER[f"{kind}Probe"] for kind in ("startup", "liveness", "readiness")
    ]
    (way,) = SPECS["service"]["ports"]
    named = {way["targetPort"], *(probe["httpGet"]["port"] for probe in probes)}
    assert named == {PORT["name"]}


def test_variables_are_settings_of_the_service(settings):
    names = {name.removeprefix("SERVE_").lower() for name in VARIABLES}
    assert names == settings.model_fields_set


def test_a_pod_is_killed_only_after_it_has_drained_and_finished(settings):
    assert {"SERVE_DRAIN_SECONDS", "SERVE_GRACE_SECONDS"} <= set(VARIABLES)
    needed = settings.drain_seconds + settings.grace_seconds
    assert POD["spec"]["terminationGracePeriodSeconds"] > needed


def test_every_selector_finds_the_pods():
    spread = POD["spec"]["topologySpreadConstraints"]
    selectors = [
        SPECS["service"]["selector"],
        SPECS["deployment"]["selector"]["matchLabels"],
        SPECS["disruption-budget"]["selector"]["matchLabels"],
        SPECS["network-policy"]["podSelector"]["matchLabels"],
        *(rule["labelSelector"]["matchLabels"] for rule in spread),
    ]
    assert all(selector == POD["metadata"]["labels"] for selector in selectors)


def test_the_autoscaler_scales_the_deployment():
    target, deployment = SPECS["autoscaler"]["scaleTargetRef"], MANIFESTS["deployment"]
    name = deployment["metadata"]["name"]
    assert target == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    assert "replicas" not in deployment["spec"], "each apply would undo its work"


def test_the_container_is_the_user_of_the_image_and_may_only_serve():
    ((user, group),) = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert POD["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user),
        "runAsGroup": int(group),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert POD["spec"]["automountServiceAccountToken"] is False
    assert POD["spec"]["enableServiceLinks"] is False
    policy = SPECS["network-policy"]
    assert policy["policyTypes"] == ["Ingress", "Egress"] and policy["egress"] == []


def test_the_image_is_tested_under_these_rights_and_this_limit(hardened):
    memory = CONTAINER["resources"]["limits"]["memory"]
    assert CONTAINER["resources"]["requests"]["memory"] == memory
    assert set(hardened) == {
        "--read-only",
        *(f"--tmpfs={mount['mountPath']}" for mount in CONTAINER["volumeMounts"]),
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        f"--memory={memory.replace('Mi', 'm')}",
    }
