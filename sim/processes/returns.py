"""Some parcels come back: inspected, then sold as new, as seconds, or written off."""

from collections.abc import Callable
from math import log

import numpy as np

from sim.behaviour.purposes import RETURN_DELAY, RETURN_FATE
from sim.processes.payment import refund
from sim.processes.scene import Scene
from sim.processes.ways import Ways
from sim.schema.clock import to_ticks
from sim.schema.kinds import Act
from sim.world.orders import Status

FATES = ("restocked", "seconds", "written_off")


class Returns:
    """Brings returned lines back to the node they came from; a line comes back whole.

    Parameters
    ----------
    restocked : callable
        Called when units are back on a shelf: a paid line may wait for them.
    """

    def __init__(self, scene: Scene, ways: Ways, restocked: Callable[[], None]) -> None:
        self._scene = scene
        self._ways = ways
        self._restocked = restocked
        habits = scene.world.scenario.behaviour.after_delivery
        self._delay = habits.return_delay
        self._restock_share = float(habits.restock_share)
        self._seconds_share = float(habits.seconds_share)
        self._seconds_value = float(habits.seconds_value)
        self._inspect_cost = 100 * float(scene.world.scenario.orders.inspect_cost)

    def expect(self, line: int) -> None:
        """A consumer sends a line back: it arrives some (exponential) time later."""
        row = self._scene.orders[line]
        row["status"] = Status.RETURNING
        row["ended"] = -1
        minutes = -self._delay * log(self._scene.luck(line, RETURN_DELAY))
        self._scene.call_at(self._scene.now + max(1, to_ticks(minutes)), self._arrive, line)

    def _arrive(self, line: int) -> None:
        """The line is back: the money is paid back, and the goods are looked at."""
        now, row = self._scene.now, self._scene.orders[line]
        offer, units = int(row["offer"]), int(row["units"])
        row["status"] = Status.RETURNED
        row["returned"] = row["ended"] = now
        row["returned_units"] = units
        refund(self._scene.world, np.array([line]))
        freight = self._pay_freight(line)
        fate = self._fate(line)
        self._settle_goods(int(row["key"]), offer, units, fate)
        self._scene.record.row(
            "return", time=now, node=int(row["node"]), order=line, offer=offer, units=units, fate=fate, freight=freight
        )
        if row["consumer"] >= 0:
            whose = (int(row["consumer"]), offer, int(row["session"]))
            self._scene.record.log(Act.RETURN, now, *whose, float(units))

    def _pay_freight(self, line: int) -> int:
        """The merchant pays the way back and the inspection; return the cents of the way back."""
        world, row = self._scene.world, self._scene.orders[line]
        grams = row["units"] * world.cast.sku_weight[world.truth.offers["sku"][row["offer"]]]
        freight = self._ways.tariff(float(row["distance"]), int(grams))
        merchant = int(world.truth.offers["merchant"][row["offer"]])
        inspection = round(self._inspect_cost * int(row["units"]))
        world.money.post("cost_returns", "merchants", "carriers", freight, merchant, 0)
        world.money.post("cost_returns", "merchants", "operators", inspection, merchant, int(row["node"]))
        return freight

    def _fate(self, line: int) -> str:
        luck = self._scene.luck(line, RETURN_FATE)
        limits = np.cumsum([self._restock_share, self._seconds_share])
        return FATES[int(np.searchsorted(limits, luck, side="right"))]

    def _settle_goods(self, key: int, offer: int, units: int, fate: str) -> None:
        """Put the units back on the shelf, sell them as seconds, or throw them away."""
        world, now = self._scene.world, self._scene.now
        cost = int(world.truth.offers["unit_cost"][offer]) * units
        merchant = int(world.truth.offers["merchant"][offer])
        if fate == "seconds":
            world.money.post("seconds", "outside", "merchants", round(self._seconds_value * cost), 0, merchant)
            return
        if fate == "written_off":
            world.stock.discard(key, units)
            # No cash moves: the goods were paid for when bought.  The account shows what was lost.
            world.money.post("cost_writeoff", "merchants", "merchants", cost, merchant, merchant)
        else:
            world.stock.restock(key, units, now)
            self._restocked()
