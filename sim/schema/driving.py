"""A routing problem and its answer: integers only (metres, seconds, grams, millilitres, cents)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Long = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RoutingProblem:
    """One depot's wave.  Row and column 0 of the matrices are the depot; stop i is row i + 1.

    Attributes
    ----------
    distance : int64[n + 1, n + 1], metres
    duration : int64[n + 1, n + 1], seconds
        Driving only.
    service : int64[n], seconds
        At the stop.
    weight : int64[n], grams
    volume : int64[n], millilitres
    vans : int
        Identical vans at the depot.
    weight_capacity : int, grams
    volume_capacity : int, millilitres
    shift : int, seconds
        Longest round, depot to depot.
    """

    distance: Long
    duration: Long
    service: Long
    weight: Long
    volume: Long
    vans: int
    weight_capacity: int
    volume_capacity: int
    shift: int

    @property
    def n_stops(self) -> int:
        return len(self.service)


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """Routes as stop indices (0-based, depot left out), and what could not be served with its reason.

    Attributes
    ----------
    routes : tuple of tuple of int
        Every stop is in exactly one route or in ``dropped``.
    dropped : dict of int to str
    metres : int
        Total driven.
    """

    routes: tuple[tuple[int, ...], ...]
    dropped: dict[int, str]
    metres: int
