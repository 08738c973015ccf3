"""Presales: orders are taken before there is stock, and ship when it has come."""

from collections.abc import Generator, Sequence

import numpy as np
import simpy

from sim.errors import ScenarioError
from sim.processes.release import Release
from sim.processes.scene import Scene
from sim.processes.suppliers import Suppliers
from sim.scenario.events import Presale
from sim.schema.clock import to_ticks
from sim.world.guess import guess
from sim.world.world import World


def open_presales(scene: Scene, release: Release, suppliers: Suppliers) -> None:
    """Start one process per offer that is sold ahead; the scenario sees to it that its presales do not overlap.

    Raises
    ------
    ScenarioError
        Where an item does not exist.
    """
    planned: dict[int, list[Presale]] = {}
    for number, event in enumerate(scene.world.scenario.events):
        if isinstance(event, Presale):
            offer = _offer(scene.world, f"events.{number}.item", event.item)
            planned.setdefault(offer, []).append(event)
    for offer, presales in planned.items():
        presales.sort(key=lambda presale: presale.at)
        scene.env.process(_sell_ahead(scene, release, suppliers, offer, presales))


def _sell_ahead(
    scene: Scene, release: Release, suppliers: Suppliers, offer: int, presales: Sequence[Presale]
) -> Generator[simpy.Event, None, None]:
    """Sell ahead for a while; then order, at the main node, what was sold and is neither there nor on its way.

    Whatever is ordered in the meantime is promised to ship when that order should have come.
    """
    stock = scene.world.stock
    keys = stock.keys_of(offer)
    for presale in presales:
        begins = to_ticks(presale.at)
        ends = begins + to_ticks(presale.for_)
        release.postpone(offer, begins, ends, ends + to_ticks(suppliers.quoted_minutes))
        yield scene.until(begins)
        stock.open_presale(offer, presale.units, scene.now)
        yield scene.until(ends)
        sold = stock.close_presale(offer, scene.now)
        coming = int(stock.on_order[keys].sum() - stock.backorders[keys].sum())
        suppliers.order(int(stock.main_key[offer]), sold - max(0, coming))


def _offer(world: World, where: str, item: str) -> int:
    """Return who sells the item ahead: its cheapest offer, the first among equals."""
    names = world.cast.sku_name
    if item not in names:
        raise ScenarioError(where, f"no item {item!r}", guess(item, names))
    offers = world.truth.offers
    own = np.flatnonzero(offers["sku"] == names.index(item))
    return int(own[np.argmin(offers["price"][own])])
