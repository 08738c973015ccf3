"""The platform of the oracle: a view at fixed instants, and every page answered the moment it is asked for."""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from sim.policy.protocols import Recommender
from sim.schema.clock import to_minutes, to_ticks
from sim.schema.recommending import BehaviourLog, PageRequests, ServingView
from tests.oracle.town import Instant
from tests.oracle.visitor import Slate, Visitor
from tests.oracle.worlds import Small

REFRESH = 100
"""After processes, whose events are normal (1) or a little later, and before any consumer."""


class Platform:
    """Takes its view every so often, refits what is due, answers page by page."""

    priority = REFRESH

    def __init__(
        self,
        env: simpy.Environment,
        world: Small,
        recommender: Recommender,
        log: Callable[[float], BehaviourLog],
        shown: Callable[[PageRequests, np.ndarray], None] | None = None,
    ) -> None:
        self.env = env
        self.world = world
        self._recommender = recommender
        self._log = log
        self._shown = shown
        self._every = to_ticks(world.scenario.serving.refresh)
        env.process(self._refreshing())

    def _refreshing(self) -> Generator[simpy.Event, Any, None]:
        refit = world_refit = self.world.scenario.policies.recommender.refit
        while True:
            yield Instant(self.env, 0.0, self.priority)
            while refit <= self.env.now:
                self._recommender.fit(self._log(refit), self.world.catalogue)
                refit += world_refit
            self.view = self.taken()
            yield self.env.timeout(to_minutes(self._every))

    def taken(self) -> ServingView:
        """Return the view as it would be taken now."""
        offers, rooms = self.world.truth.offers, self.world.truth.rooms
        return ServingView(
            minute=float(self.env.now),
            available=offers["available"].copy(),
            price=offers["price"].copy(),
            sold=offers["sold"].copy(),
            room_offer=rooms["offer"].copy(),
            room_price=rooms["price"].copy(),
        )

    def page(self, who: Visitor, number: int) -> Slate:
        """Return a visitor's page of a number, as asked for now."""
        return self.answer(self.request(who, number))

    def request(self, who: Visitor, number: int) -> PageRequests:
        """Return the request with its context as it is now."""
        return PageRequests(
            consumer=np.array([who.consumer], np.int32),
            session=np.array([who.session], np.int64),
            page=np.array([number], np.int32),
            surface=np.array([who.surface], np.int8),
            minute=np.array([float(self.env.now)]),
            query=np.array([who.query], np.int32),
            recent=np.array([who.recent], np.int32),
            view=self.view,
        )

    def answer(self, request: PageRequests) -> Slate:
        """Ask the recommender, and leave out what is sold out where the scenario says so."""
        slates = self._recommender.recommend(request, self.world.scenario.serving.slate_size)
        content = slates.content[0].tolist()
        if self.world.scenario.serving.hide_sold_out:
            content = [-1 if self._sold_out(each, request.view) else each for each in content]
        if self._shown is not None:
            self._shown(request, np.array([content], np.int32))
        if slates.propensity is None:
            return Slate(content, [float("nan")] * len(content))
        return Slate(content, slates.propensity[0].tolist())

    def _sold_out(self, content: int, view: ServingView) -> bool:
        offer = int(self.world.catalogue.offer[content])
        return content >= 0 and offer >= 0 and bool(view.available[offer] <= 0)
