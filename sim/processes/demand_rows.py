"""Exogenous orders as rows: what is known of them before they are placed."""

import numpy as np
from numpy.typing import NDArray

from sim.schema.kinds import Surface
from sim.schema.rows import ORDER_ROW
from sim.world.state import Rows
from sim.world.world import World

Ids = NDArray[np.integer]

NUMBERS = 1 << 60
"""Exogenous orders are numbered from here, so that none shares its luck with a consumer's session."""


def demand_rows(
    world: World,
    source: int,
    first: int,
    placed: Ids,
    offer: Ids,
    consumer: Ids | None = None,
    units: Ids | None = None,
) -> Rows:
    """Return orders as `ORDER_ROW`, paid at once; price and what is short are filled in when they are placed.

    Parameters
    ----------
    source : int
        Which of the scenario's demands they come from.
    first : int
        How many orders were drawn from it before: an order's number is the same in every arm.
    consumer : int[n] or None
        None: nobody known, who has neither home nor taste.
    """
    rows = np.zeros(len(placed), ORDER_ROW)
    rows["placed"] = rows["pays_at"] = placed
    rows["number"] = NUMBERS + (source << 48) + first + np.arange(len(placed))
    rows["session"] = rows["slot"] = rows["creator"] = rows["touch"] = -1
    rows["offer"] = rows["content"] = offer
    rows["consumer"] = -1 if consumer is None else consumer
    rows["units"] = 1 if units is None else units
    rows["surface"] = Surface.MALL
    rows["match"] = _match(world, rows)
    return rows


def _match(world: World, rows: Rows) -> NDArray[np.float32]:
    """Return how well offers suit who orders them; an average taste for nobody known."""
    consumers, offers = world.truth.consumers, world.truth.offers
    match: NDArray[np.float32] = offers["quality"][rows["offer"]]
    known = np.flatnonzero(rows["consumer"] >= 0)
    taste, vector = consumers["taste"][rows["consumer"][known]], offers["vector"][rows["offer"][known]]
    match[known] += (taste * vector).sum(axis=1)
    return match
