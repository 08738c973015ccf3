"""The compiled kernel in the main loop equals one SimPy process per session, bit for bit."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from policies.recommenders.item_knn import ItemKnn
from policies.recommenders.popularity import Popularity
from policies.recommenders.random import Random as ByChance
from sim.policy.protocols import Recommender
from tests.oracle.by_kernel import by_kernel
from tests.oracle.cuts import Restless
from tests.oracle.outcome import Outcome, differences
from tests.oracle.per_session import per_session
from tests.oracle.recommenders import BySales, Moody
from tests.oracle.worlds import FINE, SECOND, SLOW, small_world

WORLDS: dict[str, dict[str, Any]] = {
    "fine": {"grid": FINE},
    "a second": {"grid": SECOND, "refresh": "30 s"},
    "slow": {"grid": SLOW, "release": "30 s"},
    "old views": {"grid": SLOW, "refresh": "7 min"},
    "odd releases": {"grid": SLOW, "release": "7 min", "refresh": "90 s"},
    "hidden": {"grid": SECOND, "hide_sold_out": True},
    "scarce": {"grid": SLOW, "units": 2, "offers": 10},
    "quiet": {"grid": FINE, "consumers": 6, "refresh": "7 min"},
    "advertised": {"grid": FINE, "advertised": True},
    "advertised and slow": {"grid": SLOW, "advertised": True, "units": 4, "refresh": "7 min"},
    "crowded": {"grid": SLOW, "consumers": 200, "offers": 60, "rooms": 4, "days": 1},
}
RECOMMENDERS: dict[str, Callable[[], Recommender]] = {
    "by sales": BySales, "moody": Moody, "random": ByChance, "popularity": Popularity, "item_knn": ItemKnn,
}  # fmt: skip


def kernel(world: str, recommender: str, seed: int, **more: Any) -> Outcome:
    return by_kernel(small_world(seed, **WORLDS[world]), RECOMMENDERS[recommender](), **more)


@cache
def oracle(world: str, recommender: str, seed: int) -> Outcome:
    return per_session(small_world(seed, **WORLDS[world]), RECOMMENDERS[recommender]())


CASES = [
    ("fine", "moody", 1), ("fine", "by sales", 2), ("fine", "item_knn", 3), ("a second", "moody", 4),
    ("a second", "popularity", 5), ("slow", "moody", 6), ("slow", "by sales", 7), ("slow", "random", 8),
    ("old views", "moody", 9), ("old views", "item_knn", 10), ("odd releases", "moody", 11), ("hidden", "by sales", 12),
    ("scarce", "moody", 13), ("scarce", "by sales", 14), ("crowded", "item_knn", 15), ("quiet", "moody", 21),
    ("advertised", "moody", 31), ("advertised and slow", "moody", 32), ("advertised and slow", "item_knn", 33),
]  # fmt: skip


@pytest.mark.parametrize(("world", "recommender", "seed"), CASES)
def test_the_kernel_equals_one_process_per_session(world, recommender, seed):
    assert differences(kernel(world, recommender, seed), oracle(world, recommender, seed)) == []


@pytest.mark.parametrize(("world", "recommender", "seed"), [("fine", "moody", 1), ("slow", "moody", 6)])
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(cuts=st.integers(1, 6), luck=st.integers(0, 2**32))
def test_neither_cuts_nor_early_answers_change_anything(world, recommender, seed, cuts, luck):
    disturb = lambda consumers, serving: Restless(consumers, serving, Random(luck), cuts)  # noqa: E731
    assert differences(kernel(world, recommender, seed, disturb=disturb), oracle(world, recommender, seed)) == []


def test_the_worlds_hold_everything_that_can_happen():
    """Else equality would prove little."""
    everything = [oracle(*case) for case in CASES if case[0] in {"slow", "scarce"}]
    orders = np.concatenate([each.orders for each in everything])
    for what in ("retried", "substitute", "short"):
        assert (orders[what] > 0).sum() >= 10, what
    assert (orders["slot"] >= 0).sum() >= 100
    assert (orders["pays_at"] < 0).sum() >= 100
    happened = [entry for each in everything for entry in each.parts["ledger"]]
    for what in ("review", "receipt", "delivery", "price", "lapse", "livestream", "release"):
        assert sum(entry[0] == what for entry in happened) >= 10, what
    assert sum(entry[0] == "slot" and entry[-1] for entry in happened) >= 10, "slots sold out"
    acts = np.concatenate([each.parts["acts"] for each in everything])
    assert set(np.unique(acts["act"])) == set(range(9))


def test_the_advertised_worlds_hold_all_that_advertising_can_do():
    everything = [oracle(*case) for case in CASES if case[0].startswith("advertised")]
    orders = np.concatenate([each.orders for each in everything])
    used = orders[orders["coupon"] > 0]
    first_room = {len(each.parts["contents"]) - len(each.parts["rooms"]) for each in everything}.pop()
    assert (used["touch"] < first_room).sum() >= 10, "coupons of offers"
    assert (used["touch"] >= first_room).sum() >= 5, "coupons of rooms"
    assert (used["slot"] >= 0).sum() >= 5, "coupons in a slot"
    assert (used["substitute"] + used["retried"]).sum() >= 3, "coupons for second choices"
    assert ((orders["touch"] >= 0) & (orders["coupon"] == 0)).sum() >= 50, "orders after an advertisement"
    came = sum(each.parts["contents"]["visits"] for each in everything)
    assert (came[:first_room] > 0).sum() >= 10
    assert (came[first_room:] > 0).sum() >= 3
    days = 2 * len(everything)
    assert came[:first_room].sum() < 4 * days * len(everything[0].parts["offers"]), "all advertised offers were there"
    assert came[first_room:].sum() < 40 * days * len(everything[0].parts["rooms"]), "all advertised rooms were live"


def test_on_a_coarse_grid_many_things_happen_at_one_instant():
    acts = oracle("slow", "moody", 6).parts["acts"]
    sessions_at = {}
    for time, session in zip(acts["time"].tolist(), acts["session"].tolist(), strict=True):
        sessions_at.setdefault(time, set()).add(session)
    assert sum(len(sessions) > 1 for sessions in sessions_at.values()) > 200
