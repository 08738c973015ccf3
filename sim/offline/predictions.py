"""What a recommender predicts beside rankings, held against what came: ratings, and clicks on what was shown."""

import numpy as np
from numpy.typing import NDArray

from sim.offline.log_table import LogTable
from sim.offline.rewards import rewards
from sim.offline.split import Split
from sim.policy.protocols import PredictsClicks, RatesItems

PREDICTIONS = ("rmse", "auc", "f1")
"""Measures of predictions; NaN where a policy, or the log, has none."""


def predictions(log: LogTable, cut: Split, policy: object) -> dict[str, float]:
    """Return each of `PREDICTIONS` over the rows held out."""
    return {"rmse": rmse(log, cut, policy), **dict(zip(("auc", "f1"), _clicks(log, cut, policy), strict=True))}


def rmse(log: LogTable, cut: Split, policy: object) -> float:
    """Return the root mean squared error over the ratings held out."""
    if log.rating is None or not isinstance(policy, RatesItems):
        return np.nan
    rows = np.flatnonzero(cut.test & ~np.isnan(log.rating))
    if not len(rows):
        return np.nan
    predicted = policy.predict_ratings(log.user[rows], log.item[rows])
    return float(np.sqrt(np.mean((predicted - log.rating[rows]) ** 2)))


def _clicks(log: LogTable, cut: Split, policy: object) -> tuple[float, float]:
    """Return how well clicks are told from looks without one: area under the ROC curve, F1.

    For F1 the likeliest looks are called clicks, as large a share of them as clicked before the split.
    """
    if not isinstance(policy, PredictsClicks):
        return np.nan, np.nan
    reward = rewards(log)
    rows, before = (np.flatnonzero(part & ~np.isnan(reward)) for part in (cut.test, cut.train))
    clicked = reward[rows] > 0
    if not len(before) or clicked.all() or not clicked.any():
        return np.nan, np.nan
    likely = policy.predict_clicks(log.user[rows], log.item[rows], log.minute[rows])
    return _judged(likely, clicked, reward[before].mean())


def _judged(likely: NDArray[np.float64], clicked: NDArray[np.bool_], share: float) -> tuple[float, float]:
    from sklearn.metrics import f1_score, roc_auc_score

    if np.isnan(likely).any():
        return np.nan, np.nan
    called = np.zeros(len(likely), np.bool_)
    called[np.argsort(-likely, kind="stable")[: max(1, round(share * len(likely)))]] = True
    return float(roc_auc_score(clicked, likely)), float(f1_score(clicked, called))
