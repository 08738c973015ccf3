"""A finished replication made by hand: three offers, four consumers, two days, and what processes wrote."""

from types import SimpleNamespace

import numpy as np

from sim.policy.faults import Faults
from sim.record.recorder import Record
from sim.record.replication import Replication, Snapshot
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.schema.counters import Counter
from sim.schema.kinds import Act
from sim.schema.rows import ACT_ROW, ORDER_ROW, slate_log_row
from sim.world.money import Money
from sim.world.orders import By, Status
from sim.world.state import Rows, Truth, consumer_rows, content_rows, offer_rows, room_rows
from sim.world.stock import StockLedger
from sim.world.streams import key64, streams
from sim.world.world import World

DAY = to_ticks(1440)
HOUR = to_ticks(60)
N_CONSUMERS, N_OFFERS = 4, 3


def world(record: str = "orders", replication: int = 0, log_delay: str = "0 min") -> World:
    """Return a world with two nodes and one creator; consumer 1's impressions are logged."""
    rules = Scenario.model_validate(
        {
            "name": "small",
            "horizon": "2 days",
            "warm_up": "1 day",
            "record": record,
            "serving": {"log_delay": log_delay, "slate_size": 3},
        }
    )
    offers = offer_rows(N_OFFERS, 2)
    offers["sku"] = offers["merchant"] = np.arange(N_OFFERS)
    offers["price"] = offers["list_price"] = 1000
    consumers = consumer_rows(N_CONSUMERS, 2)
    consumers["logged"][1] = 1
    cast = SimpleNamespace(
        categories=("all",),
        sku_name=("cup", "hat", "=pen"),
        sku_brand=np.array([0, 0, 1], np.int32),
        merchant_name=("ada", "bo", "cy"),
        creator_name=("star",),
        node_name=("north", "south"),
        content_name=("ada/cup", "bo/hat", "cy/=pen", "star/room"),
        offer_text=("A tea cup. leaf teapot", "A hat. hoodie", ""),
        consumer_name=(),
    )
    key = np.arange(N_OFFERS, dtype=np.int32)
    stock = StockLedger(
        offers=offers,
        owner=key,
        sku=key,
        node=np.array([0, 0, 1], np.int32),
        offer=key,
        first_key=np.arange(N_OFFERS + 1, dtype=np.int32),
        on_hand=np.array([5, 0, 7], np.int64),
    )
    return World(
        scenario=rules,
        replication=replication,
        stream=streams(rules.seed, replication),
        key=key64(rules.seed, replication, "consumers"),
        cast=cast,  # type: ignore[arg-type]  # the few columns that the record reads
        truth=Truth(consumers, offers, content_rows(N_OFFERS + 1, 2), room_rows(1), np.ones((2, 1))),
        stock=stock,
        money=Money({"merchants": 3, "creators": 1, "operators": 2}),
    )


def acts(times: list[int], consumer: int | list[int] = 0, act: Act = Act.CLICK) -> Rows:
    """Return acts at the given instants (ticks); each one's session is its place in the list."""
    rows = np.zeros(len(times), ACT_ROW)
    rows["time"], rows["consumer"], rows["act"], rows["value"] = times, consumer, act, 1
    rows["session"] = np.arange(len(times))
    rows["propensity"] = 0.25
    return rows


def place_orders(book_of: World) -> None:
    """Two orders on the first day and one on the second: delivered late, returned, still on its way."""
    lines = np.zeros(3, ORDER_ROW)
    lines["placed"] = [HOUR, 2 * HOUR, DAY + 5]
    lines["pays_at"] = [HOUR + 1, 2 * HOUR, DAY + 5]
    lines["consumer"], lines["offer"], lines["content"] = [0, 3, -1], [0, 2, 1], [0, 3, 1]
    lines["creator"], lines["slot"], lines["surface"] = [-1, 0, -1], [-1, 0, -1], [0, 1, 2]
    lines["price"], lines["units"] = [1000, 800, 1000], [1, 2, 3]
    book_of.orders.place(lines)
    rows = book_of.orders.rows
    rows["paid"] = lines["pays_at"]
    rows["shipped"] = [3 * HOUR, 3 * HOUR, -1]
    rows["delivered"] = [DAY + HOUR, DAY, -1]
    rows["promised"] = [DAY, DAY + HOUR, 3 * DAY]
    rows["returned"][1] = 2 * DAY
    rows["ended"] = [DAY + HOUR, 2 * DAY, -1]
    rows["status"] = [Status.DELIVERED, Status.RETURNED, Status.PACKED]
    rows["by"] = [By.VAN, By.CARRIER, By.NOBODY]
    rows["node"] = rows["key"] = [0, 1, -1]
    rows["stars"], rows["returned_units"], rows["distance"] = [4, 0, 0], [0, 2, 0], [1500, 9000, 0]


def write_rows(record: Record) -> None:
    """A row or two of the kinds that series are made of."""
    record.row("wave", time=HOUR, node=0, lines=1, parcels=1)
    record.row("return", time=2 * DAY, node=1, order=1, offer=2, units=2, fate="written_off", freight=900)
    for day, value in ((1, 4000), (2, 3000)):
        counts = {"on_hand": 12, "on_order": 0, "backorders": 1, "value": value, "bare": 1}
        record.row("stock_day", time=day * DAY, node=0, keys=2, **counts)
        record.row("stock_day", time=day * DAY, node=1, keys=1, **(counts | {"bare": 0}))
        record.row("demand_day", time=day * DAY, wanted=4 * day, ordered=2, made=1)
    record.row("room_minute", time=HOUR, creator=0, viewers=7, left=3, slot=0)
    record.row("room_minute", time=2 * HOUR, creator=0, viewers=9, left=0, slot=0)


def snapshot_of(at: int) -> Snapshot:
    """Return a snapshot of nothing."""
    none = np.zeros(N_OFFERS, np.int64)
    return Snapshot(at, {}, {}, none, none, none, none, none, none)


def replication(record: str = "orders", number: int = 0) -> Replication:
    """Return the replication."""
    its_world = world(record, number)
    place_orders(its_world)
    keeper = Record(its_world, list)
    write_rows(keeper)
    daily = np.zeros((2, 2, 4, len(Counter)), np.int64)
    daily[0, 0, 0, Counter.SESSIONS], daily[1, 1, :2, Counter.SESSIONS] = 5, 3
    slates = np.zeros(2, slate_log_row(3))
    slates["content"] = [[0, 2, -1], [1, -1, 3]]
    slates["consumer"] = 1
    return Replication(
        world=its_world,
        daily=daily,
        exposure=np.zeros((2, 4), np.int64),
        bucket_days=1,
        active=np.array([[0b01], [0b11], [0b10], [0b11]], np.uint8),
        acts=acts([HOUR, HOUR + 1, DAY], consumer=[0, 1, 3]),
        slates=slates,
        tables=keeper.tables(),
        opening=snapshot_of(DAY),
        closing=snapshot_of(2 * DAY),
        final=snapshot_of(3 * DAY),
        faults=Faults(),
        simpy_events=0,
        laws_checked=0,
    )
