"""A second set of books, kept from the orders and the record alone: what the ledgers say must agree with it.

Each law takes a finished replication and returns whether it holds.  None of them calls the world's own checks.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.record.replication import Replication
from sim.scenario.events import Presale
from sim.schema.clock import to_ticks
from sim.schema.counters import Counter
from sim.schema.kinds import Act
from sim.world.build import build_world
from sim.world.money import PARTIES
from sim.world.orders import Status

Law = Callable[[Replication], bool]
Long = NDArray[np.int64]

GONE = (Status.LAPSED, Status.CANCELLED, Status.UNDELIVERABLE)
"""Ends after which the units are everybody's again."""


def every_order_ended_or_is_open_somewhere(replication: Replication) -> bool:
    """An end has its instant; what is open holds units: promised, owed, at a node, on its way or coming back."""
    rows = replication.world.orders.rows
    ended = rows["status"] >= Status.DELIVERED
    bound = np.isin(rows["status"], (Status.ALLOCATED, Status.PACKED, Status.SHIPPED, Status.RETURNING))
    on_its_way = np.isin(rows["status"], (Status.SHIPPED, Status.RETURNING))
    return bool(
        ((rows["ended"] >= 0) == ended).all()
        and (rows["units"] > 0).all()
        and (rows["key"][bound] >= 0).all()
        and ((rows["shipped"] >= 0) >= on_its_way).all()
        and ((rows["delivered"] >= 0) == np.isin(rows["status"], (*_DELIVERED, Status.RETURNING))).all()
    )


_DELIVERED = (Status.DELIVERED, Status.RETURNED)


def what_is_promised_is_what_open_orders_wait_for(replication: Replication) -> bool:
    """Per offer: units of orders that are not bound yet = units promised and units owed."""
    world = replication.world
    rows = world.orders.rows
    waiting = rows[np.isin(rows["status"], (Status.PLACED, Status.PAID))]
    held = world.truth.offers["promised"] + _per_offer(replication, world.stock.offer, world.stock.backorders)
    return _same(held, _per_offer(replication, waiting["offer"], waiting["units"]))


def what_is_reserved_is_what_bound_orders_wait_for(replication: Replication) -> bool:
    """Per ledger key: units of orders bound and not shipped = units reserved; shipped = issued."""
    stock, rows = replication.world.stock, replication.world.orders.rows
    bound = rows[np.isin(rows["status"], (Status.ALLOCATED, Status.PACKED))]
    shipped = rows[rows["shipped"] >= 0]
    return _same(stock.reserved, _per_key(replication, bound["key"], bound["units"])) and _same(
        stock.issued, _per_key(replication, shipped["key"], shipped["units"])
    )


def what_came_is_what_was_ordered_or_returned(replication: Replication) -> bool:
    """Per ledger key: on order = purchases - receipts; received = receipts + returns on the shelf or thrown away."""
    stock, tables = replication.world.stock, replication.tables
    bought, came, back = tables["purchase"], tables["receipt"], tables["return"]
    ordered = _per_key(replication, bought["key"].to_numpy(), bought["units"].to_numpy())
    received = _per_key(replication, came["key"].to_numpy(), came["units"].to_numpy())
    returned, wasted = (
        _returned(replication, back["fate"] != "seconds"),
        _returned(replication, back["fate"] == "written_off"),
    )
    return (
        _same(stock.on_order, ordered - received)
        and _same(stock.received, received + returned)
        and _same(stock.written_off, wasted)
    )


def _returned(replication: Replication, chosen: "NDArray[np.bool_]") -> Long:
    back = replication.tables["return"][chosen]
    keys = replication.world.orders.rows["key"][back["order"].to_numpy(np.int64)]
    return _per_key(replication, keys, back["units"].to_numpy())


def what_is_sold_is_what_was_kept(replication: Replication) -> bool:
    """Per offer: units sold since the start = units of orders that were not called off."""
    rows = replication.world.orders.rows
    kept = rows[~np.isin(rows["status"], GONE)]
    before = build_world(replication.world.scenario, replication.world.replication).truth.offers["sold"]
    sold = replication.world.truth.offers["sold"] - before
    return _same(sold, _per_offer(replication, kept["offer"], kept["units"]))


def nothing_is_sold_before_it_is_available_unless_presold(replication: Replication) -> bool:
    """Per offer, at every instant: what came so far covers what is sold, presold and owed units aside."""
    world, rows = replication.world, replication.world.orders.rows
    came, back, owed = (replication.tables[name] for name in ("receipt", "return", "backorder"))
    back = back[back["fate"] == "restocked"]
    gone = rows[np.isin(rows["status"], GONE)]
    opening = _per_offer(replication, world.stock.offer, world.stock.opening)
    gains = [
        (came["time"], came["offer"], came["units"]),
        (back["time"], back["offer"], back["units"]),
        (owed["time"], owed["offer"], owed["units"]),
        (gone["ended"], gone["offer"], gone["units"]),
        *_presales(replication),
    ]
    # at one instant processes, which give, come before consumers, who take
    losses = [(rows["placed"], rows["offer"], rows["units"])]
    time, offer, units = (np.concatenate([np.asarray(part[i], np.int64) for part in gains + losses]) for i in range(3))
    units[len(units) - len(rows) :] *= -1
    takes = np.arange(len(units)) >= len(units) - len(rows)
    order = np.lexsort((takes, time))
    left = opening.copy()
    for at in order:
        left[offer[at]] += units[at]
        if left[offer[at]] < 0:
            return False
    return True


def _presales(replication: Replication) -> list[tuple[Long, Long, Long]]:
    """Return what presales let be sold ahead, as gains: whoever sells an item ahead is its cheapest offer."""
    world, found = replication.world, []
    for event in world.scenario.events:
        if isinstance(event, Presale):
            own = np.flatnonzero(world.truth.offers["sku"] == world.cast.sku_name.index(event.item))
            at, units = (np.full(len(own), value) for value in (to_ticks(event.at), event.units))
            found.append((at, own, units))
    return found


def money_follows_the_orders(replication: Replication) -> bool:
    """Sales are what was paid for, refunds what was called off or came back, purchases what came in.

    Consumers pay, and get back, what a coupon leaves; the platform pays the coupon, and gets it back with the goods.
    """
    world, rows = replication.world, replication.world.orders.rows
    value, coupon = rows["price"] * rows["units"] - rows["coupon"], rows["coupon"]
    back = np.isin(rows["status"], (Status.CANCELLED, Status.UNDELIVERABLE, Status.RETURNED))
    came, bought = replication.tables["receipt"], replication.tables["purchase"]
    cost = world.truth.offers["unit_cost"][came["offer"].to_numpy(np.int64)]
    expected = {
        "sales": value[rows["paid"] >= 0].sum(),
        "refunds": value[back].sum(),
        "coupons": coupon[rows["paid"] >= 0].sum(),
        "coupons_returned": coupon[back].sum(),
        "marketing": _visits_came(replication) * world.scenario.marketing.visit_cents,
        "cost_purchase": (cost * came["units"].to_numpy()).sum(),
        "cost_ordering": len(bought) * round(100 * world.scenario.brands.order_cost),
        "cost_penalties": _late(rows) * round(100 * world.scenario.orders.late_ship_penalty),
    }
    return all(world.money.total(account) == cents for account, cents in expected.items())


def _late(rows: "NDArray[np.void]") -> int:
    return int(((rows["shipped"] >= 0) & (rows["ship_by"] < rows["shipped"])).sum())


def _visits_came(replication: Replication) -> int:
    return int(replication.daily[..., Counter.PAID_SESSIONS].sum())


def no_cent_is_lost(replication: Replication) -> bool:
    """All balances together are zero, at the end and at both snapshots."""
    world = replication.world
    held = [sum(int(world.money.balance(party).sum()) for party in PARTIES)]
    held += [
        sum(int(balance.sum()) for balance in one.balances.values())
        for one in (replication.opening, replication.closing, replication.final)
    ]
    return held == [0] * len(held)


def the_log_tells_of_every_order_a_consumer_made(replication: Replication) -> bool:
    """The behaviour log is in order of time, and its orders, ratings and returns are the book's."""
    acts, rows = replication.acts, replication.world.orders.rows
    browsed = rows[rows["session"] >= 0]
    real = rows[rows["consumer"] >= 0]
    logged = acts[acts["act"] == Act.ORDER]
    told = np.sort(logged, order=["time", "session", "offer"])[["time", "session", "offer"]]
    booked = np.sort(browsed, order=["placed", "session", "offer"])[["placed", "session", "offer"]]
    return bool(
        (np.diff(acts["time"]) >= 0).all()
        and told.tolist() == booked.tolist()
        and (acts["act"] == Act.RATING).sum() == (real["stars"] > 0).sum()
        and (acts["act"] == Act.RETURN).sum() == (real["returned"] >= 0).sum()
    )


def slots_sold_what_their_orders_say(replication: Replication) -> bool:
    """Per slot: units sold = units of the orders that name it, none more than was set aside."""
    rows, slots = replication.world.orders.rows, replication.tables["slot"]
    named = rows[rows["slot"] >= 0]
    n = int(max(slots["slot"].max(), named["slot"].max(initial=0))) + 1 if len(slots) else 1
    said = np.bincount(slots["slot"], slots["sold"], n)
    return _same(said, np.bincount(named["slot"], named["units"], n)) and bool(
        (slots["sold"] <= slots["allotted"]).all()
    )


def no_policy_of_the_house_is_at_fault(replication: Replication) -> bool:
    """No shipped policy raises or answers nonsense, whatever the world."""
    return not any(counts.first_error for counts in replication.faults.seams.values())


LAWS: tuple[Law, ...] = (
    every_order_ended_or_is_open_somewhere,
    what_is_promised_is_what_open_orders_wait_for,
    what_is_reserved_is_what_bound_orders_wait_for,
    what_came_is_what_was_ordered_or_returned,
    what_is_sold_is_what_was_kept,
    nothing_is_sold_before_it_is_available_unless_presold,
    money_follows_the_orders,
    no_cent_is_lost,
    the_log_tells_of_every_order_a_consumer_made,
    slots_sold_what_their_orders_say,
    no_policy_of_the_house_is_at_fault,
)


def broken(replication: Replication) -> list[str]:
    """Return the names of the laws that do not hold."""
    return [law.__name__ for law in LAWS if not law(replication)]


def _per_offer(replication: Replication, offer: Long, units: Long) -> Long:
    return _sums(offer, units, len(replication.world.truth.offers))


def _per_key(replication: Replication, key: Long, units: Long) -> Long:
    return _sums(key, units, len(replication.world.stock))


def _sums(of: Long, units: Long, n: int) -> Long:
    total = np.zeros(n, np.int64)
    np.add.at(total, np.asarray(of, np.int64), np.asarray(units, np.int64))
    return total


def _same(left: Long, right: Long) -> bool:
    return bool(np.array_equal(left, right))
