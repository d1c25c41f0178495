"""A delivery to a cluster, and the way back, with a stand-in for kubectl that writes down what it is told."""

import os
from pathlib import Path

import pytest
import yaml
from delivery_place import DIGESTS, OVERLAY, command, git

from mlservice.delivery import steps
from mlservice.delivery.kubernetes import Cluster
from mlservice.delivery.overlay import Overlay
from mlservice.errors import UserError

FILE = Path("deploy/kubernetes/overlays/production/kustomization.yaml")
A, B, C = DIGESTS.values()
KUBECTL = """#!/bin/sh
[ "$(cat "$KUBECONFIG")" = secret-text ] && [ -z "$KUBE_CONFIG" ] && stat -c %a "$(dirname "$KUBECONFIG")" >&2
exit 1
"""
ANSWER = '{"model_version": "m7", "prediction": {"label": "yes"}}'


@pytest.fixture
def cluster(project, kubectl):
    """The Deployment of the overlay, on which nothing runs."""
    assert project == Path.cwd() and not kubectl.log()
    return Cluster(Overlay("production"), 5)


def deliver(image, version="v1"):
    """Deliver an image as a command of its own would: it reads the overlay anew."""
    return steps.deliver(Cluster(Overlay("production"), 5), image, f"{version} {image}")


def roll_back(wanted=""):
    """Roll back as a command of its own would."""
    return steps.roll_back(Cluster(Overlay("production"), 5), wanted)


def entry():
    """Return what the overlay says of the image."""
    return yaml.safe_load(FILE.read_text("utf-8"))["images"]


def commands(kubectl):
    """Return the commands that change something or ask the service, without their options."""
    told = [[word for word in words if not word.startswith("--")] for words in kubectl.log()]
    return [words for words in told if words[0] != "get"]


def running(kubectl):
    """Return the image that runs."""
    return kubectl.kept()["revisions"][-1]["image"]


@pytest.mark.usefixtures("cluster")
def test_an_image_is_set_applied_waited_for_and_asked(kubectl):
    assert deliver(A) == ANSWER
    assert entry() == [{"name": "toy", "newName": A.partition("@")[0], "digest": A.partition("@")[2]}]
    assert FILE.read_text("utf-8").partition("images:")[0] == OVERLAY.partition("images:")[0]
    assert FILE.read_text("utf-8").endswith(OVERLAY[OVERLAY.index("\npatches: #") :])
    assert commands(kubectl) == [
        ["apply", "deploy/kubernetes/overlays/production"],
        ["annotate", "deployment/toy", f"kubernetes.io/change-cause=not checked: v1 {A}"],
        ["rollout", "status", "deployment/toy"],
        ["exec", "new", "api", "python", "-"],
        ["annotate", "deployment/toy", f"kubernetes.io/change-cause=v1 {A}"],
    ]
    assert all(words[0] == "--namespace=toy-production" for words in kubectl.log())


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("broken", "the rollout does not finish: .*timed out.*ImagePullBackOff: cannot pull"),
        ("silent", "the service does not answer"),
    ],
)
@pytest.mark.usefixtures("cluster")
def test_a_failed_delivery_rolls_back_by_itself(fault, reason, kubectl):
    deliver(A)
    before = FILE.read_text("utf-8")
    kubectl.set(**{fault: [B]})
    with pytest.raises(UserError, match=f"^not delivered: .*{reason}.*; {A} serves again$"):
        deliver(B)
    assert running(kubectl) == A and FILE.read_text("utf-8") == before
    assert commands(kubectl)[-3:] == [
        ["rollout", "undo", "deployment/toy"],
        ["rollout", "status", "deployment/toy"],
        ["exec", "new", "api", "python", "-"],
    ]


@pytest.mark.usefixtures("cluster")
def test_a_delivery_that_is_interrupted_rolls_back(kubectl, monkeypatch):
    deliver(A)
    with monkeypatch.context() as patch:
        asked = iter((KeyboardInterrupt, None))
        patch.setattr(Cluster, "request_prediction", lambda *_: (stop := next(asked)) and (_ for _ in ()).throw(stop))
        with pytest.raises(UserError, match=f"it was interrupted; {A} serves again"):
            deliver(B)
    assert running(kubectl) == A


@pytest.mark.usefixtures("cluster")
def test_what_the_cluster_refuses_changes_nothing(kubectl):
    deliver(A)
    kubectl.set(refuses='Error from server (Forbidden): "toy" is forbidden')
    with pytest.raises(UserError, match='not delivered: .*"toy" is forbidden; .* serves again'):
        deliver(B)
    assert running(kubectl) == A and len(kubectl.kept()["revisions"]) == 1


@pytest.mark.usefixtures("cluster")
def test_a_first_delivery_that_fails_has_nothing_to_go_back_to(kubectl):
    kubectl.set(broken=[A])
    with pytest.raises(UserError, match="^not delivered: .*; nothing ran there before$"):
        deliver(A)
    assert FILE.read_text("utf-8") == OVERLAY
    assert not [words for words in commands(kubectl) if "undo" in words]


@pytest.mark.usefixtures("cluster")
def test_where_the_way_back_fails_too_both_reasons_are_told(kubectl):
    deliver(A)
    kubectl.set(broken=[A, B])
    with pytest.raises(UserError, match=f"not delivered: .*{B}.*; and {A}, which ran before, does not serve: .*TO="):
        deliver(B)


@pytest.mark.usefixtures("cluster")
def test_a_rollback_by_hand_skips_what_failed(kubectl):
    deliver(A)
    deliver(B, "v2")
    kubectl.set(silent=[C])
    with pytest.raises(UserError):
        deliver(C, "v3")
    assert roll_back() == ANSWER
    assert running(kubectl) == A
    assert entry()[0]["digest"] == A.partition("@")[2]
    roll_back()  # and forth again
    assert running(kubectl) == B


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("wanted", [A, A.partition("@")[2], "v1"])
def test_a_rollback_may_name_an_image_its_digest_or_its_version(wanted, kubectl):
    for number, image in enumerate((A, B, C), 1):
        deliver(image, f"v{number}")
    roll_back(wanted)
    assert running(kubectl) == A


@pytest.mark.usefixtures("cluster")
def test_a_rollback_without_a_way_back_says_so():
    with pytest.raises(UserError, match="nothing runs in production .namespace toy-production.: there is no way back"):
        roll_back()
    deliver(A)
    with pytest.raises(UserError, match=f"keeps no revision with another image, only: {A}"):
        roll_back()
    with pytest.raises(UserError, match="keeps no revision with v9, only: "):
        roll_back("v9")


@pytest.mark.usefixtures("cluster")
def test_the_command_pushes_what_was_built_and_delivers_it_by_digest(docker, kubectl):
    git("tag", "v1.2.0")
    env = {"REGISTRY": "registry.example.com/Team", "REGISTRY_USER": "ada", "REGISTRY_PASSWORD": "hidden"}
    code, said, _ = command("deliver", **env)
    assert code == 0 and f"delivered: v1.2.0, {B}" in said and str(FILE) in said and "hidden" not in said
    name = "registry.example.com/team/toy:v1.2.0"
    login = ["login", "registry.example.com", "--username", "ada", "--password-stdin"]
    assert docker.log()[:3] == [
        [login, "", "hidden"],
        [["tag", "toy", name], "", ""],
        [["push", "--quiet", name], "", ""],
    ]
    assert running(kubectl) == B
    assert command("deliver")[0] == 0, "the overlay names the registry now, and is no change of the image"


@pytest.mark.usefixtures("cluster")
def test_a_check_comes_before_the_image_is_built(docker, kubectl):
    code, said, _ = command("check", REGISTRY="registry.example.com/team")
    assert code == 0 and "to deliver: " in said and "running: nothing" in said
    assert docker.log() == [] and commands(kubectl) == []


@pytest.mark.usefixtures("cluster")
def test_the_configuration_of_kubectl_may_be_a_secret_s_text(tmp_path):
    tool = tmp_path / "bin/kubectl"
    tool.parent.mkdir()
    tool.write_text(KUBECTL)
    tool.chmod(0o755)
    path = f"{tool.parent}:{os.environ['PATH']}"
    git("add", "--all")
    git("commit", "--quiet", "--message=bin")
    code, _, said = command("check", REGISTRY="r.example", KUBE_CONFIG="secret-text", PATH=path)
    assert code == 1 and said.strip().endswith("700"), "kubectl found the text in a private file"
