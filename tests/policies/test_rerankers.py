"""Re-rankers keep what the base retrieves, change its order by their rule, and stretch over pages."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.recommenders.business_rules import BusinessRules
from policies.recommenders.diversify import Diversify
from policies.recommenders.exposure_floor import ExposureFloor
from policies.recommenders.price_band import PriceBand, bands
from policies.recommenders.profit_aware import ProfitAware
from policies.recommenders.stock_aware import StockAware, days_to_deliver, wanted_a_day
from sim.policy.keyed import KeyedRng
from sim.schema.kinds import Act, Surface
from sim.testing import toy
from tests.policies.fixed import CATALOGUE, VIEW, Fixed, asked, begun, listed

ORDER = tuple(np.random.default_rng(3).permutation(160)[:60].tolist())
"""Offers and videos, in no particular order."""
PLENTY = replace(VIEW, available=np.full(CATALOGUE.n_offers, 10_000))
RERANKERS = (Diversify, StockAware, ProfitAware, PriceBand)
DAY = 1440.0


def log_of(*rows):
    """Return a log of (minute, act, consumer, offer, session, value)."""
    made = toy.log(CATALOGUE, 20 * len(rows))
    columns = {name: getattr(made, name)[: len(rows)] for name in ("surface", "page", "position", "propensity")}
    names = ("minute", "act", "consumer", "offer", "session", "value")
    columns |= {
        name: np.array(values, getattr(made, name).dtype)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }
    return replace(made, **columns, content=columns["offer"])


@pytest.mark.parametrize("policy", RERANKERS)
@pytest.mark.parametrize("candidates", [1, 7, 30, 100])
def test_every_content_of_the_base_is_shown_once_over_the_pages(policy, candidates):
    wrapped = begun(policy(Fixed(ORDER), candidates=candidates), toy.log(CATALOGUE))
    shown = listed(wrapped, pages=8)
    assert sorted(shown) == sorted(ORDER)
    assert shown[candidates:] == list(ORDER[candidates:])


@pytest.mark.parametrize("policy", RERANKERS)
def test_no_content_is_lost_where_the_bases_ranking_has_holes(policy):
    holed = tuple(c if c % 3 else -1 for c in ORDER)
    shown = listed(begun(policy(Fixed(holed), candidates=25)), pages=8)
    assert sorted(shown) == sorted(c for c in holed if c >= 0)


@pytest.mark.parametrize(
    "policy",
    [
        Diversify(Fixed(ORDER), balance=1.0),
        ProfitAware(Fixed(ORDER), weight=0.0),
        PriceBand(Fixed(ORDER), outside=1.0),
        ExposureFloor(Fixed(ORDER), share=0.0),
        BusinessRules(Fixed(ORDER), hide_sold_out=False),
    ],
    ids=lambda policy: type(policy).__name__,
)
def test_a_re_ranker_without_a_rule_leaves_the_base_as_it_is(policy):
    assert listed(begun(policy, toy.log(CATALOGUE)), pages=6) == list(ORDER)


@pytest.mark.parametrize("answer", [np.array([[999]]), np.array([[-2]]), np.array([[0.5]]), np.array([1])])
def test_a_base_that_answers_nonsense_is_refused_before_a_kernel_reads_it(answer):
    class Bad(Fixed):
        def recommend(self, requests, k):
            return replace(
                super().recommend(requests, k), content=np.tile(answer, (1, k)) if answer.ndim > 1 else answer
            )

    for policy in (*RERANKERS, ExposureFloor, BusinessRules):
        with pytest.raises(ValueError, match="Bad"):
            begun(policy(Bad())).recommend(asked(), 10)


def alike(one, other):
    """Return what two contents have in common, as the docstring of `Diversify` says."""
    a, b = CATALOGUE.offer[one], CATALOGUE.offer[other]
    if a == b:
        return 1.0
    same = [CATALOGUE.category[a] == CATALOGUE.category[b], CATALOGUE.merchant[a] == CATALOGUE.merchant[b]]
    same += [CATALOGUE.brand[a] == CATALOGUE.brand[b]]
    creator = CATALOGUE.creator[one] >= 0 and CATALOGUE.creator[one] == CATALOGUE.creator[other]
    return float(np.dot([*same, creator], [0.5, 0.2, 0.2, 0.1]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1))
def test_diversify_takes_the_largest_marginal_relevance_at_every_place(seed, balance):
    left = np.random.default_rng(seed).permutation(180 - 8)[:20].tolist()
    worth = {c: np.float32(1 / np.log2(2 + rank)) for rank, c in enumerate(left)}
    shown = listed(begun(Diversify(Fixed(tuple(left)), balance=balance)), pages=2)
    before = []
    for chosen in shown:
        value = {
            c: np.float32(balance * worth[c] - (1 - balance) * max((alike(c, b) for b in before), default=0.0))
            for c in left
        }
        assert value[chosen] >= max(value.values()) - 1e-6
        left.remove(chosen)
        before.append(chosen)


def test_diversify_shows_more_categories_on_a_page():
    one_after_another = tuple(np.argsort(CATALOGUE.category, kind="stable").tolist())
    shown = listed(begun(Diversify(Fixed(one_after_another), balance=0.3)))
    assert len(set(CATALOGUE.category[shown])) == 5
    assert len(set(CATALOGUE.category[list(one_after_another[:10])])) == 1


def test_stock_aware_puts_what_is_sold_out_behind_and_leaves_the_rest():
    shown = listed(begun(StockAware(Fixed(ORDER))), pages=6)
    gone = [c for c in ORDER if VIEW.available[CATALOGUE.offer[c]] == 0]
    assert shown == [c for c in ORDER if c not in gone] + gone
    assert gone


def test_stock_aware_leaves_rooms_where_they_are():
    live = int(np.flatnonzero(VIEW.room_offer >= 0)[0])
    room = CATALOGUE.n_contents - len(VIEW.room_offer) + live
    none_left = replace(VIEW, available=np.zeros(CATALOGUE.n_offers, np.int64))
    assert listed(begun(StockAware(Fixed((3, room, 4)))), view=none_left) == [room, 3, 4]


def test_stock_aware_shows_what_is_short_in_proportion_to_the_demand_that_it_can_serve():
    """3 of 12 units wanted: shown first in a quarter of 20,000 sessions, within 4 standard errors (error rate 6e-5)."""
    log = log_of(*[(2 * DAY - 1, Act.ORDER, 0, 3, i, 1.0) for i in range(400)])
    policy = begun(StockAware(Fixed((3, 4, 5)), cover_days=1.0), log)
    policy._state.needed[3] = 12.0
    view = replace(PLENTY, available=np.where(np.arange(CATALOGUE.n_offers) == 3, 3, 100))
    n = 20_000
    content = policy.recommend(asked(n, view=view), 3).content
    first = (content[:, 0] == 3).mean()
    assert abs(first - 0.25) < 4 * np.sqrt(0.25 * 0.75 / n)
    assert (content[content[:, 0] != 3] == [4, 5, 3]).all()


def test_units_wanted_a_day_are_those_of_a_steady_demand():
    steady = log_of(*[(DAY * i / 4, Act.ORDER, 0, 3, i, 2.0) for i in range(400)])
    steady = replace(steady, until=100 * DAY)
    assert wanted_a_day(steady, 10, 3.0)[3] == pytest.approx(8.0, rel=0.05)
    young = replace(log_of((0.25 * DAY, Act.STOCKOUT, 0, 5, 1, 1.0)), until=0.5 * DAY)
    assert wanted_a_day(young, 10, 1000.0)[5] == pytest.approx(2.0, rel=0.01)
    assert wanted_a_day(toy.no_log(), 10, 3.0).sum() == 0


def test_days_to_deliver_are_from_a_sessions_order_to_its_rating():
    slow, fast = (
        int(CATALOGUE.merchant[3]),
        next(o for o in range(120) if CATALOGUE.merchant[o] != CATALOGUE.merchant[3]),
    )
    rows = [(0.0, Act.ORDER, 0, 3, 1, 1.0), (0.0, Act.ORDER, 0, fast, 2, 1.0)]
    rows += [
        (2 * DAY, Act.RATING, 0, fast, 2, 5.0),
        (3 * DAY, Act.RATING, 0, 3, 9, 5.0),
        (8 * DAY, Act.RATING, 0, 3, 1, 5.0),
    ]
    days = days_to_deliver(replace(log_of(*rows), until=9 * DAY), CATALOGUE)
    assert days[slow] == pytest.approx((20 * 5 + 8) / 21)
    assert days[CATALOGUE.merchant[fast]] == pytest.approx((20 * 5 + 2) / 21)
    policy = begun(StockAware(Fixed((3, fast)), soon_days=5.0), replace(log_of(*rows), until=9 * DAY))
    assert listed(policy, view=PLENTY) == [fast, 3]


def test_profit_aware_ranks_by_relevance_times_margin():
    policy = begun(ProfitAware(Fixed(ORDER), weight=1.0))
    offer = CATALOGUE.offer[list(ORDER)]
    kept = np.where(np.array(ORDER) < CATALOGUE.n_offers, 1.0, 1.0 - CATALOGUE.commission[offer])
    margin = VIEW.price[offer] * kept - CATALOGUE.unit_cost[offer]
    score = (margin / np.log2(2 + np.arange(len(ORDER)))).clip(0)
    shown = listed(policy, pages=6)
    value = dict(zip(ORDER, score, strict=True))
    np.testing.assert_allclose([value[c] for c in shown], np.sort(score)[::-1], rtol=1e-5)


def test_what_loses_money_comes_last():
    cheap = replace(VIEW, price=np.where(np.arange(CATALOGUE.n_offers) == 3, 1, VIEW.price))
    assert listed(begun(ProfitAware(Fixed((3, 4, 5)))), view=cheap)[-1] == 3


def test_a_price_band_is_the_weighted_mean_and_spread_of_log_prices_drawn_towards_everybodys():
    log = log_of((1.0, Act.CLICK, 0, 3, 1, 1.0), (2.0, Act.ORDER, 0, 4, 1, 1.0), (3.0, Act.CART, 1, 5, 2, 1.0))
    low, high = bands(log, CATALOGUE, width=2.0, prior=4.0)
    p = np.log(CATALOGUE.list_price[[3, 4, 5]])
    usual = np.average(p, weights=[1, 10, 3])
    spread = np.average((p - usual) ** 2, weights=[1, 10, 3])
    mean = (p[0] + 10 * p[1] + 4 * usual) / 15
    sd = np.sqrt(((p[0] - mean) ** 2 + 10 * (p[1] - mean) ** 2 + 4 * spread) / 15)
    np.testing.assert_allclose(np.log([low[0], high[0]]), [mean - 2 * sd, mean + 2 * sd])
    np.testing.assert_allclose(np.log([low[7], high[7]]), [usual - 2 * np.sqrt(spread), usual + 2 * np.sqrt(spread)])


def test_outside_the_band_comes_last_where_it_is_worth_nothing():
    policy = begun(PriceBand(Fixed(ORDER), outside=0.0, width=0.5), toy.log(CATALOGUE))
    price = VIEW.price[CATALOGUE.offer[list(ORDER)]]
    inside = (price >= policy._state.low[0]) & (price <= policy._state.high[0])
    shown = listed(policy, pages=6)
    assert 0 < inside.sum() < len(ORDER)
    assert shown == [c for c, i in zip(ORDER, inside, strict=True) if i] + [
        c for c, i in zip(ORDER, inside, strict=True) if not i
    ]


@pytest.mark.parametrize("protect", ["small_merchants", "new_items", "both"])
@pytest.mark.parametrize("surface", [Surface.FEED, Surface.MALL])
def test_in_every_prefix_the_floor_is_kept(protect, surface):
    log = toy.log(CATALOGUE)
    policy = begun(ExposureFloor(Fixed(ORDER), share=0.3, protect=protect, new_days=3.0), log)
    for session in range(30):
        shown = listed(policy, pages=4, session=[session], surface=surface)
        offer = CATALOGUE.offer[shown]
        small = policy._state.small[offer] & (protect != "new_items")
        new = (VIEW.minute - CATALOGUE.listed[offer] < 3 * DAY) & (protect != "small_merchants")
        floor = np.floor(0.3 * np.arange(1, len(shown) + 1) + 1e-9)
        assert (np.cumsum(small | new) >= floor).all()
        assert len(set(shown)) == len(shown) == 40


def test_places_that_are_not_owed_follow_the_base():
    policy = begun(ExposureFloor(Fixed(ORDER), share=0.1, protect="new_items", new_days=3.0))
    shown = listed(policy, pages=2)
    theirs = [c for c in shown if VIEW.minute - CATALOGUE.listed[CATALOGUE.offer[c]] < 3 * DAY]
    rest = [c for c in shown if c not in theirs]
    assert rest == [c for c in ORDER if c not in theirs][: len(rest)]


def test_protected_contents_that_the_base_never_shows_take_turns():
    none = tuple(c for c in range(120) if VIEW.minute - CATALOGUE.listed[c] >= 3 * DAY)
    policy = begun(ExposureFloor(Fixed(none), share=0.2, protect="new_items", new_days=3.0))
    content = policy.recommend(asked(2000, surface=Surface.MALL), 10).content
    new = np.flatnonzero(VIEW.minute - CATALOGUE.listed[:120] < 3 * DAY)
    seen = np.bincount(content[np.isin(content, new)], minlength=120)[new]
    assert seen.sum() == 4000
    assert seen.min() > 0.5 * seen.mean()


def test_small_merchants_are_those_who_sold_least():
    log = log_of(*[(1.0, Act.ORDER, 0, o, o, float(CATALOGUE.merchant[o])) for o in range(120)])
    policy = begun(ExposureFloor(Fixed(ORDER), small=0.3), log)
    sold = np.bincount(CATALOGUE.merchant, CATALOGUE.merchant.astype(float))
    least = np.argsort(sold, kind="stable")[:3]
    np.testing.assert_array_equal(policy._state.small, np.isin(CATALOGUE.merchant, least))


def test_rules_leave_out_what_they_name_and_what_shows_it():
    video = int(np.flatnonzero(CATALOGUE.kind == 1)[0])
    named = int(CATALOGUE.offer[video])
    policy = begun(BusinessRules(Fixed((5, named, video, 7)), blocked=(f"content-{named}",), hide_sold_out=False))
    assert listed(policy) == [5, 7]


def test_each_rule_leaves_out_what_it_says():
    offer = CATALOGUE.offer[list(ORDER)]
    age = (VIEW.minute - CATALOGUE.listed[list(ORDER)]) / DAY
    region = int(CATALOGUE.region[0])
    rules = {
        "hide_sold_out": (True, VIEW.available[offer] > 0),
        "blocked_merchants": ((2, 3), ~np.isin(CATALOGUE.merchant[offer], (2, 3))),
        "blocked_categories": ((1,), CATALOGUE.category[offer] != 1),
        "not_in_region": (((region, 4), (region + 1, 5)), CATALOGUE.merchant[offer] != 4),
        "youngest_days": (5.0, age >= 5),
        "oldest_days": (20.0, age <= 20),
    }
    for name, (value, kept) in rules.items():
        policy = begun(BusinessRules(Fixed(ORDER), **{"hide_sold_out": False, name: value}))
        assert listed(policy, pages=6) == [c for c, k in zip(ORDER, kept, strict=True) if k], name
        assert not kept.all(), name


def test_a_page_is_full_as_long_as_the_base_has_enough_however_much_is_left_out():
    many = tuple(range(120))
    policy = begun(BusinessRules(Fixed(many), blocked_categories=(0, 1, 2, 3, 4), hide_sold_out=False))
    left = np.flatnonzero(CATALOGUE.category == 5).tolist()
    assert listed(policy, pages=3) == left[:30]


def test_rules_that_contradict_or_name_nobody_are_refused():
    with pytest.raises(ValueError, match="oldest_days"):
        BusinessRules(youngest_days=5.0, oldest_days=2.0)
    with pytest.raises(ValueError, match="no content is named 'nobody'"):
        BusinessRules(blocked=("nobody",)).begin(KeyedRng(1), CATALOGUE)
