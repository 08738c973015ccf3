"""A small world made by hand, for tests of fulfilment: one city, two warehouses, and a place far away."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy

from policies.allocation.nearest import Nearest
from sim.processes.fulfilment import open_fulfilment
from sim.processes.release import Release
from sim.processes.scene import Scene
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_minutes, to_ticks
from sim.schema.driving import RoutePlan, RoutingProblem
from sim.schema.rows import ORDER_ROW
from sim.world.money import Money
from sim.world.state import Rows, Truth, consumer_rows, content_rows, offer_rows, room_rows
from sim.world.stock import StockLedger
from sim.world.streams import key64, streams
from sim.world.world import World

PLACE = {"latitude": 30.0, "longitude": 120.0}
FAR_EAST = {"latitude": 30.0, "longitude": 126.0}  # about 578 km away
WAREHOUSE = {"name": "a", **PLACE, "opens": "0 h", "closes": "24 h"}
NO_RETURNS = {"after_delivery": {"return_live": 0}}
CERTAIN = {"payment_delay": "0 min"}


class Diary:
    """Keeps all rows, as a record does."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any]]] = []
        self.acts: list[tuple[Any, ...]] = []

    def row(self, kind: str, **values: Any) -> None:
        self.rows.append((kind, values))

    def log(self, act: int, time: int, consumer: int, offer: int, session: int, value: float) -> None:
        self.acts.append((act, time, consumer, offer, session, value))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [values for name, values in self.rows if name == kind]


class NoOrders:
    """Consumers who never order."""

    def take_orders(self) -> Rows:
        return np.zeros(0, ORDER_ROW)


class OneVanPerStop:
    """A routing policy for tests: each van visits its stops in order of their number, as many as time allows."""

    def plan(self, problem: RoutingProblem) -> RoutePlan:
        routes: list[list[int]] = [[] for _ in range(problem.vans)]
        dropped = {}
        for stop in range(problem.n_stops):
            route = next((r for r in routes if self._fits(problem, [*r, stop])), None)
            if route is None:
                dropped[stop] = "no van has room"
            else:
                route.append(stop)
        return RoutePlan(tuple(tuple(r) for r in routes if r), dropped, 0)

    def _fits(self, problem: RoutingProblem, route: list[int]) -> bool:
        rows = [0, *(stop + 1 for stop in route), 0]
        driving = sum(int(problem.duration[a, b]) for a, b in pairwise(rows))
        light = problem.weight[route].sum() <= problem.weight_capacity
        return bool(light and driving + problem.service[route].sum() <= problem.shift)


def scenario(return_rate: float = 0.0, **parts: Any) -> Scenario:
    """Return a scenario with one category; parts are given as in YAML."""
    catalogue = {"categories": [{"name": "all", "share": 1, "price_median": 10, "return_rate": return_rate}]}
    network = {"warehouses": [WAREHOUSE], **parts.pop("network", {})}
    return Scenario.model_validate({"name": "small", "catalogue": catalogue, "network": network, **parts})


def build(
    rules: Scenario,
    homes: list[dict[str, float]],
    stock: list[list[int]],
    nodes: list[dict[str, float]] | None = None,
    node_warehouse: list[int] | None = None,
    grams: int = 500,
) -> World:
    """Return a world with one offer per row of ``stock`` (units per node), each 1,000 cents."""
    nodes = nodes or [PLACE]
    n_offers, n_nodes = len(stock), len(nodes)
    offers = offer_rows(n_offers, 2)
    offers["price"] = offers["list_price"] = 1000
    offers["unit_cost"] = 400
    offers["sku"] = offers["merchant"] = np.arange(n_offers)
    consumers = consumer_rows(len(homes), 2)
    consumers["trust"] = 0.7
    for i, home in enumerate(homes):
        consumers[i]["latitude"], consumers[i]["longitude"] = home["latitude"], home["longitude"]
    cast = SimpleNamespace(
        category_return_rate=np.array([float(c.return_rate) for c in rules.catalogue.categories]),
        sku_weight=np.full(n_offers, grams, np.int64),
        sku_volume=np.full(n_offers, 2 * grams, np.int64),
        offer_commission=np.full(n_offers, 0.1),
        node_latitude=np.array([node["latitude"] for node in nodes]),
        node_longitude=np.array([node["longitude"] for node in nodes]),
        node_warehouse=np.array(node_warehouse if node_warehouse is not None else range(n_nodes), np.int32),
    )
    offer = np.repeat(np.arange(n_offers), n_nodes).astype(np.int32)
    ledger = StockLedger(
        offers=offers,
        owner=offer,
        sku=offer,
        node=np.tile(np.arange(n_nodes), n_offers).astype(np.int32),
        offer=offer,
        first_key=np.arange(0, n_offers * n_nodes + 1, n_nodes).astype(np.int32),
        on_hand=np.array(stock, np.int64).ravel(),
    )
    return World(
        scenario=rules,
        replication=0,
        stream=streams(rules.seed, 0),
        key=key64(rules.seed, 0, "consumers"),
        cast=cast,  # type: ignore[arg-type]  # the few columns that fulfilment reads
        truth=Truth(consumers, offers, content_rows(n_offers, 2), room_rows(1), np.ones((n_nodes, 1))),
        stock=ledger,
        money=Money({"merchants": n_offers, "creators": 2, "operators": n_nodes}),
    )


def lines(placed: list[float], consumer: int | list[int] = 0, offer: int | list[int] = 0, **columns: Any) -> Rows:
    """Return order rows placed at the given minutes, paid at once unless ``pays_at`` (minutes) says otherwise."""
    rows = np.zeros(len(placed), ORDER_ROW)
    rows["placed"] = [to_ticks(minute) for minute in placed]
    rows["pays_at"] = rows["placed"]
    rows["number"] = np.arange(len(placed))
    rows["price"], rows["units"], rows["slot"], rows["creator"] = 1000, 1, -1, -1
    rows["consumer"], rows["offer"] = consumer, offer
    for name, value in columns.items():
        rows[name] = value
    return rows


class Town:
    """A world at work: its clock, its diary, and a hand that places orders."""

    def __init__(self, world: World, routing: Any = None, allocation: Any = None) -> None:
        self.env = simpy.Environment()
        self.world = world
        self.diary = Diary()
        scene = Scene(self.env, world, self.diary)
        self.release: Release = open_fulfilment(scene, NoOrders(), allocation or Nearest(), routing or OneVanPerStop())

    def order(self, rows: Rows) -> None:
        """Have order rows placed, each at its own instant, where there is stock for it."""
        for i in range(len(rows)):
            self.env.process(self._place(rows[i : i + 1]))

    def _place(self, row: Rows):  # a SimPy process
        yield self.env.timeout(to_minutes(int(row["placed"][0])) - self.env.now)
        units = self.world.stock.demand(int(row["offer"][0]), int(row["units"][0]), int(row["placed"][0]))
        assert units == row["units"][0]
        self.release.place(row)

    def run(self, days: float = 60.0) -> Rows:
        """Run, check the laws at the end, and return the orders."""
        self.env.run(until=days * 1440)
        self.check()
        return self.world.orders.rows

    def check(self) -> None:
        """Check every law."""
        self.world.orders.check("the end")
        self.world.stock.check("the end")
        self.world.money.check("the end")


def minute(ticks: int) -> float:
    """Return an instant of the book in minutes."""
    return to_minutes(int(ticks))
