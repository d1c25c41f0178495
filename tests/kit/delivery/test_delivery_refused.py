"""What is in the way of a delivery is one sentence, before anything is built."""

import shutil
import subprocess
from pathlib import Path

import pytest
from delivery_place import command, git

from mlservice.delivery import registry, source
from mlservice.delivery.overlay import Overlay, with_image
from mlservice.errors import UserError

GOOD = {"REGISTRY": "registry.example.com/team"}
IMAGE = "r.example/toy@sha256:1"


def check(**more):
    """Run the check; return exit code and what is said on stderr."""
    code, _, said = command("check", **more)
    return code, said


REFUSED = {
    "no registry": ({}, "no registry is named to push toy to: REGISTRY=registry.example.com/team"),
    "an address": ({"REGISTRY": "https://r.example"}, "https://r.example is no registry: it must be like"),
    "no overlay": (GOOD | {"OVERLAY": "prod"}, "prod/kustomization.yaml: set OVERLAY to production, or COMPOSE_HOST"),
    "no time": (GOOD | {"ROLLOUT_SECONDS": "soon"}, "ROLLOUT_SECONDS must be a number from 1, not soon"),
    "no scheme": (GOOD | {"COMPOSE_HOST": "vm"}, "COMPOSE_HOST must be local, or an address like ssh://user@vm"),
    "no kubectl": (GOOD, "kubectl is not installed, and is needed here"),
}


@pytest.mark.usefixtures("project", "docker")
@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_setting_is_one_sentence(name, tmp_path_factory):
    more, told = REFUSED[name]
    tools = tmp_path_factory.mktemp("path")
    (tools / "git").symlink_to(shutil.which("git"))
    code, said = check(PATH=str(tools), **more)
    assert code == 1 and len(said.splitlines()) == 1 and said.startswith("error: ") and told in said


@pytest.mark.usefixtures("project", "kubectl")
def test_what_is_not_committed_is_named():
    for name in ("a.py", "b.py", "c.py", "d.py"):
        Path(name).touch()
    code, said = check(**GOOD)
    assert code == 1 and "commit or stash what is not committed: a.py, b.py, c.py and 1 more" in said
    for name in ("a.py", "b.py", "c.py", "d.py"):
        Path(name).unlink()
    overlay = Path("deploy/kubernetes/overlays/production/kustomization.yaml")
    overlay.write_text(overlay.read_text("utf-8") + "# mine\n", "utf-8")
    assert check(**GOOD)[0] == 0, "what a delivery writes is no part of the image"


@pytest.mark.usefixtures("kubectl")
def test_a_folder_without_a_commit_is_named(project):
    subprocess.run(("rm", "-rf", project / ".git"), check=True)
    code, said = check(**GOOD)
    assert code == 1 and "there is no commit here" in said


@pytest.mark.usefixtures("project", "kubectl")
def test_a_model_that_no_commit_names_is_not_delivered():
    Path("dvc.yaml").write_text("stages: {}\n", "utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message=DVC")
    code, said = check(**GOOD)
    assert code == 1 and "no model is committed: `make pipeline`, then commit dvc.lock" in said


@pytest.mark.usefixtures("project")
def test_a_model_that_cannot_be_fetched_is_not_made_anew(monkeypatch):
    Path("dvc.yaml").touch()
    Path("dvc.lock").touch()
    tried = []
    monkeypatch.setattr(source, "succeeds", lambda *words: tried.append(words[:2]))
    with pytest.raises(UserError, match="models/current is not the model that dvc.lock names, and DVC cannot fetch"):
        source.require_model()
    assert tried == [("dvc", "checkout"), ("dvc", "pull")]


@pytest.mark.usefixtures("project")
def test_labels_name_commit_version_and_model():
    head = subprocess.run(("git", "rev-parse", "HEAD"), capture_output=True, text=True, check=True).stdout.strip()
    git("tag", "v1.2.0")
    own = "org.opencontainers.image"
    assert source.labels() == [f"{own}.revision={head}", f"{own}.version=v1.2.0", "mlservice.model-version=m7"]
    Path("new.py").touch()
    assert source.labels()[:2] == [f"{own}.revision={head}-dirty", f"{own}.version=v1.2.0-dirty"]
    subprocess.run(("rm", "-rf", ".git", "models"), check=True)
    assert source.labels() == []


@pytest.mark.parametrize(
    ("image", "named", "expected"),
    [
        ("toy", "ghcr.io/ACME", "ghcr.io/acme/toy"),
        ("toy", "localhost:5000/", "localhost:5000/toy"),
        ("r.example/team/toy", "", "r.example/team/toy"),
        ("r.example/team/toy", "other.example", "other.example/toy"),
    ],
)
def test_the_repository_is_the_registry_s_name_and_the_image_s(image, named, expected):
    assert registry.repository(image, named) == expected


@pytest.mark.parametrize(("user", "password"), [("ada", ""), ("", "hidden")])
def test_half_of_a_login_is_refused(user, password):
    with pytest.raises(UserError, match="REGISTRY_USER and REGISTRY_PASSWORD belong together"):
        registry.log_in("r.example/toy", user, password)


OVERLAYS = {
    "no images": (
        "kind: K\n",
        'kind: K\n\nimages:\n  - name: "toy"\n    newName: "r.example/toy"\n    digest: "sha256:1"\n',
    ),
    "empty": ("", '\n\nimages:\n  - name: "toy"\n    newName: "r.example/toy"\n    digest: "sha256:1"\n'),
    "one of two": (
        "images:\n- {name: other, newTag: '1'}\n- {name: toy, newTag: '1'} # mine\nkind: K\n",
        "images:\n- {name: other, newTag: '1'}\n"
        '- {name: "toy", newName: "r.example/toy", digest: "sha256:1"} # mine\nkind: K\n',
    ),
    "before another": (
        "images:\n- newTag: '1'\n  name: toy\n# of the other\n- name: other\n  newTag: '2'\n",
        'images:\n- name: "toy"\n  newName: "r.example/toy"\n  digest: "sha256:1"\n'
        "# of the other\n- name: other\n  newTag: '2'\n",
    ),
    "no last line end": (
        "images:\n  - name: toy",
        'images:\n  - name: "toy"\n    newName: "r.example/toy"\n    digest: "sha256:1"\n',
    ),
}


@pytest.mark.parametrize("name", OVERLAYS)
def test_only_the_image_s_entry_of_an_overlay_changes(name):
    before, after = OVERLAYS[name]
    assert with_image(before, "toy", IMAGE) == after
    assert with_image(after, "toy", IMAGE) == after


@pytest.mark.parametrize(
    ("image", "pair"),
    [("h:5000/toy:1.0", '"h:5000/toy"\n  newTag: "1.0"'), ("h:5000/toy", '"h:5000/toy"\n  newTag: "latest"')],
)
def test_a_tag_is_set_as_a_tag(image, pair):
    assert pair in with_image("images:\n- name: toy\n", "toy", image)


@pytest.mark.usefixtures("project")
def test_an_overlay_without_the_image_is_refused():
    with pytest.raises(UserError, match="the overlay has no image toy under images: add it there"):
        with_image("images: [{name: other}]\n", "toy", IMAGE)
    assert Overlay("production").new_name() == ""
