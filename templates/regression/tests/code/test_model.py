"""The models by name; three in one ONNX graph say what scikit-learn says."""

import numpy as np
import onnx
import pytest
from sklearn.linear_model import LinearRegression

from {{ cookiecutter.package_name }} import export, model
from {{ cookiecutter.package_name }}.artifact import Scorer
from {{ cookiecutter.package_name }}.model import SideBySide
from {{ cookiecutter.package_name }}.params import Train

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(400, 3)).astype(np.float32)
MATRIX[::7, 1] = np.nan
PRICE = 10 + 3 * MATRIX[:, 0] + RNG.normal(size=400)
TRAIN = Train(
    seed=1,
    max_iter=10,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=20,
    l2_regularization=1.0,
    low_quantile=0.1,
    high_quantile=0.9,
)


def test_the_trivial_model_gives_every_ride_the_median():
    fitted = model.trivial().fit(MATRIX, PRICE)
    assert set(fitted.predict(MATRIX)) == {np.median(PRICE)}


def test_point_low_and_high_are_one_graph():
    fitted = model.candidate(TRAIN).fit(MATRIX, PRICE)
    exported = export.export(fitted, 3)
    assert export.agreement(fitted, exported, MATRIX) == 1.0
    point, low, high = Scorer(exported).run(MATRIX).T
    assert low.mean() < point.mean() < high.mean()
    assert len(onnx.load_from_string(exported).graph.output) == 1


@pytest.mark.parametrize("best", [0, 1, 2])
def test_the_baseline_is_exported_whichever_column_it_chose(best):
    price = np.nan_to_num(MATRIX[:, best])
    fitted = model.baseline().fit(MATRIX, price)
    assert fitted.steps[1][1].get_support(indices=True).tolist() == [best]
    assert export.agreement(fitted, export.export(fitted, 3), MATRIX) == 1.0
    assert len(np.unique(fitted.predict(MATRIX))) <= 8


def test_fitting_leaves_what_was_given_as_it_was():
    lines = [LinearRegression(), LinearRegression()]
    fitted = SideBySide(lines).fit(MATRIX[:, [0, 2]], PRICE)
    assert fitted.regressors is lines and not hasattr(lines[0], "coef_")
    assert fitted.predict(MATRIX[:, [0, 2]]).shape == (400, 2)
