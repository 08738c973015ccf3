"""A replication made by hand: a warm-up day and three measured days in a world small enough to count on fingers.

Two merchants and two creators; three offers (0 and 1 are merchant 0's, 2 is merchant 1's), a video of offer 1 by
creator 0, and the two rooms; four consumers in two segments; two nodes.
"""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.metrics.table import kpis
from sim.policy.faults import Faults
from sim.record.replication import Replication, Snapshot
from sim.record.rows import KINDS
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.schema.counters import Counter
from sim.schema.kinds import Act, ContentKind, Surface
from sim.schema.rows import ACT_ROW, ORDER_ROW, slate_log_row
from sim.world.money import PARTIES, Money
from sim.world.orders import STEPS, OrderBook, Status
from sim.world.state import Rows, Truth, consumer_rows, content_rows, offer_rows, room_rows
from sim.world.stock import StockLedger
from sim.world.streams import key64, streams
from sim.world.world import World

DAY = 1440.0
WARM_UP, HORIZON, END = 1 * DAY, 4 * DAY, 30 * DAY
"""Minutes: the window is days 1, 2 and 3; the drain ended long after."""
DAYS = 4
PRICE, COST = (1000, 2000, 500), (400, 1000, 50)
VIDEO, ROOM_0, ROOM_1 = 3, 4, 5
"""Content ids after those of the three offers."""
WAREHOUSES = [
    {"name": "a", "latitude": 30.0, "longitude": 120.0, "packers": 2, "opens": "8 h", "closes": "18 h"},
    {"name": "b", "latitude": 31.0, "longitude": 120.0, "packers": 1, "opens": "0 h", "closes": "24 h"},
]
SEGMENTS = [{"name": "calm", "share": 1}, {"name": "keen", "share": 1}]
PARTY_SIZES = {"merchants": 2, "creators": 2, "operators": 2}


def scenario(**parts: Any) -> Scenario:
    """Return the hand-made world's scenario; parts are given as in YAML."""
    given: dict[str, Any] = {
        "name": "handmade",
        "horizon": "4 days",
        "warm_up": "1 day",
        "network": {"warehouses": WAREHOUSES},
        "population": {"consumers": 4, "segments": SEGMENTS},
    }
    return Scenario.model_validate(given | parts)


def make_world(rules: Scenario | None = None, n: int = 3) -> World:
    """Return the world, without any order; five units of each offer at each node.

    With more than three offers the further ones are like the first, second, third, and so on; contents move up.
    """
    rules = rules or scenario()
    offers = offer_rows(n, 2)
    offers["price"] = offers["list_price"] = np.resize(PRICE, n)
    offers["unit_cost"] = np.resize(COST, n)
    offers["sku"] = np.resize((0, 1, 2), n)
    offers["merchant"], offers["category"] = np.resize((0, 0, 1), n), np.resize((0, 1, 1), n)
    offers["listed"] = -to_ticks(100 * DAY)
    contents = content_rows(n + 3, 2)
    contents["kind"] = [ContentKind.OFFER] * n + [ContentKind.VIDEO] + [ContentKind.ROOM] * 2
    contents["offer"] = (*range(n), 1, -1, -1)
    contents["creator"] = (*[-1] * n, 0, 0, 1)
    contents["room"] = (*[-1] * (n + 1), 0, 1)
    contents["vector"][: n + 1] = np.resize(((1, 0), (0, 1), (1, 0), (0, 1)), (n + 1, 2))
    consumers = consumer_rows(4, 2)
    consumers["segment"] = (0, 0, 1, 1)
    consumers["sensitivity"] = (1.0, 2.0, 1.0, 0.0)
    cast = SimpleNamespace(
        categories=("tea", "toys"),
        sku_name=("green", "robot", "ball"),
        merchant_name=("big", "small"),
        creator_name=("star", "novice"),
        node_name=("a", "b"),
    )
    offer = np.repeat(np.arange(n), 2).astype(np.int32)
    ledger = StockLedger(
        offers=offers,
        owner=offers["merchant"][offer],
        sku=offers["sku"][offer],
        node=np.tile((0, 1), n).astype(np.int32),
        offer=offer,
        first_key=np.arange(0, 2 * n + 1, 2).astype(np.int32),
        on_hand=np.full(2 * n, 5),
    )
    return World(
        scenario=rules,
        replication=0,
        stream=streams(rules.seed, 0),
        key=key64(rules.seed, 0, "consumers"),
        cast=cast,  # type: ignore[arg-type]  # the few columns that KPIs read
        truth=Truth(consumers, offers, contents, room_rows(2), np.ones((2, 1))),
        stock=ledger,
        money=Money(PARTY_SIZES),
    )


def order(placed: float, offer: int = 0, **columns: Any) -> dict[str, Any]:
    """Return an order line of one unit at the usual price, delivered and kept unless ``columns`` say otherwise.

    Instants are minutes.  By default it is paid 10 minutes after it was placed, shipped after a day, delivered after
    two, and was promised for the third.
    """
    line = {
        "placed": placed,
        "offer": offer,
        "consumer": 0,
        "session": 0,
        "content": offer,
        "price": PRICE[offer],
        "units": 1,
        "creator": -1,
        "slot": -1,
        "surface": Surface.FEED,
        "node": 0,
        "status": Status.DELIVERED,
        "paid": placed + 10,
        "allocated": placed + 11,
        "picked": placed + 12,
        "packed": placed + 13,
        "shipped": placed + 1 * DAY,
        "delivered": placed + 2 * DAY,
        "ended": placed + 2 * DAY,
        "promised": placed + 3 * DAY,
        "ship_by": placed + 2 * DAY,
    }
    return line | columns


def called_off(placed: float, offer: int = 0, status: Status = Status.CANCELLED, **columns: Any) -> dict[str, Any]:
    """Return an order line that ended an hour later without having been shipped."""
    never = dict.fromkeys(("allocated", "picked", "packed", "shipped", "delivered"), -1)
    return order(placed, offer, **never, status=status, ended=placed + 60, node=-1, **columns)


def returned(placed: float, offer: int = 0, **columns: Any) -> dict[str, Any]:
    """Return an order line that was delivered after two days and came back whole after twelve."""
    back = placed + 12 * DAY
    whole = columns.get("units", 1)
    return order(placed, offer, status=Status.RETURNED, returned=back, ended=back, returned_units=whole, **columns)


_INSTANTS = ("placed", *STEPS, "promised", "ship_by")


def book(lines: Sequence[Mapping[str, Any]]) -> OrderBook:
    """Return an order book with the given lines."""
    rows = np.zeros(len(lines), ORDER_ROW)
    orders = OrderBook()
    orders.place(rows)
    for row, line in zip(orders.rows, lines, strict=True):
        for name, value in line.items():
            row[name] = ticks(value) if name in _INSTANTS else value
    return orders


def ticks(minutes: float) -> int:
    """Return an instant in ticks; -1 (never) stays."""
    return -1 if minutes == -1 else to_ticks(minutes)


def table(kind: str, *rows: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return a table of one kind; instants and spans are given in minutes, columns left out are 0."""
    columns = {}
    for column in KINDS[kind].columns:
        values = [row.get(column.name, column.words[0] if column.words else 0) for row in rows]
        if column.unit in ("ticks", "span"):
            values = [ticks(value) for value in values]
        words = pd.Categorical(values, categories=list(column.words)) if column.words else None
        columns[column.name] = words if column.words else np.array(values, np.int64)
    return {kind: pd.DataFrame(columns)}


def counters(*cells: tuple[int, Surface, Counter, int], cohort: int = 1) -> np.ndarray:
    """Return the kernel's counters with some cells (day, surface, counter, count) filled."""
    daily = np.zeros((2, DAYS, len(Surface), len(Counter)), np.int64)
    for day, surface, counter, count in cells:
        daily[cohort, day, surface, counter] += count
    return daily


def active(*days: Sequence[int]) -> np.ndarray:
    """Return the bits of the four consumers' active days, the first 64."""
    bits = np.zeros((4, 8), np.uint8)
    for consumer, own in enumerate(days):
        for day in own:
            bits[consumer, day >> 3] |= 1 << (day & 7)
    return bits


def acts(*rows: tuple[float, int, Act, int]) -> Rows:
    """Return the behaviour log of (minute, consumer, act, content); a room's card has no offer here."""
    log = np.zeros(len(rows), ACT_ROW)
    for row, (minute, consumer, act, content) in zip(log, rows, strict=True):
        row["time"], row["consumer"], row["act"], row["content"] = to_ticks(minute), consumer, act, content
        row["offer"] = {VIDEO: 1, ROOM_0: -1, ROOM_1: -1}.get(content, content)
        row["value"] = 1
    return log


def slates(*rows: tuple[float, int, int, Sequence[int]], places: int = 10) -> Rows:
    """Return the log of pages served: (minute, consumer, page, contents)."""
    log = np.zeros(len(rows), slate_log_row(places))
    log["content"] = -1
    for i, (minute, consumer, page, contents) in enumerate(rows):
        row = log[i]
        row["time"], row["consumer"], row["page"], row["session"] = to_ticks(minute), consumer, page, i
        row["content"][: len(contents)] = contents
    return log


def snapshot(at: float, money: Money | None = None, n: int = 3, **totals: Sequence[int]) -> Snapshot:
    """Return a snapshot of a world with ``n`` offers at a minute, all totals zero but those given."""
    money = money or Money(PARTY_SIZES)
    keys = 2 * n
    lengths = {"empty": n, "bare": keys, "held": keys, "owed": keys, "wanted": n, "sold": n}
    arrays = {name: np.array(totals.get(name, [0] * length), np.int64) for name, length in lengths.items()}
    balances = {party: money.balance(party) for party in PARTIES}
    return Snapshot(at=to_ticks(at), flows=money.flows, balances=balances, **arrays)


def replication(orders: Sequence[Mapping[str, Any]] = (), world: World | None = None, **parts: Any) -> Replication:
    """Return a replication in which nothing happened but what is given."""
    world = world or make_world()
    world.orders = book(orders)
    n = len(world.truth.offers)
    given: dict[str, Any] = {
        "daily": counters(),
        "exposure": np.zeros((DAYS, n + 3), np.int64),
        "bucket_days": 1,
        "active": active(),
        "acts": acts(),
        "slates": slates(),
        "tables": {},
        "opening": snapshot(WARM_UP, n=n),
        "closing": snapshot(HORIZON, n=n),
        "final": snapshot(END, n=n),
        "faults": Faults(),
        "simpy_events": 0,
        "laws_checked": 0,
    }
    return Replication(world=world, **(given | parts))


def overall(found: Replication) -> dict[str, float]:
    """Return the KPIs over all by name."""
    rows = kpis(found)
    rows = rows[rows["dimension"] == ""]
    return dict(zip(rows["name"], rows["value"], strict=True))


def by(found: Replication, dimension: str) -> dict[tuple[str, str], float]:
    """Return the KPIs of a dimension by (name, key)."""
    rows = kpis(found)
    rows = rows[rows["dimension"] == dimension]
    return dict(zip(zip(rows["name"], rows["key"], strict=True), rows["value"], strict=True))
