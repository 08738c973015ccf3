"""A recommender whose ranking is given, and pages to ask it for."""

from dataclasses import dataclass, replace

import numpy as np

from sim.policy.keyed import KeyedRng
from sim.schema.kinds import Surface
from sim.schema.recommending import PageRequests, Slates
from sim.testing import toy

CATALOGUE = toy.catalogue()
VIEW = toy.serving_view(CATALOGUE, 2000.0)
"""Taken when everything has been listed."""


@dataclass(frozen=True)
class Fixed:
    """Ranks all requests alike; page n shows the next k."""

    order: tuple[int, ...] = ()

    def begin(self, rng, catalogue):
        pass

    def fit(self, log, catalogue):
        pass

    def recommend(self, requests, k):
        content = np.full((len(requests), k), -1, np.int32)
        for row, page in enumerate(requests.page):
            part = self.order[page * k : (page + 1) * k]
            content[row, : len(part)] = part
        return Slates(content)


def asked(n=1, page=0, surface=Surface.FEED, query=-1, session=None, consumer=0, view=VIEW) -> PageRequests:
    """Return ``n`` requests that differ in their session alone."""
    base = toy.requests(CATALOGUE, view, n)
    return replace(
        base,
        consumer=np.full(n, consumer, np.int32),
        session=np.arange(n, dtype=np.int64) if session is None else np.asarray(session, np.int64),
        page=np.full(n, page, np.int32),
        surface=np.full(n, surface, np.int8),
        minute=np.full(n, view.minute),
        query=np.full(n, query, np.int32),
        recent=np.full_like(base.recent, -1),
    )


def begun(policy, log=None, catalogue=CATALOGUE):
    """Return a policy that has begun and, with a log, learned."""
    policy.begin(KeyedRng(7), catalogue)
    if log is not None:
        policy.fit(log, catalogue)
    return policy


def listed(policy, pages=1, k=10, **how):
    """Return the first pages of one session as one list, without empty places."""
    rows = np.concatenate([policy.recommend(asked(page=page, **how), k).content[0] for page in range(pages)])
    return rows[rows >= 0].tolist()
