"""Policies that hold others: those begin, learn and are told the truth together with them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policy.keyed import KeyedRng
from sim.policy.nested import inside
from sim.policy.protocols import Recommender, Truth
from sim.policy.served import Account, PartSlates
from sim.schema.draws import extend
from sim.schema.recommending import BehaviourLog, Bool, CatalogueView, Int, PageRequests, Single, Slates

PER_ROW = ("consumer", "session", "page", "surface", "minute", "query", "recent")
"""Columns of `PageRequests`."""


class Holder:
    """A policy some of whose parameters are policies: it is privileged, or reads comments, where one of them does."""

    @property
    def privileged(self) -> bool:
        """Whether a policy inside asks for the latent truth."""
        return any(getattr(policy, "privileged", False) for policy in inside(self))

    @property
    def reads_comments(self) -> bool:
        """Whether one of the policies inside reads comments."""
        return any(getattr(policy, "reads_comments", False) for policy in inside(self))

    def reveal(self, truth: Truth) -> None:
        """Hand the truth on to those that ask for it, and to no other."""
        for policy in inside(self):
            if getattr(policy, "privileged", False):
                policy.reveal(truth)

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Let each policy inside begin, with a key of its own."""
        for number, policy in enumerate(inside(self)):
            policy.begin(KeyedRng(int(extend(np.uint64(rng.key), np.uint64(number)))), catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Let each policy inside learn."""
        for policy in inside(self):
            policy.fit(log, catalogue)


def some(requests: PageRequests, rows: NDArray[Any]) -> PageRequests:
    """Return some of the requests."""
    return replace(requests, **{name: getattr(requests, name)[rows] for name in PER_ROW})


@dataclass(frozen=True, slots=True)
class Ranked:
    """The head of a policy's ranking for each request.

    Attributes
    ----------
    content : int32[n, deepest]
        Best first, -1 where there is nothing.
    unserved : bool[n] or None
        The requests that the policy left to the fallback.
    accounts : tuple of Account
        What it told of its calls.
    """

    content: Int
    unserved: Bool | None = None
    accounts: tuple[Account, ...] = ()

    def pages(self, content: Int, propensity: Single | None = None) -> Slates:
        """Return pages made from the ranking: what the policy left to the fallback stays left to it."""
        return in_parts(content, propensity, self.unserved, self.accounts)


def ranking(policy: Recommender, requests: PageRequests, depth: NDArray[np.int64], n_contents: int) -> Ranked:
    """Return the first ``depth[i]`` contents of a policy's ranking for request i, shape (n, deepest), -1 padded.

    The first page is asked for, as long as the ranking must be.  A row's depth must depend on that row alone:
    then so does its ranking, whatever is asked beside it.

    Raises
    ------
    ValueError
        Where the policy's answer names what does not exist.
    """
    first = replace(requests, page=np.zeros_like(requests.page))
    depths = np.unique(depth)
    if len(depths) == 1:
        slates, k = policy.recommend(first, int(depths[0])), int(depths[0])
        return Ranked(sound(policy, slates.content, (len(requests), k), n_contents), *parts(slates))
    content = np.full((len(requests), int(depths[-1]) if len(depths) else 0), -1, np.int32)
    unserved = np.zeros(len(requests), np.bool_)
    accounts: tuple[Account, ...] = ()
    for k in depths.tolist():
        rows = np.flatnonzero(depth == k)
        slates = policy.recommend(some(first, rows), k)
        content[rows, :k] = sound(policy, slates.content, (len(rows), k), n_contents)
        left, told = parts(slates)
        unserved[rows] = False if left is None else left
        accounts += told
    return Ranked(content, unserved, accounts)


def parts(slates: Slates) -> tuple[Bool | None, tuple[Account, ...]]:
    """Return which rows a policy left to the fallback, and what it told of its calls."""
    return (slates.unserved, (slates.account,)) if isinstance(slates, PartSlates) else (None, ())


def in_parts(content: Int, propensity: Single | None, unserved: Bool | None, accounts: Sequence[Account]) -> Slates:
    """Return slates which say what the policies inside said."""
    if not accounts:
        return Slates(content, None, propensity)
    return PartSlates(content, None, propensity, unserved, together(accounts))


def together(accounts: Sequence[Account]) -> Account:
    """Return one account of all calls."""
    kinds: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for one in accounts:
        kinds.update(one.kinds)
        told.update(one.told)
    return Account(
        latency=tuple(took for one in accounts for took in one.latency),
        late=sum(one.late for one in accounts),
        failed=sum(one.failed for one in accounts),
        malformed=sum(one.malformed for one in accounts),
        kinds=dict(kinds),
        first_error=next((one.first_error for one in accounts if one.first_error), ""),
        real_time=any(one.real_time for one in accounts),
        told=dict(told),
    )


def sound(policy: Recommender, content: Any, shape: tuple[int, int], n_contents: int) -> Int:
    """Return a policy's contents as int32; kernels look them up without looking twice.

    Raises
    ------
    ValueError
        Where they are not whole numbers of that shape, or do not exist.
    """
    name = type(policy).__name__
    if not isinstance(content, np.ndarray) or content.shape != shape or content.dtype.kind != "i":
        raise ValueError(f"{name} answers something else than whole numbers of shape {shape}")
    if content.size and not (content.min() >= -1 and content.max() < n_contents):
        raise ValueError(f"{name} shows contents that do not exist")
    return np.ascontiguousarray(content, np.int32)
