"""Bayesian personalised ranking by stochastic gradient steps, compiled, its luck keyed."""

import numpy as np

from policies.recommenders._tastes import Double, Tastes, within
from sim.schema.compiled import compiled, inner
from sim.schema.draws import extend, uniform

TRIES = 10
"""Draws of a content that the consumer did not act on, before the step is given up."""


def descend(
    rows: Tastes, of_rows: Double, of_members: Double, key: int, rate: float, damping: float, epochs: int
) -> None:
    """Improve the factors in place, one step per liking and epoch.

    The last column of ``of_rows`` stays as it is: at 1 it makes the last column of ``of_members`` a bias.
    """
    owner = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(rows.start))
    for epoch in range(epochs):
        drawn = np.uint64(extend(np.uint64(key), np.uint64(epoch)))
        _epoch(rows.start, rows.member, owner, drawn, of_rows, of_members, rate, damping)


@compiled
def _epoch(start, member, owner, key, of_rows, of_members, rate, damping):  # type: ignore[no-untyped-def]  # numba
    n_liked, n_members, last = len(member), len(of_members), of_rows.shape[1] - 1
    for step in range(n_liked):
        at = int(uniform(key, 0, step) * n_liked)
        u = owner[at]
        other = _unliked(member[start[u] : start[u + 1]], n_members, key, step)
        if other < 0:
            continue
        x, liked, unliked = of_rows[u], of_members[member[at]], of_members[other]
        margin = 0.0
        for f in range(last + 1):
            margin += x[f] * (liked[f] - unliked[f])
        pull = rate / (1.0 + np.exp(margin))
        shrink = rate * damping
        for f in range(last + 1):
            own, one, two = x[f], liked[f], unliked[f]
            if f < last:
                x[f] += pull * (one - two) - shrink * own
            liked[f] += pull * own - shrink * one
            unliked[f] -= pull * own + shrink * two


@inner
def _unliked(own, n_members, key, step):  # type: ignore[no-untyped-def]  # as above
    """Return a uniformly drawn content that is not among the row's own, -1 where none was found."""
    for attempt in range(1, TRIES + 1):
        drawn = int(uniform(key, attempt, step) * n_members)
        if not within(own, drawn):
            return drawn
    return -1
