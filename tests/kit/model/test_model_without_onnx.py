"""The code of the page about models without ONNX: what is stored is loaded, and what is not listed is refused.

PyTorch is there in the environment of the image task alone, where test_matrix runs these tests.
"""

import io
import json
import re
import sys
import zipfile
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
    module = ModuleType(f"{package}_scorers")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(code, module.__name__, "exec"), module.__dict__)  # pylint: disable=exec-used  # our own page
    return module


class Own(StandardScaler):
    """A type that nobody has listed."""


@pytest.fixture
def by_skops(monkeypatch):
    """The page's module for scikit-learn's pipelines."""
    pytest.importorskip("skops", reason="skops is in the environment of the library's tests")
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


@pytest.fixture
def by_torch(monkeypatch):
    """The page's module for PyTorch's networks."""
    pytest.importorskip("torch", reason="PyTorch is in the environment of the image task")
    return scorers("digit_reader", monkeypatch)


@pytest.fixture
def program(by_torch):
    """A network of the page's kinds of layers: itself, and the bytes of its file."""
    nn = by_torch.torch.nn
    layers = nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.5)
    network = nn.Sequential(*layers, nn.Linear(18, 3), nn.Softmax(1))
    name, data = by_torch.stored(network, 64)
    assert name == "model.pt2"
    return network, data


def changed(data, name="", content=b"", also=None):
    """Return the file with one part replaced, and with another part."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            new.writestr(old.getinfo(part), content if part == name else old.read(part))
        if also:
            new.writestr(also, b"x")
    return file.getvalue()


MODEL = "archive/models/model.json"


def edited(data, name, old, new):
    """Return the file with a text of one part replaced."""
    text = zipfile.ZipFile(io.BytesIO(data)).read(name).decode()
    assert old in text
    json.loads(text.replace(old, new))
    return changed(data, name, text.replace(old, new).encode())


def test_torch_gives_the_network_back(by_torch, program):
    network, data = program
    scorer = by_torch.TorchScorer(data)
    for rows in (1, 2, 300):
        expected = network(by_torch.torch.from_numpy(MATRIX[:rows])).detach().numpy()
        found = scorer.run(MATRIX[:rows])
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_program_that_might_run_something_else_is_refused_before_it_is_loaded(by_torch, program, monkeypatch):
    _, data = program
    monkeypatch.setattr(by_torch.torch.export, "load", lambda _: pytest.fail("loaded"))
    code = "\"__import__('os').system('true')\""
    weights = "archive/data/weights/model_weights_config.json"
    refused = {
        "does not allow target 'torch.ops.aten.neg.default'": edited(
            data, MODEL, "torch.ops.aten.relu.default", "torch.ops.aten.neg.default"
        ),
        "does not allow guards_code": edited(data, MODEL, '"guards_code": []', f'"guards_code": [{code}]'),
        "does not allow use_pickle True": edited(data, weights, '"use_pickle": false', '"use_pickle": true'),
        "does not allow these parts: .*custom_obj_0": changed(data, also="archive/data/constants/custom_obj_0"),
        "does not allow these parts: .*model.pt": changed(data, "archive/data/sample_inputs/model.pt", b"pickle"),
        "does not allow these parts": changed(data, also="version"),
    }
    for sentence, file in refused.items():
        with pytest.raises(ValueError, match=sentence):
            by_torch.TorchScorer(file)


def test_an_operation_that_is_not_listed_is_refused_by_its_name(by_torch):
    _, data = by_torch.stored(
        by_torch.torch.nn.Sequential(by_torch.torch.nn.Linear(64, 2), by_torch.torch.nn.GELU()), 64
    )
    with pytest.raises(ValueError, match="does not allow target 'torch.ops.aten.gelu.default'"):
        by_torch.TorchScorer(data)
