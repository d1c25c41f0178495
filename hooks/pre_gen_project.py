"""Refuse a bad answer before a file is written, with one sentence that a person can act on.

Cookiecutter renders this file and runs the copy in the new, still empty folder; exit code 1 removes the folder again.
Copier asks the same of each answer, word for word, in copier.yml. A slug that is no plain folder name arrives as
`__typed_slug`: Cookiecutter makes the folder before it runs this hook, so cookiecutter.json has put a harmless name in
its place by then, and `../evil` never touches the disk.

The folder conventions/ is a template of its own, for a repository that exists. A hook can import nothing, so this file
stands there, too; a test compares the two.
"""

import json
import os
import re
import sys

# Control characters, line breaks, marks that reorder or hide text, halves of characters: none can be seen in a review.
UNSEEN = (
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
LONGEST = {"project_name": 80, "description": 300, "author_name": 80}
ONE_LINE = "{} must be one line of 1 to {} characters, none of them invisible."

SLUG = r"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\Z"
PACKAGE = r"\A[a-z][a-z0-9]*(_[a-z0-9]+)*\Z"
WORDS = "{} must be lower-case words joined by single {}, start with a letter and have at most 50 characters."
TAKEN = "{} must not be a name that Python, a dependency or a folder of the project already has: add a word."

EMAIL = r"\A[A-Za-z0-9_][A-Za-z0-9_.%+'-]*@([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]+\Z"
LIKE_EMAIL = "author_email must look like name@example.com."

# Cookiecutter asks for one of these, but a replay file or `default_context` can hold anything.
CHOICES = {
    "task": ["classification", "regression", "forecasting", "text", "image"],
    "python_version": ["3.12", "3.11", "3.13", "3.14"],
    "ci": ["github", "gitlab"],
    "license": ["MIT", "BSD-3-Clause", "Apache-2.0", "GPL-3.0-or-later", "Proprietary"],
    "__check": ["", "full"],
}

# What a team may preset beside the answers: its kind, the form of it (of each item, in a list), and that in words.
FORMS = {
    "image_registry": [
        "text",
        r"\A[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*\Z",
        "a registry like registry.example.com/team",
    ],
    "mlflow_tracking_uri": ["text", r"\Ahttps?://[A-Za-z0-9.:/_-]+\Z", "an address like https://mlflow.example.com"],
    "dvc_remote": ["text", r"\A[A-Za-z0-9~/][A-Za-z0-9~/:._@-]*\Z", "a place like s3://bucket/dvc"],
    "runner_labels": ["list", r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z", "a list of labels like [self-hosted, linux]"],
    "line_length": ["number", r"\A(8[89]|9[0-9]|1[0-9][0-9]|200)\Z", "a whole number from 88 to 200"],
    "flake8_rules": ["list", r"\A[A-Z]{1,3}[0-9]{0,4}\Z", "a list of codes like [B904]"],
    "pylint_rules": ["list", r"\A[a-z][a-z-]*\Z", "a list of names like [deprecated-pragma]"],
    "docs_theme": ["text", r"\A(furo|alabaster|classic|nature)\Z", "one of furo, alabaster, classic, nature"],
}
KINDS = {"text": str, "number": int, "list": list}
NAMES = "conventions must be names with values: see docs/how-to/team-presets.md."
UNKNOWN = "conventions has no {}: see docs/how-to/team-presets.md."
VALUE = "conventions: {} must be {}."

# For conventions/: the repository is the output folder, and this hook's own folder lies in it.
NO_REPOSITORY = "{} is no git repository: the conventions are for one that exists."
FOLLOWS = "{} follows a template already: see {}."
THERE = "{} has {} already: rename them first."


def check_text(question: str, text: str) -> str:
    """Return what is wrong with free text, or "" where nothing is."""
    longest = LONGEST[question]
    if not text.strip() or len(text) > longest or re.search(UNSEEN, text):
        return ONE_LINE.format(question, longest)
    return ""


def check_name(question: str, name: str, reserved: set[str]) -> str:
    """Return what is wrong with the slug or the package's name, or ""."""
    slug = question == "project_slug"
    if len(name) > 50 or not re.search(SLUG if slug else PACKAGE, name):
        return WORDS.format(question, "dashes" if slug else "underscores")
    if name.replace("-", "_") in reserved:
        return TAKEN.format(question)
    return ""


def check_email(email: str) -> str:
    """Return what is wrong with the address, or ""."""
    return "" if len(email) <= 254 and re.search(EMAIL, email) else LIKE_EMAIL


def check_choice(question: str, choice: str) -> str:
    """Return which choices there are where this is none of them, or ""."""
    choices = CHOICES[question]
    listed = ", ".join(each or "empty" for each in choices)
    return "" if choice in choices else f"{question} must be one of: {listed}."


def check_conventions(conventions: dict) -> str:
    """Return what is wrong with the first convention that is, or ""."""
    if not isinstance(conventions, dict):
        return NAMES
    for name, value in conventions.items():
        if name not in FORMS:
            return UNKNOWN.format(name)
        kind, form, words = FORMS[name]
        items = value if isinstance(value, list) else [str(value)]
        good = isinstance(value, KINDS[kind]) and not isinstance(value, bool)
        if not good or not all(isinstance(item, str) and re.search(form, item) for item in items):
            return VALUE.format(name, words)
    return ""


def check_repository(folder: str) -> str:
    """Return why the conventions cannot come into this folder, or ""."""
    there = [
        name
        for name in (".git", ".copier-answers.yml", "conventions.mk", ".conventions")
        if os.path.lexists(os.path.join(folder, name))
    ]
    if ".git" not in there:
        return NO_REPOSITORY.format(folder)
    if ".copier-answers.yml" in there:
        return FOLLOWS.format(folder, ".copier-answers.yml")
    if there[1:]:
        return THERE.format(folder, "conventions.mk or .conventions/")
    return THERE.format(os.getcwd(), "files") if os.listdir() else ""  # Cookiecutter's -f would write over them


def first_complaint(answers: dict) -> str:
    """Return the sentence on the first bad answer, in the order of the questions, or ""."""
    presets = check_conventions(answers.get("_conventions", {}))
    choices = [check_choice(question, answers[question]) for question in CHOICES if question in answers]
    if "project_name" not in answers:  # the template is conventions/
        return next(filter(None, [check_repository(answers["_output_dir"]), *choices, presets]), "")
    reserved = set(" ".join(answers["_reserved_names"]).split())
    complaints = [
        check_text("project_name", answers["project_name"]),
        check_name("project_slug", answers["__typed_slug"], reserved),
        check_name("package_name", answers["package_name"], reserved),
        check_text("description", answers["description"]),
        check_text("author_name", answers["author_name"]),
        check_email(answers["author_email"]),
        *choices,
        presets,
    ]
    return next(filter(None, complaints), "")


if __name__ == "__main__":
    ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
    sys.exit(first_complaint(ANSWERS) or 0)
