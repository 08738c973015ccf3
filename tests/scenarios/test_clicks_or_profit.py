"""The product's point: the feed that wins the clicks earns less where stock is thin, and more where it is not."""

import pytest

from tests.scenarios.arms import above, below, gain, played

FEEDS = ("policies.recommender.kind=random", "policies.recommender.kind=popularity")
ABUNDANT = "stock.amount=40"
EARNINGS = ("profit_platform", "contribution_merchants", "gmv_net")


@pytest.fixture(scope="module")
def thin_and_abundant(tmp_path_factory):
    """Return (shuffled, bestsellers) under thin stock and under abundant stock: the eight replications that ship.

    Each difference is 7 or more standard errors from what it is held against; the seed is fixed.
    """
    arms = [(feed, stock) for stock in ("stock.amount=5", ABUNDANT) for feed in FEEDS]
    results = played(tmp_path_factory.mktemp("clicks"), "clicks_or_profit", arms, replications=8)
    return results[:2], results[2:]


def test_bestsellers_win_the_clicks_whatever_the_stock(thin_and_abundant):
    for shuffled, bestsellers in thin_and_abundant:
        assert above(gain(shuffled, bestsellers, "ctr"))


@pytest.mark.parametrize("earnings", EARNINGS)
def test_under_thin_stock_bestsellers_earn_less(thin_and_abundant, earnings):
    (shuffled, bestsellers), _ = thin_and_abundant
    assert below(gain(shuffled, bestsellers, earnings))


@pytest.mark.parametrize("earnings", EARNINGS)
def test_under_abundant_stock_the_order_turns_round(thin_and_abundant, earnings):
    _, (shuffled, bestsellers) = thin_and_abundant
    assert above(gain(shuffled, bestsellers, earnings))


def test_it_is_the_empty_shelf_that_turns_it_round(thin_and_abundant):
    """What bestsellers show is mostly gone where stock is thin, and so is what people try to buy."""
    (shuffled, thin), (_, abundant) = thin_and_abundant
    assert above(gain(shuffled, thin, "oos_impression_rate"), 0.4)
    assert below(gain(shuffled, thin, "fill_rate"), -0.3)
    assert below(gain(abundant, thin, "fill_rate"), -0.3)
