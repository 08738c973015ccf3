"""A recommender under watch: what it was shown at each fit, and what it answered."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from sim.policy.cast import cast_policies
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.processes.story import tell
from sim.record.replication import Replication
from sim.scenario.scenario import Scenario
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, ServingView, Slates
from sim.world.build import build_world
from sim.world.world import World
from tests.whole.lively import Plain


@dataclass
class Watched:
    """Hands everything on to a policy and keeps copies.

    Parameters
    ----------
    policy : Recommender
    at_fit : callable
        ``at_fit(number)`` is called right after the policy's fit of that number, from 0.

    Attributes
    ----------
    catalogue : CatalogueView
    logs : list of BehaviourLog
        What each fit saw.
    asked, answered : list
        Each batch of requests, and the contents of its slates.
    fits_before : list of int
        How many fits came before each batch.
    """

    policy: Any
    at_fit: Callable[[int], None] = lambda number: None
    catalogue: CatalogueView = field(init=False)
    logs: list[BehaviourLog] = field(default_factory=list)
    asked: list[PageRequests] = field(default_factory=list)
    answered: list[np.ndarray] = field(default_factory=list)
    fits_before: list[int] = field(default_factory=list)

    @property
    def privileged(self) -> bool:
        return bool(getattr(self.policy, "privileged", False))

    @property
    def reads_comments(self) -> bool:
        return bool(getattr(self.policy, "reads_comments", False))

    def reveal(self, truth: Any) -> None:
        self.policy.reveal(truth)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        self.catalogue = catalogue
        self.policy.begin(rng, catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        self.policy.fit(log, catalogue)
        self.logs.append(_copied(log))
        self.at_fit(len(self.logs) - 1)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        slates = self.policy.recommend(requests, k)
        self.asked.append(_copied(requests))
        self.answered.append(slates.content.copy())
        self.fits_before.append(len(self.logs))
        return slates

    def everybody(self) -> np.ndarray:
        """Return the first pages of the feed the policy would give each consumer, at an instant of its own."""
        n, catalogue = self.catalogue.n_consumers, self.catalogue
        rooms = int((catalogue.kind == 2).sum())
        view = ServingView(
            minute=1e6,
            available=np.full(catalogue.n_offers, 9, np.int64),
            price=catalogue.list_price,
            sold=np.zeros(catalogue.n_offers, np.int64),
            room_offer=np.full(rooms, -1, np.int32),
            room_price=np.zeros(rooms, np.int64),
        )
        zero = np.zeros(n, np.int32)
        requests = PageRequests(
            consumer=np.arange(n, dtype=np.int32),
            session=np.arange(n, dtype=np.int64),
            page=zero,
            surface=zero.astype(np.int8),
            minute=np.full(n, 1e6),
            query=zero - 1,
            recent=np.full((n, 8), -1, np.int32),
            view=view,
        )
        return self.policy.recommend(requests, 10).content.copy()


def watch(
    rules: Plain, policy: Recommender | None = None, at_fit: Callable[[Watched, World, int], None] | None = None
) -> tuple[Watched, Replication]:
    """Play a world with its recommender, or another, under watch.

    Parameters
    ----------
    at_fit : callable
        ``at_fit(watched, world, number)`` after each fit.
    """
    scenario = Scenario.model_validate(rules)
    world = build_world(scenario, 0)
    cast = cast_policies(scenario.policies)
    watched = Watched(policy or cast.recommender.policy)
    if at_fit is not None:
        watched.at_fit = lambda number: at_fit(watched, world, number)
    cast.recommender.policy = watched
    return watched, tell(world, cast, _no_twin)


def _no_twin() -> Any:
    raise AssertionError("nobody asks for a twin here")


def _copied(rows: Any) -> Any:
    """Return a copy of a view whose arrays are reused."""
    arrays = {part.name: getattr(rows, part.name) for part in fields(rows)}
    return replace(rows, **{name: value.copy() for name, value in arrays.items() if isinstance(value, np.ndarray)})
