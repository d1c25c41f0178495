"""Changes of deployment files, each of which a check of mlservice.testing.manifests must find."""

BASE, PRODUCTION = "deploy/kubernetes/base", "deploy/kubernetes/overlays/production/kustomization.yaml"
POD, CONFIG = f"{BASE}/deployment.yaml", f"{BASE}/kustomization.yaml"
ALERTS, SCRAPE, RUNBOOK = "deploy/prometheus/alerts.yml", "deploy/prometheus/prometheus.yml", "docs/runbook.md"
DASHBOARD = "deploy/grafana/service.json"
EGRESS = "egress: [{ports: [{port: 53}]}]"
PATCH = """  - target: {kind: Deployment}
    patch: |-
      - {op: add, path: /spec/template/spec/containers/0/%s, value: true}
"""
OTHER = '- secretRef:\n                name: "other-keys"'
KEY = "                  key: SERVE_API_KEYS\n"

# check: what breaks it, each as (file, text, its replacement)
BREAKS = {
    "manifests_are_valid": [
        (POD, "terminationGracePeriodSeconds: 30", "terminationGracePeriod: 30"),
        (POD, "containerPort: 8000", "containerPort: eight"),
        (f"{BASE}/service.yaml", "apiVersion: v1", "apiVersion: v9"),
    ],
    "probes_request_existing_routes": [
        (POD, "path: /readyz", "path: /ready"),
        (POD, "path: /healthz", "path: /readyz"),
    ],
    "ports_are_the_port_of_the_image": [
        (POD, "containerPort: 8000", "containerPort: 8080"),
        (f"{BASE}/network-policy.yaml", "port: 8000", "port: 80"),
        (f"{BASE}/service.yaml", "targetPort: http", "targetPort: web"),
        (POD, "path: /readyz, port: http", "path: /readyz, port: 8001"),
        (CONFIG, "SERVE_LOG_LEVEL=INFO", "SERVE_PORT=8000"),
        ("Dockerfile", "SERVE_PORT=8000", "SERVE_PORT=8001"),
    ],
    "variables_are_settings_of_the_service": [
        (CONFIG, "SERVE_LOG_LEVEL", "SERVE_LOGLEVEL"),
        (CONFIG, "SERVE_LOG_LEVEL", "LOG_LEVEL"),
        (CONFIG, "SERVE_LOG_LEVEL=INFO", "SERVE_LOG_LEVEL=LOUD"),
    ],
    "pods_are_killed_after_the_grace_period": [
        (POD, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 25"),
        (CONFIG, "SERVE_GRACE_SECONDS=20", "SERVE_GRACE_SECONDS=25"),
        (CONFIG, "      - SERVE_DRAIN_SECONDS=5", "      #"),
    ],
    "selectors_match_the_pods": [
        (f"{BASE}/{name}.yaml", "app.kubernetes.io/name: ", "app.kubernetes.io/part: ")
        for name in ("service", "disruption-budget", "network-policy")
    ]
    + [(POD, "labelSelector: *pods", "labelSelector: {matchLabels: {}}")],
    "autoscaler_scales_the_deployment": [
        (f"{BASE}/autoscaler.yaml", "kind: Deployment", "kind: StatefulSet"),
        (POD, "  strategy:", "  replicas: 2\n  strategy:"),
    ],
    "pods_have_no_more_rights_than_the_image": [
        ("Dockerfile", "USER 10001:10001", "USER 10002:10002"),
        (POD, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
        (POD, "drop: [ALL]", "drop: [NET_RAW]"),
        (POD, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        (POD, "enableServiceLinks: false", "enableServiceLinks: true"),
        (f"{BASE}/network-policy.yaml", "egress: []", EGRESS),
    ],
    "secrets_are_required": [
        (POD, KEY, f"{KEY}                  optional: true\n"),
        (POD, "- name: SERVE_API_KEYS", "- name: SERVE_API_KEY"),
        (POD, '- secretRef: # SERVE_ADMIN_KEYS, if it is there\n                name: "NAME-keys"', OTHER),
    ],
    "image_is_tested_with_these_rights_and_limits": [
        (POD, "memory: 256Mi # the limit", "memory: 128Mi # the limit"),
    ],
    "kustomizations_name_the_existing_files": [
        (CONFIG, "  - service.yaml\n", ""),
        (CONFIG, "  - service.yaml\n", "  - services.yaml\n"),
        (PRODUCTION, "  - ../../base", "  - ../base"),
    ],
    "overlays_are_valid_and_complete": [
        (CONFIG, "  - service.yaml\n", ""),
        (PRODUCTION, "value: 10", "value: ten"),
    ],
    "overlays_set_a_tag_and_the_settings": [
        (PRODUCTION, 'newTag: "0.1.0"', 'newTag: "latest"'),
        (PRODUCTION, "newTag:", "newName: another\n    newTag:"),
        (PRODUCTION, "patches:", "patches:\n" + PATCH % "env/0/valueFrom/secretKeyRef/optional"),
        (PRODUCTION, "patches:", "patches:\n" + (PATCH % "envFrom/1/secretRef/optional").replace("true", "false")),
        (PRODUCTION, "patches:", "configMapGenerator: [{name: NAME, behavior: merge, literals: [A=1]}]\npatches:"),
    ],
    "overlays_have_their_own_namespace_and_range": [
        (PRODUCTION, "namespace: NAME-production", "namespace: NAME-staging"),
        (PRODUCTION, "value: 10", "value: 3"),
        (PRODUCTION, "kind: HorizontalPodAutoscaler", "kind: Autoscaler"),
    ],
    "queries_find_exported_series": [
        (ALERTS, "http_requests_total{route", "http_request_total{route"),
        (ALERTS, 'status="422"', 'status="423"'),
        (ALERTS, 'status=~"5.."', 'status=~"6.."'),
        (ALERTS, "count by (version)", "count by (model)"),
        (ALERTS, "expr: sum(rate(http_requests_total", "expr: sum(1) + sum(rate(http_request_total"),
        (DASHBOARD, "predictions_total", "prediction_total"),
    ],
    "recorded_shares_keep_the_label": [(ALERTS, "expr: sum by (label)", "expr: sum by (version)")],
    "alerts_are_those_of_the_runbook": [
        (ALERTS, "[5m]))) > 0.05", "[5m]))) > 0.5"),
        (RUNBOOK, "| errors |", "| faults |"),
        (ALERTS, "for: 1m", "for: 2m"),
        (RUNBOOK, "| [Slow](#slow) |", "| see below |"),
    ],
    "alerts_have_a_summary_and_a_runbook_section": [
        (RUNBOOK, "## Not ready", "## Unready"),
        (ALERTS, "summary: over 1 % of the answers are errors", 'summary: ""'),
    ],
    "prometheus_scrapes_the_service": [
        (SCRAPE, "job_name: ", "metrics_path: /metric\n    job_name: "),
        (SCRAPE, "api:8000", "api:8001"),
        (SCRAPE, "api:8000", "mlflow:8000"),
        (SCRAPE, "static_configs:", "dns_sd_configs: [{names: [api], type: A, port: 8000}]\n    static_configs:"),
        (SCRAPE, 'job_name: "NAME"', 'job_name: "other"'),
        (SCRAPE, "[alerts.yml]", "[alert.yml]"),
        ("Dockerfile", "SERVE_PORT=8000", "SERVE_PORT=8001"),
    ],
    "panels_use_the_provisioned_datasource": [("deploy/grafana/datasource.yaml", "uid: ", "uid: another-")],
    "panels_have_unique_ids_and_positions": [
        (DASHBOARD, '"id": 2,', '"id": 1,'),
        (DASHBOARD, '"w": 12', '"w": 24'),
        (DASHBOARD, '"y": 8', '"y": 9'),
    ],
    "legends_show_labels_of_the_query": [(DASHBOARD, "{{version}}", "{{model}}")],
}
