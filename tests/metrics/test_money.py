"""Accounts, parties and the consumers' surplus."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.metrics.money import gain
from sim.world.money import PARTIES, Money
from tests.metrics.handmade import (
    END,
    PARTY_SIZES,
    WARM_UP,
    by,
    called_off,
    make_world,
    order,
    overall,
    replication,
    scenario,
    snapshot,
)
from tests.metrics.handmade import returned as back

ACCOUNTS = {  # account: payer, payee, cents after the warm-up
    "cost_holding": ("merchants", "operators", 100),
    "cost_ordering": ("merchants", "brands", 200),
    "cost_purchase": ("merchants", "brands", 5000),
    "cost_fulfilment": ("merchants", "operators", 300),
    "cost_last_mile": ("merchants", "carriers", 400),
    "cost_returns": ("merchants", "carriers", 50),
    "cost_penalties": ("merchants", "platform", 60),
    "cost_writeoff": ("merchants", "merchants", 70),
    "fee_platform": ("merchants", "platform", 500),
    "commission_creator": ("merchants", "creators", 900),
    "slot_fee": ("merchants", "creators", 1000),
    "sales": ("consumers", "merchants", 20000),
    "refunds": ("merchants", "consumers", 2000),
    "seconds": ("outside", "merchants", 80),
}


def ledger_pair():
    """Return snapshots after a warm-up in which as much was posted again, and after the drain."""
    money = Money(PARTY_SIZES)
    for account, (payer, payee, cents) in ACCOUNTS.items():
        money.post(account, payer, payee, cents, 0, 0)
    opening = snapshot(WARM_UP, money)
    for account, (payer, payee, cents) in ACCOUNTS.items():
        money.post(account, payer, payee, cents, 0, 0)
    return {"opening": opening, "final": snapshot(END, money)}


def test_costs_are_what_was_posted_after_the_warm_up():
    found = overall(replication([order(2000), order(2000), called_off(2000)], **ledger_pair()))
    for account, (_, _, cents) in ACCOUNTS.items():
        if account.startswith("cost_"):
            assert found[account] == cents / 100, account
    total = (100 + 200 + 5000 + 300 + 400 + 50 + 60) / 100  # no write-off: those goods were bought
    assert found["cost_total"] == total
    assert found["cost_per_order"] == total / 3
    assert found["cost_to_serve"] == (300 + 400 + 50 + 100 + 60 + 500 + 900) / 100 / 2


def test_every_party_has_its_total_and_the_worlds_sum_is_zero():
    pair = ledger_pair()
    found = overall(replication(**pair))
    assert found["profit_platform"] == (60 + 500) / 100
    assert found["profit_creators"] == (900 + 1000) / 100
    assert found["profit_brands"] == (200 + 5000) / 100
    assert found["profit_carriers"] == (400 + 50) / 100
    assert found["profit_operators"] == (100 + 300) / 100
    paid = 100 + 200 + 5000 + 300 + 400 + 50 + 60 + 500 + 900 + 1000 + 2000
    assert found["profit_merchants"] == (20000 + 80 - paid) / 100
    shown = sum(found[f"profit_{party}"] for party in PARTIES if f"profit_{party}" in found)
    others = sum(int((pair["final"].balances[p] - pair["opening"].balances[p]).sum()) for p in ("consumers", "outside"))
    assert shown == pytest.approx(-others / 100)


def test_parties_one_by_one_sum_to_their_class():
    money = Money(PARTY_SIZES)
    money.post("sales", "consumers", "merchants", 700, 0, 0)
    money.post("sales", "consumers", "merchants", 300, 0, 1)
    money.post("commission_creator", "merchants", "creators", 250, 1, 1)
    made = replication(final=snapshot(END, money))
    found = by(made, "merchant")
    assert found["profit_merchants", "big"] == 7.00
    assert found["profit_merchants", "small"] == 0.50
    assert by(made, "creator")["profit_creators", "novice"] == 2.50


def felt(utility: float) -> float:
    """Return log(1 + exp(V)) over the probability to buy."""
    return math.log1p(math.exp(utility)) * (1 + math.exp(-utility))


@pytest.mark.parametrize("utility", [-3.0, -0.5, 0.0, 2.0])
def test_the_gain_of_those_who_bought_is_the_mean_of_what_moved_them(utility):
    """Monte Carlo over logistic disturbances, within 4.5 standard errors (1 in 100,000); the seed is fixed."""
    gains = utility + np.random.default_rng(5).logistic(size=400_000)
    bought = gains[gains > 0]
    assert abs(bought.mean() - gain(utility)) < 4.5 * bought.std() / math.sqrt(len(bought))


@given(st.floats(-1e6, 1e6))
def test_whoever_buys_gains_and_the_more_so_the_higher_the_utility(utility):
    assert gain(utility) >= max(1.0, utility) * (1 - 1e-9)
    assert gain(utility + 1) >= gain(utility)


def test_surplus_is_utility_over_the_slope_of_utility_in_price():
    rules = scenario(behaviour={"buy": {"price": -2.0}})
    lines = [
        order(2000, 0, consumer=0, surplus=1.0, units=2),  # sensitivity 1
        order(2000, 1, consumer=1, surplus=-0.5),  # sensitivity 2
        order(2000, 1, consumer=3, surplus=9.0),  # sensitivity 0: no measure
        back(2000, 1, consumer=0, surplus=9.0),
        order(2000, 1, consumer=-1, session=-1),
    ]
    found = overall(replication(lines, world=make_world(rules)))
    assert found["consumer_surplus"] == pytest.approx(felt(1.0) * 20 / (2 * 1) + felt(-0.5) * 20 / (2 * 2))


def test_surplus_is_missing_where_price_does_not_matter():
    world = make_world(scenario(behaviour={"buy": {"price": 0.0}}))
    assert math.isnan(overall(replication([order(2000, surplus=1.0)], world=world))["consumer_surplus"])


def test_surplus_makes_up_for_exactly_the_price_rise_that_would_undo_it():
    """To first order: at price x (1 + V / (coefficient x sensitivity)) utility has fallen by V."""
    coefficient, sensitivity, surplus, price = 1.2, 2.0, 1e-4, 10.0
    worth = surplus * price / (coefficient * sensitivity)
    fall = coefficient * sensitivity * math.log((price + worth) / price)
    assert fall == pytest.approx(surplus, rel=1e-3)


def test_without_orders_nothing_has_a_price_each():
    found = overall(replication())
    assert found["cost_total"] == found["consumer_surplus"] == found["profit_merchants"] == 0
    assert math.isnan(found["cost_per_order"])
    assert math.isnan(found["cost_to_serve"])
