"""Make targets ask this machine directly where a proxy for the outside is set."""

import os
import subprocess
import urllib.request

import pytest

from conftest import ROOT

LOCAL = {"localhost", "127.0.0.1", "::1"}
SHOW = ('--eval=show: ; @printf "%s\\n" "$$NO_PROXY" "$$no_proxy"', "show")
GIVEN = [
    ({}, set()),
    ({"NO_PROXY": "a.example,.b"}, {"a.example", ".b"}),
    ({"no_proxy": "a", "NO_PROXY": "b"}, {"a", "b"}),
]


def shown(folder, given: dict[str, str]) -> list[str]:
    """Return NO_PROXY and no_proxy of a recipe, where the caller has these."""
    kept = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
    done = subprocess.run(
        ("make", "--silent", *SHOW), cwd=folder, env=kept | given, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.fixture(params=["rendered", "template"])
def folder(request, render):
    """Return the folder of each Makefile."""
    return ROOT if request.param == "template" else render().folder


@pytest.mark.parametrize(("given", "expected"), GIVEN)
def test_targets_ask_this_machine_directly(folder, given, expected):
    upper, lower = shown(folder, given)
    assert upper == lower and LOCAL | expected <= set(lower.split(","))
    assert all(urllib.request.proxy_bypass_environment(name, {"no": lower}) for name in ("localhost", "127.0.0.1:8000"))
    assert not urllib.request.proxy_bypass_environment("elsewhere", {"no": lower})


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_at_all_stays_so(folder, name):
    assert shown(folder, {name: "*"}) == ["*", "*"]
