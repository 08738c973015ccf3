"""Learned models as plain arrays, walked in a fixed order: the same row gives the same bits in any batch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._tastes import Double, Long
from sim.schema.compiled import allocating, inner

LARGEST = 80.0
"""Logits beyond it count as it: their probabilities are 0 and 1 in float32."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Standardises features: ``(x - mean) / deviation``."""

    mean: Double
    deviation: Double

    @classmethod
    def of(cls, features: Double) -> "Scale":
        """Return the scale of a table; a feature that does not vary stays as it is."""
        deviation = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(deviation > 1e-9, deviation, 1.0))

    def __call__(self, features: Double) -> Double:
        """Return the table on this scale."""
        return (features - self.mean) / self.deviation


@dataclass(frozen=True, slots=True)
class Layers:
    """A multi-layer perceptron with rectified hidden layers and one logistic output; none hidden: a regression.

    Attributes
    ----------
    weight : float64
        The layers' matrices (into, out of) one after the other, row by row.
    bias : float64
    width : int64
        Of the input, the hidden layers, the output, which is 1.
    """

    scale: Scale
    weight: Double
    bias: Double
    width: Long

    @classmethod
    def of(cls, scale: Scale, weights: list[Double], biases: list[Double]) -> "Layers":
        """Return layers from scikit-learn's lists."""
        width = np.array([len(weights[0]), *(w.shape[1] for w in weights)], np.int64)
        return cls(scale, np.concatenate([w.ravel() for w in weights]), np.concatenate(biases), width)

    def probability(self, features: Double) -> Double:
        """Return the output per row."""
        out: Double = _forward(self.scale(features), self.weight, self.bias, self.width)
        return out


@dataclass(frozen=True, slots=True)
class Trees:
    """Binary trees, one node after the other; tree t begins at ``root[t]``.

    Attributes
    ----------
    feature : int32
        What a node asks for; -1 at a leaf.
    threshold : float64
        A row goes left where its feature is at or under it.
    left, right : int32
    value : float64
        Of a leaf.
    base, share : float
        The answer is ``base + share * sum of leaves``, through the logistic function where ``logistic``.
    single : bool
        Whether features count as float32, as in scikit-learn's forests.
    """

    root: NDArray[np.int64]
    feature: NDArray[np.int32]
    threshold: Double
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Double
    base: float
    share: float
    logistic: bool
    single: bool

    def probability(self, features: Double) -> Double:
        """Return the answer per row."""
        if self.single:
            features = features.astype(np.float32).astype(np.float64)
        total = _walked(features, self.root, self.feature, self.threshold, self.left, self.right, self.value)
        raw: Double = self.base + self.share * total
        return 1.0 / (1.0 + np.exp(-np.clip(raw, -LARGEST, LARGEST))) if self.logistic else raw


@allocating
def _forward(features, weight, bias, width):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    out = np.empty(len(features))
    widest = width.max()
    here, there = np.empty(widest), np.empty(widest)
    for row in range(len(features)):
        here[: width[0]] = features[row]
        at_weight = at_bias = 0
        for layer in range(len(width) - 1):
            n_in, n_out = width[layer], width[layer + 1]
            there[:n_out] = bias[at_bias : at_bias + n_out]
            for i in range(n_in):
                x = here[i]
                for j in range(n_out):
                    there[j] += x * weight[at_weight + i * n_out + j]
            at_weight += n_in * n_out
            at_bias += n_out
            if layer + 2 < len(width):
                for j in range(n_out):
                    there[j] = max(there[j], 0.0)
            here, there = there, here
        out[row] = 1.0 / (1.0 + np.exp(-min(max(here[0], -LARGEST), LARGEST)))
    return out


@allocating
def _walked(features, root, feature, threshold, left, right, value):  # type: ignore[no-untyped-def]  # as above
    """Return the sum of the leaves that each row falls in."""
    total = np.zeros(len(features))
    for row in range(len(features)):
        for node in root:
            total[row] += value[_leaf(features[row], node, feature, threshold, left, right)]
    return total


@inner
def _leaf(x, node, feature, threshold, left, right):  # type: ignore[no-untyped-def]  # as above
    while feature[node] >= 0:
        node = left[node] if x[feature[node]] <= threshold[node] else right[node]
    return node
