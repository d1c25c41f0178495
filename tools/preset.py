"""Check a team's preset before anybody renders with it: `python tools/preset.py team.yml`.

Both engines pass over what they do not know: a name that is spelled wrong is then a default that nobody chose, and of a
choice that does not exist Cookiecutter only warns, and drops the rest of the file with it. This command names both.
"""

import argparse
import importlib.util
import json
import sys
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

import yaml

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
ASKED = [name for name in QUESTIONS if name[0] != "_"]
# What else may stand at the top: settings of Cookiecutter's file, and the conventions under both engines' names.
TOP = ["default_context", "conventions", "_conventions", "cookiecutters_dir", "replay_dir", "abbreviations"]


def load_hook() -> ModuleType:
    """Import the hook that refuses bad answers, so that a sentence is written once."""
    spec = importlib.util.spec_from_file_location("pre_gen_project", ROOT / "hooks" / "pre_gen_project.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HOOK = load_hook()


def unknown(names: list[str], known: list[str], where: str) -> list[str]:
    """Return a sentence on each name that is not known, with the nearest one that is."""
    strange = [name for name in names if name not in known]
    near = {name: get_close_matches(str(name), known, n=1) for name in strange}
    return [f"{where} has no {name}" + (f": did you mean {near[name][0]}?" if near[name] else ".") for name in strange]


def check_answer(name: str, answer: object) -> str:
    """Return what is wrong with one answer, or ""."""
    reserved = set(" ".join(QUESTIONS["_reserved_names"]).split())
    if not isinstance(answer, str):
        return f"{name} must be text: write it between quotes."
    if name in HOOK.CHOICES:
        return HOOK.check_choice(name, answer)
    if name in HOOK.LONGEST:
        return HOOK.check_text(name, answer)
    return HOOK.check_email(answer) if name == "author_email" else HOOK.check_name(name, answer, reserved)


def check_agreement(preset: dict, cookiecutter: dict) -> list[str]:
    """Return what one engine would read and the other would not."""
    pairs = [(name, name) for name in ASKED] + [("conventions", "_conventions")]
    unlike = [name for name, other in pairs if preset.get(name) != cookiecutter.get(other)]
    words = "{} is not the same at the top, for Copier, and under default_context, for Cookiecutter: see the example."
    return [words.format(name) for name in unlike]


def complaints(preset: object) -> list[str]:
    """Return a sentence on all that is wrong with a preset."""
    if not isinstance(preset, dict) or not isinstance(preset.get("default_context"), dict):
        return ["A preset has its answers under default_context: see docs/how-to/team.yml."]
    cookiecutter, conventions = preset["default_context"], preset.get("conventions", {})
    found = unknown(list(preset), [*ASKED, *TOP], "The preset")
    found += unknown([name for name in cookiecutter if name not in preset], [*ASKED, "_conventions"], "default_context")
    found += [check_answer(name, cookiecutter[name]) for name in ASKED if name in cookiecutter]
    found += check_agreement(preset, cookiecutter)
    if not isinstance(conventions, dict):
        return [*filter(None, found), HOOK.NAMES]
    found += unknown(list(conventions), list(HOOK.FORMS), "conventions")
    found += [HOOK.check_conventions({name: conventions[name]}) for name in HOOK.FORMS if name in conventions]
    return list(filter(None, found))


def main() -> None:
    """Read the file, and say what is wrong or what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path, help="the team's preset, such as docs/how-to/team.yml")
    file = parser.parse_args().file
    try:
        preset = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8'}.")
    except yaml.YAMLError as error:
        sys.exit(f"{file} is no YAML: {' '.join(str(error).split())}.")
    if said := complaints(preset):
        sys.exit("\n".join(said))
    answers = [name for name in ASKED if name in preset]
    print(f"{file.name}: {len(answers)} answers and {len(preset.get('conventions', {}))} conventions, for both engines")


if __name__ == "__main__":
    main()
