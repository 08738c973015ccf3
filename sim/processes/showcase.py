"""What goes into the slots of a day's livestreams."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.policy.contain_supply import ContainedShowcase
from sim.processes.run_of_show import RunOfShow, Slot
from sim.processes.scene import Scene
from sim.schema.stocking import ShowcaseView
from sim.world.world import World

Float = NDArray[np.float64]
Long = NDArray[np.int64]

MOST_PAIRS = 1 << 23
"""Livestreams x offers in one question to the policy: more are asked about in several."""


class Showcase:
    """Fills slots: with the items that the scenario gives, and for the rest as the showcase policy says."""

    def __init__(self, scene: Scene, policy: ContainedShowcase) -> None:
        self._scene = scene
        self._policy = policy

    def fill(self, shows: list[RunOfShow], sold_week: Long) -> list[RunOfShow]:
        """Return the livestreams with an offer in every slot for which there is one.

        Parameters
        ----------
        sold_week : int64[n_offers]
            Units ordered over the last seven days.
        """
        n_offers = len(self._scene.world.truth.offers)
        at_once = max(1, MOST_PAIRS // max(1, n_offers))
        filled = []
        for first in range(0, len(shows), at_once):
            some = shows[first : first + at_once]
            chosen = self._policy.choose(self._view(some, sold_week))
            filled += [self._with_offers(show, row) for show, row in zip(some, chosen.tolist(), strict=True)]
        return filled

    def _view(self, shows: list[RunOfShow], sold_week: Long) -> ShowcaseView:
        world = self._scene.world
        offers = world.truth.offers
        creator = np.array([show.creator for show in shows], np.int32)
        return ShowcaseView(
            minute=self._scene.env.now,
            creator=creator,
            slots=np.array([sum(slot.sku < 0 for slot in show.slots) for show in shows], np.int32),
            affinity=affinity(world, creator),
            price=offers["price"].copy(),
            unit_cost=offers["unit_cost"].copy(),
            commission=world.cast.offer_commission.copy(),
            available=_showable(world, self._scene.now),
            sold_week=sold_week,
        )

    def _with_offers(self, show: RunOfShow, chosen: list[int]) -> RunOfShow:
        free = iter(chosen)
        return replace(show, slots=tuple(self._with_offer(slot, free) for slot in show.slots))

    def _with_offer(self, slot: Slot, free: Iterator[int]) -> Slot:
        offer = next(free) if slot.sku < 0 else cheapest(self._scene.world, slot.sku, self._scene.now)
        return replace(slot, offer=offer)


def affinity(world: World, creator: NDArray[np.int32]) -> Float:
    """Return the cosine between creators' topics and offers' vectors, float64[m, n_offers]; 0 where one has none."""
    topics = _unit(world.cast.creator_topic[creator])
    cosine: Float = topics @ _unit(world.truth.offers["vector"]).T
    return cosine


def cheapest(world: World, sku: int, now: int) -> int:
    """Return the cheapest offer of a SKU in stock, or if none is, the cheapest; -1 where nobody sells it."""
    offers = np.flatnonzero(world.truth.offers["sku"] == sku)
    if len(offers) == 0:
        return -1
    empty = _showable(world, now)[offers] <= 0
    return int(offers[np.lexsort((world.truth.offers["price"][offers], empty))[0]])


def _showable(world: World, now: int) -> Long:
    """Return the units available per offer; none of what is not listed yet."""
    offers = world.truth.offers
    return np.where(offers["listed"] <= now, offers["available"], 0)


def _unit(vectors: NDArray[np.float32]) -> Float:
    wide = vectors.astype(np.float64)
    length = np.sqrt(np.square(wide).sum(axis=1, keepdims=True))
    return wide / np.where(length > 0, length, 1.0)
