"""Check what was rendered, make it a repository that `copier update` can follow, and say what to type next."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from threading import Thread

# [{], since Cookiecutter renders this file, too, runs the copy in the new folder and removes that on exit code 1.
LEFT_OVER = re.compile(r"[{][{]-?\s*cookiecutter\b|[{]%-?\s*(if|elif|else|endif|for|endfor|set|raw|endraw|include)\b")
# No signing, hooks, housekeeping or compression: the first commit works, and fast, on any machine.
PLAIN = ("commit.gpgsign=false", f"core.hooksPath={os.devnull}", "gc.auto=0", "core.looseCompression=0")


def parse(name: str, text: str) -> None:
    """Raise where the text is not what the file's suffix promises."""
    if (suffix := Path(name).suffix) == ".py":
        compile(text, name, "exec", dont_inherit=True)
    elif suffix in (".json", ".ipynb"):
        json.loads(text)
    elif suffix == ".toml" and sys.version_info >= (3, 11):  # where tomllib begins
        __import__("tomllib").loads(text)
    elif suffix in (".yaml", ".yml", ".dvc"):
        yaml = __import__("yaml")  # comes with Cookiecutter
        list(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def check_file(path: Path, answers: dict) -> str:
    """Return what is wrong with a rendered file, or ""; what the user typed may well look like template syntax."""
    try:
        text = path.read_bytes().decode()
        parse(path.name, text)
    except UnicodeDecodeError:
        return ""  # a picture or a data file
    except Exception as error:  # pylint: disable=broad-exception-caught  # each parser has its own
        return f"{path} is not valid: {error}"
    for typed in ("project_name", "description", "author_name"):
        text = text.replace(answers[typed], "").replace(answers[f"__{typed}"], "")
    return f"{path} still holds template syntax: {found.group()}" if (found := LEFT_OVER.search(text)) else ""


def git(*words: str) -> subprocess.CompletedProcess:
    """Run git, free of an enclosing git hook's own variables; exit code 127 says that there is no git."""
    command = ["git", *(word for setting in PLAIN for word in ("-c", setting)), *words]
    env = {key: text for key, text in os.environ.items() if key not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")}
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", env=env, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(words, 127, "", "git is not installed")


def copier_answers(answers: dict) -> str:
    """Return .copier-answers.yml as Copier writes it."""
    stands = [Path(os.environ.get("PWD", ".")), *Path.cwd().parents]  # where a relative path may have been typed
    folders = [(stand / answers["_template"]).resolve() for stand in stands]
    folder = next((folder for folder in folders if (folder / "copier.yml").is_file()), None)
    clone = ("-C", str(folder or answers.get("_repo_dir", ".")), "--git-dir=.git")
    commit = answers.get("_commit") or git(*clone, "describe", "--tags", "--always").stdout.strip()  # cruft knows it
    source = {"_commit": commit, "_src_path": str(folder or answers["_template"])}
    known = {key: text for key, text in (source | answers).items() if text and (key in source or key[0] != "_")}
    known |= {"conventions": presets} if (presets := answers.get("_conventions")) else {}
    text = __import__("yaml").dump(known, indent=4, allow_unicode=True, default_flow_style=False)
    return f"# Written by the template for `copier update`: do not edit.\n{text}"


def first_commit(answers: dict) -> str:
    """Make the git repository, unless one around it tracks this folder; return why there is none, or ""."""
    if "_repo_dir" not in answers or Path(".git").exists():  # cruft would compare the .git of two renderings too
        return ""
    if git("check-ignore", "-q", ".").returncode == 1:
        moved = "CI files are read at its top only: docs/how-to/monorepo.md of the template says what to move."
        return f"The git repository around the project tracks it: no other was made. {moved}\n"
    author = ("-c", f"user.name={answers['author_name']}", "-c", f"user.email={answers['author_email']}")
    first = (*author, "commit", "-qm", "Render the template")
    for words in (("init", "-q"), ("checkout", "-qb", "main"), ("add", "-Af", ".", ":!*.py[co]", ":!*_cache/*"), first):
        if (done := git(*words)).returncode:
            return f"No first commit was made: {done.stderr}"
    return ""


def main(answers: dict) -> None:
    """Check, record, commit, run the project's CI where `__check` is full, and say what to type next."""
    files = [path for path in Path().rglob("*") if path.is_file() and path.parts[0] not in (".git", ".venv")]
    Path(".copier-answers.yml").write_text(copier_answers(answers), encoding="utf-8", newline="\n")
    (commit := Thread(target=lambda: print(first_commit(answers), end="", flush=True))).start()  # while files are read
    problems = [sentence for path in sorted(files) if (sentence := check_file(path, answers))]
    commit.join()
    if problems:
        sys.exit("\n".join(problems))
    if answers["__check"] == "full" and subprocess.run("make ci", shell=True, check=False).returncode:
        sys.exit("`make ci` failed, see above, so the project is removed: --keep-project-on-failure would keep it.")
    here = Path.cwd().name if str(Path.cwd().parent) == os.environ.get("PWD") else f'"{Path.cwd()}"'
    print(f"\n{Path.cwd().name} is ready. Next:\n\n    cd {here}\n    make ci\n    make serve")


if __name__ == "__main__":
    ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
    main(ANSWERS)
