"""Where goods come from, and who asks for them without being asked: how the parts of supply hang together."""

from collections.abc import Callable

from sim.policy.contain_supply import ContainedReplenishment
from sim.processes.demand_history import DemandHistory
from sim.processes.exogenous import Exogenous
from sim.processes.holding import Holding
from sim.processes.presale import open_presales
from sim.processes.release import Release
from sim.processes.replenishment import Continuous, Periodic
from sim.processes.scene import Scene
from sim.processes.shelves import Shelves
from sim.processes.suppliers import Suppliers


class Supply:
    """The supply side at work.

    Attributes
    ----------
    review : callable or None
        ``review(offer)``: what a trigger of the offer's stock sets off; None where reviews are periodic.
    suppliers : Suppliers
    continuous : Continuous or None
    exogenous : Exogenous
    """

    def __init__(self, scene: Scene, policy: ContainedReplenishment, release: Release) -> None:
        self._scene = scene
        period = scene.world.scenario.policies.inventory.review
        self._history = DemandHistory(scene.world)
        self._holding = Holding(scene)
        self.suppliers = Suppliers(scene, release)
        minutes = 0.0 if period == "continuous" else period
        shelves = Shelves(scene.world, self._history, self.suppliers.quoted_minutes, minutes)
        self.continuous: Continuous | None = None
        if period == "continuous":
            self.continuous = Continuous(scene, policy, shelves, self.suppliers)
            release.watch_binding(self.continuous.bound)
        else:
            Periodic(scene, policy, shelves, self.suppliers)
        self.review: Callable[[int], None] | None = self.continuous.review if self.continuous else None
        open_presales(scene, release, self.suppliers)
        self.exogenous = Exogenous(scene, release, self.review)

    def close_day(self, day: int) -> None:
        """Close a day that ends now: its holding cost, its rows, its demand; levels are worked out anew."""
        wanted = int(self._history.close_day().sum())
        self._holding.close_day()
        ordered, made = self.suppliers.close_day(day)
        self._scene.record.row("demand_day", time=self._scene.now, wanted=wanted, ordered=ordered, made=made)
        if self.continuous is not None:
            self.continuous.look_at_all()


def open_supply(scene: Scene, policy: ContainedReplenishment, release: Release) -> Supply:
    """Open all that fills the shelves (reviews, brands, deliveries), and the demand that comes by itself."""
    return Supply(scene, policy, release)
