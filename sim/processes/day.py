"""The day's round: what happens at every midnight, always in the same order."""

from collections.abc import Callable, Generator, Sequence

import simpy

from sim.behaviour.consumers import Consumers
from sim.policy.contain_supply import ContainedPricing
from sim.processes.budgets import refill_budgets
from sim.processes.marketing import Marketing
from sim.processes.pricing import Pricing
from sim.processes.sales_week import SalesWeek
from sim.processes.scene import Scene
from sim.processes.shows import Shows
from sim.processes.timetable import DAY
from sim.processes.visitors import Visitors
from sim.schema.clock import to_ticks
from sim.world.state import Rows


class Day:
    """Closes the day before, sets prices, plans livestreams, buys visits, lets the visitors come; until the horizon.

    Days begin at whole multiples of 24 hours after the scenario's start.  Budgets are filled up on the way.

    Parameters
    ----------
    closings : sequence of callable
        ``closing(day)``: what is done at the end of a day, in this order.
    """

    def __init__(
        self,
        scene: Scene,
        consumers: Consumers,
        c: Rows,
        pricing: ContainedPricing,
        shows: Shows,
        marketing: Marketing,
        closings: Sequence[Callable[[int], None]],
    ) -> None:
        self._scene = scene
        self._shows = shows
        self._marketing = marketing
        self._closings = closings
        self._pricing = Pricing(scene, pricing)
        self._sales = SalesWeek(scene.world)
        self._visitors = Visitors(scene, consumers, c)
        scene.env.process(refill_budgets(scene))
        scene.env.process(self._days())

    def _days(self) -> Generator[simpy.Event, None, None]:
        horizon = to_ticks(self._scene.world.scenario.horizon)
        for day, begins in enumerate(range(0, horizon, DAY)):
            self._open(day)
            yield self._scene.until(min(begins + DAY, horizon))
            for close in self._closings:
                close(day)

    def _open(self, day: int) -> None:
        sold_week = self._sales.close()
        self._pricing.set(sold_week)
        self._marketing.plan(day, self._shows.plan(day, sold_week), sold_week)
        self._visitors.come(day)
