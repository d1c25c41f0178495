"""Refuse a bad answer before a file is written, with one sentence that a person can act on.

Cookiecutter renders this file and runs the copy in the new, still empty folder; exit code 1 removes the folder again.
Copier asks the same of each answer, word for word, in copier.yml. A slug that is no plain folder name arrives as
`__typed_slug`: Cookiecutter makes the folder before it runs this hook, so cookiecutter.json has put a harmless name in
its place by then, and `../evil` never touches the disk.
"""

import json
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


def first_complaint(answers: dict) -> str:
    """Return the sentence on the first bad answer, in the order of the questions, or ""."""
    reserved = set(" ".join(answers["_reserved_names"]).split())
    complaints = [
        check_text("project_name", answers["project_name"]),
        check_name("project_slug", answers["__typed_slug"], reserved),
        check_name("package_name", answers["package_name"], reserved),
        check_text("description", answers["description"]),
        check_text("author_name", answers["author_name"]),
        check_email(answers["author_email"]),
        *(check_choice(question, answers[question]) for question in CHOICES),
    ]
    return next(filter(None, complaints), "")


if __name__ == "__main__":
    ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
    sys.exit(first_complaint(ANSWERS) or 0)
