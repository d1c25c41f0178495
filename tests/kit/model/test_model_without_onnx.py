"""The code of the page about models without ONNX: what is stored is loaded, and what is not listed is refused."""

import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from mlservice.model.onnx_export import agreement, stored_form

PAGE = (Path(__file__).parents[3] / "docs/how-to/models-without-onnx.md").read_text(encoding="utf-8")
MATRIX = np.random.default_rng(1).normal(size=(300, 64)).astype(np.float32)
LABELS = (MATRIX[:, 0] > 0).astype(int)


def scorers(package, monkeypatch):
    """Return the module that the page writes into a package."""
    code = re.search(rf"cat >src/{package}/scorers.py <<'PY'\n(.*?)^PY$", PAGE, re.MULTILINE | re.DOTALL)[1]
    name = f"{package}_scorers"
    module = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(code, name, "exec"), module.__dict__)  # pylint: disable=exec-used  # our own page
    return module


class Own(StandardScaler):  # pylint: disable=too-many-ancestors  # as every scaler has
    """A type that nobody has listed."""


@pytest.fixture
def by_skops(monkeypatch):
    """The page's module for scikit-learn's pipelines."""
    return scorers("customer_churn", monkeypatch)


def pipeline(module, step):
    """Fit a pipeline of the page with this step."""
    steps = [("imputed", SimpleImputer()), ("step", step), ("logistic", LogisticRegression())]
    return module.StoredPipeline(steps).fit(MATRIX, LABELS)


def test_skops_gives_the_pipeline_back(by_skops):
    fitted = pipeline(by_skops, Nystroem(random_state=1))
    name, data = stored_form(fitted, 64)
    assert name == "model.skops"
    assert agreement(fitted, by_skops.SkopsScorer(data), MATRIX) == 1.0


def test_a_type_that_is_not_trusted_is_refused_by_its_name(by_skops):
    _, data = pipeline(by_skops, Own()).to_file()
    with pytest.raises(TypeError, match=rf"^TRUSTED in scorers.py does not list {__name__}\.Own$"):
        by_skops.SkopsScorer(data)
