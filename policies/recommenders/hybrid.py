"""Several recommenders as one: mixed, taken in turn by how well a consumer is known, or one refining another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from policies.recommenders._counts import WEIGHT
from policies.recommenders._inside import Holder, in_parts, parts, some, sound
from policies.recommenders._merge import fused, refined
from policies.recommenders._rerank import head
from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.popularity import Popularity
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.policy.served import Account
from sim.schema.recommending import BehaviourLog, CatalogueView, PageRequests, Single, Slates


def _usual() -> tuple[Recommender, ...]:
    return (ItemKnn(), Popularity())


@dataclass(frozen=True)
class Hybrid(Holder):
    """Combine recommenders.

    - ``switching``: a consumer with at least ``history[m]`` clicks, carts and orders, in the log and in this
      session, is served by the first such member m; everybody else by the last member (cold start).
    - ``weighted``: ``score(c) = sum over members of weight / (60 + rank of c)``, rank from 1, over the first
      ``candidates`` of each; what lies deeper follows as the first member has it.
    - ``cascade``: the first member chooses ``candidates``, the second puts them in order; those that it does not
      name among its own first ``candidates`` come behind, each later member likewise.

    Page n shows the next k.  With ``switching`` the member's propensities are the hybrid's.

    Parameters
    ----------
    members : list of recommender
        Two or more.
    method : str
        ``switching``, ``weighted`` or ``cascade``.
    history : list of int, acts
        ``switching``: how well known a consumer must be to each member but the last.
    weights : list of float
        ``weighted``: of each member; all 1 where none are given.
    candidates : int, contents
        ``weighted`` and ``cascade``: how deep rankings are combined.

    References
    ----------
    Burke, Hybrid recommender systems, UMUAI 12 (2002), section 3; reciprocal rank fusion and its 60: Cormack,
    Clarke & Büttcher, SIGIR 2009.
    """

    members: tuple[Recommender, ...] = field(default_factory=_usual)
    method: Literal["switching", "weighted", "cascade"] = "switching"
    history: tuple[Annotated[int, Field(ge=0)], ...] = (1,)
    weights: tuple[Annotated[float, Field(ge=0)], ...] = ()
    candidates: Annotated[int, Field(ge=1, le=1000)] = 100
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        if len(self.members) < 2:
            raise ValueError("members must be two or more")
        if self.method == "switching" and len(self.history) != len(self.members) - 1:
            raise ValueError("history must have one number per member but the last")
        if self.method == "weighted" and self.weights and len(self.weights) != len(self.members):
            raise ValueError("weights must have one number per member")

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Know nobody."""
        super().begin(rng, catalogue)
        self._state.acts = np.zeros(catalogue.n_consumers, np.int64)
        self._state.n_contents = catalogue.n_contents

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Count how well each consumer is known."""
        super().fit(log, catalogue)
        known = np.isin(log.act, list(WEIGHT))
        self._state.acts = np.bincount(log.consumer[known], minlength=catalogue.n_consumers)
        self._state.n_contents = catalogue.n_contents

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the page's stretch of the combined ranking."""
        if self.method == "switching":
            return by_member(self.members, self._chosen(requests), requests, k, self._state.n_contents)
        ranked = [head(one, requests, k, self.candidates, self._state.n_contents) for one in self.members]
        lists = [one.content for one in ranked]
        if self.method == "weighted":
            weights = np.array(self.weights or (1.0,) * len(lists))
            content = fused(lists, weights, self.candidates, requests.page, k, self._state.n_contents)
        else:
            content = refined(lists, self.candidates, requests.page, k, self._state.n_contents)
        nobody = np.zeros(len(requests), np.bool_)
        unserved = np.all([nobody if one.unserved is None else one.unserved for one in ranked], axis=0)
        return in_parts(content, None, unserved, [told for one in ranked for told in one.accounts])

    def _chosen(self, requests: PageRequests) -> NDArray[np.int64]:
        acts = self._state.acts[requests.consumer] + (requests.recent >= 0).sum(axis=1)
        enough = acts[:, None] >= np.array(self.history)
        chosen: NDArray[np.int64] = np.where(enough.any(axis=1), enough.argmax(axis=1), len(self.history))
        return chosen


def by_member(
    members: Sequence[Recommender], chosen: NDArray[Any], requests: PageRequests, k: int, n_contents: int
) -> Slates:
    """Return pages of which row i is answered by ``members[chosen[i]]``.

    Propensities are told where every member that was asked tells them.
    """
    content = np.full((len(requests), k), -1, np.int32)
    propensity: Single | None = np.full((len(requests), k), np.nan, np.float32)
    unserved = np.zeros(len(requests), np.bool_)
    accounts: tuple[Account, ...] = ()
    for number, member in enumerate(members):
        rows = np.flatnonzero(chosen == number)
        if len(rows) == 0:
            continue
        slates = member.recommend(some(requests, rows), k)
        content[rows] = sound(member, slates.content, (len(rows), k), n_contents)
        left, told = parts(slates)
        unserved[rows] = False if left is None else left
        accounts += told
        if slates.propensity is None or propensity is None:
            propensity = None
        else:
            propensity[rows] = slates.propensity
    return in_parts(content, propensity, unserved, accounts)
