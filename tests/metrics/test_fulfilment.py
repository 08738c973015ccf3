"""How long the way to the door took, and whether promises were kept."""

import numpy as np

from sim.world.orders import Status
from tests.metrics.handmade import DAY, called_off, order, overall, replication
from tests.metrics.handmade import returned as back


def test_times_are_hours_over_the_orders_that_got_so_far():
    lines = [
        order(2000, paid=2060, shipped=2000 + 10 * 60, delivered=2000 + 30 * 60),
        order(2000, paid=2060, shipped=2000 + 30 * 60, delivered=2000 + 70 * 60),
        order(2000, paid=2060, shipped=2000 + 20 * 60, delivered=-1, status=Status.SHIPPED, ended=-1),
        called_off(2000),
    ]
    found = overall(replication(lines))
    assert found["order_cycle_time_mean"] == found["order_cycle_time_p50"] == (30 + 70) / 2
    assert found["order_cycle_time_p95"] == 30 + 0.95 * (70 - 30)
    assert found["pay_to_ship_time_mean"] == found["pay_to_ship_time_p50"] == (9 + 19 + 29) / 3
    assert found["pay_to_ship_time_p95"] == 19 + 0.9 * (29 - 19)
    assert found["ship_to_deliver_time_mean"] == found["ship_to_deliver_time_p50"] == (20 + 40) / 2
    assert found["ship_to_deliver_time_p95"] == 20 + 0.95 * (40 - 20)


def test_an_order_that_was_due_and_never_shipped_breaks_the_ship_promise():
    lines = [
        order(2000, shipped=2000 + DAY, ship_by=2000 + DAY),  # at the very instant
        order(2000, shipped=2000 + DAY + 1, ship_by=2000 + DAY),
        called_off(2000, status=Status.CANCELLED),
        called_off(2000, status=Status.LAPSED, paid=-1),  # never due
        order(
            2000, ship_by=40 * DAY, promised=41 * DAY, shipped=-1, delivered=-1, ended=-1, status=Status.PAID
        ),  # nor yet
    ]
    assert overall(replication(lines))["ship_sla_rate"] == 1 / 3


def test_on_time_counts_what_should_have_come_and_otif_what_was_called_off_too():
    lines = [
        order(2000, promised=2000 + 2 * DAY),  # at the very instant
        order(2000, promised=2000 + 2 * DAY - 1),  # late
        order(2000, promised=2000 + 2 * DAY, short=1),  # on time, not in full
        back(2000),  # on time, in full, came back
        order(2000, delivered=-1, ended=-1, status=Status.SHIPPED),  # overdue
        called_off(2000),
        called_off(2000, status=Status.LAPSED, paid=-1),
    ]
    found = overall(replication(lines))
    assert found["on_time_rate"] == (1 + 1 + 1) / 5
    assert found["otif"] == (1 + 1) / 6
    assert found["perfect_order_rate"] == 1 / 6


def test_undeliverable_parcels_are_counted_once_however_many_lines_they_have():
    lines = [called_off(2000, status=Status.UNDELIVERABLE, parcel=parcel) for parcel in (0, 0, 2)]
    assert overall(replication(lines))["undeliverable_parcels"] == 2


def test_without_orders_there_are_no_times_and_no_rates():
    found = overall(replication())
    names = ("order_cycle_time_mean", "order_cycle_time_p95", "ship_sla_rate", "on_time_rate", "otif")
    assert np.isnan([found[name] for name in (*names, "perfect_order_rate")]).all()
    assert found["open_orders"] == found["undeliverable_parcels"] == 0
