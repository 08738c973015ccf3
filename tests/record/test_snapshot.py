"""Running totals: what a span still open has cost so far counts, and later changes change no snapshot."""

from sim.record.snapshot import snapshot
from sim.world.money import PARTIES
from tests.record.handmade import HOUR, world


def test_spans_that_are_still_open_count_up_to_now():
    taken = snapshot(world(), HOUR)
    assert taken.at == HOUR
    assert taken.empty.tolist() == [0, HOUR, 0]  # offer 1 opened with nothing
    assert taken.bare.tolist() == [0, HOUR, 0]
    assert taken.held.tolist() == [5 * HOUR, 0, 7 * HOUR]
    assert taken.owed.tolist() == [0, 0, 0]


def test_a_span_that_ended_counts_once():
    small = world()
    small.stock.order(1, 2)
    small.stock.receive(1, 2, HOUR)
    taken = snapshot(small, 3 * HOUR)
    assert taken.empty.tolist() == [0, HOUR, 0]
    assert taken.held.tolist() == [15 * HOUR, 4 * HOUR, 21 * HOUR]


def test_money_is_held_by_flow_and_by_party():
    small = world()
    small.money.post("sales", "consumers", "merchants", 500, 0, 2)
    taken = snapshot(small, HOUR)
    assert taken.flows == {("sales", "consumers", "merchants"): 500}
    assert set(taken.balances) == set(PARTIES)
    assert taken.balances["merchants"].tolist() == [0, 0, 500]


def test_what_happens_after_a_snapshot_does_not_change_it():
    small = world()
    taken = snapshot(small, HOUR)
    small.money.post("sales", "consumers", "merchants", 500, 0, 2)
    small.truth.offers["sold"] += 1
    small.truth.offers["wanted"] += 1
    small.stock.write_off(0, 5, HOUR)
    assert taken.flows == {}
    assert taken.balances["merchants"].tolist() == [0, 0, 0]
    assert (taken.sold.tolist(), taken.wanted.tolist()) == ([0, 0, 0], [0, 0, 0])
    assert taken.held.tolist() == [5 * HOUR, 0, 7 * HOUR]
