"""Occlusion maps: what a linear model's answer rests on is known."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import evaluated
from mlservice.data.dataset import Dataset
from mlservice.evaluation.pages.occlusion import occlusion, occlusion_plot
from toys.image import SERVICE

SIDE = 8
PNG = "iVBORw0KGgo" + "A" * 45
WIDE = SimpleNamespace(  # the toy's pictures have four pixels
    encoding=SimpleNamespace(blocks={"image": slice(0, SIDE**2)}), features=SERVICE.features, target=SERVICE.target
)


class Corner:
    """A scorer for which the mean of the upper left 2 × 2 pixels alone says how likely the first class is."""

    def run(self, matrix):
        """Return the scores, (n, 3)."""
        first = matrix.reshape(-1, SIDE, SIDE)[:, :2, :2].mean(axis=(1, 2))
        return np.column_stack([first, (1 - first) / 2, (1 - first) / 2]).astype(np.float32)


def run_of(pictures, target, service=SERVICE, text=PNG):
    """Return an evaluation as far as the maps need it."""
    matrix = pictures.reshape(len(pictures), -1).astype(np.float32)
    rows = pd.DataFrame({"image": [text] * len(target)})
    data = Dataset(rows, matrix, target, np.arange(len(target)))
    scorer = Corner()
    return SimpleNamespace(
        training=SimpleNamespace(service=service),
        decision=None,
        train=Dataset(None, np.zeros_like(matrix), target, data.groups),
        test=data,
        candidate=SimpleNamespace(scorer=scorer),
        scores=scorer.run(matrix).astype(float),
        categories=tuple(service.target.categories),
    )


def test_only_the_part_that_counts_is_marked():
    run = run_of(np.ones((1, SIDE, SIDE)), np.array([0]))
    found = occlusion(run, run.test.matrix[0], slice(0, SIDE**2), np.zeros((SIDE, SIDE)), 0)
    assert found[0, 0] == pytest.approx(1.0) and found[0, 0] == found.max()
    assert (found[3:] == 0).all() and (found[:, 3:] == 0).all() and (found >= 0).all()


def test_errors_come_first_and_titles_say_both_classes():
    pictures = np.stack([np.ones((SIDE, SIDE)), 0.9 * np.ones((SIDE, SIDE)), np.zeros((SIDE, SIDE))])
    [figure] = filter(None, [occlusion_plot(run_of(pictures, np.array([0, 2, 1]), WIDE))])
    names = SERVICE.target.categories
    assert [axes.get_title() for axes in figure.axes] == [f"{names[0]}, but {names[2]}", names[0], names[1]]


def test_what_is_no_picture_has_no_map():
    assert occlusion_plot(evaluated.classes()) is None
    assert occlusion_plot(evaluated.numbers()) is None
    assert occlusion_plot(run_of(np.ones((1, SIDE, SIDE)), np.array([0]), WIDE, text="plain")) is None
