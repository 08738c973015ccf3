"""A small world made by hand, for tests of the day's round and of livestreams: no warehouses, parcels appear."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy

from policies.allocation.nearest import Nearest
from policies.marketing.none import NonePolicy
from policies.pricing.fixed import Fixed
from policies.showcase.best_sellers import BestSellers
from sim.behaviour.coefficients import coefficients
from sim.behaviour.consumers import Consumers
from sim.policy.contain_marketing import ContainedMarketing
from sim.policy.contain_supply import ContainedPricing, ContainedShowcase
from sim.processes.clock import run
from sim.processes.day import Day
from sim.processes.fulfilment import open_fulfilment
from sim.processes.marketing import Marketing
from sim.processes.scene import Scene
from sim.processes.serving import Serving
from sim.processes.shows import Shows
from sim.processes.triggers import Triggers
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.schema.kinds import ContentKind
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates
from sim.world.money import Money
from sim.world.state import Truth, consumer_rows, content_rows, offer_rows, room_rows
from sim.world.stock import StockLedger
from sim.world.streams import key64, streams
from sim.world.topics import TOPICS
from sim.world.world import World
from tests.processes.fulfilment_world import Diary, OneVanPerStop

CERTAIN = 50.0
"""Logit units: as good as always."""
EAGER = {"click": {"base": CERTAIN}, "cart": {"base": CERTAIN}, "buy": {"base": CERTAIN, "more_units": 0}}
"""Everybody buys one unit of whatever they look at."""
IDLE = {"click": {"base": -CERTAIN}}
"""Nobody does anything but look."""
PAYING = {"unpaid_share": 0}
QUIET = {"per_week": 0}
HOUR, DAY = to_ticks(60.0), to_ticks(1440.0)


def scenario(**parts: Any) -> Scenario:
    """Return a scenario of three days without warehouses; parts are given as in YAML."""
    usual: dict[str, Any] = {"name": "live", "horizon": "3 days", "warm_up": "0 min", "drain": "2 days"}
    usual["catalogue"] = {"categories": [{"name": "all", "share": 1, "price_median": 10, "return_rate": 0}]}
    usual["creators"] = {"livestreams": QUIET}
    usual["start"] = "2026-11-02T00:00"  # a Monday
    return Scenario.model_validate({**usual, **parts})


def build(
    rules: Scenario, consumers: int, stock: list[int], creators: int = 1, followers: int = 0, visits: float = 0.0
) -> World:
    """Return a world with one offer per SKU, 1,000 cents each, in which the first consumers follow creator 0.

    ``visits`` a day and consumer come by themselves, beside the flash crowds.
    """
    n = len(stock)
    offers = offer_rows(n, len(TOPICS))
    offers["price"] = offers["list_price"] = 1000
    offers["unit_cost"], offers["reference"], offers["purchase_limit"] = 400, np.log(1000), 5
    offers["sku"] = offers["merchant"] = np.arange(n)
    offers["vector"][:, 0] = 1.0
    people = consumer_rows(consumers, len(TOPICS))
    people["trust"], people["visit_rate"], people["sensitivity"] = 0.7, visits, 1.0
    people["budget"] = people["budget_left"] = 10**9
    people["follows"][:followers, 0] = 0
    ids = np.arange(n).astype(np.int32)
    ledger = StockLedger(
        offers=offers, owner=ids, sku=ids, node=np.zeros(n, np.int32), offer=ids,
        first_key=np.arange(n + 1).astype(np.int32), on_hand=np.array(stock, np.int64),
    )  # fmt: skip
    return World(
        scenario=rules,
        replication=0,
        stream=streams(rules.seed, 0),
        key=key64(rules.seed, 0, "consumers"),
        cast=_cast(n, creators),  # type: ignore[arg-type]  # the columns that are read
        truth=Truth(people, offers, _contents(offers, creators), room_rows(creators), np.ones((1, 1))),
        stock=ledger,
        money=Money({"merchants": n, "creators": creators}),
    )


def _cast(n: int, creators: int) -> SimpleNamespace:
    return SimpleNamespace(
        categories=("all",),
        category_return_rate=np.zeros(1),
        sku_name=tuple(f"sku-{i}" for i in range(n)),
        sku_weight=np.full(n, 500, np.int64),
        sku_volume=np.full(n, 1000, np.int64),
        offer_commission=np.full(n, 0.1),
        creator_topic=np.eye(1, len(TOPICS), dtype=np.float32).repeat(creators, axis=0),
        node_latitude=np.zeros(1),
        node_longitude=np.zeros(1),
        node_warehouse=np.full(1, -1, np.int32),
        base_rate=np.zeros(n),
    )


def _contents(offers: np.ndarray, creators: int) -> np.ndarray:
    n = len(offers)
    contents = content_rows(n + creators, len(TOPICS))
    contents["vector"][:n] = offers["vector"]
    contents["offer"] = np.where(np.arange(n + creators) < n, np.arange(n + creators), -1)
    contents["kind"] = np.where(contents["offer"] >= 0, ContentKind.OFFER, ContentKind.ROOM)
    contents["creator"] = contents["room"] = np.where(contents["offer"] < 0, np.arange(n + creators) - n, -1)
    return contents


class FirstOffers:
    """A recommender for tests: everybody is shown the rooms that are live in the view, then the first offers."""

    def __init__(self, n_offers: int, rooms: bool = True) -> None:
        self._n = n_offers
        self._rooms = rooms
        self.seen: list[tuple[int, float, float]] = []

    def begin(self, rng: Any, catalogue: CatalogueView) -> None:
        """Nothing to begin with."""

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Nothing to learn."""

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the same slate for all."""
        live = np.flatnonzero(requests.view.room_offer >= 0) if self._rooms else np.zeros(0, np.int64)
        slate = np.concatenate((self._n + live, np.arange(self._n), np.full(k, -1)))[:k].astype(np.int32)
        times = zip(requests.session.tolist(), requests.minute.tolist(), strict=True)
        self.seen += [(session, minute, requests.view.minute) for session, minute in times]
        return Slates(np.tile(slate, (len(requests), 1)))


class Ordered(Diary):
    """A diary that also notes in which order kinds of rows came."""

    def __init__(self, evening: "Evening") -> None:
        super().__init__()
        self._evening = evening

    def row(self, kind: str, **values: Any) -> None:
        super().row(kind, **values)
        if kind != "room_minute":
            self._evening.order.append(kind)


class Evening:
    """A world at work: consumers, fulfilment, livestreams, and the day's round where it is wanted.

    Parameters
    ----------
    daily : bool
        Whether days begin: visitors, prices, the schedule.  Without, only shows that a test plans take place.
    grid : int, ticks
        Of consumers' durations.
    """

    def __init__(self, world: World, *, daily: bool = True, grid: int = 1, rooms: bool = True, **policies: Any) -> None:
        rules = world.scenario
        self.order: list[str] = []
        self.world, self.diary, self.env = world, Ordered(self), simpy.Environment()
        self.scene = Scene(self.env, world, self.diary)
        days = int(np.ceil(rules.horizon / 1440))
        c = coefficients(rules, grid=grid)
        places = rules.serving.slate_size
        self.consumers = Consumers(world.truth, c, world.key, days=days, buckets=days, places=places)
        self.release = open_fulfilment(self.scene, self.consumers, Nearest(), OneVanPerStop())
        self.triggers = Triggers(self.env)
        showcase = ContainedShowcase("showcase", policies.get("showcase", BestSellers()), BestSellers())
        pricing = ContainedPricing("pricing", policies.get("pricing", Fixed()), Fixed())
        self.shows = Shows(self.scene, self.consumers, c, self.triggers, showcase)
        self.closed: list[tuple[int, float]] = []
        if daily:
            policy = ContainedMarketing("marketing", policies.get("marketing", NonePolicy()), NonePolicy())
            self.marketing = Marketing(self.scene, self.consumers, c, policy)
            closings = [self.marketing.close_day, self._close]
            Day(self.scene, self.consumers, c, pricing, self.shows, self.marketing, closings)
        self.recommender = FirstOffers(len(world.truth.offers), rooms)
        log: Any = lambda minute: None  # noqa: E731  # nobody learns
        self.serving = Serving(rules, world.truth, self.consumers, self.recommender, SimpleNamespace(), log)  # type: ignore[arg-type]

    def _close(self, day: int) -> None:
        self.order.append("closed")
        self.closed.append((day, self.env.now))
        self.world.stock.check(f"day {day}")

    def run(self, until: float | None = None) -> "Evening":
        """Run to a minute, by default the end of the drain, and check all laws."""
        rules = self.world.scenario
        finished = self.env.timeout(rules.horizon + rules.drain if until is None else until)
        run(self.env, self.consumers, self.serving, self.release, self.triggers, finished)
        self.world.stock.check("the end")
        self.world.money.check("the end")
        self.world.orders.check("the end")
        return self

    def at(self, minute: float, action: Any) -> None:
        """Do something at a minute."""
        self.scene.call_at(to_ticks(minute), action)

    def acts(self) -> np.ndarray:
        """Return all acts so far."""
        taken = self.consumers.take_acts()
        return np.concatenate(taken)


def show(*slots: dict[str, Any], at: str = "1 h", for_: str = "1 h", **more: Any) -> dict[str, Any]:
    """Return a livestream of creator 0 as an event of a scenario."""
    return {"kind": "livestream", "creator": 0, "at": at, "for": for_, "slots": list(slots), **more}


def slot(item: int | None, at: str, for_: str, **more: Any) -> dict[str, Any]:
    """Return a slot of a planned livestream."""
    given = {} if item is None else {"item": f"sku-{item}"}
    return {**given, "at": at, "for": for_, "discount": 0.2, "allotment": 10, **more}
