"""What marketing policies spend money on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from policies.marketing._deal import deal
from policies.marketing.even import Even
from policies.marketing.new_merchants import NewMerchants
from policies.marketing.none import NonePolicy
from policies.marketing.roi import Roi
from sim.schema.kinds import ContentKind
from sim.testing.toy_supply import DAY, marketing_view

WEIGHTS = arrays(np.float64, st.integers(1, 30), elements=st.sampled_from([0.0, 0.5, 1.0, 3.0]))


@given(weight=WEIGHTS, cents=st.integers(0, 10_000), unit=st.integers(1, 400), turn=st.integers(0, 50))
def test_money_is_dealt_out_in_whole_units_and_all_of_it_that_makes_whole_ones(weight, cents, unit, turn):
    dealt = deal(weight, cents, unit, turn)
    assert (dealt >= 0).all()
    assert (dealt % unit == 0).all()
    assert (dealt[weight == 0] == 0).all()
    assert dealt.sum() == (cents // unit * unit if weight.any() else 0)


@given(weight=WEIGHTS, cents=st.integers(0, 10_000), unit=st.integers(1, 400), turn=st.integers(0, 50))
def test_nobody_gets_a_whole_unit_more_or_less_than_their_share(weight, cents, unit, turn):
    if weight.any():
        exact = weight / weight.sum() * (cents // unit)
        assert (np.abs(deal(weight, cents, unit, turn) / unit - exact) < 1 + 1e-6).all()


@pytest.mark.parametrize(("targets", "a_day"), [(12, 5), (10, 3), (7, 7), (9, 1)])
def test_where_there_is_not_enough_for_all_everybody_has_their_turn(targets, a_day):
    """Over as many days as there are targets each gets as many units as a day has."""
    total = sum(deal(np.ones(targets), a_day, 1, turn) for turn in range(targets))
    assert total.tolist() == [a_day] * targets


def test_none_spends_nothing():
    plan = NonePolicy().spend(marketing_view())
    assert not plan.visits.any()
    assert not plan.coupons.any()


@pytest.mark.parametrize("policy", [Even(), Roi(), NewMerchants(days=300.0)])
def test_nothing_is_spent_on_what_is_sold_out(policy):
    view = marketing_view(budget=100_000)
    plan = policy.spend(view)
    gone = view.available == 0
    assert gone.any()
    assert not plan.visits[gone].any()
    assert not plan.coupons[gone].any()
    assert plan.visits.sum() > 0


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("kind", [Even, Roi, NewMerchants])
def test_the_share_for_coupons_goes_to_coupons_and_the_rest_to_visits(kind, share):
    plan = kind(coupons=share).spend(marketing_view(budget=100_000))
    assert plan.coupons.sum() == 100_000 * share
    assert plan.visits.sum() == 100_000 * (1 - share)


def test_even_spends_alike_on_offers_and_rooms():
    view = marketing_view(budget=100_000)
    plan = Even(coupons=0.0).spend(view)
    there = view.available > 0
    assert np.ptp(plan.visits[there]) <= view.visit_price
    assert (view.kind[plan.visits > 0] == ContentKind.ROOM).any()


def test_even_reaches_every_target_in_turn_on_a_small_budget():
    view = marketing_view(budget=500)  # ten visits a day
    there = view.available > 0
    got = sum(Even(coupons=0.0).spend(replace(view, minute=day * DAY)).visits for day in range(int(there.sum())))
    assert (got[there] > 0).all()


# -- roi ---------------------------------------------------------------------------------------------------------


def returns(**columns):
    """Return a view of six offers in stock on which 1,000 cents each were spent, but as ``columns`` say."""
    view = marketing_view(6, 0, budget=60_000)
    same = {"available": 9, "spent": 1_000, "revenue": 2_000, "visits": 20, "coupons_used": 0}
    filled = {name: np.full(6, value, np.int64) for name, value in same.items()}
    return replace(view, **filled | {name: np.array(values, np.int64) for name, values in columns.items()})


def test_roi_spends_most_on_the_best_and_a_share_on_all():
    view = returns(revenue=[2_000, 2_000, 9_000, 2_000, 2_000, 2_000])
    visits = Roi(explore=0.3, best=1, coupons=0.0).spend(view).visits
    assert visits.tolist() == [3_000, 3_000, 45_000, 3_000, 3_000, 3_000]


def test_roi_spends_alike_until_anything_is_known():
    nothing = [0] * 6
    assert set(Roi(best=1, coupons=0.0).spend(returns(spent=nothing, revenue=nothing)).visits) == {10_000}


def test_roi_gives_what_is_new_the_mean_return():
    """Better than half of the old ones, worse than the others: the best three are two of those and the new one."""
    view = returns(spent=[1_000] * 5 + [0], revenue=[100, 9_000, 100, 9_000, 100, 0])
    visits = Roi(explore=0.0, best=3, coupons=0.0).spend(view).visits
    assert (visits > 0).tolist() == [False, True, False, True, False, True]


def test_one_lucky_order_does_not_beat_what_has_done_well_for_long():
    view = returns(spent=[50_000, 50, 50_000, 50_000, 50_000, 50_000], revenue=[400_000, 1_000, 9, 9, 9, 9])
    visits = Roi(explore=0.0, best=1, coupons=0.0).spend(view).visits
    assert visits.tolist() == [60_000, 0, 0, 0, 0, 0]


# -- new merchants -------------------------------------------------------------------------------------------------


def test_new_merchants_share_the_budget_alike_however_much_they_list():
    view = marketing_view(4, 1, budget=60_000)
    view = replace(
        view,
        merchant=np.array([0, 0, 1, 2, -1], np.int32),
        joined=view.minute - DAY * np.array([5.0, 5.0, 29.0, 31.0, np.nan]),
        available=np.full(5, 9),
    )
    visits = NewMerchants(days=30.0, coupons=0.0).spend(view).visits
    assert visits.tolist() == [15_000, 15_000, 30_000, 0, 0]


def test_where_nobody_is_new_nothing_is_spent():
    view = marketing_view()
    plan = NewMerchants(days=1.0).spend(replace(view, joined=np.full(len(view), -90 * DAY)))
    assert plan.visits.sum() == plan.coupons.sum() == 0
