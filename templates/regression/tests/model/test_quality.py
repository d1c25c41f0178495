"""How good the model is on rows that it has not seen, whatever the target is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from {{ cookiecutter.package_name }} import (
    artifact,
    data,
    metrics,
    model,
    prepare,
    sample,
)
from {{ cookiecutter.package_name }}.params import (
    Params,
    Prepare,
    Train,
)
from {{ cookiecutter.package_name }}.prediction import limits
from {{ cookiecutter.package_name }}.schema import TARGET, Instance

PREPARE = Prepare(seed=1, validation_share=0.2, test_share=0.2)
TRAIN = Train(
    seed=1,
    loss="absolute_error",
    max_iter=40,
    learning_rate=0.1,
    max_leaf_nodes=8,
    min_samples_leaf=30,
    l2_regularization=1.0,
    low_quantile=0.05,
    high_quantile=0.95,
)


@pytest.fixture(scope="module")
def params(project):
    """The knobs of params.yaml."""
    return Params.load(project / "params.yaml")


@pytest.fixture(scope="module")
def judged(project, parts, params):
    """Each model's metrics on the test rows, by the model's name and the metric's."""
    test, found = parts["test"], {}
    for name in ("candidate", "baseline"):
        known = artifact.load(project / "models" / name)
        scores = known.scorer.run(test.matrix)
        measures = metrics.metrics_for(params.decision, known.manifest.decision)
        found[name] = {k: m.compute(test.target, scores) for k, m in measures.items()}
    return found


def test_the_model_is_nearer_than_the_baseline(judged, params):
    metric = params.gate.metric
    assert judged["candidate"][metric] < judged["baseline"][metric]


def test_the_interval_keeps_its_promise(judged, params):
    for found in judged.values():  # the fewer different rows, the more chance has a say
        assert found["coverage"] > params.decision.coverage - 0.1


def test_the_interval_is_better_than_one_width_for_all(judged):
    ours, theirs = judged["candidate"], judged["baseline"]
    assert ours["interval_score"] < theirs["interval_score"]


@given(st.data())
def test_any_row_gets_a_possible_value_inside_its_interval(predictor, any_row, draws):
    row = Instance.model_validate(draws.draw(any_row))
    (found,) = predictor.predict([row])
    assert TARGET.low <= found.interval.low <= found.value <= found.interval.high
    assert found.interval.high <= TARGET.high


def test_no_end_of_an_interval_lies_beyond_what_is_possible(predictor, parts):
    scores = predictor.model.scorer.run(parts["test"].matrix)
    low, high = limits(scores, predictor.model.manifest.decision)
    assert np.all((TARGET.low <= low) & (low <= high) & (high <= TARGET.high))


def test_the_order_of_the_training_rows_decides_little():
    rows = data.check(sample.sample(1_500, seed=1))
    train = prepare.assemble(prepare.split(rows, PREPARE)["train"])
    order = np.random.default_rng(0).permutation(len(train.target))
    ours, shuffled = (
        model.candidate(TRAIN)
        .fit(train.matrix[rows], train.target[rows])
        .predict(train.matrix)[:, 0]
        for rows in (slice(None), order)
    )
    assert np.mean(np.abs(ours - shuffled)) < 0.05 * train.target.std()
