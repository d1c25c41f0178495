"""Run a command with the package indexes that are set here, for pip or for uv.

pip reads PIP_INDEX_URL and pip.conf, uv reads UV_DEFAULT_INDEX and uv.toml. This gives
both the same indexes, uv's settings first, so that no installer asks another host. What
else is set for pip (a target folder, constraints) does not reach it: the pins decide.
"""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INDEXES = {  # pip's option: uv's variables for the same, today's first
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
}
ACCESS = {  # pip's option: uv's variable, set where it is not
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "trusted-host": "UV_INSECURE_HOST",
}
PIP_ONLY = ("cache-dir", "default-timeout", "keyring-provider", "no-index", "retries")
IGNORED = ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_REQUIRE_HASHES")  # the pins decide
SECRET_BYTES = 500_000  # the largest secret that BuildKit accepts


def name_of(option: str) -> str:
    """Return the name of pip's environment variable for an option."""
    return f"PIP_{option.upper().replace('-', '_')}"


@cache
def pip_settings() -> dict[str, str]:
    """Return the options of `pip install`, of its files and of the environment."""
    command = (sys.executable, "-m", "pip", "config", "list")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in done.stdout.splitlines():
        key, _, value = line.partition("=")
        section, _, option = key.partition(".")
        if section in sections and ast.literal_eval(value).strip():
            sections[section][option] = " ".join(ast.literal_eval(value).split())
    return {option: text for each in sections.values() for option, text in each.items()}


def uv_files() -> Iterator[dict[str, Any]]:
    """Yield uv's configuration files, the project's first."""
    if os.environ.get("UV_NO_CONFIG"):
        return
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    usual = (ROOT / "uv.toml", ROOT / "pyproject.toml", home / "uv/uv.toml")
    given = os.environ.get("UV_CONFIG_FILE")
    for path in (Path(given),) if given else (*usual, Path("/etc/uv/uv.toml")):
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # uv itself complains about a damaged one
            continue
        inner = found.get("tool", {}).get("uv", {})
        yield inner if path.name == "pyproject.toml" else found


def uv_settings() -> dict[str, str]:
    """Return the indexes of uv's files, as pip's options."""
    found: dict[str, list[str]] = {option: [] for option in INDEXES}
    for file in uv_files():
        for index in file.get("index", []):
            flat = "find-links" if index.get("format") == "flat" else "extra-index-url"
            option = "index-url" if index.get("default") else flat
            found[option] += [] if index.get("explicit") else [index.get("url", "")]
        for table in (file, file.get("pip", {})):
            found["index-url"] += [table[key] for key in ("index-url",) if key in table]
            for option in ("extra-index-url", "find-links"):
                found[option] += table.get(option, [])
    found["index-url"] = found["index-url"][:1]
    return {option: " ".join(urls) for option, urls in found.items() if urls}


def environment() -> dict[str, str]:
    """Return this environment with the same indexes for pip, uv and the image."""
    env = {name: value for name, value in os.environ.items() if name[:4] != "PIP_"}
    for name in IGNORED:
        env.pop(name, None)
    for option, value in pip_settings().items():
        if option in ACCESS:
            env.setdefault(ACCESS[option], value)
        if option in (*ACCESS, *PIP_ONLY):
            env[name_of(option)] = value
    if pip_settings().get("no-index", "").lower() in ("1", "on", "true", "yes"):
        env.setdefault("UV_OFFLINE", "1")
    for option in INDEXES:
        env |= urls_of(option)
    env["PIP_CONFIG_FILE"] = os.devnull
    return env | for_image(env)


def urls_of(option: str) -> dict[str, str]:
    """Return the variables of pip and uv for one kind of index."""
    variables, files = INDEXES[option], uv_settings()
    given = next(filter(None, map(os.environ.get, variables)), None)
    text = given or files.get(option) or pip_settings().get(option) or ""
    urls = [
        re.sub(r"^[\w.-]+=", "", each) for each in re.split(r"[\s,]+", text) if each
    ]
    found = {name_of(option): " ".join(urls)} if urls else {}
    if urls and not files.get(option) and variables[0] not in os.environ:
        found[variables[0]] = ("," if option == "find-links" else " ").join(urls)
        if option == "extra-index-url":  # pip looks at all of them, uv at the first
            strategy = os.environ.get("UV_INDEX_STRATEGY", "unsafe-best-match")
            found["UV_INDEX_STRATEGY"] = strategy
    return found


def for_image(env: dict[str, str]) -> dict[str, str]:
    """Return pip.conf and certificates for the image: its build sees no folder."""
    lines = ["[global]"]
    for option in ("index-url", "extra-index-url", "find-links", "trusted-host"):
        values = env.get(name_of(option), "").split()
        kept = [each for each in values if not re.match("file:|[./~]", each)]
        lines += [f"{option} = {' '.join(kept)}"] if kept else []
    authorities = Path(env.get("SSL_CERT_FILE") or os.devnull)
    if not authorities.is_file() or authorities.stat().st_size > SECRET_BYTES:
        authorities = Path(os.devnull)
    else:
        lines.append("cert = /run/secrets/ca")
    return {"IMAGE_PIP_CONF": "\n".join((*lines, "")), "IMAGE_CA": str(authorities)}


def main() -> None:
    """Replace this process by the command; `--torch` prints PyTorch's build instead."""
    env = environment()
    if sys.argv[1:] == ["--torch"]:  # its own index is asked only if none is set
        print("" if any(name_of(option) in env for option in INDEXES) else "cpu")
    else:
        os.execvpe(sys.argv[1], sys.argv[1:], env)


if __name__ == "__main__":
    main()
