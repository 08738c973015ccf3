"""What is learned from, and what is to be found: a log cut in two."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.offline.log_table import LogTable
from sim.schema.kinds import Act

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]
Kind = Literal["time", "user"]

MOST_TOLD = 20
"""Items of a held-out user's past that a request tells, newest first."""
_HINTS = {
    "time": "Each user's last rows are held out, one at least: whoever has a single row leaves none.",
    "user": "Another --share, or --split time, leaves more.",
}


@dataclass(frozen=True, slots=True)
class Split:
    """Rows of a log: learned from, and judged by.

    Attributes
    ----------
    train : bool[n]
        Rows that are learned from.
    told : bool[n]
        Rows of held-out users that only requests tell.
    test : bool[n]
        Rows to be found.
    liked : bool[n]
        Rows in which the user turned to the item: what is learned from as such, and what is relevant.
    """

    train: Bool
    told: Bool
    test: Bool
    liked: Bool


def split(log: LogTable, kind: Kind, share: float, relevant: float, seed: int) -> Split:
    """Cut a log.

    ``time`` holds the last ``share`` of each user's rows out (rounded up).  ``user`` holds out a ``share`` of the
    users, drawn: nobody learns from them; of each the later half is to be found by who is told the earlier half.

    Parameters
    ----------
    relevant : float
        The rating from which on a row counts as liked, where there are ratings.

    Raises
    ------
    ScenarioError
        Where nothing is liked, nothing of it left to learn from, or nothing of it to be found.
    """
    liked = _liked(log, relevant)
    if not liked.any():
        what = "no row is a click, a cart or an order" if log.rating is None else f"no rating is {relevant:g} or more"
        raise ScenarioError(log.name, f"nobody likes anything: {what}", "" if log.rating is None else "See --relevant.")
    place, size = _places(log.user)
    late = place >= size - np.ceil(share * size)
    if kind == "time":
        cut = Split(~late, np.zeros(len(log), bool), late, liked)
    else:
        n = len(log.users)
        drawn = np.random.default_rng(seed).permutation(n)[: max(1, round(share * n))]
        out = np.isin(log.user, drawn)
        late = place >= size / 2
        cut = Split(~out, out & ~late, out & late, liked)
    for rows, what in ((cut.train, "to learn from"), (cut.test, "to be found")):
        if not (rows & liked).any():
            why = f"after the split by {kind} nothing that users liked is left {what}"
            raise ScenarioError(log.name, why, _HINTS[kind])
    return cut


def _liked(log: LogTable, relevant: float) -> Bool:
    if log.rating is not None:
        return np.asarray(log.rating >= relevant)
    return np.isin(log.act, (Act.CLICK, Act.CART, Act.ORDER))


def _places(user: Int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, per row, how many of the user's rows come before it, and how many there are."""
    order = np.argsort(user, kind="stable")
    size = np.bincount(user)
    first = np.cumsum(size) - size
    place = np.empty(len(user), np.int64)
    place[order] = np.arange(len(user)) - first[user[order]]
    return place, size[user]
