"""How well a recommender ranks for each user what the user then turned to, and how varied its lists are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.metrics.inequality import gini
from sim.metrics.ranking import MEASURES
from sim.offline.log_table import LogTable
from sim.offline.split import Split

Float = NDArray[np.float64]
Int = NDArray[np.int32]
Long = NDArray[np.int64]
Bool = NDArray[np.bool_]

PER_USER = (*MEASURES, "diversity", "novelty", "popularity_lift")
"""Measures of a user's list; what is told is their mean over users."""
WORD = r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]{2,}"
"""A word of two letters or more, or a single Chinese character."""
OVER_ALL = ("coverage", "gini")
"""Measures of all lists together."""


@dataclass(frozen=True, slots=True)
class Task:
    """Whom to rank for, and what would have been right.

    Attributes
    ----------
    users : int32[n]
        Who turned to something after the split, ascending.
    relevant : int64, sorted
        Pairs (user, item) to be found, as ``user * n_items + item``.
    known : int64, sorted
        Pairs that the user had met before: they are taken out of its ranking.
    popularity : int64[n_items]
        Rows per item in which it was liked, of those learned from.
    past : int64[n]
        Sum of the popularity of what each user liked before, and how many that were.
    vectors : scipy CSR or None
        Content of items, unit rows; None where the log tells none.
    """

    n_items: int
    users: Int
    relevant: Long
    known: Long
    popularity: Long
    past: Long
    past_size: Long
    vectors: Any

    @property
    def to_find(self) -> Long:
        """How many items each user is to be found, int64[n]."""
        return np.asarray(
            np.bincount(np.searchsorted(self.users, self.relevant // self.n_items), minlength=len(self.users))
        )

    def counts_for(self, name: str) -> Float:
        """Return how much each user counts in the mean of a measure, float64[n].

        Lifts count as the popularity of the user's own past, which makes of their mean a ratio of sums.
        """
        return self.own_popularity if name == "popularity_lift" else np.ones(len(self.users))

    @property
    def own_popularity(self) -> Float:
        """Mean popularity of what each user liked before, float64[n]; 0 where that is nothing."""
        return np.divide(self.past, self.past_size, out=np.zeros(len(self.users)), where=self.past_size > 0)

    @property
    def most_known(self) -> int:
        """The most that any user had met before."""
        return int(np.bincount(self.known // self.n_items).max(initial=0))


def task(log: LogTable, cut: Split) -> Task:
    """Return what a split asks of recommenders."""
    n = len(log.items)
    pair = log.user.astype(np.int64) * n + log.item
    known = np.unique(pair[~cut.test & ~(log.looks & ~cut.liked)])
    relevant = np.setdiff1d(pair[cut.test & cut.liked], known)
    users = np.unique(relevant // n).astype(np.int32)
    popularity = np.bincount(log.item[cut.train & cut.liked], minlength=n)
    own = np.unique(pair[~cut.test & cut.liked])
    row = np.searchsorted(users, own // n)
    mine = (row < len(users)) & (users[np.minimum(row, len(users) - 1)] == own // n)
    row, item = row[mine], (own % n)[mine]
    past = np.bincount(row, popularity[item], len(users)).astype(np.int64)
    return Task(n, users, relevant, known, popularity, past, np.bincount(row, minlength=len(users)), _vectors(log))


def lists(ranked: Int, asked: Task, k: int) -> Int:
    """Return each user's first ``k`` items once what it had met before is taken out, -1 where the ranking ends."""
    pair = asked.users.astype(np.int64)[:, None] * asked.n_items + ranked
    fresh = (ranked >= 0) & ~_among(pair, asked.known)
    order = np.argsort(~fresh, axis=1, kind="stable")[:, :k]
    kept = np.take_along_axis(ranked, order, axis=1)
    kept[~np.take_along_axis(fresh, order, axis=1)] = -1
    if kept.shape[1] < k:
        kept = np.pad(kept, ((0, 0), (0, k - kept.shape[1])), constant_values=-1)
    return kept


def score(shown: Int, asked: Task) -> dict[str, Float]:
    """Return each of `PER_USER`, float64[n], NaN where it is undefined; and `OVER_ALL`, float64[1].

    As `sim.metrics` defines them.
    """
    pair = asked.users.astype(np.int64)[:, None] * asked.n_items + shown
    there = shown >= 0
    hits = there & _among(pair, asked.relevant)
    found = {name: measure(hits, asked.to_find) for name, measure in MEASURES.items()}
    share = (asked.popularity + 1) / (asked.popularity.sum() + asked.n_items)
    listed = np.bincount(shown[there], minlength=asked.n_items)
    return found | {
        "diversity": _diversity(shown, asked.vectors),
        "novelty": _row_means(-np.log2(share)[shown], there),
        "popularity_lift": _lift(shown, there, asked),
        "coverage": np.array([np.count_nonzero(listed) / asked.n_items]),
        "gini": np.array([gini(listed)]),
    }


def _lift(shown: Int, there: Bool, asked: Task) -> Float:
    own = asked.own_popularity
    lift: Float = _row_means(asked.popularity[shown].astype(np.float64), there) / np.where(own > 0, own, np.nan) - 1
    return lift


def _row_means(values: Float, there: Bool) -> Float:
    n = there.sum(axis=1)
    total = np.where(there, values, 0.0).sum(axis=1)
    means: Float = np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
    return means


def _among(pairs: Long, known: Long) -> Bool:
    if not len(known):
        return np.zeros(pairs.shape, np.bool_)
    place = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
    return np.asarray(known[place] == pairs)


def _vectors(log: LogTable) -> Any:
    """Return TF-IDF of each item's text and category; None where the log tells neither."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    if log.text is None and log.category is None:
        return None
    n = len(log.items)
    words = [f"{a} {b}" for a, b in zip(log.text or ("",) * n, log.category or ("",) * n, strict=True)]
    try:
        return TfidfVectorizer(token_pattern=WORD).fit_transform(words)
    except ValueError:  # no word at all
        return csr_matrix((n, 1))


def _diversity(shown: Int, vectors: Any) -> Float:
    """Return the mean over pairs of a list of 1 - cosine; NaN below two items, or without content."""
    if vectors is None:
        return np.full(len(shown), np.nan)
    from scipy.sparse import csr_matrix

    there = shown >= 0
    n = there.sum(axis=1)
    row, place = np.nonzero(there)
    chosen = csr_matrix((np.ones(len(row)), (row, shown[row, place])), (len(shown), vectors.shape[0]))
    total = chosen @ vectors
    squared = np.asarray(total.multiply(total).sum(axis=1)).ravel()
    alone = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    likeness = (squared - chosen @ alone) / np.maximum(n * (n - 1), 1)
    return np.where(n > 1, 1 - likeness, np.nan)
