"""Checks of deploy/kubernetes: valid, consistent with the image and the service.

Each check takes a Deployment and raises AssertionError, as a test does.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import kubernetes_validate

from mlservice.serving.settings import Settings
from mlservice.testing.container import docker_memory, run_options
from mlservice.testing.deployment import Check, Deployment

BASE = "deploy/kubernetes/base"
PROBES = {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


class Manifests:
    """Manifests of the base, by the name of their file."""

    def __init__(self, deployment: Deployment) -> None:
        folder = deployment.root / BASE
        names = {path.stem for path in folder.glob("*.yaml")} - {"kustomization"}
        self.by_name = {
            name: deployment.yaml(f"{BASE}/{name}.yaml") for name in sorted(names)
        }
        self._kustomization = deployment.yaml(f"{BASE}/kustomization.yaml")

    @cached_property
    def specs(self) -> Mapping[str, Any]:
        """Return the specification of each manifest."""
        return {name: manifest["spec"] for name, manifest in self.by_name.items()}

    @property
    def pod(self) -> Any:
        """Return the pod template of the deployment."""
        return self.specs["deployment"]["template"]

    @property
    def container(self) -> Any:
        """Return the only container of the pod."""
        (container,) = self.pod["spec"]["containers"]
        return container

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment variables that the ConfigMap sets."""
        (config,) = self._kustomization["configMapGenerator"]
        return dict(literal.split("=", 1) for literal in config["literals"])

    def settings(self) -> Settings:
        """Return the settings that the service reads from the ConfigMap."""
        values = {
            name.removeprefix("SERVE_").lower(): value
            for name, value in self.variables.items()
        }
        unknown = set(values) - set(Settings.model_fields)
        assert not unknown, f"variables that are no settings: {sorted(unknown)}"
        return Settings.model_validate(values)


def validate(manifest: Any) -> None:
    """Validate a manifest against the newest schema that is known, strictly."""
    version = kubernetes_validate.latest_version()
    kubernetes_validate.validate(manifest, version, strict=True)


def check_manifests_are_valid(deployment: Deployment) -> None:
    """Validate each manifest of the base."""
    manifests = Manifests(deployment).by_name
    assert manifests, f"{BASE} has no manifest"
    for manifest in manifests.values():
        validate(manifest)


def check_probes_request_existing_routes(deployment: Deployment) -> None:
    """Compare the paths of the probes with the routes of the service."""
    routes, container = deployment.routes(), Manifests(deployment).container
    for kind, path in PROBES.items():
        assert container[f"{kind}Probe"]["httpGet"]["path"] == path
        assert "get" in routes[path]


def check_ports_are_the_port_of_the_image(deployment: Deployment) -> None:
    """Compare container, network policy, Service and probes with the Dockerfile."""
    port, manifests = deployment.image_port(), Manifests(deployment)
    (declared,) = manifests.container["ports"]
    assert declared["containerPort"] == port
    assert "SERVE_PORT" not in manifests.variables
    (rule,) = manifests.specs["network-policy"]["ingress"]
    assert [allowed["port"] for allowed in rule["ports"]] == [port]
    probes = [manifests.container[f"{kind}Probe"]["httpGet"]["port"] for kind in PROBES]
    (forwarded,) = manifests.specs["service"]["ports"]
    assert {forwarded["targetPort"], *probes} == {declared["name"]}


def check_variables_are_settings_of_the_service(deployment: Deployment) -> None:
    """Compare the ConfigMap's variables with the settings; their values are valid."""
    manifests = Manifests(deployment)
    assert all(name.startswith("SERVE_") for name in manifests.variables)
    assert len(manifests.settings().model_fields_set) == len(manifests.variables)


def check_pods_are_killed_after_the_grace_period(deployment: Deployment) -> None:
    """Compare the termination grace period with the time to drain and to finish."""
    manifests = Manifests(deployment)
    assert {"SERVE_DRAIN_SECONDS", "SERVE_GRACE_SECONDS"} <= set(manifests.variables)
    settings = manifests.settings()
    needed = settings.drain_seconds + settings.grace_seconds
    assert manifests.pod["spec"]["terminationGracePeriodSeconds"] > needed


def check_selectors_match_the_pods(deployment: Deployment) -> None:
    """Compare every selector with the labels of the pods."""
    manifests = Manifests(deployment)
    specs, pod = manifests.specs, manifests.pod
    selectors = [
        specs["service"]["selector"],
        specs["deployment"]["selector"]["matchLabels"],
        specs["disruption-budget"]["selector"]["matchLabels"],
        specs["network-policy"]["podSelector"]["matchLabels"],
        *(
            rule["labelSelector"]["matchLabels"]
            for rule in pod["spec"]["topologySpreadConstraints"]
        ),
    ]
    assert all(selector == pod["metadata"]["labels"] for selector in selectors)


def check_autoscaler_scales_the_deployment(deployment: Deployment) -> None:
    """Compare the autoscaler's target with the deployment."""
    manifests = Manifests(deployment)
    target = manifests.specs["autoscaler"]["scaleTargetRef"]
    name = manifests.by_name["deployment"]["metadata"]["name"]
    assert target == {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    replicas = "replicas" in manifests.specs["deployment"]
    assert not replicas, "each apply would set the autoscaler's number back"


def check_pods_have_no_more_rights_than_the_image(deployment: Deployment) -> None:
    """Compare the security contexts with the Dockerfile and the least privileges."""
    manifests, dockerfile = Manifests(deployment), deployment.text("Dockerfile")
    ((user, group),) = re.findall(r"^USER (\d+):(\d+)$", dockerfile, re.MULTILINE)
    pod, policy = manifests.pod["spec"], manifests.specs["network-policy"]
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user),
        "runAsGroup": int(group),
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert manifests.container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    assert policy["policyTypes"] == ["Ingress", "Egress"] and policy["egress"] == []


def check_secrets_are_required(deployment: Deployment) -> None:
    """Compare the keys that no pod starts without: a service without keys is open."""
    container = Manifests(deployment).container
    named = {s["secretRef"]["name"] for s in container["envFrom"] if "secretRef" in s}
    variables = {v["name"]: v.get("valueFrom", {}) for v in container.get("env", [])}
    keys = variables.get("SERVE_API_KEYS", {}).get("secretKeyRef")
    required = {keys["name"]} if keys and not keys.get("optional") else set()
    assert required >= named, f"pods start without {named}, and then ask for no key"


def check_image_is_tested_with_these_rights_and_limits(deployment: Deployment) -> None:
    """Compare the options of `make image-test` with the container's manifest."""
    container = Manifests(deployment).container
    memory = container["resources"]["limits"]["memory"]
    assert container["resources"]["requests"]["memory"] == memory
    mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
    assert set(run_options(deployment.root)) == {
        "--read-only",
        *(f"--tmpfs={path}" for path in mounts),
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        f"--memory={docker_memory(memory)}",
    }


CHECKS: list[Check] = [
    check_manifests_are_valid,
    check_probes_request_existing_routes,
    check_ports_are_the_port_of_the_image,
    check_variables_are_settings_of_the_service,
    check_pods_are_killed_after_the_grace_period,
    check_selectors_match_the_pods,
    check_autoscaler_scales_the_deployment,
    check_pods_have_no_more_rights_than_the_image,
    check_secrets_are_required,
    check_image_is_tested_with_these_rights_and_limits,
]
