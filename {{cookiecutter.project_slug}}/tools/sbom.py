"""Write what the environment and the image are made of: CycloneDX, without a network.

`make sbom` writes dist/environment.cdx.json and, once `make image` has built the image,
dist/image.cdx.json: Python's packages, those of its Linux, the library and the model.
"""

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from packageurl import PackageURL

from .commands import Refused, run

DIST = Path("dist")
FORMAT = ("--output-format", "JSON", "--spec-version", "1.6", "--output-reproducible")
# The check against the schema takes 15 s: the template's tests do it.
SCAN = ("--pyproject", "pyproject.toml", *FORMAT, "--no-validate")
# What is read of an image: the records of pip and dpkg, the library and the model.
RECORDS = re.compile(
    r".*\.dist-info/[^/]+|.*/pyvenv\.cfg|etc/os-release|var/lib/dpkg/status(\.d/.*)?"
    r"|.*/kit/mlservice/__init__\.py|.*/models/current/manifest\.json"
)
Component = dict[str, Any]


def scan(python: str | Path) -> dict[str, Any]:
    """Return the packages that an interpreter finds, with the project as their root."""
    found = json.loads(run("cyclonedx-py", "environment", python, *SCAN))
    root = found["metadata"]["component"]
    root["version"] = version(root["name"])
    needed = {
        ref for each in found["dependencies"] for ref in each.get("dependsOn", ())
    }
    refs = (each["bom-ref"] for each in found["components"])
    top = {"ref": root["bom-ref"], "dependsOn": sorted(set(refs) - needed)}
    others = [each for each in found["dependencies"] if each["ref"] != top["ref"]]
    return {**found, "dependencies": [top, *others]}


def unpack(image: str, folder: Path) -> None:
    """Copy the records of an image, which is not started, into a folder."""
    container = run("docker", "create", "--network", "none", image, "none").strip()
    export = ("docker", "export", container)
    try:
        with subprocess.Popen(export, stdout=subprocess.PIPE) as exported:
            with tarfile.open(fileobj=exported.stdout, mode="r|") as files:
                for file in files:
                    if file.isfile() and RECORDS.fullmatch(file.name):
                        files.extract(file, folder, filter="data")
    except tarfile.TarError as error:
        raise Refused(f"the engine does not export {image}: {error}") from error
    finally:
        run("docker", "rm", "--force", container)


def image_id(image: str) -> str:
    """Return the id of an image; empty where the image or an engine is missing."""
    try:
        (about,) = json.loads(run("docker", "image", "inspect", image))
    except (Refused, OSError):
        return ""
    return str(about["Id"])


def scan_image(image: str, identity: str) -> dict[str, Any]:
    """Return the packages of an image, of Python and of its Linux."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        unpack(image, folder)
        sites = {str(each.parent) for each in folder.rglob("*.dist-info")}
        python = folder / "python"  # names those folders, as an interpreter would
        python.write_text(f"#!/bin/sh\necho '{json.dumps(sorted(sites))}'\n", "utf-8")
        python.chmod(0o700)
        found = scan(python)
        found["components"] += [*of_linux(folder), *of_others(folder)]
    found["metadata"]["component"] |= {
        "type": "container",
        "name": image,
        "properties": [{"name": "image:id", "value": identity}],
    }
    return found


def of_linux(folder: Path) -> Iterator[Component]:
    """Yield the packages that dpkg installed."""
    release = folder / "etc/os-release"
    text = release.read_text("utf-8") if release.exists() else ""
    about = dict(re.findall(r'^(\w+)="?(.*?)"?$', text, re.MULTILINE))
    kind, distro = about.get("ID", "linux"), about.get("VERSION_ID", "")
    for file in (folder / "var/lib/dpkg").rglob("status*/*"):
        yield from of_dpkg(file.read_text("utf-8"), kind, distro)
    status = folder / "var/lib/dpkg/status"
    if status.is_file():
        yield from of_dpkg(status.read_text("utf-8"), kind, distro)


def of_dpkg(text: str, kind: str, distro: str) -> Iterator[Component]:
    """Yield the packages of one status file."""
    for paragraph in re.split(r"\n\n+", text.strip()):
        facts = dict(re.findall(r"^([\w-]+): (.*)$", paragraph, re.MULTILINE))
        name, at = facts.get("Package", ""), facts.get("Version", "")
        if name and facts.get("Status", "installed").endswith("installed"):
            more = {"arch": facts["Architecture"], "distro": f"{kind}-{distro}"}
            purl = PackageURL("deb", kind, name, at, more).to_string()
            yield component("library", name, at, purl)


def of_others(folder: Path) -> Iterator[Component]:
    """Yield Python, the library and the model, which no installer has recorded."""
    for file in folder.rglob("pyvenv.cfg"):
        at = re.search(r"^version\w* = (\S+)", file.read_text("utf-8"), re.MULTILINE)
        if at:
            yield component(
                "application", "python", at[1], f"pkg:generic/python@{at[1]}"
            )
    for file in folder.rglob("kit/mlservice/__init__.py"):
        at = re.search(r'^__version__ = "(.+)"', file.read_text("utf-8"), re.MULTILINE)
        if at:
            yield component("library", "mlservice", at[1])
    for file in folder.rglob("models/current/manifest.json"):
        model = json.loads(file.read_text("utf-8"))
        found = component(
            "machine-learning-model", model["name"], model["model_version"]
        )
        yield found | {"hashes": [{"alg": "SHA-256", "content": model["sha256"]}]}


def component(kind: str, name: str, at: str, purl: str = "") -> Component:
    """Return an entry of the list of components."""
    found = {
        "type": kind,
        "bom-ref": f"{kind}:{name}=={at}",
        "name": name,
        "version": at,
    }
    return found | ({"purl": purl, "bom-ref": purl} if purl else {})


def write(found: dict[str, Any], name: str) -> None:
    """Write one list."""
    DIST.mkdir(exist_ok=True)
    (DIST / name).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{DIST / name}: {len(found['components'])} components")


def main() -> int:
    """Write both lists; without an image that of the environment alone."""
    image = sys.argv[1]
    (DIST / "image.cdx.json").unlink(missing_ok=True)
    try:
        write(scan(sys.executable), "environment.cdx.json")
        if identity := image_id(image):
            write(scan_image(image, identity), "image.cdx.json")
        else:
            print(
                f"no image {image} here: 'make image' first, for its list",
                file=sys.stderr,
            )
    except Refused as refused:
        print(f"error: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
