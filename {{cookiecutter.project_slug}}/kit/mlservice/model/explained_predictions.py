"""Explanations of predictions, as plain data for answers and as columns for files."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlservice.arrays import Matrix, Scores
from mlservice.model.explanation import FILE, NoExplanationError, load
from mlservice.model.predictor import Predictor
from mlservice.schema.features import Feature

DIGITS = 9  # of a contribution
WORDS = 20  # of a text, those that matter most
REST = "…"  # the rest of the text

Columns = dict[str, Sequence[Any]]  # by name: n values


class Explainer:
    """Explanations of a model's predictions.

    Numbers are lists where an instance has several rows of the matrix: one for each.
    """

    def __init__(self, predictor: Predictor[Any, Any]) -> None:
        """Read the explanation; raise NoExplanationError if the model has none."""
        data = predictor.model.files.get(FILE)
        if data is None:
            raise NoExplanationError(
                f"model {predictor.version} has no explanation: it is neither a sum of "
                "trees nor linear, or was trained before 0.9.0"
            )
        self._predictor, self._explanation = predictor, load(data)
        service = self._service = predictor.service
        self._several_rows = len(service.encode_example()) > 1
        pieces = [f for f in service.features if f.encoder and f.encoder.pieces]
        self._texts = pieces if self._explanation.linear else []
        shown = service.target.categories[-len(self._explanation.outputs) :]
        self._names = shown or (service.target.column,)

    @property
    def reads_words(self) -> bool:
        """Return whether `columns` needs the instances, to explain their words."""
        return bool(self._texts)

    def explain(self, instances: Sequence[Any]) -> list[dict[str, Any]]:
        """Explain the predictions for n instances, as plain data."""
        matrix = self._service.encoding.encode(instances)
        of, base, contributions, words = self._explained(
            instances, matrix, self._predictor.score(matrix)
        )
        return [
            {
                "of": of[row],
                "scale": self._explanation.scale,
                "base": base[row],
                "contributions": {k: each[row] for k, each in contributions.items()},
                "words": {column: each[row] for column, each in words.items()},
            }
            for row in range(len(instances))
        ]

    def columns(
        self, instances: Sequence[Any], matrix: Matrix, scores: Scores
    ) -> Columns:
        """Explain n instances, for files; words are JSON.

        The instances may be empty, unless `reads_words`, where each has a single row.
        """
        of, base, contributions, words = self._explained(instances, matrix, scores)
        return {
            "explained": of,
            "contribution": base,
            **{f"contribution_{name}": each for name, each in contributions.items()},
            **{
                f"words_{name}": [json.dumps(one, ensure_ascii=False) for one in each]
                for name, each in words.items()
            },
        }

    def _explained(
        self, instances: Sequence[Any], matrix: Matrix, scores: Scores
    ) -> tuple[Sequence[str], Sequence[Any], Columns, Columns]:
        """Return what is explained, base, contributions and words by column."""
        found = self._explanation.explain(matrix, scores)
        ends = self._ends(instances)
        of = [self._names[output] for output in found.output]
        contributions: Columns = {
            name: _by_instance(values, ends)
            for name, values in zip(
                self._explanation.players, found.contributions.T, strict=True
            )
        }
        words: Columns = {
            feature.column: [
                self._words(feature, one, row)
                for one, row in zip(instances, found.columns, strict=True)
            ]
            for feature in self._texts
        }
        if ends:
            of = [of[end - 1] for end in ends]
        return of, _by_instance(found.base, ends), contributions, words

    def _ends(self, instances: Sequence[Any]) -> list[int]:
        """Return the end of each instance's rows; none if each has one row."""
        if not self._several_rows:
            return []
        encode = self._service.encoding.encode
        return list(accumulate(len(encode([one])) for one in instances))

    def _words(
        self, feature: Feature, instance: Any, contributions: NDArray[np.float64]
    ) -> dict[str, float]:
        """Return the contribution of each word of a text; they sum to the text's.

        Words that share a column of the matrix share its contribution.
        """
        block = self._service.encoding.blocks[feature.column]
        text, each = getattr(instance, feature.name), contributions[block]
        assert feature.encoder and feature.encoder.pieces
        pieces = list(feature.encoder.pieces(text)) if text else []
        shares = Counter(at for _, at in pieces)
        words: dict[str, float] = defaultdict(float)
        for word, at in pieces:
            words[word] += float(each[at]) / shares[at]
        most = sorted(words, key=lambda word: -abs(words[word]))[:WORDS]
        shown = {word: round(words[word], DIGITS) for word in most}
        rest = round(float(each.sum()) - sum(shown.values()), DIGITS)
        return shown | ({REST: rest} if abs(rest) > 10**-6 else {})


def _by_instance(values: NDArray[np.float64], ends: Sequence[int]) -> list[Any]:
    """Return one number for each of n instances, or a list of its rows' numbers."""
    shown: list[Any] = values.round(DIGITS).tolist()
    if not ends:
        return shown
    starts = [0, *ends[:-1]]
    return [shown[start:end] for start, end in zip(starts, ends, strict=True)]
