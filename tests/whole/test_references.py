"""The privileged references earn their place at the head of the table."""

from tests.whole.arms import change, rises
from tests.whole.test_directions import town


def test_the_oracle_earns_more_than_chance():
    """99.9 % interval over eight pairs: where it earned the same, this would pass with probability 0.05 %."""
    base = town(
        catalogue={"items": 60},
        horizon="4 days",
        stock={"amount": 30},
        policies={"recommender": {"kind": "random"}},
    )
    oracle = {"policies": {"recommender": {"kind": "oracle"}}}
    for earned in ("gmv_net", "profit_platform", "profit_merchants"):
        assert rises(change(earned, base, oracle, 8))


def test_the_clairvoyant_fills_more_than_reorder_up_to():
    """(s, S) of one and two days of demand, for a lead time of 1.4 days; interval and error as above, six pairs."""
    base = town(
        horizon="8 days",
        warm_up="3 days",
        population={"consumers": 80},
        catalogue={"items": 20},
        brands={"lead_time": "1 day"},
        network={"inbound": "6 h"},
        stock={"amount": 6},
        policies={
            "recommender": {"kind": "random"},
            "inventory": {"kind": "reorder_up_to", "with": {"reorder_days": 1.0, "order_up_to_days": 2.0}},
        },
    )
    clairvoyant = {"policies": {"inventory": {"kind": "clairvoyant", "with": {}}}}
    assert rises(change("fill_rate", base, clairvoyant, 6))
