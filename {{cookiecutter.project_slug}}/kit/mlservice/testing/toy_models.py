"""Untrained ONNX models of the width that a service's encoding has."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from mlservice.model import artifact
from mlservice.model.artifact import Manifest
from mlservice.service import Service

SEED = 7
SCALE = 0.3  # of the weights
OPSET = 20
CLASSES = ("classification", "text", "image")  # tasks whose scores are probabilities
OUTPUTS = {"regression": 3, "forecasting": 1}  # of the other tasks


def toy_model(service: Service[Any, Any], seed: int = SEED) -> bytes:
    """Return an ONNX file: one linear layer, and softmax for classes.

    Inputs are bounded, missing ones are 0.
    Scores have shape (n, classes), (n, 3) for regression and (n, 1) for forecasting.
    """
    classes = service.task in CLASSES
    outputs = len(service.target.categories) if classes else OUTPUTS[service.task]
    width = len(service.encoding.names)
    weights = np.random.default_rng(seed).normal(scale=SCALE, size=(width, outputs))
    nodes = [
        helper.make_node("IsNaN", ["rows"], ["missing"]),
        helper.make_node("Where", ["missing", "zero", "rows"], ["filled"]),
        helper.make_node("Softsign", ["filled"], ["bounded"]),
        helper.make_node("MatMul", ["bounded", "weights"], ["linear"]),
        (
            helper.make_node("Softmax", ["linear"], ["scores"], axis=1)
            if classes
            else helper.make_node("Abs", ["linear"], ["scores"])
        ),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, width])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, outputs])],
        [
            numpy_helper.from_array(weights.astype(np.float32), "weights"),
            numpy_helper.from_array(np.zeros(1, np.float32), "zero"),
        ],
    )
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    onnx.checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


def save_toy(
    service: Service[Any, Any], folder: Path, seed: int = SEED, **facts: Any
) -> Manifest:
    """Save a toy model as an artifact in `folder`; `facts` are manifest fields."""
    defaults = {"name": "candidate", "decision": service.decision()}
    return artifact.save(service, folder, toy_model(service, seed), **defaults | facts)
