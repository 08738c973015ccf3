"""A small world made by hand, for tests of supply: no consumers, brands that make what is ordered."""

from typing import Any

import numpy as np
import simpy

from policies.allocation.nearest import Nearest
from policies.inventory.none import NonePolicy
from sim.policy.contain_supply import ContainedReplenishment
from sim.processes.fulfilment import open_fulfilment
from sim.processes.late import DEMAND, Late
from sim.processes.release import Release
from sim.processes.scene import Scene
from sim.processes.supply import Supply, open_supply
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.world.money import Money
from sim.world.state import Rows
from sim.world.world import World
from tests.processes.fulfilment_world import PLACE, Diary, NoOrders, OneVanPerStop, build, scenario

FAST_BRANDS = {
    "count": 1, "lead_time": "3 days", "lead_time_cv": 0, "capacity_per_day": 1e9,
    "minimum_order": 1, "pack_size": 1, "order_cost": 20,
}  # fmt: skip
AT_THE_BRAND = {"warehouses": [], "inbound": "0 min", "receiving": "0 min", "delivery_without_network": "1 day"}


def rules(review: str = "continuous", **parts: Any) -> Scenario:
    """Return a scenario without consumers or a network, whose brands take three days and send from next door."""
    brands = {**FAST_BRANDS, **parts.pop("brands", {})}
    network = {**AT_THE_BRAND, **parts.pop("network", {})}
    policies = {"inventory": {"kind": "none", "review": review}}
    parts = {"warm_up": "0 days", "horizon": "30 days", "population": {"consumers": 0}, **parts}
    return scenario(brands=brands, network=network, policies=policies, **parts)


def shop(scenario: Scenario, stock: list[list[int]], **columns: Any) -> World:
    """Return a world with one offer per row of ``stock`` (units per node); brands take turns in making them."""
    n, nodes = len(stock), len(stock[0])
    world = build(scenario, [], stock, [PLACE] * nodes, node_warehouse=[-1] * nodes)
    cast: Any = world.cast
    cast.sku_brand = np.arange(n, dtype=np.int32) % scenario.brands.count
    cast.sku_name = tuple(f"sku-{i}" for i in range(n))
    cast.merchant_name = tuple(f"merchant-{i}" for i in range(n))
    cast.consumer_name = ()
    cast.base_rate = np.full(n, 2.0)
    for name, value in columns.items():
        setattr(cast, name, value)
    world.money = Money({"merchants": n, "operators": nodes, "brands": scenario.brands.count})
    return world


class Shop:
    """A world at work: its clock, its diary, its supply."""

    def __init__(self, world: World, policy: Any = None) -> None:
        self.env = simpy.Environment()
        self.world = world
        self.diary = Diary()
        self.scene = Scene(self.env, world, self.diary)
        self.release: Release = open_fulfilment(self.scene, NoOrders(), Nearest(), OneVanPerStop())
        guarded = ContainedReplenishment("inventory", policy or NonePolicy(), NonePolicy())
        self.policy = guarded
        self.supply: Supply = open_supply(self.scene, guarded, self.release)

    @property
    def now(self) -> int:
        """The present instant, ticks."""
        return self.scene.now

    def order(self, line: Rows) -> None:
        """Have an order come at its own instant, as exogenous demand does."""

        def come():
            yield Late(self.scene, int(line["placed"][0]), DEMAND)
            self.supply.exogenous.place(line)

        self.env.process(come())

    def run(self, days: float) -> Rows:
        """Run for so many days without the day's round, check the laws, and return the orders."""
        self.env.run(until=self.env.now + days * 1440)
        self.check()
        return self.world.orders.rows

    def live(self, days: int) -> Rows:
        """Run with the day's round, checking the laws at each day's end, and return the orders."""

        def midnights():
            for day in range(days):
                yield self.scene.until(to_ticks((day + 1) * 1440.0))
                self.supply.close_day(day)
                self.check()

        self.env.run(until=self.env.process(midnights()))
        return self.world.orders.rows

    def check(self) -> None:
        """Check every law."""
        self.world.orders.check("the test")
        self.world.stock.check("the test")
        self.world.money.check("the test")
        assert not self.policy.counts.raised
