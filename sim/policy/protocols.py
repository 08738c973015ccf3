"""The seams, one Protocol each.

A policy is a frozen dataclass whose fields are its YAML parameters (``with:``).
Every call is batched and read-only.  A policy reaches neither the world, nor the clock, nor another policy.
A policy that declares ``privileged = True`` is also handed the latent truth (`Truth`) by ``reveal``.
A recommender that declares ``reads_comments = True`` finds their words in its log.
"""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sim.policy.keyed import KeyedRng
from sim.schema.driving import RoutePlan, RoutingProblem
from sim.schema.forecasting import Forecast, ForecastView
from sim.schema.marketing import MarketingPlan, MarketingView
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Slates
from sim.schema.stocking import AllocationView, InventoryView, PricingView, ShowcaseView


class Recommender(Protocol):
    """Decide what is shown."""

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Start a replication: called once, before anything is asked."""

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Learn from what is visible by now; called on the scenario's schedule."""

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Answer each request with up to ``k`` contents: a pure function of model, view and request."""


@runtime_checkable
class RatesItems(Protocol):
    """A recommender that predicts ratings too: what `sim evaluate` holds against real ones."""

    def predict_ratings(self, consumer: NDArray[np.int32], content: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the rating that each consumer would give each content, row by row; never NaN."""


@runtime_checkable
class PredictsClicks(Protocol):
    """A recommender that tells how likely a click is: what `sim evaluate` holds against real looks."""

    def predict_clicks(
        self, consumer: NDArray[np.int32], content: NDArray[np.int32], minute: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the probability that each consumer clicks each content shown then, row by row; NaN = unknown."""


class ReplenishmentPolicy(Protocol):
    """Decide what is ordered."""

    def review(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the units to order per row of the view."""


@runtime_checkable
class Triggered(Protocol):
    """A replenishment policy that says when it is due: what continuous review arms its triggers with."""

    def reorder_level(self, view: InventoryView) -> NDArray[np.int64]:
        """Return the position, units per row of the view, at or under which a review is due."""


class AllocationPolicy(Protocol):
    """Decide which node serves an order line."""

    def allocate(self, view: AllocationView) -> NDArray[np.int32]:
        """Return, per order line, the index of the candidate row that serves it."""


class PricingPolicy(Protocol):
    """Decide the price of each offer, once a day."""

    def price(self, view: PricingView) -> NDArray[np.int64]:
        """Return cents per offer, at least 1."""


class MarketingPolicy(Protocol):
    """Decide what the day's marketing budget is spent on, once a day."""

    def spend(self, view: MarketingView) -> MarketingPlan:
        """Return cents per target for visits and for coupons, within the budget together."""


class ShowcasePolicy(Protocol):
    """Decide what creators show in their livestreams."""

    def choose(self, view: ShowcaseView) -> NDArray[np.int32]:
        """Return offers, shape (livestreams, most slots); -1 where a slot stays empty."""


class RoutingPolicy(Protocol):
    """Decide the rounds of a depot's vans."""

    def plan(self, problem: RoutingProblem) -> RoutePlan:
        """Return routes that keep weight, volume and shift."""


class Forecaster(Protocol):
    """Tell what will be wanted."""

    def forecast(self, view: ForecastView) -> Forecast:
        """Return mean, spread and quantiles of the next days' demand, per series."""


@runtime_checkable
class Truth(Protocol):
    """Latent truth, for privileged policies only."""

    def expected_margin(self, requests: PageRequests) -> NDArray[np.float64]:
        """Return the true expected contribution, cents, of showing each content: (n, n_contents)."""

    def future_demand(self, minute: float, until: float) -> NDArray[np.float64]:
        """Return the true units demanded per ledger key in [minute, until), from an infinite-stock twin."""
