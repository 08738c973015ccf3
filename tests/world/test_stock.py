"""The stock ledger: every unit is somewhere, every promise has goods behind it, time is counted exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InvariantError
from sim.world.state import offer_rows
from sim.world.stock import StockLedger

KEYS = 3  # offer 0 has two nodes, offer 1 one


def ledger(*on_hand: int) -> StockLedger:
    """Return a ledger of two offers; the second node is the main one of offer 0."""
    offers = offer_rows(2, 2)
    offers["node"] = [1, 0]
    return StockLedger(
        offers=offers,
        owner=np.array([0, 0, 1], np.int32),
        sku=np.array([0, 0, 1], np.int32),
        node=np.array([0, 1, 0], np.int32),
        offer=np.array([0, 0, 1], np.int32),
        first_key=np.array([0, 2, 3], np.int32),
        on_hand=np.array(on_hand, np.int64),
    )


def test_the_main_key_is_at_the_node_that_mainly_serves_the_offer():
    assert ledger(1, 1, 1).main_key.tolist() == [1, 2]


def test_units_ordered_arrive_once_and_are_available():
    stock = ledger(0, 0, 2)
    stock.order(2, 5)
    assert stock.offers["position"][1] == 7
    stock.receive(2, 5, 10)
    assert (stock.on_order[2], stock.on_hand[2], stock.offers["available"][1]) == (0, 7, 7)
    assert stock.offers["position"][1] == 7
    stock.check("here")


def test_goods_serve_those_who_wait_at_any_node_before_everybody():
    stock = ledger(0, 0, 0)
    stock.backorder(0, 3, 0)
    stock.order(0, 5)
    stock.receive(0, 5, 10)
    assert stock.take_served() == {0: 3}
    assert (stock.offers["promised"][0], stock.offers["available"][0]) == (3, 2)
    assert stock.backorders.sum() == 0
    stock.check("here")


def test_a_returned_unit_serves_who_waits():
    stock = ledger(0, 0, 0)
    stock.backorder(1, 1, 0)
    stock.restock(2, 1, 5)
    assert stock.take_served() == {1: 1}
    assert stock.offers["available"][1] == 0
    stock.check("here")


def test_what_is_sold_ahead_is_served_before_backorders_and_those_before_everybody():
    stock = ledger(0, 0, 0)
    stock.open_presale(1, 2, 0)
    assert stock.demand(1, 2, 1) == 2
    stock.backorder(1, 1, 2)
    stock.restock(2, 3, 3)
    assert (stock.offers["ahead"][1], stock.take_served(), stock.offers["available"][1]) == (0, {1: 1}, 0)
    stock.restock(2, 1, 4)
    assert stock.offers["available"][1] == 1
    stock.check("here")


def test_a_presale_that_ends_withdraws_what_was_not_sold_ahead():
    stock = ledger(0, 0, 3)
    stock.open_presale(1, 10, 0)
    assert stock.demand(1, 5, 1) == 5
    assert stock.close_presale(1, 2) == 2
    assert stock.offers["available"][1] == 0
    stock.check("here")


def test_a_presale_that_sold_nothing_ahead_leaves_the_stock_as_it_was():
    stock = ledger(0, 0, 3)
    stock.open_presale(1, 10, 0)
    assert stock.demand(1, 2, 1) == 2
    assert stock.close_presale(1, 2) == 0
    assert stock.offers["available"][1] == 1
    stock.check("here")


def test_a_promise_ahead_of_stock_that_lapses_after_the_presale_is_not_sold_again():
    stock = ledger(0, 0, 0)
    stock.open_presale(1, 4, 0)
    stock.demand(1, 4, 1)
    stock.close_presale(1, 2)
    stock.lapse(1, 3, 3)
    assert (stock.offers["available"][1], stock.offers["ahead"][1]) == (0, 1)
    stock.check("here")


def test_the_time_without_stock_on_hand_and_the_time_of_waiting_are_counted_exactly():
    stock = ledger(1, 0, 0)
    stock.demand(0, 1, 10)
    stock.bind(0, 1)
    stock.issue(0, 1, 20)
    stock.backorder(0, 2, 30)
    stock.order(1, 2)
    stock.receive(1, 2, 100)
    assert stock.held_total(150).tolist() == [20, 2 * 50, 0]
    assert stock.bare_total(150).tolist() == [130, 100, 150]
    assert stock.owed_total(150).tolist() == [0, 2 * 70, 0]


def test_settling_splits_what_was_held_between_its_calls():
    stock = ledger(2, 0, 1)
    assert stock.settle_holding(10).tolist() == [20, 0, 10]
    assert stock.settle_holding(15).tolist() == [10, 0, 5]
    assert stock.held_total(15).tolist() == [30, 0, 15]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("on_hand", 9, "not conserved"), ("backorders", -1, "not conserved"), ("on_order", 1, "inventory position")],
)
def test_a_broken_law_names_the_place(column, value, message):
    stock = ledger(1, 1, 1)
    getattr(stock, column)[2] = value
    with pytest.raises(InvariantError, match=message):
        stock.check("here")


class Model:
    """A slow ledger of one number per thing, and the acts that change it."""

    def __init__(self, stock: StockLedger) -> None:
        self.stock = stock
        self.unbound = [0, 0]  # promised
        self.ready = [0] * KEYS  # bound
        self.gone = [0] * KEYS
        self.slots = [0, 0]
        self.owed = [0, 0]
        self.came = [0, 0]

    def act(self, kind: int, key: int, units: int, now: int) -> None:
        stock, offer = self.stock, int(self.stock.offer[key])
        if kind == 0:
            stock.order(key, units)
        elif kind == 1 and stock.on_order[key]:
            stock.receive(key, min(units, int(stock.on_order[key])), now)
        elif kind == 2:
            short = units - self._take(offer, units, now)
            if short:
                stock.backorder(offer, short, now)
                self.owed[offer] += short
        elif kind == 3 and (most := min(self.unbound[offer], int(stock.on_hand[key] - stock.reserved[key]))) > 0:
            stock.bind(key, min(units, most))
            self.unbound[offer] -= min(units, most)
            self.ready[key] += min(units, most)
        elif kind == 4 and self.ready[key]:
            stock.issue(key, min(units, self.ready[key]), now)
            self.gone[key] += min(units, self.ready[key])
            self.ready[key] -= min(units, self.ready[key])
        elif kind == 5 and self.unbound[offer]:
            stock.lapse(offer, min(units, self.unbound[offer]), now)
            self.unbound[offer] -= min(units, self.unbound[offer])
        elif kind == 6 and self.gone[key]:
            stock.restock(key, min(units, self.gone[key]), now)
            self.gone[key] -= min(units, self.gone[key])
        elif kind == 7:
            self.slots[offer] += stock.allot(offer, units, now)
        elif kind == 8:
            stock.return_allotment(offer, min(units, self.slots[offer]), now)
            self.slots[offer] -= min(units, self.slots[offer])
        elif kind == 9:
            if offer in stock.presales:
                stock.close_presale(offer, now)
            else:
                stock.open_presale(offer, units, now)
        for whose, n in stock.take_served().items():
            self.unbound[whose] += n
            self.came[whose] += n

    def _take(self, offer: int, units: int, now: int) -> int:
        taken = self.stock.demand(offer, units, now)
        self.unbound[offer] += taken
        return taken


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=KEYS, max_size=KEYS),
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, KEYS - 1), st.integers(1, 6), st.integers(0, 50)), max_size=60
    ),
)
def test_whatever_happens_units_are_conserved_and_time_adds_up(opening, acts):
    stock = ledger(*opening)
    model = Model(stock)
    now = 0
    held, bare, owed = np.zeros((3, KEYS), np.int64)
    for kind, key, units, wait in acts:
        now += wait
        held += stock.on_hand * wait
        bare += (stock.on_hand == 0) * wait
        owed += stock.backorders * wait
        model.act(kind, key, units, now)
        stock.check("an act")
        if not stock.presales:
            closed = stock.offers["ahead"] > 0
            assert not (stock.offers["available"][closed] > 0).any(), "sold ahead after the presale"
    assert stock.offers["promised"].tolist() == model.unbound
    assert stock.reserved.tolist() == model.ready
    waiting = np.bincount(stock.offer, stock.backorders, 2)
    assert (np.array(model.owed) - model.came).tolist() == waiting.tolist()
    assert not (waiting[stock.offers["available"] > 0]).any() or stock.presales, "goods pass by those who wait"
    assert np.array_equal(stock.held_total(now), held)
    assert np.array_equal(stock.bare_total(now), bare)
    assert np.array_equal(stock.owed_total(now), owed)
