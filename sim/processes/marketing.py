"""The day's marketing budget: visits are bought, coupons sent, and what came of it is paid for and written down."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.advertising import coupon_holders, visits_to_offers, visits_to_rooms
from sim.behaviour.consumers import Consumers
from sim.behaviour.coupon import hand_out
from sim.policy.contain_marketing import ContainedMarketing
from sim.processes.run_of_show import RunOfShow
from sim.processes.scene import Scene
from sim.processes.targets import Targets, live_spans
from sim.processes.visitors import clock_hour, usual_hours
from sim.schema.clock import to_ticks
from sim.schema.kinds import ContentKind
from sim.schema.marketing import MarketingView
from sim.world.followed import followed
from sim.world.state import Rows

Int = NDArray[np.int32]
Long = NDArray[np.int64]


class Marketing:
    """Spends the budget once a day, as the policy says; without a budget, or anybody to reach, nobody is asked.

    Visits are paid for when they have come, at the day's end; coupons when an order that uses one is paid.
    """

    def __init__(self, scene: Scene, consumers: Consumers, c: Rows, policy: ContainedMarketing) -> None:
        scenario = scene.world.scenario
        self._scene = scene
        self._consumers = consumers
        self._c = c
        self._policy = policy
        self._rules = scenario.marketing
        self._valid = to_ticks(scenario.marketing.coupon.valid)
        self._horizon = to_ticks(scenario.horizon)
        self._idle = not self._rules.budget_cents or not len(scene.world.truth.consumers)
        self._targets = Targets(scene.world)
        n = len(scene.world.truth.contents)
        self._came, self._sent = np.zeros((2, n), np.int64)
        self._bought_today, self._sent_today = np.zeros((2, n), np.int64)
        if not self._rules.budget_cents and scenario.policies.marketing.kind != "none":
            scene.world.notes.append("marketing.budget is 0: policies.marketing has nothing to spend")

    def plan(self, day: int, shows: Sequence[RunOfShow], sold_week: Long) -> None:
        """Spend the budget of a day that begins now.

        Parameters
        ----------
        shows : sequence of RunOfShow
            The day's livestreams.
        sold_week : int64[n_offers]
            Units ordered over the last seven days.
        """
        if self._idle:
            return
        view = self._view(shows, sold_week)
        plan = self._policy.spend(view)
        self._send(day, view.content, plan.coupons // self._rules.coupon.value_cents)
        self._buy(day, view, plan.visits // self._rules.visit_cents, shows)

    def _view(self, shows: Sequence[RunOfShow], sold_week: Long) -> MarketingView:
        facts = self._targets.of_day(self._scene.now, shows, sold_week)
        content = facts["content"]
        so_far = followed(self._scene.world)
        visits = self._came[content]
        value, price = self._rules.coupon.value_cents, self._rules.visit_cents
        return MarketingView(
            minute=self._scene.env.now,
            budget=self._rules.budget_cents,
            visit_price=price,
            coupon_value=value,
            spent=visits * price + so_far.coupons[content] * value,
            visits=visits,
            coupons_sent=self._sent[content],
            coupons_used=so_far.coupons[content],
            orders=so_far.orders[content],
            revenue=so_far.revenue[content],
            **facts,
        )

    def _send(self, day: int, content: Int, number: Long) -> None:
        """Send each target's coupons, in the order of the targets."""
        world, now = self._scene.world, self._scene.now
        consumers = world.truth.consumers
        for target, coupons in zip(content.tolist(), number.tolist(), strict=True):
            if coupons:
                who = coupon_holders(len(consumers), world.key, day=day, content=target, number=coupons)
                hand_out(consumers, who, target, now, now + self._valid)
        self._sent_today[content] = number
        self._sent[content] += number

    def _buy(self, day: int, view: MarketingView, number: Long, shows: Sequence[RunOfShow]) -> None:
        """Have the visits come that were bought, each at its own instant before the horizon."""
        world = self._scene.world
        offers = np.flatnonzero((view.kind == ContentKind.OFFER) & (number > 0))
        rooms = np.flatnonzero((view.kind == ContentKind.ROOM) & (number > 0))
        begins, ends = live_spans(view.creator[rooms].tolist(), shows, self._scene.now)
        start = world.scenario.start
        for arrivals in (
            visits_to_offers(
                world.truth.consumers, self._c, world.key, day=day, offer=view.content[offers], visits=number[offers],
                hours=usual_hours(world.scenario), hour_of_start=clock_hour(start),
            ),
            visits_to_rooms(
                world.truth.consumers, self._c, world.key, day=day, room=view.creator[rooms],
                content=view.content[rooms], visits=number[rooms], begins=begins, ends=ends,
            ),
        ):  # fmt: skip
            self._consumers.flock(arrivals[arrivals["time"] < self._horizon])
        self._bought_today[view.content] = number

    def close_day(self, day: int) -> None:
        """Pay for the visits that came, and write down what the day's money was spent on."""
        if self._idle:
            return
        came = self._scene.world.truth.contents["visits"] - self._came
        cents = came * self._rules.visit_cents
        if came.any():
            self._scene.world.money.post("marketing", "platform", "outside", int(cents.sum()))
        for content in np.flatnonzero(self._bought_today + self._sent_today).tolist():
            self._scene.record.row(
                "marketing_day",
                time=self._scene.now,
                content=content,
                bought=int(self._bought_today[content]),
                came=int(came[content]),
                cents=int(cents[content]),
                coupons=int(self._sent_today[content]),
            )
        self._came += came
        self._bought_today[:] = self._sent_today[:] = 0
