"""What each hosting runs, in one form for both: the jobs of a rendered project, as its CI files state them."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml

from conftest import TOOLS, Project

FLOWS = ".github/workflows"
STUB = "name: stub\ndescription: stub\nruns:\n  using: composite\n  steps:\n    - run: 'true'\n      shell: bash\n"
EVENTS = {"push": "every branch", "pull_request": "change", "schedule": "schedule", "workflow_dispatch": "button"}
ONLY_DEFAULT = (
    "github.event_name != 'push' || github.ref_type == 'tag' || "
    "github.ref_name == github.event.repository.default_branch"
)
RULES = {  # GitLab's, in GitHub's words
    '$CI_PIPELINE_SOURCE == "merge_request_event"': {"change"},
    "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH": {"default branch"},
    "$CI_COMMIT_TAG =~ /^v/": {"tag v*"},
    '$WORKFLOW == "retrain"': {"schedule", "button"},
    '$WORKFLOW == "update"': {"schedule", "button"},
    '$WORKFLOW == "deliver"': {"button"},
    '$WORKFLOW == "rollback-image"': {"button"},
    '$WORKFLOW == "ci" && $CI_COMMIT_TAG =~ /^v/ && $DELIVER == "on"': {"tag v*"},
    '$WORKFLOW == "audit"': {"schedule", "button"},
}


@dataclass(frozen=True)
class Job:
    """One job: what starts it, what it runs, and on what."""

    triggers: set[str]
    commands: list[str]
    python: str
    cache: str  # the file whose content is the cache's key; empty where there is none
    minutes: int

    def words(self) -> list[str]:
        """Return the make targets that it calls, whatever becomes of their exit code."""
        return [found[1] for found in (re.match(r"make ([a-z-]+)( \|\||$)", each) for each in self.commands) if found]

    def others(self) -> list[str]:
        """Return the commands that are no such word."""
        return [command for command in self.commands if not re.fullmatch(r"make [a-z-]+", command)]


def workflows(project: Project) -> dict[str, dict]:
    """Return GitHub's workflows by their files' names."""
    paths = sorted((project.folder / FLOWS).iterdir())
    return {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def github(project: Project) -> dict[str, Job]:
    """Return GitHub's jobs by name; YAML reads the key `on` as True."""
    flows = workflows(project).values()
    return {name: _of_github(job, flow[True], project) for flow in flows for name, job in flow["jobs"].items()}


def _of_github(job: dict, events: dict, project: Project) -> Job:
    given = {step["uses"].partition("@")[0]: step["with"] for step in job["steps"] if "uses" in step}
    tags = (events.get("push") or {}).get("tags", ())
    pushed = {"push": "default branch"} if job.get("if") == ONLY_DEFAULT else {}
    events = {event: of for event, of in events.items() if event != "push" or "branches" in of}
    return Job(
        triggers={(EVENTS | pushed)[event] for event in events} | {f"tag {tag}" for tag in tags},
        commands=[step["run"].strip() for step in job["steps"] if "run" in step],
        python=project.read(given["actions/setup-python"]["python-version-file"]).strip(),
        cache="".join(re.findall(r"hashFiles\('(.*)'\)", given.get("actions/cache", {}).get("key", ""))),
        minutes=job["timeout-minutes"],
    )


def gitlab(project: Project) -> dict[str, Job]:
    """Return GitLab's jobs by name; the one that tries the image is `image`, as GitHub's."""
    pipeline = yaml.safe_load(project.read(".gitlab-ci.yml"))
    jobs = {name: job for name, job in pipeline.items() if not name.startswith(".") and name != "variables"}
    return {name.removeprefix("container "): _of_gitlab(job) for name, job in jobs.items()}


def _of_gitlab(job: dict) -> Job:
    rules = [rule["if"] for rule in job["rules"] if rule.get("when") != "never"]
    return Job(
        triggers=set().union(*(RULES[rule] for rule in rules)),
        commands=[line.strip() for line in job["script"]],
        python=job["image"].removeprefix("python:"),
        cache=" ".join(job["cache"]["key"]["files"]) if job["cache"] else "",
        minutes=int(job["timeout"].removesuffix(" minutes")),
    )


def act(folder: Path, store: Path, *words: str, env: dict[str, str]) -> subprocess.CompletedProcess:
    """Run a workflow for real, on this machine; the actions that need the web are stood in for by empty ones."""
    stubs = []
    texts = [path.read_text(encoding="utf-8") for path in (folder / FLOWS).iterdir()]
    for number, name in enumerate(sorted(set(re.findall(r"uses: (\S+)", "".join(texts))))):
        (store / f"action-{number}").mkdir(parents=True)
        (store / f"action-{number}/action.yml").write_text(STUB, encoding="utf-8")
        stubs += ["--local-repository", f"{name}={store}/action-{number}"] if "checkout" not in name else []
    (store / "home/.config/act").mkdir(parents=True)
    (store / "home/.config/act/actrc").write_text("", encoding="utf-8")
    return subprocess.run(
        [TOOLS / "act", *words, "-P", "ubuntu-latest=-self-hosted", *stubs],
        cwd=folder,
        env={**env, "HOME": str(store / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
