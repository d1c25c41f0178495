"""Toy models with an explanation: trees, of texts weights; what they explain is no more than drawn numbers."""

import numpy as np

from mlservice.model import artifact
from mlservice.model.explanation import FILE, Explanation, Weights, dump
from mlservice.model.tree_shap import Paths
from mlservice.testing.toy_models import toy_model


def drawn_paths(owners, rng):
    """Return the paths of as many trees of one split as there are columns."""
    width = len(owners)
    return Paths(
        base=np.array(rng.normal()),
        value=rng.normal(size=2 * width),
        first_player=np.arange(2 * width),
        player=np.repeat(owners, 2),
        share=np.full(2 * width, 0.5),
        first_range=np.arange(2 * width),
        column=np.repeat(np.arange(width), 2),
        low=np.tile(np.array([np.nan, 0.5], np.float32), width),
        high=np.tile(np.array([0.5, np.inf], np.float32), width),
        missing=np.tile([True, False], width),
    )


def explanation_of(service, seed=3):
    """Return an explanation whose numbers are drawn."""
    rng, blocks = np.random.default_rng(seed), service.encoding.blocks
    width = len(service.encoding.names)
    owners = np.zeros(width, np.int32)
    for number, block in enumerate(blocks.values()):
        owners[block] = number
    outputs = max(1, len(service.target.categories) - (len(service.target.categories) == 2))
    linear = service.task == "text"
    return Explanation(
        [*blocks],
        owners,
        np.arange(width, dtype=np.int32),
        [
            Weights(np.array(0.25), rng.normal(size=width), np.zeros(width)) if linear else drawn_paths(owners, rng)
            for _ in range(outputs)
        ],
        "log odds",
    )


def save_explained(service, folder, seed=7):
    """Save a toy model; all but an image's has an explanation."""
    files = {} if service.task == "image" else {FILE: dump(explanation_of(service, seed))}
    facts = {"name": "candidate", "decision": service.decision()}
    return artifact.save(service, folder, toy_model(service, seed), files, **facts)
