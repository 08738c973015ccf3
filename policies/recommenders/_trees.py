"""Binary trees as plain arrays: scikit-learn's forests and boosted trees, walked for a whole page at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._models import LARGEST
from policies.recommenders._tastes import Double, Long
from sim.schema.compiled import allocating
from sim.schema.recommending import Single

Unsigned = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Trees:
    """Binary trees, one node after the other; the two nodes under one stand side by side.

    A leaf asks what is always so and leads to itself: a walk of the tree's depth ends in it without looking.

    Attributes
    ----------
    root, depth : int64[n_trees]
    feature : uint32[n_nodes]
    threshold : float32[n_nodes]
        A column goes to ``left`` where its feature is at or under it, else to the node behind that.
    left : uint32[n_nodes]
    value : float64[n_nodes]
        Of a leaf.
    base, share : float
        The answer is ``base + share * sum of leaves``, through the logistic function where ``logistic``.
    """

    root: Long
    depth: Long
    feature: Unsigned
    threshold: Single
    left: Unsigned
    value: Double
    base: float
    share: float
    logistic: bool

    def probability(self, features: Single) -> Double:
        """Return the answer, shape (n, m), of columns of shape (n, features, m)."""
        total = _walked(features, self.root, self.depth, self.feature, self.threshold, self.left, self.value)
        raw: Double = self.base + self.share * total
        return 1.0 / (1.0 + np.exp(-np.clip(raw, -LARGEST, LARGEST))) if self.logistic else raw


def of_forest(model: Any) -> Trees:
    """Return a fitted RandomForestClassifier of two classes as arrays."""
    trees = []
    for one in model.estimators_:
        t = one.tree_
        share = t.value[:, 0, 1] / t.value[:, 0].sum(axis=1)
        trees.append(_side_by_side(t.feature, t.threshold, t.children_left, t.children_right, share))
    return _joined(trees, 0.0, 1.0 / len(trees), logistic=False)


def of_boosting(model: Any) -> Trees:
    """Return a fitted HistGradientBoostingClassifier of two classes as arrays."""
    trees = []
    for one in model._predictors:
        t = one[0].nodes
        left, right = (np.where(t["is_leaf"] != 0, -1, t[side].astype(np.int64)) for side in ("left", "right"))
        trees.append(_side_by_side(t["feature_idx"], t["num_threshold"], left, right, t["value"]))
    return _joined(trees, float(model._baseline_prediction[0, 0]), 1.0, logistic=True)


@dataclass(frozen=True, slots=True)
class _Tree:
    """One tree as in `Trees`, its root in front."""

    feature: Unsigned
    threshold: Single
    left: Unsigned
    value: Double
    depth: int


def _side_by_side(feature: Any, threshold: Any, left: Any, right: Any, value: Any) -> _Tree:
    """Return the tree level by level; ``left`` and ``right`` are negative at a leaf."""
    order, level, depth = np.zeros(1, np.int64), np.zeros(1, np.int64), 0
    while len(inner := level[left[level] >= 0]):
        level = np.stack((left[inner], right[inner]), axis=1).ravel()
        order = np.concatenate((order, level))
        depth += 1
    place = np.empty(len(feature), np.int64)
    place[order] = np.arange(len(order))
    leaf = left[order] < 0
    below = np.where(leaf, np.arange(len(order)), place[left[order]])
    asked, at = np.where(leaf, 0, feature[order]), np.where(leaf, np.inf, _at_most(threshold[order]))
    return _Tree(asked.astype(np.uint32), at.astype(np.float32), below.astype(np.uint32), value[order] * 1.0, depth)


def _at_most(threshold: Double) -> Single:
    """Return the largest float32 not above: for float32 features it asks the same."""
    near = threshold.astype(np.float32)
    return np.where(near > threshold, np.nextafter(near, np.float32(-np.inf)), near)


def _joined(trees: list[_Tree], base: float, share: float, *, logistic: bool) -> Trees:
    """Return the trees one after the other; links count from the first tree's root."""
    root = np.concatenate(([0], np.cumsum([len(one.left) for one in trees]))).astype(np.int64)[:-1]
    return Trees(
        root,
        np.array([one.depth for one in trees], np.int64),
        np.concatenate([one.feature for one in trees]),
        np.concatenate([one.threshold for one in trees]),
        np.concatenate([one.left + np.uint32(at) for one, at in zip(trees, root, strict=True)]),
        np.concatenate([one.value for one in trees]),
        base,
        share,
        logistic,
    )


@allocating
def _walked(features, root, depth, feature, threshold, left, value):  # type: ignore[no-untyped-def]  # numba
    """Return the sum of the leaves that each column falls in, tree after tree."""
    n, _, m = features.shape
    total = np.zeros((n, m))
    node = np.empty(m, np.uint32)  # unsigned, as all that points: the compiler need not expect negative places
    line = feature * np.uint32(m)
    for i in range(n):
        page = features[i].ravel()
        for tree in range(len(root)):
            node[:] = root[tree]
            # all columns go down a level together: without a branch, many steps are under way at once
            for _ in range(depth[tree]):
                for j in range(m):
                    at = node[j]
                    node[j] = left[at] + np.uint32(page[line[at] + np.uint32(j)] > threshold[at])
            for j in range(m):
                total[i, j] += value[node[j]]
    return total
