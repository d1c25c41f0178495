"""Move what was rendered into the repository around it, past all that is there, and report what is left to do by hand.

Cookiecutter renders into a new folder within the repository; this hook, whose rendered copy it runs there, moves the
files out and removes that folder. A file of the repository is never opened for writing, whatever Cookiecutter was told.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path


def exists(repository: Path, pattern: str) -> bool:
    """Tell whether there is a file of this name, or of this form."""
    return bool(glob.glob(os.path.join(glob.escape(str(repository)), pattern)))


def found(repository: Path) -> str:
    """Say which packages and notebooks there are."""
    inits = [*repository.glob("*/__init__.py"), *repository.glob("src/*/__init__.py")]
    packages = sorted(path.parent.relative_to(repository).as_posix() for path in inits)
    notebooks = [*repository.glob("*.ipynb"), *repository.glob("*/*.ipynb")]
    return f"{', '.join(packages) or 'no package'}; {len(notebooks)} notebooks"


def move(rendered: Path, repository: Path, yours: list[str]) -> None:
    """Move each rendered file to its place, but none whose place is taken."""
    for path in sorted(path for path in rendered.rglob("*") if path.is_file()):
        name = path.relative_to(rendered).as_posix()
        target = repository / name
        if name not in yours and not os.path.lexists(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)


def copier_answers(answers: dict, yours: list[str]) -> str:
    """Return .copier-answers.yml as Copier writes it, so that `copier update` can follow the template."""
    stands = [Path(os.environ.get("PWD", ".")), *Path.cwd().parents]  # where a relative path may have been typed
    folders = [(stand / answers["_template"]).resolve() for stand in stands]
    folder = next((folder for folder in folders if (folder / "copier.yml").is_file()), None)
    clone = folder or Path(answers["_repo_dir"]).parent
    command = ("git", "-C", clone, "--git-dir=.git", "describe", "--tags", "--always")
    try:
        commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        commit = ""
    known = {"_commit": commit, "_src_path": str(folder or answers["_template"]), "ci": answers["ci"]}
    known |= {"conventions": answers["_conventions"], "python_version": answers["python_version"]}
    known = {key: value for key, value in known.items() if value} | {"scope": "conventions", "yours": yours}
    text = __import__("yaml").dump(known, indent=4, allow_unicode=True, default_flow_style=False)
    return f"# Written by the template for `copier update`: do not edit.\n{text}"


def report(repository: Path, seen: str, todo: dict[str, str]) -> str:
    """Return what came, what was left, and what to type next."""
    lines = ["", f"The conventions are in. Found: {seen}.", ""]
    if todo:
        lines += ["What was there is as it was. For you to merge:", ""]
        lines += [*(f"  {name}: {words}" for name, words in todo.items()), ""]
    lines += ["Next:", "", f'  cd "{repository}"', "  make -f conventions.mk setup", "  make -f conventions.mk lint"]
    return "\n".join(lines)


def main(answers: dict) -> None:
    """Move, record, report."""
    rendered, repository = Path.cwd(), Path(answers["_output_dir"])
    offered, seen = answers["_files"], found(repository)
    yours = [
        name for name in sorted(offered) if any(exists(repository, each) for each in (name, *offered[name]["also"]))
    ]
    recorded = copier_answers(answers, yours)
    move(rendered, repository, yours)
    (repository / ".copier-answers.yml").write_text(recorded, encoding="utf-8", newline="\n")
    os.chdir(repository)
    shutil.rmtree(rendered)
    print(report(repository, seen, {name: offered[name]["todo"] for name in yours}), file=sys.stderr)


if __name__ == "__main__":
    ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
    main(ANSWERS)
