"""A delivery to one machine with compose, and the way back, with a stand-in for docker."""

import pytest
from delivery_place import DIGESTS

from mlservice.delivery import steps
from mlservice.delivery.compose import Machine
from mlservice.errors import UserError

A, B, C = DIGESTS.values()
HOST = "ssh://ada@vm.example.com"


@pytest.fixture
def machine(project, docker):
    """The machine, on which nothing runs."""
    assert project.is_dir() and not docker.log()
    return Machine(HOST, 5)


def running(docker):
    """Return image and labels of the container that runs."""
    config = docker.kept()["container"]["Config"]
    return config["Image"], config["Labels"]["mlservice.previous-image"]


def test_an_image_is_pulled_started_and_asked_on_that_machine(machine, docker):
    assert '"model_version": "m7"' in steps.deliver(machine, A, f"v1 {A}")
    assert running(docker) == (A, "")
    up = ["up", "--detach", "--wait", "--no-build", "--no-deps", "--wait-timeout", "5", "api"]
    told = [words for words, _, _ in docker.log()]
    assert [["pull", "--quiet", A], ["compose", "--file", "compose.yaml", "--file", "-", *up]] == told[1:3]
    assert {host for _, host, _ in docker.log()} == {HOST}


@pytest.mark.parametrize("fault", ["broken", "silent"])
def test_a_failed_delivery_rolls_back_by_itself(fault, machine, docker):
    for image in (A, B):
        steps.deliver(machine, image, f"v1 {image}")
    docker.set(**{fault: [C]})
    with pytest.raises(UserError, match=f"^not delivered: .*; {B} serves again$"):
        steps.deliver(machine, C, f"v3 {C}")
    assert running(docker) == (B, A), "and the way back from it is as before"


def test_a_rollback_by_hand_goes_one_back_or_to_a_version(machine, docker):
    for image in (A, B):
        steps.deliver(machine, image, f"v1 {image}")
    steps.deliver(machine, B, f"v1 {B}")  # again: it is no way back to itself
    steps.roll_back(machine, "")
    assert running(docker) == (A, B)
    steps.roll_back(machine, C.partition("@")[2])
    assert running(docker) == (C, A)
    steps.roll_back(machine, "v1.2.0")
    assert running(docker) == (f"{C.partition('@')[0]}:v1.2.0", C)


def test_a_rollback_without_a_way_back_says_so(machine):
    with pytest.raises(UserError, match=f"nothing runs in {HOST}"):
        steps.roll_back(machine, "")
    steps.deliver(machine, A, f"v1 {A}")
    with pytest.raises(UserError, match=f"no image ran on {HOST} before this one: name it, TO="):
        steps.roll_back(machine, "")


def test_an_image_that_cannot_be_pulled_leaves_what_runs(machine, docker):
    steps.deliver(machine, A, f"v1 {A}")
    docker.set(refuses={"pull": "manifest unknown"})
    with pytest.raises(UserError, match="`docker pull --quiet .*` failed: manifest unknown"):
        steps.deliver(machine, B, f"v2 {B}")
    assert running(docker)[0] == A


def test_settings_of_compose_s_own_override_hold(project, machine, docker):
    (project / "compose.override.yaml").write_text("services: {}\n", "utf-8")
    steps.deliver(machine, A, f"v1 {A}")
    assert all("compose.override.yaml" in words for words, _, _ in docker.log() if words[0] == "compose")


def test_a_project_without_compose_yaml_says_so(project, docker):
    (project / "compose.yaml").unlink()
    with pytest.raises(UserError, match="there is no compose.yaml to start the service with"):
        Machine("local", 5)
    assert docker.log() == []
