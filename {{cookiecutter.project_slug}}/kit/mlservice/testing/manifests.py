"""Checks of deploy/: Kubernetes manifests, alerts and dashboard of a project.

A test file of the project runs them: for each `check` of KUBERNETES and MONITORING,
`check(Deployment(SERVICE, root))`.
"""

from mlservice.testing import kubernetes, monitoring, overlays
from mlservice.testing.deployment import Deployment

__all__ = ["KUBERNETES", "MONITORING", "Deployment"]

KUBERNETES = [*kubernetes.CHECKS, *overlays.CHECKS]  # deploy/kubernetes
MONITORING = monitoring.CHECKS  # deploy/prometheus, deploy/grafana, docs/runbook.md
