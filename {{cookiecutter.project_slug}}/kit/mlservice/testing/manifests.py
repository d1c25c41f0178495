"""Checks of deploy/: Kubernetes manifests, alerts and dashboard of a project.

A test file of the project runs them: `check(deployment)` for each check that
`checks_for(deployment)` returns.
"""

from mlservice.testing import kubernetes, monitoring, overlays
from mlservice.testing.deployment import Check, Deployment

__all__ = ["KUBERNETES", "MONITORING", "Deployment", "checks_for"]

KUBERNETES = [*kubernetes.CHECKS, *overlays.CHECKS]
MONITORING = monitoring.CHECKS
FOLDERS = {"deploy/kubernetes": KUBERNETES, "deploy/prometheus": monitoring.ALERTING}


def checks_for(deployment: Deployment) -> list[Check]:
    """Return the checks of the folders that a project has; it may delete the others.

    Raise ValueError if it has none: then its test file is to be deleted, too.
    """
    found = [
        check
        for folder, checks in FOLDERS.items()
        if (deployment.root / folder).is_dir()
        for check in checks
    ]
    if (deployment.root / monitoring.GRAFANA).is_dir():
        found += monitoring.DASHBOARD
    if not found:
        raise ValueError(f"there is no {' and no '.join(FOLDERS)}: delete this test")
    return found
