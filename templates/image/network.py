"""A convolutional network in scikit-learn's grammar: fit, predict_proba, to_onnx."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
import torch
from mlservice.arrays import Matrix
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from torch import Tensor, nn

from .pictures import SIDE

OPSET = 20  # the highest of the exporter that needs no onnxscript
DIMMEST = 0.6  # of a training picture's full brightness


class Network(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Two convolutions and two dense layers, trained on pictures moved and dimmed.

    Same seed, same machine, same network. A GPU is used where there is one.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        epochs: int = 40,
        batch_size: int = 64,
        learning_rate: float = 5e-3,
        channels: int = 16,
        dropout: float = 0.3,
    ) -> None:
        """Keep the parameters, as scikit-learn's estimators do."""
        self.seed = seed
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.channels = channels
        self.dropout = dropout

    def fit(self, matrix: Matrix, labels: NDArray[np.int64]) -> Self:
        """Fit on pictures (n, 64) and class numbers (n,); return self."""
        # pylint: disable=attribute-defined-outside-init  # learned: scikit-learn's way
        self.classes_ = np.unique(labels)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        pictures = torch.from_numpy(matrix).to(device)
        numbers = torch.from_numpy(np.searchsorted(self.classes_, labels)).to(device)
        with _steady(self.seed):
            self.network_ = self._layers(len(self.classes_)).to(device)
            self._train(pictures, numbers)
        self.network_.cpu().eval()
        return self

    def predict_proba(self, matrix: Matrix) -> NDArray[np.float32]:
        """Return probabilities by class, shape (n, k)."""
        with torch.no_grad():
            scores = self.network_(torch.from_numpy(matrix)).softmax(1)
        probabilities: NDArray[np.float32] = scores.numpy()
        return probabilities

    def to_onnx(self) -> bytes:
        """Return the fitted network, with its softmax, as an ONNX file's bytes."""
        whole = nn.Sequential(self.network_, nn.Softmax(1)).eval()
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # see OPSET
            torch.onnx.export(
                whole,
                (torch.zeros(1, SIDE * SIDE),),
                Path(folder, "model.onnx"),
                dynamo=False,
                opset_version=OPSET,
                input_names=["pixels"],
                output_names=["probabilities"],
                dynamic_axes={"pixels": {0: "n"}, "probabilities": {0: "n"}},
            )
            return Path(folder, "model.onnx").read_bytes()

    def _layers(self, classes: int) -> nn.Sequential:
        few, many = self.channels, 2 * self.channels
        return nn.Sequential(
            nn.Unflatten(1, (1, SIDE, SIDE)),
            nn.Conv2d(1, few, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(few, many, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(self.dropout),
            nn.Linear(many * (SIDE // 2) ** 2, 64),
            nn.ReLU(),
            nn.Linear(64, classes),
        )

    def _train(self, pictures: Tensor, numbers: Tensor) -> None:
        """Run the loop: batches in random order, one step for each."""
        steps = self.epochs * -(-len(pictures) // self.batch_size)
        optimizer = torch.optim.Adam(self.network_.parameters())
        pace = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, self.learning_rate, total_steps=steps
        )
        for _ in range(self.epochs):
            for batch in torch.randperm(len(pictures)).chunk(steps // self.epochs):
                scores = self.network_(_varied(pictures[batch]))
                loss = nn.functional.cross_entropy(scores, numbers[batch])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]  # torch has no type
                optimizer.step()
                pace.step()


def _varied(pictures: Tensor) -> Tensor:
    """Move a batch by up to one pixel each way and dim each picture by chance."""
    down, right = (int(step) for step in torch.randint(0, 3, (2,)))
    padded = nn.functional.pad(pictures.view(-1, SIDE, SIDE), (1, 1, 1, 1))
    moved = padded[:, down : down + SIDE, right : right + SIDE].flatten(1)
    light = DIMMEST + (1 - DIMMEST) * torch.rand(len(moved), 1)
    return moved * light.to(moved.device)


@contextmanager
def _steady(seed: int) -> Iterator[None]:
    """Draw from this seed, on one thread: for so small a network two only wait."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)
