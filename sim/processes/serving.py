"""The platform's serving layer: its view of the world, its requests to the recommender, its refits."""

from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.consumers import Consumers
from sim.policy.protocols import Recommender
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_minutes, to_ticks
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView
from sim.world.state import NEVER, Truth

LogUntil = Callable[[float], BehaviourLog]
Shown = Callable[[PageRequests, NDArray[np.int32]], None]


class Serving:
    """Serves slates from a view taken at fixed instants, with a model refitted at fixed instants.

    A slate is a pure function of (model, view, request), so it does not matter when within an interval, or with
    which others, a request is answered.  Requests made before a refresh are answered before it; a refit that is
    due takes effect with the next view, as does a recommender that takes over from another one.

    Parameters
    ----------
    recommender : Recommender
        Contained.
    log : callable
        ``log(minute)`` returns what a fit at that minute may see.
    shown : callable or None
        ``shown(requests, content)`` is told every answer; it must not keep the arrays.
    """

    def __init__(
        self,
        scenario: Scenario,
        truth: Truth,
        consumers: Consumers,
        recommender: Recommender,
        catalogue: CatalogueView,
        log: LogUntil,
        shown: Shown | None = None,
    ) -> None:
        self._truth = truth
        self._consumers = consumers
        self._recommender = recommender
        self._catalogue = catalogue
        self._log = log
        self._shown = shown
        self._places = scenario.serving.slate_size
        self._hide_sold_out = scenario.serving.hide_sold_out
        self._every = to_ticks(scenario.serving.refresh)
        self._horizon = to_ticks(scenario.horizon)
        self._nobody = len(truth.consumers) == 0
        self._refit_every = scenario.policies.recommender.refit
        self._next_fit = self._refit_every
        early = scenario.policies.recommender.bootstrap
        self._takeover = early.for_ if early else inf
        self._last_fit = scenario.horizon  # whoever still browses after that is no reason to learn again
        self._view = self._take(0)
        self.view_until = 0

    def due(self, process_at: int) -> int:
        """Return the instant (ticks) of the next refresh that anybody could notice; far where there is none.

        Consumers notice one at their next event.  A process, acting at ``process_at``, might send others, who
        come soon after it and must find the view that was taken before it acted.
        """
        noticed = self._consumers.next_time
        if process_at <= self._horizon:  # after that nobody is sent
            noticed = min(noticed, process_at - 1)
        if self._nobody or noticed >= NEVER:
            return int(NEVER)
        return max(self.view_until, noticed // self._every * self._every)

    def refresh(self, now: int) -> None:
        """Take the view anew at ``now`` (ticks), which holds all that happened strictly before."""
        self.serve()
        minute = to_minutes(now)
        while (due := min(self._next_fit, self._takeover)) <= min(minute, self._last_fit):
            self._recommender.fit(self._log(due), self._catalogue)
            if due == self._takeover:
                self._takeover = inf
            if due == self._next_fit:
                self._next_fit += self._refit_every
        self._view = self._take(now)
        self.view_until = (now // self._every + 1) * self._every

    def serve(self) -> int:
        """Answer every open request from the view in force; return how many there were."""
        requests = self._consumers.asked(self._view, self.view_until)
        if len(requests) == 0:
            return 0
        slates = self._recommender.recommend(requests, self._places)
        content = slates.content
        if self._hide_sold_out:
            content = self._without_sold_out(content)
        if self._shown is not None:
            self._shown(requests, content)
        self._consumers.answer(content, slates.propensity)
        return len(requests)

    def _take(self, now: int) -> ServingView:
        offers, rooms = self._truth.offers, self._truth.rooms
        columns = (offers["available"], offers["price"], offers["sold"], rooms["offer"], rooms["price"])
        available, price, sold, room_offer, room_price = (_read_only(column) for column in columns)
        return ServingView(to_minutes(now), available, price, sold, room_offer, room_price)

    def _without_sold_out(self, content: np.ndarray) -> np.ndarray:
        offer = self._catalogue.offer[content]
        gone = (content >= 0) & (offer >= 0) & (self._view.available[offer] <= 0)
        return np.where(gone, -1, content).astype(np.int32)


def _read_only(column: np.ndarray) -> np.ndarray:
    copy = column.copy()
    copy.setflags(write=False)
    return copy
