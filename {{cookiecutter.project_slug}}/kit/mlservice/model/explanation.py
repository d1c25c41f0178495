"""Explanation of a score: what each column of the user's contributes to it.

It travels beside the model as one file of arrays, without code.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Matrix, Scores
from mlservice.errors import UserError
from mlservice.model.scorer import OnnxScorer
from mlservice.model.tree_shap import Paths, shapley

FILE = "explanation.npz"
FORMAT = 1

Floats = NDArray[np.float64]


class NoExplanationError(UserError):
    """The model has no explanation; the message says why."""


class Weights(NamedTuple):
    """A linear model: a column contributes its weight times its distance."""

    base: Floats  # (): sum at the reference
    weight: Floats  # (prepared columns,)
    reference: Floats  # (prepared columns,): from which the distance is measured


class Explained(NamedTuple):
    """Contributions to one score of each of n rows; with `base` they sum to it."""

    output: NDArray[np.intp]  # (n,): which of the outputs is explained
    base: Floats  # (n,)
    contributions: Floats  # (n, players)
    columns: Floats  # (n, d): by column of the matrix; empty if not linear


@dataclass(frozen=True)
class Explanation:
    """How the scores of a model come about, by player: a column or a derived feature.

    The model's own ONNX operators prepare the matrix, if it is prepared. Where it is
    `per_level`, matrix column 0 is the level that all is multiplied by: see PerLevel.
    """

    players: Sequence[str]
    owners: NDArray[np.int32]  # (prepared columns,): their players
    sources: NDArray[np.int32]  # (prepared columns,): their columns of the matrix
    outputs: Sequence[Paths | Weights]
    scale: str  # what kind of number the sum is
    prepare: bytes = b""  # an ONNX file, or empty
    per_level: bool = False

    def explain(self, matrix: Matrix, scores: Scores) -> Explained:
        """Explain n rows (n, d): of several outputs, that of the greatest score."""
        several = len(self.outputs) > 1
        chosen = scores.argmax(axis=1) if several else np.zeros(len(matrix), np.intp)
        rows = self.prepared(matrix)
        base = np.zeros(len(rows))
        found = np.zeros((len(rows), len(self.players)))
        columns = np.zeros(matrix.shape if self.linear else 0)
        for output in np.unique(chosen):
            at, part = chosen == output, self.outputs[output]
            base[at] = part.base
            if isinstance(part, Paths):
                found[at] = shapley(part, rows[at], len(self.players))
            else:
                each = part.weight * (rows[at] - part.reference)
                found[at] = _summed(each, self.owners, len(self.players))
                columns[at] = _summed(each, self.sources, matrix.shape[1])
        if self.per_level:
            base, found = base * matrix[:, 0], found * matrix[:, :1]
        if not np.isfinite(found).all():
            raise ArithmeticError("a contribution is not a number")
        return Explained(chosen, base, found, columns)

    @property
    def linear(self) -> bool:
        """Return whether contributions are known by column of the matrix."""
        return isinstance(self.outputs[0], Weights)

    def prepared(self, matrix: Matrix) -> Matrix:
        """Return the n rows (n, d) as the trees or weights take them."""
        rows = np.ascontiguousarray(matrix[:, int(self.per_level) :])
        return self._scorer.run(rows) if self.prepare else rows

    @cached_property
    def _scorer(self) -> OnnxScorer:
        return OnnxScorer(self.prepare)


def _summed(values: Floats, owners: NDArray[np.int32], count: int) -> Floats:
    """Sum columns (n, prepared) by their owners: (n, count)."""
    found = np.zeros((count, len(values)))
    np.add.at(found, owners, values.T)
    return found.T


def dump(explanation: Explanation) -> bytes:
    """Return the file of an explanation: arrays, as NumPy stores them."""
    arrays: dict[str, Any] = {
        "format": FORMAT,
        "players": list(explanation.players),
        "owners": explanation.owners,
        "sources": explanation.sources,
        "scale": explanation.scale,
        "prepare": np.frombuffer(explanation.prepare, np.uint8),
        "per_level": explanation.per_level,
    }
    for number, part in enumerate(explanation.outputs):
        arrays |= {f"{number}.{name}": each for name, each in part._asdict().items()}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def load(data: bytes) -> Explanation:
    """Read the file of an explanation; raise NoExplanationError for another format."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = dict(stored)
        if arrays["format"] != FORMAT:
            raise ValueError("another format")
        return Explanation(
            arrays["players"].tolist(),
            arrays["owners"],
            arrays["sources"],
            _outputs(arrays),
            str(arrays["scale"]),
            arrays["prepare"].tobytes(),
            bool(arrays["per_level"]),
        )
    except (KeyError, ValueError, EOFError, OSError, BadZipFile) as error:
        raise NoExplanationError(
            f"another version of the library wrote {FILE}; run `make pipeline`"
        ) from error


def _outputs(arrays: dict[str, Any]) -> list[Paths | Weights]:
    found: list[Paths | Weights] = []
    while (base := f"{len(found)}.base") in arrays:
        number = base.removesuffix("base")
        kind: type[Paths | Weights] = Weights if f"{number}weight" in arrays else Paths
        found.append(kind(*(arrays[number + name] for name in kind._fields)))
    return found
