"""The export is measured against the estimator, and refused when it lost something."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mlservice.model import onnx_export as export
from mlservice.model.scorer import Scorer

RNG = np.random.default_rng(0)
MATRIX = RNG.normal(size=(400, 3)).astype(np.float32)
LABELS = (MATRIX[:, 0] > 0).astype(int)


def classifier(labels=LABELS):
    """A small fitted classifier."""
    return DecisionTreeClassifier(max_depth=2, random_state=0).fit(MATRIX, labels)


@pytest.mark.parametrize(
    "estimator",
    [classifier(), LinearRegression().fit(MATRIX, MATRIX @ [1.0, 2.0, 3.0])],
    ids=["classifier", "regressor"],
)
def test_a_good_export_agrees_on_every_row(estimator):
    exported = export.export(estimator, 3)
    assert export.agreement(estimator, exported, MATRIX) == 1.0
    expected = export.fitted_scores(estimator, MATRIX)
    assert Scorer(exported).run(MATRIX).shape == expected.shape


def test_the_same_estimator_gives_the_same_bytes():
    assert export.export(classifier(), 3) == export.export(classifier(), 3)


def test_an_estimator_without_a_converter_is_refused_with_a_choice():
    estimator = DummyClassifier().fit(MATRIX, LABELS)
    with pytest.raises(export.ExportError) as caught:
        export.export(estimator, 3)
    sentence = str(caught.value)
    assert sentence.startswith("DummyClassifier has no ONNX converter; these have one: ")
    assert "HistGradientBoostingClassifier" in sentence
    assert "\n" not in sentence


def test_a_converter_that_changes_scores_is_refused(monkeypatch):
    convert = export.to_onnx

    def lossy(_, example, **options):
        return convert(DecisionTreeRegressor().fit(MATRIX, LABELS), example, **options)

    estimator = LinearRegression().fit(MATRIX, LABELS)
    monkeypatch.setattr(export, "to_onnx", lossy)
    exported = export.export(estimator, 3)
    with pytest.raises(export.ExportError, match=r"only \d+\.\d\d% of the rows"):
        export.agreement(estimator, exported, MATRIX)


@pytest.mark.parametrize("said", ["You need to specify target_opset={'ai.onnx.ml': 3}.", "out of cheese"])
def test_trees_of_other_libraries_get_the_version_that_their_converters_need(said, monkeypatch):
    convert, asked = export.to_onnx, []

    def demanding(*given, target_opset, **options):
        asked.append(target_opset)
        if isinstance(target_opset, int):
            raise RuntimeError(said)
        return convert(*given, target_opset=target_opset, **options)

    monkeypatch.setattr(export, "to_onnx", demanding)
    if "ai.onnx.ml" not in said:
        with pytest.raises(RuntimeError, match=said):
            export.export(classifier(), 3)
        return
    assert export.agreement(classifier(), export.export(classifier(), 3), MATRIX) == 1.0
    assert asked == [export.OPSET, {"": export.OPSET, "ai.onnx.ml": 3}]


def test_agreement_is_measured_by_the_usual_size_of_a_score():
    line = LinearRegression().fit(MATRIX, 1_000 + 1_000 * MATRIX[:, 0])
    exported = export.export(line, 3)
    line.intercept_ += 0.05  # of a thousand: a rounding error
    assert export.agreement(line, exported, MATRIX) == 1.0
    line.intercept_ += 1.0
    with pytest.raises(export.ExportError):
        export.agreement(line, exported, MATRIX)


def test_an_estimator_that_knows_its_own_form_writes_it():
    class Network:  # pylint: disable=missing-class-docstring
        def to_onnx(self):
            """Return an ONNX file's bytes."""
            return b"its own"

    assert export.export(Network(), 3) == b"its own"


class Off:
    """An estimator whose answers are `gap` away from its export's in `rows` rows."""

    def __init__(self, model, rows, gap):
        self.model, self.rows, self.gap = model, rows, gap

    def predict_proba(self, matrix):
        """Answer as the export does, but for the first rows."""
        scores = Scorer(self.model).run(matrix).astype(float)
        scores[: self.rows] += self.gap
        return scores


@pytest.mark.parametrize(("rows", "gap"), [(1, 0.3), (2000, 0.8e-4), (0, np.nan)])
def test_one_row_in_a_thousand_or_a_hair_s_breadth_may_differ(rows, gap):
    model, many = export.export(classifier(), 3), np.tile(MATRIX, (5, 1))
    share = export.agreement(Off(model, rows, gap), model, many)
    assert share == (1.0 if gap != 0.3 else 1 - 1 / 2000)


@pytest.mark.parametrize(("rows", "gap"), [(3, 0.3), (2000, 2e-4), (2000, np.nan)])
def test_more_than_that_is_refused(rows, gap):
    model, many = export.export(classifier(), 3), np.tile(MATRIX, (5, 1))
    with pytest.raises(export.ExportError, match="ONNX export agrees"):
        export.agreement(Off(model, rows, gap), model, many)
