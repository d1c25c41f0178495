"""Occlusion maps of pictures (Zeiler & Fergus 2014): which parts an answer rests on."""

from math import isqrt
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from mlservice.arrays import Matrix
from mlservice.evaluation.errors import errors
from mlservice.evaluation.pages.errors import picture_of
from mlservice.evaluation.pages.interval_chart import WIDTH
from mlservice.evaluation.pages.run import Run

PICTURES, ACROSS = 8, 4  # of the figure
STEPS = 7  # places of the cover in each direction, at most
SHARE = 4  # the cover's side is the picture's over this
LEAST = 1e-9  # fall of a probability that is drawn


def occlusion_plot(run: Run[Any, Any]) -> Figure | None:
    """Draw wrong and right test pictures; None if the service takes no square ones.

    The redder, the more the probability of the answer falls if that part is covered by
    the mean picture of training.
    """
    block = _block(run)
    if block is None:
        return None
    chosen = _chosen(run)
    mean = _square(run.train.matrix[:, block].mean(axis=0))
    down = -(-len(chosen) // ACROSS)
    figure = Figure(figsize=(WIDTH, 1.5 * down), layout="constrained")
    for place, at in enumerate(chosen, 1):
        _draw(figure.add_subplot(down, ACROSS, place), run, at, block, mean)
    return figure


def _draw(
    axes: Axes, run: Run[Any, Any], at: int, block: slice, mean: NDArray[Any]
) -> None:
    """Draw a test row's picture, with its map over it."""
    picture = _square(run.test.matrix[at][block])
    answer = int(run.scores[at].argmax())
    effect = occlusion(run, run.test.matrix[at], block, mean, answer)
    largest = max(float(effect.max()), LEAST)
    marked = np.ma.masked_less_equal(effect, 0.05 * largest)
    axes.imshow(picture, cmap="gray")
    axes.imshow(marked, cmap="Reds", vmin=0, vmax=largest, alpha=0.6)
    actual = run.categories[run.test.target[at]]
    said = run.categories[answer]
    title = said if said == actual else f"{said}, but {actual}"
    axes.set_title(title, fontsize=9, parse_math=False)
    axes.set_xticks([])
    axes.set_yticks([])


def occlusion(
    run: Run[Any, Any], row: Matrix, block: slice, mean: NDArray[Any], answer: int
) -> NDArray[np.float64]:
    """Return by how much covering each pixel lowers the answer's probability.

    Shape (side, side): the mean over all places of the cover that hold the pixel. `row`
    (d,) is encoded, with the picture in the columns of `block`; `mean` covers it.
    """
    parts = _parts(len(mean))
    covered = np.repeat(row[np.newaxis], len(parts) + 1, axis=0)
    for each, part in zip(covered[1:], parts, strict=True):
        picture = _square(each[block])
        picture[part] = mean[part]
        each[block] = picture.ravel()
    scores = run.candidate.scorer.run(covered)[:, answer].astype(np.float64)
    total, times = np.zeros(mean.shape), np.zeros(mean.shape)
    for fall, part in zip(scores[0] - scores[1:], parts, strict=True):
        total[part] += fall
        times[part] += 1
    return total / np.maximum(times, 1)


def _parts(side: int) -> list[tuple[slice, slice]]:
    """Return the places of the cover, which together hold every pixel."""
    cover = max(1, -(-side // SHARE))
    steps = np.unique(np.linspace(0, side - cover, STEPS).round().astype(int))
    ends = [slice(int(at), int(at) + cover) for at in steps]
    return [(down, across) for down in ends for across in ends]


def _square(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return a picture of its pixels, (side, side)."""
    side = isqrt(pixels.size)
    return pixels.reshape(side, side)


def _block(run: Run[Any, Any]) -> slice | None:
    """Return the columns of the picture in the matrix; None if there is none."""
    service = run.training.service
    for feature in service.features if run.categories else ():
        block: slice = service.encoding.blocks[feature.column]
        width = block.stop - block.start
        square = feature.encoder and 1 < width == isqrt(width) ** 2
        if square and picture_of(str(run.test.rows[feature.column].iloc[0])):
            return block
    return None


def _chosen(run: Run[Any, Any]) -> list[int]:
    """Return the most confident errors, then right answers of each class in turn."""
    answers = run.scores.argmax(axis=1)
    target = run.training.service.target
    wrong = errors(target, run.test, run.scores, run.decision).index
    right = np.flatnonzero(answers == run.test.target)
    first = [int(right[answers[right] == at][0]) for at in np.unique(answers[right])]
    return [*map(int, wrong[: PICTURES // 2]), *first][:PICTURES]
