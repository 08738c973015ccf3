"""What consumers did about each offer on each day, from the behaviour log: what forecasts may read off it."""

import numpy as np
from numpy.typing import NDArray

from sim.schema.clock import MINUTES_PER_DAY
from sim.schema.forecasting import Signals
from sim.schema.kinds import Act
from sim.schema.recommending import BehaviourLog

Float = NDArray[np.float64]
Ids = NDArray[np.integer]


def daily_signals(log: BehaviourLog, n_offers: int, days: int, live_minutes: Float) -> Signals:
    """Return signals of offers over the first ``days`` whole days since the start.

    A view is a session that clicked on the offer on that day, however often; carts and follows are counted each.

    Parameters
    ----------
    log : BehaviourLog
        What is visible; days that it does not cover have no signals.
    live_minutes : float64[n_offers, days + horizon]
        See `minutes_on_show`.
    """
    day = (log.minute // MINUTES_PER_DAY).astype(np.int64)
    inside = (day < days) & (log.offer >= 0) & (log.offer < n_offers)

    def tally(rows: NDArray[np.bool_], *also: Ids) -> Float:
        found = np.stack((log.offer[rows], day[rows], *(other[rows] for other in also)))
        if also:
            found = np.unique(found, axis=1)
        cell = found[0].astype(np.int64) * days + found[1]
        return np.bincount(cell, minlength=n_offers * days).reshape(n_offers, days).astype(np.float64)

    return Signals(
        views=tally(inside & (log.act == Act.CLICK), log.session),
        carts=tally(inside & (log.act == Act.CART)),
        follows=tally(inside & (log.act == Act.FOLLOW)),
        live_minutes=live_minutes,
    )


def minutes_on_show(offer: Ids, begins: Float, ends: Float, n_offers: int, days: int) -> Float:
    """Return how long each offer is on show on each day: float64[n_offers, days], minutes.

    Parameters
    ----------
    offer : int[slots]
        -1 = nothing is on show.
    begins, ends : float64[slots], minutes since the start
        What lies outside the days is left out; slots at the same time add up.
    """
    shown = np.zeros((n_offers, days))
    some = offer >= 0
    for day in range(days):
        first = day * MINUTES_PER_DAY
        minutes = np.minimum(ends, first + MINUTES_PER_DAY) - np.maximum(begins, first)
        here = some & (minutes > 0)
        shown[:, day] = np.bincount(offer[here], minutes[here], n_offers)
    return shown
