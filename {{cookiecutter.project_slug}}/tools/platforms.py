"""Refuse a machine for which the pins have no wheels, before anything is set up.

ONNX Runtime decides: it comes as wheels only, and nothing builds it here.
"""

import os
import platform
import re
import sys
import sysconfig

GLIBC = (2, 28)  # of Debian 10, Ubuntu 20.04, RHEL 8
MACOS = 14
MACHINES = ("x86_64", "amd64", "aarch64", "arm64")
WHEELS = (
    "There are wheels for Linux on x86-64 and arm64 with glibc 2.28 or later, macOS 14 "
    "or later on Apple silicon, and Windows through WSL"
)
CONTAINER = "use a container of python:3.12-slim, or a newer system"


def obstacle() -> str | None:
    """Return why the pins cannot be installed here and what to do, or None."""
    system, machine = platform.system(), platform.machine().lower()
    usual = sys.implementation.name == "cpython" and sys.maxsize > 2**32
    if not usual or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "only the usual CPython (64 bits, with the GIL) has wheels: install it"
    if machine not in MACHINES:
        return f"{machine} machines have no wheels: use a container for linux/amd64"
    if system == "Windows":  # the wheels are there, make and bash are not
        return (
            "the make targets need a Linux shell: use WSL, and clone the project in it"
        )
    return {"Darwin": on_macos, "Linux": on_linux}.get(system, on_others)()


def on_macos() -> str | None:
    """Return the obstacle on a Mac."""
    if platform.machine() == "x86_64":
        return (
            "Intel Macs have no wheels (on Apple silicon this is a Python for Intel: "
            "install one for arm64): use a Linux machine, or a container"
        )
    version = platform.mac_ver()[0]
    if int(version.partition(".")[0] or MACOS) < MACOS:
        return f"macOS {version} has no wheels: update to macOS {MACOS} or later"
    return None


def on_linux() -> str | None:
    """Return the obstacle on Linux."""
    library, version = platform.libc_ver()
    if library != "glibc":
        return f"a Linux without glibc (Alpine) has no wheels: {CONTAINER}"
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < GLIBC:
        return f"glibc {version} has no wheels: {CONTAINER}"
    return None


def on_others() -> str:
    """Return the obstacle on another system."""
    return f"{platform.system()} has no wheels: use a Linux machine, or a container"


def main() -> int:
    """Print the obstacle, if there is one; PLATFORM_CHECK=0 goes on all the same."""
    found = obstacle()
    if found and os.environ.get("PLATFORM_CHECK") != "0":
        print(
            f"{found}.\n{WHEELS}; PLATFORM_CHECK=0 tries all the same", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
