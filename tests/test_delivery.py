"""A project goes to production and back: for real but for the cluster.

Image, engine, registry (Debian's docker-registry) and compose are real, and so is the workflow, which act runs. kubectl
is a stand-in that writes down what it is told, keeps a Deployment's revisions, and starts their images with the engine.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from living import Living
from pages import commands, run_page
from servers import commit, make_place, run_on_github
from trial import answered, free_port

from conftest import ROOT
from documents import TREE

pytestmark = [pytest.mark.slow, pytest.mark.docker]

PAGE = "docs/deliver.md"
STAND_IN = ROOT / "tests/kit/delivery/stand_in_kubectl.py"
OVERLAY = "deploy/kubernetes/overlays/production/kustomization.yaml"
ONE_CHECK = "-k without_a_model"  # of `make image-test`, which test_containers runs whole
CONFIG = "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder}}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n"
BROKEN = '"""Fail at each prediction."""\n\nraise RuntimeError("a bug that no test has seen")\n'


@dataclass(frozen=True)
class Production:
    """A service, a registry and a cluster."""

    living: Living
    registry: str  # host, port and team
    tools: Path  # kubectl is there
    state: Path  # of the cluster
    env: dict[str, str]

    def revisions(self) -> list[dict]:
        """Return the revisions of the Deployment; the last one runs."""
        return json.loads((self.state / "cluster.json").read_text(encoding="utf-8"))["revisions"]

    def told(self) -> list[list[str]]:
        """Return what kubectl was told since the last question."""
        lines = (self.state / "log").read_text(encoding="utf-8").splitlines()
        (self.state / "log").unlink()
        return [json.loads(line) for line in lines]

    def try_(self, command: str, **more: str) -> tuple[int, str]:
        """Run a command in the project."""
        path = f"{self.living.path}/.venv/bin:{self.tools}:{self.living.env['PATH']}"
        return self.living.try_(command, **{**self.env, "PATH": path, **more})


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """Run a registry; return its address."""
    program = shutil.which("docker-registry")
    if not program:
        pytest.skip("no docker-registry is installed (Debian's package docker-registry)")
    port, folder = free_port(), tmp_path_factory.mktemp("registry")
    (folder / "config.yml").write_text(CONFIG.format(folder=folder, port=port), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        with subprocess.Popen((program, "serve", folder / "config.yml"), stdout=log, stderr=log) as process:
            assert answered(f"http://127.0.0.1:{port}/v2/", lambda: process.poll() is None, seconds=30)
            yield f"localhost:{port}/team"
            process.terminate()


@pytest.fixture(scope="module")
def production(living, registry, tmp_path_factory):
    """Return a project whose image of before runs in the cluster, and on this machine with compose."""
    if living.try_("docker info")[0] != 0:
        pytest.skip("no container engine answers")
    folder = tmp_path_factory.mktemp("production")
    (folder / "tools").mkdir()
    kubectl = folder / "tools/kubectl"
    kubectl.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN} "$@"\n', encoding="utf-8")
    kubectl.chmod(0o755)
    someone = {f"GIT_{who}_{what}": "ada@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {"STAND_IN_KUBECTL": str(folder), "PYTEST_ADDOPTS": ONE_CHECK, "SERVE_API_KEYS": "k" * 16, **someone}
    env["API_PORT"] = str(free_port())
    made = Production(living, registry, folder / "tools", folder, env)
    with living.borrowed(folder / "before"):
        old = f"{registry}/customer-churn:old"
        living.run(f"make image && docker tag customer-churn {old} && docker push --quiet {old}")
        (digest,) = (each for each in inspected(living, old)["RepoDigests"] if each.startswith(registry))
        before = {"image": digest, "revision": 1}
        (folder / "cluster.json").write_text(json.dumps({"engine": True, "revisions": [before]}), encoding="utf-8")
        try:
            living.run("docker compose up --detach --no-build api", **env)
            yield made
        finally:
            living.run("docker compose down --volumes", **env)
            if started := json.loads((folder / "cluster.json").read_text(encoding="utf-8")).get("container"):
                living.run(f"docker rm --force {started}")


def inspected(living: Living, *words: str) -> dict:
    """Return what the engine knows of an image or a container."""
    return json.loads(living.run(f"docker inspect {' '.join(words)}"))[0]


def page_of(production: Production) -> str:
    """Return the page's commands, with this registry and this machine in the place of the page's."""
    typed = commands((production.living.path / PAGE).read_text(encoding="utf-8"))
    for theirs, ours in {"registry.example.com/team": production.registry, "ssh://ada@vm.example.com": "local"}.items():
        assert theirs in typed
        typed = typed.replace(theirs, ours)
    return typed


def test_the_page_leads_to_production_and_back(production, monkeypatch):
    for name, value in production.env.items():
        monkeypatch.setenv(name, value)
    living, (first, *_) = production.living, [each["image"] for each in production.revisions()]
    code, said = run_page(page_of(production), living.path, "", f"{production.tools}:{living.python}")
    assert code == 0, said[-6000:]
    assert said.count("delivered: ") == 2 and said.count('{"model_version": ') == 4
    kinds = [words[1] for words in production.told() if words[1] in ("apply", "exec", "rollout")]
    assert kinds == ["apply", "rollout", "exec", "rollout", "rollout", "exec"]
    new, old = production.revisions()
    assert old == {"image": first, "revision": 3} and new["change-cause"].endswith(new["image"])
    name, _, digest = first.partition("@")
    assert new["image"].startswith(f"{name}@sha256:")
    entries = yaml.safe_load((living.path / OVERLAY).read_text(encoding="utf-8"))["images"]
    assert entries == [{"name": "customer-churn", "newName": name, "digest": digest}]


def test_compose_is_back_at_what_ran_and_knows_the_image_that_was_delivered(production):
    """After the page's section on one machine; the labels of the image say what it is made of."""
    living = production.living
    config = inspected(living, "$(docker compose ps --quiet api)")["Config"]
    delivered = config["Labels"]["mlservice.previous-image"]
    assert config["Image"] == "customer-churn" and "/customer-churn@sha256:" in delivered
    labels = inspected(living, delivered)["Config"]["Labels"]
    assert labels["org.opencontainers.image.revision"] == living.run("git rev-parse HEAD").strip()
    manifest = json.loads((living.path / "models/current/manifest.json").read_text(encoding="utf-8"))
    assert labels["mlservice.model-version"] == manifest["model_version"]


def test_the_workflow_delivers_by_hand(production, render, tmp_path):
    """Act runs it; `make deliver` is the project's own, what comes before it is recorded."""
    place = make_place(tmp_path)
    path = f"{production.tools}:{production.living.env['PATH']}"
    kept = " ".join(f"{name}='{value}'" for name, value in production.env.items())
    (place.clone / "Makefile").write_text(
        f"setup test design:\n\t@echo $@ >> {place.log}\n"
        f"deliver:\n\t@cd {production.living.path} && env PATH='{path}' {kept} make deliver\n",
        encoding="utf-8",
    )
    commit(place, render(ci="github").folder / ".github")
    given = ["--input", "target=deliver", "--input", "overlay=production", "--var", f"REGISTRY={production.registry}"]
    given += ["--var", "REGISTRY_USER=ada", "--secret", "REGISTRY_PASSWORD=hidden", "--secret", "KUBE_CONFIG=text"]
    code, said = run_on_github(place, "deliver", tmp_path / "act", "workflow_dispatch", *given)
    assert code == 0, said[-6000:]
    assert place.told().split() == ["setup", "test", "design"]
    image = production.revisions()[-1]["image"]
    assert "delivered: " in said and image in said and "hidden" not in said
    assert [words[1] for words in production.told()][-2:] == ["exec", "annotate"]


def test_what_does_not_serve_in_production_is_rolled_back(production):
    """The image passes the tests that it has, and fails where it is started."""
    living, before = production.living, production.revisions()[-1]["image"]
    living.run("git add --all && git commit --quiet --no-verify --message=Delivered || true", **production.env)
    overlay = (living.path / OVERLAY).read_bytes()
    (living.path / "src/customer_churn/serve.py").write_text(BROKEN, encoding="utf-8")
    living.run("git commit --quiet --no-verify --all --message=Bug && make image", **production.env)
    code, said = production.try_("python -m mlservice.delivery --image customer-churn deliver", ROLLOUT_SECONDS="20")
    assert code == 1 and "Traceback" not in said
    assert said.splitlines()[-1].startswith("error: not delivered: the rollout does not finish: ")
    assert said.splitlines()[-1].endswith(f"{before} serves again")
    assert production.revisions()[-1]["image"] == before
    assert (living.path / OVERLAY).read_bytes() == overlay


def test_the_page_is_the_rendered_one(render):
    """Both vendors have it; every variable of its table is one that the library reads."""
    settings = "".join(path.read_text(encoding="utf-8") for path in (TREE / "kit/mlservice/delivery").glob("*.py"))
    for vendor, own in (("github", "`KUBE_CONFIG`"), ("gitlab", "`KUBECONFIG`")):
        page = render(ci=vendor).read(PAGE)
        assert own in page.partition("## From CI")[2]
        rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
        assert all(name.strip(" `") in settings for row in rows for name in row.split(","))
