"""A contained service recommender in the toy world, and services that answer its requests."""

import json

import numpy as np

from sim.policy.contain import ContainedRecommender
from sim.policy.keyed import KeyedRng
from sim.policy.lookup import build
from sim.testing import toy
from tests.service.running import respond

K = 5
CATALOGUE = toy.catalogue()
VIEW = toy.serving_view(CATALOGUE)
ASKED = toy.requests(CATALOGUE, VIEW, 40)
LISTED = [name for name, at in zip(CATALOGUE.names, CATALOGUE.listed.tolist(), strict=True) if at <= 0]


def http(url, **parameters):
    """Return the policy, begun."""
    policy = build("recommender", "http", {"url": url, "catalogue": False, "deadline_ms": 20_000.0, **parameters})
    policy.begin(KeyedRng(7), CATALOGUE)
    return policy


def contained(url, **parameters):
    """Return the policy behind its guard, begun; popularity is its fallback."""
    policy = build("recommender", "http", {"url": url, "catalogue": False, "deadline_ms": 20_000.0, **parameters})
    guard = ContainedRecommender("recommender", policy, build("recommender", "popularity"))
    guard.begin(KeyedRng(7), CATALOGUE)
    return guard


def by_popularity(asked=ASKED):
    """Return what the fallback shows."""
    popularity = build("recommender", "popularity")
    popularity.begin(KeyedRng(7), CATALOGUE)
    return popularity.recommend(asked, K).content


def feed(n):
    """Return requests for the first page of the feed, in sessions without a click."""
    some = toy.rows(ASKED, np.zeros(n, np.int64))
    some.surface[:], some.query[:], some.page[:], some.recent[:] = 0, -1, 0, -1
    some.session[:] = np.arange(n)
    return some


def page(row=0):
    """Return a good list of K items, each row another."""
    return [{"itemId": LISTED[(row + place) % len(LISTED)], "score": 1.0 / (1 + place)} for place in range(K)]


def answering(change):
    """Return what answers with good pages, first changed by ``change(results)``: to bytes, or in place."""

    def say(connection, head, body, number):
        results = [{"itemList": page(row)} for row in range(len(json.loads(body)["requests"]))]
        changed = change(results)
        whole = changed if changed is not None else {"recommendationId": "1", "results": results}
        respond(connection, whole if isinstance(whole, bytes) else json.dumps(whole).encode())

    return say


def good(results):
    """Change nothing."""
