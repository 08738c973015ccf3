"""Parcels leave the node: units are issued, and a merchant who is late pays."""

from collections.abc import Sequence

import numpy as np

from sim.processes.parcel import Parcel
from sim.processes.payment import merchants, refund
from sim.processes.scene import Scene
from sim.world.orders import By, Status


def ship(scene: Scene, parcels: Sequence[Parcel], by: By) -> None:
    """Hand parcels over to a van, the carrier or the consumer: from now on they are on their way."""
    for parcel in parcels:
        parcel.under_way = True
    lines = np.array([line for parcel in parcels for line in parcel.lines], np.int64)
    world, rows, now = scene.world, scene.orders, scene.now
    for key, units in zip(rows["key"][lines].tolist(), rows["units"][lines].tolist(), strict=True):
        world.stock.issue(key, units, now)
    rows["shipped"][lines] = now
    rows["status"][lines] = Status.SHIPPED
    rows["by"][lines] = by
    late = lines[rows["ship_by"][lines] < now]
    penalty = np.full(len(late), round(100 * world.scenario.orders.late_ship_penalty), np.int64)
    world.money.post("cost_penalties", "merchants", "platform", penalty, merchants(world, late), 0)


def call_off(scene: Scene, parcel: Parcel) -> None:
    """Nobody can bring the parcel: its units go back on the shelf and its consumer gets the money back."""
    world, rows = scene.world, scene.orders
    for line in parcel.lines:
        row = rows[line]
        offer, units = int(row["offer"]), int(row["units"])
        world.stock.bind(int(row["key"]), -units)
        world.stock.lapse(offer, units, scene.now)
        row["status"] = Status.UNDELIVERABLE
        row["ended"] = scene.now
    refund(world, np.array(parcel.lines))
