"""Latent truth for privileged policies: what contents are really worth, and what really will be wanted."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.expected import expected_margin
from sim.schema.clock import to_ticks
from sim.schema.recommending import PageRequests
from sim.world.state import Rows
from sim.world.world import World

Float = NDArray[np.float64]
Long = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FutureDemand:
    """What a twin world with endless stock sold: instants (ticks, ascending), ledger keys and units of its orders."""

    placed: Long
    key: Long
    units: Long
    n_keys: int

    @classmethod
    def of(cls, twin: World) -> "FutureDemand":
        """Read the twin's order book; a unit counts at the node that served it, else at the offer's first."""
        rows = twin.orders.rows
        order = np.argsort(rows["placed"], kind="stable")
        rows = rows[order]
        key = np.where(rows["key"] >= 0, rows["key"], twin.stock.first_key[rows["offer"]])
        return cls(rows["placed"].copy(), key.astype(np.int64), rows["units"].astype(np.int64), len(twin.stock))

    def between(self, minute: float, until: float) -> Float:
        """Return the units wanted per ledger key in [minute, until)."""
        first, last = np.searchsorted(self.placed, (to_ticks(minute), to_ticks(until)))
        units = np.bincount(self.key[first:last], self.units[first:last], minlength=self.n_keys)
        return units.astype(np.float64)


class LatentTruth:
    """What `sim.policy.protocols.Truth` promises.

    Parameters
    ----------
    twin : callable
        Returns the demand of the infinite-stock twin; called once, and only if somebody asks.
    """

    def __init__(self, world: World, c: Rows, twin: Callable[[], FutureDemand]) -> None:
        self._world = world
        self._c = c
        self._twin = twin
        self._future: FutureDemand | None = None

    def expected_margin(self, requests: PageRequests) -> Float:
        """Return the true expected contribution, cents, of showing each content: (n, n_contents)."""
        return expected_margin(self._world, self._c, requests)

    def future_demand(self, minute: float, until: float) -> Float:
        """Return the true units demanded per ledger key in [minute, until), from an infinite-stock twin."""
        if self._future is None:
            self._future = self._twin()
        return self._future.between(minute, until)
