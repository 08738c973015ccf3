"""Stars that consumers would give: what is to be expected of consumer and content, and what neighbours add to it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._grades import CLICKED
from policies.recommenders._neighbours import Lists
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog, Int, Single

Double = NDArray[np.float64]

FEW_OF_CONTENT, FEW_OF_CONSUMER = 25.0, 10.0
"""Ratings by which what is usual for a content, and for a consumer, is drawn towards nothing."""
AT_ONCE, NUMBERS = 1024, 1 << 25
"""Pairs whose neighbours are held in memory at once, and similarities."""


@dataclass(frozen=True, slots=True)
class Stars:
    """Ratings, and what they leave to be explained: ``b(u, i) = mean + of_consumer(u) + of_content(i)``.

    Attributes
    ----------
    low, high : float
        Of the ratings: no prediction lies outside.
    off : scipy CSR, consumers x contents
        ``r(u, i) - b(u, i)`` of what was rated, the newest rating of each pair.

    References
    ----------
    Koren, Factor in the neighbors, ACM TKDD 4 (2010), section 2.1.
    """

    low: float
    high: float
    mean: float
    of_consumer: Double
    of_content: Double
    off: Any

    def usual(self, consumer: Int, content: Int) -> Double:
        """Return ``b(u, i)`` of each pair."""
        return np.asarray(self.mean + self.of_consumer[consumer] + self.of_content[content])

    def predicted(self, consumer: Int, content: Int, more: Double) -> Double:
        """Return ``b(u, i)`` and what is known beyond it, within the scale."""
        return np.clip(self.usual(consumer, content) + more, self.low, self.high)


def stars(log: BehaviourLog | None, n_consumers: int, n_contents: int) -> Stars:
    """Return what a log's ratings tell; without any, three stars of everything."""
    from scipy.sparse import csr_matrix

    rows = np.empty(0, np.int64) if log is None else np.flatnonzero(log.act == Act.RATING)
    if log is None or not len(rows):
        nothing = csr_matrix((n_consumers, n_contents))
        return Stars(CLICKED, CLICKED, CLICKED, np.zeros(n_consumers), np.zeros(n_contents), nothing)
    pair = log.consumer[rows].astype(np.int64) * n_contents + log.content[rows]
    pair, newest = np.unique(pair[::-1], return_index=True)
    value = log.value[rows][::-1][newest]
    consumer, content = pair // n_contents, pair % n_contents
    mean = float(value.mean())
    of_content = _usual(content, value - mean, n_contents, FEW_OF_CONTENT)
    of_consumer = _usual(consumer, value - mean - of_content[content], n_consumers, FEW_OF_CONSUMER)
    off = value - mean - of_content[content] - of_consumer[consumer]
    matrix = csr_matrix((off, (consumer, content)), (n_consumers, n_contents))
    return Stars(float(value.min()), float(value.max()), mean, of_consumer, of_content, matrix)


def by_contents(found: Stars, near: Lists, similarity: Single, consumer: Int, content: Int) -> Double:
    """Return ``b + sum s(i, j) off(u, j) / sum s(i, j)`` over the neighbours j of i that u rated."""
    from scipy.sparse import csr_matrix

    n = found.off.shape[1]
    alike = csr_matrix((similarity.astype(np.float64), near.member, near.start), (n, n))
    more = np.concatenate([_weighted(alike[content[part]], found.off[consumer[part]]) for part in _parts(len(content))])
    return found.predicted(consumer, content, more)


def by_consumers(found: Stars, neighbours: int, shrinkage: float, consumer: Int, content: Int) -> Double:
    """Return ``b + sum s(u, v) off(v, i) / sum s(u, v)`` over the nearest consumers v who rated i.

    ``s = cosine of what is off * both / (both + shrinkage)``, where above 0.
    """
    users, row_of = np.unique(consumer, return_inverse=True)
    raters, more = found.off.T.tocsr(), np.zeros(len(consumer))
    for part in _parts(len(users), max(1, min(AT_ONCE, NUMBERS // found.off.shape[0]))):
        alike = _alike(found.off, users[part], shrinkage)
        asked = np.flatnonzero((row_of >= part.start) & (row_of < part.stop))
        for at in _parts(len(asked)):
            pairs = asked[at]
            offs = raters[content[pairs]]
            weight = _nearest(offs, alike[row_of[pairs] - part.start], neighbours)
            more[pairs] = _weighted(weight, offs)
    return found.predicted(consumer, content, more)


def _usual(index: Any, value: Double, n: int, few: float) -> Double:
    return np.asarray(np.bincount(index, value, n) / (np.bincount(index, minlength=n) + few))


def _parts(n: int, most: int = AT_ONCE) -> list[slice]:
    return [slice(begin, begin + most) for begin in range(0, max(n, 1), most)]


def _weighted(weight: Any, off: Any) -> Double:
    """Return each row's mean of ``off`` by weight over what both hold, 0 where that is nothing."""
    rated = off.copy()
    rated.data = np.ones(len(rated.data))
    top, bottom = (np.asarray(weight.multiply(part).sum(axis=1)).ravel() for part in (off, rated))
    means: Double = np.divide(top, bottom, out=np.zeros(len(top)), where=bottom > 0)
    return means


def _alike(off: Any, users: Int, shrinkage: float) -> Double:
    """Return similarities of users to all consumers, float64[users, consumers], 0 to themselves."""
    rated = off.copy()
    rated.data = np.ones(len(rated.data))
    length = np.sqrt(np.asarray(off.multiply(off).sum(axis=1)).ravel())
    both = np.asarray((rated[users] @ rated.T).todense())
    norm = length[users, None] * length[None, :]
    dot = np.asarray((off[users] @ off.T).todense())
    cosine = np.divide(dot, norm, out=np.zeros(dot.shape), where=norm > 0)
    alike: Double = np.maximum(cosine, 0) * both / np.maximum(both + shrinkage, 1)
    alike[np.arange(len(users)), users] = 0.0
    return alike


def _nearest(offs: Any, alike: Double, most: int) -> Any:
    """Return, per row, the similarities of the ``most`` nearest among those who rated."""
    from scipy.sparse import csr_matrix

    size = np.diff(offs.indptr)
    row = np.repeat(np.arange(len(size)), size)
    value = alike[row, offs.indices]
    order = np.lexsort((offs.indices, -value, row))
    place = np.arange(len(row)) - np.repeat(offs.indptr[:-1], size)
    kept = order[place < most]
    return csr_matrix((value[kept], (row[kept], offs.indices[kept])), offs.shape)
