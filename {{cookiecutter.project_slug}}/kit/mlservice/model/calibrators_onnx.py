"""ONNX operators of the calibrators, for logits of shape (n, 1) or (n, k)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto
from skl2onnx.algebra.onnx_ops import (  # pylint: disable=no-name-in-module # dynamic
    OnnxAdd,
    OnnxCast,
    OnnxClip,
    OnnxConcat,
    OnnxDiv,
    OnnxGather,
    OnnxGreaterOrEqual,
    OnnxLog,
    OnnxMatMul,
    OnnxMax,
    OnnxMul,
    OnnxReduceSum,
    OnnxSigmoid,
    OnnxSoftmax,
    OnnxSub,
)

LEAST = 1e-30  # probability; float32 holds it
FLOOR = np.array([LEAST], np.float32)

Floats = NDArray[np.floating]
Curve = tuple[Floats, Floats]  # ascending log odds, and the probability at each


def logits_of(scores: Any, classes: int, version: int, *, raw: bool) -> Any:
    """Return the logits of raw scores, or of probabilities, both of shape (n, k)."""
    if not raw:
        scores = OnnxLog(OnnxMax(scores, FLOOR, op_version=version), op_version=version)
    if classes > 2:
        return scores
    last = OnnxGather(scores, np.array([1]), axis=1, op_version=version)
    if raw:
        return last
    first = OnnxGather(scores, np.array([0]), axis=1, op_version=version)
    return OnnxSub(last, first, op_version=version)


def probabilities(logits: Any, width: int, version: int) -> Any:
    """Return the probabilities, (n, k), that the logits (n, width) stand for."""
    if width > 1:
        return OnnxSoftmax(logits, axis=1, op_version=version)
    return _joined(OnnxSigmoid(logits, op_version=version), width, version)


def sigmoid(logits: Any, slopes: Floats, intercepts: Floats, version: int) -> Any:
    """Return the sigmoid of each class's line."""
    slope, intercept = slopes.astype(np.float32), intercepts.astype(np.float32)
    odds = _log_odds(logits, len(slopes), version)
    line = OnnxMul(odds, slope, op_version=version)
    line = OnnxAdd(line, intercept, op_version=version)
    return _joined(OnnxSigmoid(line, op_version=version), len(slopes), version)


def isotonic(logits: Any, curves: Sequence[Curve], version: int) -> Any:
    """Return the value of each class's curve."""
    odds = _log_odds(logits, len(curves), version)
    columns = [
        _interpolated(
            OnnxGather(odds, np.array([at]), axis=1, op_version=version),
            curve,
            version,
        )
        for at, curve in enumerate(curves)
    ]
    given = OnnxConcat(*columns, axis=1, op_version=version)
    return _joined(given, len(curves), version)


def _interpolated(odds: Any, curve: Curve, version: int) -> Any:
    """Return the value of one curve at odds (n, 1), as `numpy.interp` does."""
    at, values = curve
    slopes = np.append(np.diff(values) / np.diff(at), 0.0)
    lines = [each.astype(np.float32) for each in (at, values, slopes)]
    bounds = lines[0]
    inside = OnnxClip(
        odds, bounds[:1].reshape(()), bounds[-1:].reshape(()), op_version=version
    )
    passed = OnnxCast(
        OnnxGreaterOrEqual(inside, bounds[1:].reshape(1, -1), op_version=version),
        to=TensorProto.INT64,
        op_version=version,
    )
    place = OnnxReduceSum(passed, np.array([1]), keepdims=1, op_version=version)
    start, value, slope = (
        OnnxGather(each, place, axis=0, op_version=version) for each in lines
    )
    way = OnnxMul(OnnxSub(inside, start, op_version=version), slope, op_version=version)
    return OnnxAdd(value, way, op_version=version)


def _log_odds(logits: Any, width: int, version: int) -> Any:
    """Return each class's log odds against the rest."""
    if width == 1:
        return logits
    given = OnnxSoftmax(logits, axis=1, op_version=version)
    others = (1 - np.eye(width)).astype(np.float32)
    rest = OnnxMatMul(given, others, op_version=version)
    known, unknown = (
        OnnxLog(OnnxMax(each, FLOOR, op_version=version), op_version=version)
        for each in (given, rest)
    )
    return OnnxSub(known, unknown, op_version=version)


def _joined(given: Any, width: int, version: int) -> Any:
    """Return the probabilities of all classes, which sum to one."""
    if width == 1:
        rest = OnnxSub(np.array([1], np.float32), given, op_version=version)
        return OnnxConcat(rest, given, axis=1, op_version=version)
    total = OnnxReduceSum(given, np.array([1]), keepdims=1, op_version=version)
    return OnnxDiv(given, total, op_version=version)
