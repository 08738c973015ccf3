"""Brands make what merchants order, and send it to the node it was ordered for."""

from dataclasses import dataclass

import numpy as np

from sim.processes.outages import Outages
from sim.processes.release import Release
from sim.processes.scene import Scene
from sim.schema.clock import MINUTES_PER_DAY, to_ticks


@dataclass(frozen=True, slots=True)
class Lot:
    """An order to a brand, made in one go.

    Attributes
    ----------
    ordered, due : int, ticks
        When it was placed, and the agreed arrival.
    """

    key: int
    units: int
    ordered: int
    due: int


class Suppliers:
    """Makes lots first come, first served: one line per brand, busy for units / capacity.

    A lot leaves when its lead time, drawn anew for each, is over since the line took it up, but not before it is made
    and not during an outage of its brand; so lots may overtake each other.  Then come the way to the node and the
    receiving.  The agreed arrival counts on the mean lead time and no queue.  The merchant pays the order cost
    when ordering (``cost_ordering``) and the goods when they arrive (``cost_purchase``), both to the brand.

    Without any time to wait for, goods are there at the instant of the order.
    """

    def __init__(self, scene: Scene, release: Release) -> None:
        self._scene = scene
        self._release = release
        world = scene.world
        self._rules, network = world.scenario.brands, world.scenario.network
        self._way = to_ticks(network.inbound) + to_ticks(network.receiving)
        self._order_cost = round(100 * self._rules.order_cost)
        self._line_free = np.zeros(self._rules.count, np.int64)
        self._outages = Outages(world.scenario)
        self._empty_time = np.zeros(len(world.stock), np.int64)
        self._ordered_on: dict[int, int] = {}
        self._made_on: dict[int, int] = {}

    @property
    def quoted_minutes(self) -> float:
        """The mean time from order to shelf without a queue, minutes."""
        network = self._scene.world.scenario.network
        return self._rules.lead_time + network.inbound + network.receiving

    def order(self, key: int, units: int) -> int:
        """Order units for a ledger key, in whole packs and at least the minimum; return how many that became."""
        units = self.in_packs(units)
        if units == 0:
            return 0
        now, world = self._scene.now, self._scene.world
        offer, merchant, brand = self._parties(key)
        lot = Lot(key, units, now, now + to_ticks(self.quoted_minutes))
        world.stock.order(key, units)
        world.money.post("cost_ordering", "merchants", "brands", self._order_cost, merchant, brand)
        self._scene.record.row(
            "purchase", time=now, key=key, offer=offer, node=int(world.stock.node[key]), merchant=merchant,
            brand=brand, units=units, cents=units * int(world.truth.offers["unit_cost"][offer]), due=lot.due,
        )  # fmt: skip
        _count(self._ordered_on, now, units)
        arrives = self._outages.over(brand, self._leaves(brand, units)) + self._way
        if arrives == now:
            self._receive(lot)
        else:
            self._scene.call_at(arrives, self._receive, lot)
        return units

    def in_packs(self, units: int) -> int:
        """Return what a brand accepts for an order: nothing, or whole packs and at least the minimum."""
        if units <= 0:
            return 0
        pack = self._rules.pack_size
        return -(-max(units, self._rules.minimum_order) // pack) * pack

    def close_day(self, day: int) -> tuple[int, int]:
        """Return the units ordered on a day that is over, and those put into production on it."""
        return self._ordered_on.pop(day, 0), self._made_on.pop(day, 0)

    def _leaves(self, brand: int, units: int) -> int:
        """Queue a lot at its brand's line; return when it could leave."""
        starts = max(self._scene.now, int(self._line_free[brand]))
        made = starts + round(units / self._rules.capacity_per_day * to_ticks(MINUTES_PER_DAY))
        self._line_free[brand] = made
        _count(self._made_on, starts, units)
        return max(made, starts + self._lead_time(brand))

    def _lead_time(self, brand: int) -> int:
        mean, cv = self._rules.lead_time, float(self._rules.lead_time_cv)
        if mean == 0 or cv == 0:
            return to_ticks(mean)
        rng = self._scene.world.stream("supplier.lead_time", brand)
        return to_ticks(rng.gamma(1 / cv**2, mean * cv**2))

    def _receive(self, lot: Lot) -> None:
        """The goods are on the shelf, and paid."""
        now, world, key = self._scene.now, self._scene.world, lot.key
        offer, merchant, brand = self._parties(key)
        self._scene.record.row(
            "receipt", time=now, key=key, offer=offer, node=int(world.stock.node[key]), brand=brand, units=lot.units,
            ordered=lot.ordered, due=lot.due, ran_out=self._ran_out(key, offer),
        )  # fmt: skip
        world.stock.receive(key, lot.units, now)
        cents = lot.units * int(world.truth.offers["unit_cost"][offer])
        world.money.post("cost_purchase", "merchants", "brands", cents, merchant, brand)
        self._release.stock_came()

    def _ran_out(self, key: int, offer: int) -> int:
        """Tell whether the offer had nothing available at some time since the key's last receipt; 1 = yes."""
        row = self._scene.world.truth.offers[offer]
        since = self._scene.now - int(row["empty_since"]) if row["empty_since"] >= 0 else 0
        empty_time = int(row["empty_time"]) + since
        ran_out = empty_time > self._empty_time[key]
        self._empty_time[key] = empty_time
        return int(ran_out)

    def _parties(self, key: int) -> tuple[int, int, int]:
        """Return the offer of a ledger key, who sells it, and who makes it."""
        world = self._scene.world
        offer = int(world.stock.offer[key])
        row = world.truth.offers[offer]
        return offer, int(row["merchant"]), int(world.cast.sku_brand[row["sku"]])


def _count(days: dict[int, int], instant: int, units: int) -> None:
    day = instant // to_ticks(MINUTES_PER_DAY)
    days[day] = days.get(day, 0) + units
