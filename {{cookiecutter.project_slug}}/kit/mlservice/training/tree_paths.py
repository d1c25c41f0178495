"""Paths of the leaves of fitted scikit-learn trees: the input of `tree_shap`."""

from collections.abc import Iterable, Iterator
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlservice.model.tree_shap import Paths

Range = tuple[float, float, bool]  # above, at most, whether a missing value is inside
Player = tuple[float, dict[int, Range]]  # share of the rows, ranges by column
EVERYTHING = (np.nan, np.inf, True)


class Tree(NamedTuple):
    """A fitted tree; each array has an entry for every node."""

    left: NDArray[np.integer]  # child for values up to the threshold; a leaf has none
    right: NDArray[np.integer]
    is_leaf: NDArray[np.bool_]
    column: NDArray[np.integer]
    threshold: NDArray[np.float32]
    missing_left: NDArray[np.bool_]
    value: NDArray[np.floating]
    rows: NDArray[np.number]  # of the training, with their weights


def boosted(nodes: NDArray[Any]) -> Tree:
    """Return a tree of HistGradientBoosting."""
    names = ("left", "right", "is_leaf", "feature_idx", "num_threshold")
    left, right, is_leaf, column, threshold = (nodes[name] for name in names)
    return Tree(
        left,
        right,
        is_leaf.astype(bool),
        column,
        threshold.astype(np.float32),
        nodes["missing_go_to_left"].astype(bool),
        nodes["value"],
        nodes["count"],
    )


def single(tree: Any, output: int) -> Tree:
    """Return the `tree_` of a DecisionTree, for one column of its values."""
    return Tree(
        tree.children_left,
        tree.children_right,
        tree.children_left < 0,
        tree.feature,
        tree.threshold.astype(np.float32),
        tree.missing_go_to_left.astype(bool),
        tree.value[:, 0, output],
        tree.weighted_n_node_samples,
    )


def paths_of(
    trees: Iterable[Tree], owners: NDArray[np.int32], base: float = 0.0
) -> Paths:
    """Return the paths of trees whose sum begins at `base`.

    `owners` are the players of the columns.
    """
    leaves = [
        (float(tree.value[leaf]), path)
        for tree in trees
        for leaf, path in _leaves(tree, owners)
    ]
    base += sum(
        value * prod(share for share, _ in one.values()) for value, one in leaves
    )
    leaves = [(value, path) for value, path in leaves if path]
    players = [
        (number, share, len(found))
        for _, path in leaves
        for number, (share, found) in path.items()
    ]
    ranges = [
        (column, *bounds)
        for _, path in leaves
        for _, found in path.values()
        for column, bounds in found.items()
    ]
    player, share, sizes = np.array(players, np.float64).reshape(-1, 3).T
    column, *ends = np.array(ranges, np.float64).reshape(-1, 4).T
    return Paths(
        base=np.array(base),
        value=np.array([value for value, _ in leaves]),
        first_player=_starts([len(path) for _, path in leaves]),
        player=player.astype(np.int32),
        share=share,
        first_range=_starts(sizes),
        column=column.astype(np.int32),
        low=ends[0].astype(np.float32),
        high=ends[1].astype(np.float32),
        missing=ends[2].astype(bool),
    )


def _starts(sizes: Any) -> NDArray[np.int32]:
    given: NDArray[np.int32] = np.asarray(sizes, np.int32)
    starts: NDArray[np.int32] = (np.cumsum(given) - given).astype(np.int32)
    return starts


def _leaves(
    tree: Tree, owners: NDArray[np.int32]
) -> Iterator[tuple[int, dict[int, Player]]]:
    """Yield each leaf with the players on its path."""
    waiting: list[tuple[int, dict[int, Player]]] = [(0, {})]
    while waiting:
        node, path = waiting.pop()
        if tree.is_leaf[node]:
            yield node, path
            continue
        column = int(tree.column[node])
        owner = int(owners[column])
        share, ranges = path.get(owner, (1.0, {}))
        for child, bounds in _sides(tree, node, ranges.get(column, EVERYTHING)):
            part = share * float(tree.rows[child] / tree.rows[node])
            player = (part, {**ranges, column: bounds})
            waiting.append((child, {**path, owner: player}))


def _sides(tree: Tree, node: int, inside: Range) -> Iterator[tuple[int, Range]]:
    """Yield the right and the left child of a node, with their parts of a range."""
    low, high, missing = inside
    edge, left = float(tree.threshold[node]), bool(tree.missing_left[node])
    yield int(tree.right[node]), (np.fmax(low, edge), high, missing and not left)
    yield int(tree.left[node]), (low, min(high, edge), missing and left)
