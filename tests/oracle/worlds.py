"""Small worlds in which much happens at once: thin stock, impatient consumers, many ties on coarse grids."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.behaviour.coefficients import coefficients
from sim.scenario.scenario import Scenario
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.kinds import ContentKind
from sim.schema.recommending import CatalogueView
from sim.world.state import Rows, Truth, consumer_rows, content_rows, offer_rows, room_rows
from sim.world.stock import StockLedger
from sim.world.streams import key64
from sim.world.topics import TOPICS

FINE, SECOND, SLOW = 1, 1024, 8192
"""Time grids in ticks: the finest, about a second, and 7.5 seconds."""
DAY = 1440 * TICKS_PER_MINUTE
N_TOPICS = len(TOPICS)
EAGER = {
    "browsing": {"next_page": 0.8, "attention": 0.5, "look_seconds": 5, "detail_seconds": 15, "repeat": 0.7},
    "click": {"base": -1.0, "social": 0.2},
    "cart": {"base": 0.2},
    "buy": {"base": 0.7, "more_units": 0.3, "purchase_limit": 3},
    "live": {"look_seconds": 15, "stay": 1.5},
    "social": {"like": 0.2, "comment": 0.05, "follow": 0.1, "share": 0.05},
    "stockout": {"leave": 0.2, "substitute": 0.4, "wait": 0.3, "wait_time": "3 h"},
}
"""Behaviour under which a few hundred sessions meet every branch."""


@dataclass(frozen=True, slots=True)
class Small:
    """A small world before its first instant.

    Attributes
    ----------
    grid : int, ticks
        Everything happens at multiples of it.
    rng : numpy.random.Generator
        For the town's plans; whoever builds the world anew finds it as it was.
    """

    scenario: Scenario
    grid: int
    days: int
    key: int
    c: Rows
    truth: Truth
    stock: StockLedger
    catalogue: CatalogueView
    rng: np.random.Generator = field(repr=False)


def small_world(
    seed: int,
    grid: int = FINE,
    *,
    consumers: int = 60,
    offers: int = 24,
    rooms: int = 3,
    days: int = 2,
    units: int = 12,
    places: int = 10,
    refresh: str = "60 s",
    release: str = "1 min",
    hide_sold_out: bool = False,
    advertised: bool = False,
) -> Small:
    """Return a world made up from ``seed``, with up to ``2 x units`` of each offer.

    Where it is ``advertised``, the town brings paid visits and hands out coupons.
    """
    rng = np.random.default_rng(seed)
    scenario = _scenario(seed, days, places, refresh, release, hide_sold_out, advertised)
    truth = _truth(rng, scenario, consumers, offers, rooms)
    numbers = np.arange(offers, dtype=np.int32)
    stock = StockLedger(
        truth.offers, numbers, numbers, np.zeros(offers, np.int32), numbers,
        np.arange(offers + 1, dtype=np.int32), rng.integers(0, 2 * units + 1, offers),
    )  # fmt: skip
    return Small(
        scenario=scenario,
        grid=grid,
        days=days,
        key=key64(seed, 0, "consumers"),
        c=coefficients(scenario, grid=grid),
        truth=truth,
        stock=stock,
        catalogue=_catalogue(truth),
        rng=rng,
    )


def _scenario(seed: int, days: int, places: int, refresh: str, release: str, hide: bool, advertised: bool) -> Scenario:
    parts: dict[str, Any] = {
        "name": "small",
        "seed": seed,
        "horizon": f"{days} days",
        "warm_up": "6 h",
        "behaviour": EAGER,
        "orders": {"release_every": release, "unpaid_share": 0.2, "reservation": "10 min", "payment_delay": "4 min"},
        "serving": {"slate_size": places, "refresh": refresh, "shortest_page": "8 s", "hide_sold_out": hide},
        "policies": {"recommender": {"kind": "popularity", "refit": "7 h"}},
        "marketing": {"budget": 100.0 * advertised, "coupon": {"value": 6, "minimum_spend": 15}},
    }
    return Scenario.model_validate(parts)


def _truth(rng: np.random.Generator, scenario: Scenario, n: int, n_offers: int, n_rooms: int) -> Truth:
    consumers = consumer_rows(n, N_TOPICS)
    consumers["taste"] = rng.normal(0, 1, (n, N_TOPICS))
    consumers["sensitivity"] = rng.uniform(0.3, 1.5, n)
    consumers["trust"] = float(scenario.population.opening_trust)
    consumers["visit_rate"] = rng.gamma(2.0, 2.0, n)
    consumers["region"] = rng.integers(0, 2, n)
    consumers["budget"] = consumers["budget_left"] = rng.integers(2_000, 60_000, n)
    consumers["logged"] = rng.random(n) < 0.5
    consumers["follows"][:, 0] = rng.integers(-1, n_rooms, n)
    offers = _offers(rng, n_offers)
    return Truth(consumers, offers, _contents(rng, offers, n_rooms), room_rows(n_rooms), rng.uniform(1, 6, (2, 2)))


def _offers(rng: np.random.Generator, n: int) -> Rows:
    offers = offer_rows(n, N_TOPICS)
    offers["vector"] = rng.normal(0, 0.25, (n, N_TOPICS))
    offers["appeal"] = rng.normal(0, 0.5, n)
    offers["quality"] = rng.normal(0, 0.5, n)
    offers["list_price"] = rng.integers(500, 3_000, n)
    offers["price"] = offers["list_price"] - rng.integers(0, 200, n)
    offers["unit_cost"] = offers["list_price"] // 2
    offers["reference"] = np.log(1_500.0)
    offers["category"] = rng.integers(0, 3, n)
    offers["node"] = rng.integers(0, 2, n)
    offers["purchase_limit"] = rng.integers(1, 4, n)
    offers["sku"] = np.arange(n)
    offers["merchant"] = np.arange(n) % 4
    offers["sold"] = rng.integers(0, 30, n)
    offers["ratings"] = rng.integers(0, 10, n)
    offers["stars"] = 4 * offers["ratings"]
    return offers


def _contents(rng: np.random.Generator, offers: Rows, n_rooms: int) -> Rows:
    """Offers, half as many videos, and a room per creator."""
    n, videos = len(offers), len(offers) // 2
    contents = content_rows(n + videos + n_rooms, N_TOPICS)
    contents["kind"] = np.repeat(np.array(ContentKind), [n, videos, n_rooms])
    contents["offer"] = np.concatenate((np.arange(n), rng.integers(0, n, videos), np.full(n_rooms, -1)))
    contents["creator"] = np.concatenate((np.full(n, -1), rng.integers(0, n_rooms, videos), np.arange(n_rooms)))
    contents["room"] = np.concatenate((np.full(n + videos, -1), np.arange(n_rooms)))
    contents["vector"][:n] = offers["vector"]
    contents["appeal"][:n] = offers["appeal"]
    contents["vector"][n : n + videos] = rng.normal(0, 0.25, (videos, N_TOPICS))
    return contents


def _catalogue(truth: Truth) -> CatalogueView:
    offers, contents = truth.offers, truth.contents
    n = len(offers)
    return CatalogueView(
        n_consumers=len(truth.consumers),
        kind=contents["kind"].astype(np.int8),
        offer=contents["offer"].copy(),
        creator=contents["creator"].copy(),
        listed=np.full(len(contents), -1.0),
        sku=offers["sku"].copy(),
        merchant=np.zeros(n, np.int32),
        category=offers["category"].copy(),
        brand=np.zeros(n, np.int32),
        list_price=offers["list_price"].copy(),
        unit_cost=offers["unit_cost"].copy(),
        commission=np.full(n, 0.1),
        segment=truth.consumers["segment"].copy(),
        region=truth.consumers["region"].copy(),
        names=tuple(f"content-{i}" for i in range(len(contents))),
        text=("",) * n,
        tags=((),) * n,
    )
