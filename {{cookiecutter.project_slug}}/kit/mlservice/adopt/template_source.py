"""Address of the template that this project was rendered from."""

from pathlib import Path

import yaml

ANSWERS = Path(".copier-answers.yml")  # both engines write it


def template() -> str:
    """Return the template's address as it was given, or "" if it is unknown."""
    try:
        answers = yaml.safe_load(ANSWERS.read_text(encoding="utf-8"))
        return str(answers.get("_src_path", ""))
    except (OSError, yaml.YAMLError, AttributeError):
        return ""
