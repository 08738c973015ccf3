"""Toy views of the supply side, made up and seeded: stock, order lines, prices, runs of show, rounds."""

import numpy as np

from sim.schema.driving import RoutingProblem
from sim.schema.marketing import MarketingView
from sim.schema.stocking import AllocationView, InventoryView, PricingView, ShowcaseView

DAY = 1440.0


class ToyTruth:
    """Latent truth of the toy world, for privileged policies: margins by hash, demand of one unit a day."""

    def __init__(self, n_contents: int, n_keys: int) -> None:
        self.margin = np.random.default_rng(5).normal(0, 100, (n_contents,))
        self.n_keys = n_keys

    def expected_margin(self, requests: object) -> np.ndarray:
        """Return a margin per request and content that depends on both."""
        consumer = np.asarray(requests.consumer)[:, None]  # type: ignore[attr-defined]  # PageRequests
        return self.margin * np.cos(consumer + np.arange(len(self.margin)))

    def future_demand(self, minute: float, until: float) -> np.ndarray:
        """Return key + 1 units a day per ledger key."""
        return (np.arange(self.n_keys) + 1) * (until - minute) / DAY


def inventory_view(n: int = 40, days: int = 14, minute: float = 14 * DAY, seed: int = 6) -> InventoryView:
    """Return ledger keys with stock from none to plenty, minimum orders and packs."""
    rng = np.random.default_rng(seed)
    on_hand, on_order = rng.integers(0, 80, n), rng.integers(0, 40, n)
    reserved, backorders = rng.integers(0, on_hand + 1), rng.integers(0, 5, n)
    price = rng.integers(500, 20_000, n)
    ids = np.arange(n, dtype=np.int32)
    return InventoryView(
        minute=minute, key=rng.permutation(ids), offer=ids, owner=ids % 4, sku=ids, node=ids % 3,
        on_hand=on_hand, reserved=reserved, allotted=np.zeros(n, np.int64), on_order=on_order,
        backorders=backorders, position=on_hand - reserved + on_order - backorders,
        demand=rng.poisson(3.0, (n, days)).astype(float), lead_time=rng.uniform(1, 5, n).round() * DAY,
        lead_time_sd=rng.uniform(0, DAY, n), review_period=DAY, unit_cost=price // 2, price=price,
        order_cost=np.full(n, 2000), holding_rate=np.full(n, 0.2), minimum_order=rng.integers(0, 20, n),
        pack_size=rng.integers(1, 12, n),
    )  # fmt: skip


def allocation_view(n_lines: int = 30, n_nodes: int = 4, seed: int = 7) -> AllocationView:
    """Return order lines, each with a candidate row per node, shuffled."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(n_lines * n_nodes)
    return AllocationView(
        units=rng.integers(1, 4, n_lines),
        line=(rows // n_nodes).astype(np.int32),
        key=rows.astype(np.int32),
        node=(rows % n_nodes).astype(np.int32),
        available=rng.integers(0, 6, len(rows)),
        distance=rng.uniform(0, 50_000, len(rows)),
    )


def pricing_view(n: int = 50, seed: int = 8) -> PricingView:
    """Return offers listed up to ninety days ago, or not yet, some sold out, some cut before."""
    rng = np.random.default_rng(seed)
    list_price = rng.integers(100, 20_000, n)
    return PricingView(
        minute=30 * DAY,
        list_price=list_price,
        price=(list_price * rng.uniform(0.6, 1.0, n)).astype(np.int64),
        unit_cost=list_price // 2,
        available=rng.integers(0, 10, n),
        sold_week=rng.poisson(2.0, n),
        listed=rng.uniform(-60, 40, n) * DAY,
    )


def showcase_view(rooms: int = 6, n_offers: int = 50, seed: int = 9) -> ShowcaseView:
    """Return runs of show of different lengths; creators have topics, some offers are sold out."""
    rng = np.random.default_rng(seed)
    price = rng.integers(500, 20_000, n_offers)
    return ShowcaseView(
        minute=DAY,
        creator=np.arange(rooms, dtype=np.int32),
        slots=rng.integers(0, 9, rooms).astype(np.int32),
        affinity=rng.uniform(-1, 1, (rooms, n_offers)),
        price=price,
        unit_cost=price // 2,
        commission=rng.uniform(0.02, 0.3, n_offers),
        available=rng.integers(0, 4, n_offers),
        sold_week=rng.poisson(3.0, n_offers),
    )


def marketing_view(n_offers: int = 50, rooms: int = 4, budget: int = 10_000, seed: int = 11) -> MarketingView:
    """Return offers of merchants old and new, then rooms; some are sold out, money was spent on some."""
    rng = np.random.default_rng(seed)
    n, room = n_offers + rooms, np.arange(n_offers + rooms) >= n_offers
    merchant = np.where(room, -1, rng.integers(0, 8, n)).astype(np.int32)
    joined, price = rng.uniform(-60, 14, 8) * DAY, rng.integers(500, 20_000, n)
    visits, sent = rng.poisson(20, n) * (rng.random(n) < 0.7), rng.poisson(5, n)
    used, orders = rng.integers(0, sent + 1), rng.integers(0, visits // 5 + 1)
    ids = np.arange(n)
    return MarketingView(
        minute=14 * DAY, budget=budget, visit_price=50, coupon_value=500,
        content=np.where(room, ids + 100, ids).astype(np.int32), kind=np.where(room, 2, 0).astype(np.int8),
        merchant=merchant, category=np.where(room, -1, ids % 5).astype(np.int32),
        creator=np.where(room, ids - n_offers, -1).astype(np.int32), price=price, unit_cost=price // 2,
        commission=rng.uniform(0.02, 0.3, n), available=rng.integers(0, 6, n), sold_week=rng.poisson(3.0, n),
        listed=np.where(room, 15.0, rng.uniform(-60, 14, n)) * DAY, joined=np.where(room, np.nan, joined[merchant]),
        spent=visits * 50 + used * 500, visits=visits, coupons_sent=sent, coupons_used=used, orders=orders,
        revenue=orders * price,
    )  # fmt: skip


def routing_problem(n: int = 25, vans: int = 4, seed: int = 10) -> RoutingProblem:
    """Return a wave over a city 20 km wide; the last stop, where there are two or more, is too heavy."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 20_000, (n + 1, 2))
    metres = np.rint(1.3 * np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))).astype(np.int64)
    weight = rng.integers(100, 20_000, n)
    weight[1:][-1:] = 500_001
    return RoutingProblem(
        distance=metres, duration=metres // 8, service=np.full(n, 120), weight=weight,
        volume=rng.integers(500, 80_000, n), vans=vans, weight_capacity=500_000,
        volume_capacity=4_000_000, shift=8 * 3600,
    )  # fmt: skip
