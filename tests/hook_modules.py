"""The two hooks as modules, imported as they stand in the template, and answers that both accept."""

import importlib.util
from types import ModuleType

from conftest import ROOT


def load(name: str) -> ModuleType:
    """Import a hook that is not rendered."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "hooks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PRE, POST = load("pre_gen_project"), load("post_gen_project")
ANSWERS = {
    "_reserved_names": ["json class", "fastapi"],
    "_template": "gh:someone/template",
    "project_name": "Customer churn",
    "project_slug": "customer-churn",
    "__typed_slug": "customer-churn",
    "package_name": "customer_churn",
    "description": "Predicts churn.",
    "author_name": "Ada",
    "author_email": "ada@example.com",
    "task": "classification",
    "python_version": "3.12",
    "ci": "github",
    "license": "MIT",
    "__project_name": "Customer churn",
    "__description": "Predicts churn.",
    "__author_name": "Ada",
    "__check": "",
}
