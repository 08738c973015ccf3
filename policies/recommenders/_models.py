"""Learned layers as plain arrays, walked in a fixed order: the same column gives the same bits in any batch."""

from dataclasses import dataclass

import numpy as np

from policies.recommenders._tastes import Double, Long
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import Single

LARGEST = 80.0
"""Logits beyond it count as it: their probabilities are 0 and 1 in float32."""
STRIP = 64
"""Contents walked through all layers together: their numbers stay in the nearest cache."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Standardises features: ``(x - mean) / deviation``."""

    mean: Double
    deviation: Double

    @classmethod
    def of(cls, table: Single) -> "Scale":
        """Return the scale of a table (n, features); a feature that does not vary stays as it is."""
        wide = table.astype(np.float64)
        deviation = wide.std(axis=0)
        return cls(wide.mean(axis=0), np.where(deviation > 1e-9, deviation, 1.0))

    def __call__(self, table: Single) -> Double:
        """Return the table on this scale."""
        scaled: Double = (table - self.mean) / self.deviation
        return scaled


@dataclass(frozen=True, slots=True)
class Layers:
    """A multi-layer perceptron with rectified hidden layers and one logistic output; none hidden: a regression.

    Attributes
    ----------
    weight : float64
        The layers' matrices (into, out of) one after the other, row by row, the scale of the features included.
    bias : float64
    width : int64
        Of the input, the hidden layers, the output, which is 1.
    """

    weight: Double
    bias: Double
    width: Long

    @classmethod
    def of(cls, scale: Scale, weights: list[Double], biases: list[Double]) -> "Layers":
        """Return layers from scikit-learn's lists, learned on that scale."""
        width = np.array([len(weights[0]), *(w.shape[1] for w in weights)], np.int64)
        first = weights[0] / scale.deviation[:, None]
        shifted = biases[0] - (scale.mean[:, None] * first).sum(axis=0)
        weight = np.concatenate([w.ravel() for w in (first, *weights[1:])])
        return cls(weight, np.concatenate((shifted, *biases[1:])), width)

    def probability(self, features: Single) -> Double:
        """Return the output, shape (n, m), of columns of shape (n, features, m)."""
        out: Double = _forward(features, self.weight, self.bias, self.width)
        return out


@allocating
def _forward(features, weight, bias, width):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    n, _, m = features.shape
    out = np.empty((n, m))
    here, there = np.empty((width.max(), STRIP)), np.empty((width.max(), STRIP))
    for i in range(n):
        for begin in range(0, m, STRIP):
            size = min(STRIP, m - begin)
            for f in range(width[0]):
                here[f, :size] = features[i, f, begin : begin + size]
            at_weight = at_bias = 0
            for layer in range(len(width) - 1):
                n_in, n_out = width[layer], width[layer + 1]
                for j in range(n_out):
                    line = there[j, :size]
                    line[:] = bias[at_bias + j]
                    _add_up(here, weight[at_weight + j :: n_out], n_in, line)
                    if layer + 2 < len(width):
                        for x in range(size):
                            line[x] = max(line[x], 0.0)
                at_weight += n_in * n_out
                at_bias += n_out
                here, there = there, here
            for x in range(size):
                out[i, begin + x] = 1.0 / (1.0 + np.exp(-min(max(here[0, x], -LARGEST), LARGEST)))
    return out


@inner
def _add_up(here, weight, n_in, line):  # type: ignore[no-untyped-def]  # as above
    """Add weighted rows to ``line``, one after the other; eight at a time save as many trips to memory."""
    size = len(line)
    whole = n_in - n_in % 8
    for f in range(0, whole, 8):
        a, b, c, d = here[f, :size], here[f + 1, :size], here[f + 2, :size], here[f + 3, :size]
        e, g, h, o = here[f + 4, :size], here[f + 5, :size], here[f + 6, :size], here[f + 7, :size]
        wa, wb, wc, wd = weight[f], weight[f + 1], weight[f + 2], weight[f + 3]
        we, wg, wh, wo = weight[f + 4], weight[f + 5], weight[f + 6], weight[f + 7]
        for x in range(size):
            four = line[x] + a[x] * wa + b[x] * wb + c[x] * wc + d[x] * wd
            line[x] = four + e[x] * we + g[x] * wg + h[x] * wh + o[x] * wo
    for f in range(whole, n_in):
        row, w = here[f, :size], weight[f]
        for x in range(size):
            line[x] += row[x] * w
