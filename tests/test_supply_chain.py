"""What a service is made of, which secrets are in it, and which of its packages are known to be vulnerable."""

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from local_index import PROXIES, served
from packaging.utils import canonicalize_name

from pages import has_engine

pytestmark = pytest.mark.slow

# Invented; in two pieces each, so that no scanner takes this file for a leak.
SECRETS = {
    "notes.md": "the key is AKIA" + "QYLPMN5HFIQR7XYA",
    "settings.yaml": "database_password: hunter2" + "correct-horse",
    "service.env": "SERVE_API_KEYS=8c1b6a0a7f5d4e3c2b1a09f8" + "e7d6c5b4a39281706f5e4d3c",
    "url.txt": "postgresql://ml:hunter2" + "secret@db.example.com/prod",
    "token.json": '{"token": "ghp_' + '16C7e42F292c6912E7710c838347Ae178B4a"}',
    "key.pem": "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEow",
}
COMMIT = "git -c user.name=t -c user.email=t@example.com commit --quiet"


@pytest.fixture
def closed():
    """Return an environment in which nothing on the web is reached; afterwards nobody has tried."""
    with served(None) as proxy:
        yield dict.fromkeys(PROXIES, proxy.address) | {"NO_PROXY": "127.0.0.1", "UV_OFFLINE": "1"}
        assert not proxy.asked


# What CycloneDX's own library says of a list.
VALIDATE = """
import sys; from cyclonedx.schema import SchemaVersion; from cyclonedx.validation.json import JsonStrictValidator
print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read()) or "valid")
"""


def test_sbom_lists_the_environment(living, closed):
    said = living.run("make sbom", DOCKER_HOST="unix:///nowhere/docker.sock", **closed)
    found = json.loads((living.path / "dist/environment.cdx.json").read_text(encoding="utf-8"))
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    pins = living.run("uv pip freeze --exclude-editable").split()
    listed = {(canonicalize_name(each["name"]), each["version"]) for each in found["components"] if "purl" in each}
    assert {(canonicalize_name(name), version) for name, version in (pin.split("==") for pin in pins)} <= listed
    assert found["metadata"]["component"]["name"] == "customer-churn"
    (root,) = (each for each in found["dependencies"] if each["ref"] == "root-component")
    assert root["dependsOn"], "the project depends on nothing"
    assert "'make image' first" in said and not (living.path / "dist/image.cdx.json").exists()


@pytest.mark.docker
def test_sbom_lists_the_image(living, closed):
    if not has_engine():
        pytest.skip("no container engine answers")
    living.run("make image")
    living.run("make sbom", **closed)
    found = json.loads((living.path / "dist/image.cdx.json").read_text(encoding="utf-8"))
    kinds: dict[str, set[str]] = {}
    for each in found["components"]:
        kinds.setdefault(each.get("purl", each["type"]).partition("/")[0], set()).add(each["name"].lower())
    assert {"onnxruntime", "fastapi", "numpy"} <= kinds["pkg:pypi"] and "mlflow" not in kinds["pkg:pypi"]
    assert {"libc6", "libssl3"} <= kinds["pkg:deb"] and "python" in kinds["pkg:generic"]
    assert "mlservice" in kinds["library"]
    assert living.run(f"python -c '{VALIDATE}' dist/image.cdx.json").strip() == "valid"
    manifest = json.loads((living.path / "models/current/manifest.json").read_text(encoding="utf-8"))
    (model,) = (each for each in found["components"] if each["type"] == "machine-learning-model")
    assert (model["version"], model["hashes"][0]["content"]) == (manifest["model_version"], manifest["sha256"])
    assert living.run("docker ps --all --quiet --filter ancestor=customer-churn --filter status=created") == ""


def test_a_secret_is_not_committed(living, closed, tmp_path):
    with living.borrowed(tmp_path / "before"):
        living.run(f"git add --all && {COMMIT} --no-verify --message 'Before' && pre-commit install")
        living.run("pre-commit run secrets --all-files", **closed)  # hashes of DVC and of reports are none
        for name, text in SECRETS.items():
            (living.path / name).write_text(f"{text}\n", encoding="utf-8")
        code, said = living.try_(f"git add --force {' '.join(SECRETS)} && {COMMIT} --message 'Leak'", **closed)
        assert code != 0 and living.run("git log -1 --format=%s").strip() == "Before"
        assert [name for name in SECRETS if name not in said] == []
        assert [text for text in SECRETS.values() if text in said] == []  # no log of a CI holds it
        allowed = f"{SECRETS['settings.yaml']} # pragma: allowlist secret\n"
        (living.path / "settings.yaml").write_text(allowed, encoding="utf-8")
        living.run(f"git reset --quiet && git add settings.yaml && {COMMIT} --message 'An example'", **closed)


@contextmanager
def advisories(*vulnerable: str):
    """Answer as osv.dev does: these packages have an advisory; yield the address, and who was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        """One database."""

        def do_POST(self):  # pylint: disable=invalid-name # as http.server wants it
            """Answer for one package."""
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(query["package"]["name"])
            events = [{"introduced": "0"}, {"fixed": "99.1"}]
            affected = {"package": query["package"], "ranges": [{"type": "ECOSYSTEM", "events": events}]}
            found = {"id": "GHSA-made-up", "aliases": ["CVE-2026-1"], "affected": [affected], "summary": "a hole"}
            body = json.dumps({"vulns": [found]} if asked[-1] in vulnerable else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):  # pylint: disable=arguments-differ
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
        finally:
            server.shutdown()


def test_audit_names_a_vulnerable_pin(living):
    with advisories("jinja2") as (address, asked):
        code, said = living.try_(f"make audit ADVISORIES={address}")
        (found,) = (line for line in said.splitlines() if line.startswith("jinja2 "))
        assert code != 0 and "make lock ONLY=" in said
        assert {"GHSA-made-up", "CVE-2026-1", "fixed in 99.1"} <= set(re.split("[:,;] ", found))
        assert {"onnxruntime", "mlflow", "pytest"} <= set(asked)
        with living.changed("pyproject.toml", "ignore = []", 'ignore = ["CVE-2026-1"]'):
            assert "without a known vulnerability" in living.run(f"make audit ADVISORIES={address}")


def test_audit_says_when_nobody_can_be_asked(living):
    code, said = living.try_("make audit ADVISORIES=http://127.0.0.1:9/v1/query")
    assert code != 0 and "nothing is checked: http://127.0.0.1:9" in said and "Traceback" not in said


def test_audit_is_no_part_of_ci(living):
    """An advisory of last night must not turn a commit red that was green."""
    assert "tools.audit" not in living.run("make --dry-run ci")
