"""The parcel is at the door: the consumer's trust moves, some write a review, some send it back."""

from sim.behaviour.aftermath import return_chance, stars, trust_after
from sim.behaviour.purposes import RETURN, REVIEW, STARS
from sim.processes.returns import Returns
from sim.processes.scene import Scene
from sim.processes.settlement import Settlement
from sim.schema.kinds import Act, Surface
from sim.world.orders import Status
from sim.world.state import Rows


class Door:
    """Hands parcels to consumers, one line after the other, at exactly the instant they arrive."""

    def __init__(self, scene: Scene, returns: Returns, settlement: Settlement) -> None:
        self._scene = scene
        self._returns = returns
        self._settlement = settlement
        scenario = scene.world.scenario
        self._habits = scenario.behaviour.after_delivery
        self._moves = scenario.behaviour.trust
        self._review_share = float(self._habits.review_share)
        self._return_rate: list[float] = scene.world.cast.category_return_rate.tolist()

    def deliver(self, lines: list[int]) -> None:
        """Deliver the lines of a parcel."""
        for line in lines:
            row = self._scene.orders[line]
            row["delivered"] = row["ended"] = self._scene.now
            row["status"] = Status.DELIVERED
            if row["consumer"] >= 0:
                late = bool(row["delivered"] > row["promised"])
                self._experience(row, late)
                self._review(line, row, late)
            self._settlement.expect(line)
            if self._scene.luck(line, RETURN) < self._return_chance(row):
                self._returns.expect(line)

    def _experience(self, row: Rows, late: bool) -> None:
        trust = self._scene.world.truth.consumers["trust"]
        consumer = int(row["consumer"])
        trust[consumer] = trust_after(float(trust[consumer]), late, float(row["match"]), self._moves)

    def _review(self, line: int, row: Rows, late: bool) -> None:
        if self._scene.luck(line, REVIEW) >= self._review_share:
            return
        given = stars(late, float(row["match"]), self._scene.luck(line, STARS), self._habits)
        row["stars"] = given
        offer = int(row["offer"])
        offers = self._scene.world.truth.offers
        offers["stars"][offer] += given
        offers["ratings"][offer] += 1
        whose = (int(row["consumer"]), offer, int(row["session"]))
        self._scene.record.log(Act.RATING, self._scene.now, *whose, float(given))

    def _return_chance(self, row: Rows) -> float:
        category = int(self._scene.world.truth.offers["category"][row["offer"]])
        live = bool(row["surface"] == Surface.LIVE)
        return return_chance(self._return_rate[category], float(row["match"]), live, self._habits)
