"""The explanation of a fitted estimator, which is stored beside its ONNX file."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from mlservice.arrays import Matrix
from mlservice.errors import UserError
from mlservice.model import explanation, onnx_export
from mlservice.model.explanation import Explanation, NoExplanationError
from mlservice.service import Service
from mlservice.training.explained_models import Parts, parts_of

CHECKED = 200  # rows whose contributions must sum to the score
SHARE = 0.98  # of them: float32 may flip a row on a threshold


def files_of(
    service: Service[Any, Any], estimator: Any, matrix: Matrix
) -> dict[str, bytes]:
    """Return the file of the explanation by name, or none if there is no explanation.

    A linear model's contributions are relative to the mean row of `matrix` (n, d).
    """
    try:
        found = explanation.dump(explanation_of(service, estimator, matrix))
    except NoExplanationError as error:
        print(f"  no explanation: {error}")
        return {}
    print(f"  explanation of each column: {len(found) / 1000:.0f} kB")
    return {explanation.FILE: found}


def explanation_of(
    service: Service[Any, Any], estimator: Any, matrix: Matrix
) -> Explanation:
    """Return how the scores of a fitted estimator come about.

    Raise NoExplanationError if that is not known, or contributions do not sum to the
    scores of the rows of `matrix` (n, d).
    """
    parts, blocks = parts_of(estimator), service.encoding.blocks
    texts = [f.column for f in service.features if f.encoder and f.encoder.pieces]
    if len(blocks) == 1 and not texts:
        raise NoExplanationError("the model has a single column")
    owners = np.zeros(matrix.shape[1], np.int32)
    for number, block in enumerate(blocks.values()):
        owners[block] = number
    sources = _sources(parts, owners)
    found = Explanation(
        list(blocks),
        owners[sources],
        sources,
        (),
        parts.scale,
        _exported(parts, matrix.shape[1]),
        parts.per_level,
    )
    reference = found.prepared(matrix).mean(axis=0, dtype=np.float64)
    words = [list(blocks).index(column) for column in texts]
    reference[np.isin(found.owners, words)] = 0  # a word that is absent adds nothing
    found = replace(found, outputs=parts.outputs(found.owners, reference))
    _check(found, parts, matrix[:CHECKED])
    return found


def _sources(parts: Parts, owners: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the matrix column of each prepared column; scikit-learn names them."""
    first = int(parts.per_level)
    if not parts.steps:
        return np.arange(first, len(owners), dtype=np.int32)
    given = [f"§{at}§" for at in range(first, len(owners))]
    try:
        names = _pipeline(parts).get_feature_names_out(given)
    except (AttributeError, ValueError) as error:
        raise NoExplanationError(f"a step names no columns ({error})") from error
    found = [[int(at) for at in re.findall("§([0-9]+)§", name)] for name in names]
    if not all(len({owners[at] for at in each}) == 1 for each in found):
        raise NoExplanationError("a step mixes columns")
    return np.array([each[0] for each in found], np.int32)


def _exported(parts: Parts, width: int) -> bytes:
    """Return the ONNX form of the steps."""
    if not parts.steps:
        return b""
    try:
        return onnx_export.export(_pipeline(parts), width - int(parts.per_level))
    except UserError as error:
        raise NoExplanationError(str(error)) from error


def _pipeline(parts: Parts) -> Pipeline:
    return Pipeline([(str(at), step) for at, step in enumerate(parts.steps)])


def _check(found: Explanation, parts: Parts, rows: Matrix) -> None:
    """Raise NoExplanationError if the contributions do not sum to the scores."""
    margins = np.asarray(parts.margin(rows), np.float64).reshape(len(rows), -1)
    explained = found.explain(rows, margins)
    expected = np.take_along_axis(margins, explained.output[:, np.newaxis], axis=1)
    gaps = np.abs(explained.contributions.sum(axis=1) + explained.base - expected[:, 0])
    usual = np.abs(expected).mean()
    if np.mean(gaps <= onnx_export.TOLERANCE * usual) < SHARE:
        raise NoExplanationError("the contributions do not sum to the model's score")
