"""The money ledger's laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InvariantError
from sim.world.money import PARTIES, Money, Remainder, split

SIZES = {"merchants": 4, "creators": 3, "brands": 2, "operators": 2}
POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(("sales", "refunds", "cost_holding")),
        st.sampled_from(PARTIES),
        st.sampled_from(PARTIES),
        st.integers(0, 10**12),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=40,
)


@given(POSTINGS)
def test_whatever_is_posted_all_balances_sum_to_zero(postings):
    money = Money(SIZES)
    for account, payer, payee, cents, payer_id, payee_id in postings:
        money.post(account, payer, payee, cents, payer_id % SIZES.get(payer, 1), payee_id % SIZES.get(payee, 1))
    money.check("a test")
    assert sum(int(money.balance(party).sum()) for party in PARTIES) == 0
    assert sum(money.accounts.values()) == sum(cents for _, _, _, cents, _, _ in postings)


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 3), st.integers(0, 2)), max_size=50))
def test_posting_an_array_equals_posting_its_rows(rows):
    at_once, one_by_one = Money(SIZES), Money(SIZES)
    columns = np.array(rows, np.int64).reshape(-1, 3)
    at_once.post("commission_creator", "merchants", "creators", columns[:, 0], columns[:, 1], columns[:, 2])
    for cents, merchant, creator in rows:
        one_by_one.post("commission_creator", "merchants", "creators", cents, merchant, creator)
    assert np.array_equal(at_once.balance("merchants"), one_by_one.balance("merchants"))
    assert np.array_equal(at_once.balance("creators"), one_by_one.balance("creators"))
    assert at_once.total("commission_creator") == one_by_one.total("commission_creator")


def test_nobody_pays_a_negative_amount():
    money = Money(SIZES)
    with pytest.raises(InvariantError, match="would pay -1 cents"):
        money.post("sales", "consumers", "merchants", -1)
    with pytest.raises(InvariantError, match="would pay -5 cents"):
        money.post("sales", "consumers", "merchants", np.array([3, -5]), 0, np.array([0, 1]))


def test_money_out_of_nowhere_breaks_the_law():
    money = Money(SIZES)
    money._balances["merchants"][1] += 1
    with pytest.raises(InvariantError, match="money is not conserved"):
        money.check("day 3")


def test_money_moved_without_a_posting_breaks_the_law():
    money = Money(SIZES)
    money._balances["merchants"][1] += 1
    money._balances["brands"][0] -= 1
    with pytest.raises(InvariantError, match="merchants hold 1 cents, 0 were posted"):
        money.check("day 3")


@given(st.lists(st.integers(0, 10**12), max_size=30), st.integers(1, 10**9))
def test_no_fraction_of_a_cent_is_lost(parts, per_cent):
    remainder = Remainder(1, per_cent)
    cents = sum(int(remainder.whole_cents(np.array([part]))[0]) for part in parts)
    assert cents * per_cent + int(remainder.parts[0]) == sum(parts)
    assert 0 <= remainder.parts[0] < per_cent


@given(st.integers(0, 10**9), st.integers(1, 50))
def test_shares_are_equal_to_a_cent_and_sum_to_the_whole(cents, shares):
    parts = split(cents, shares)
    assert parts.sum() == cents
    assert parts.max() - parts.min() <= 1
