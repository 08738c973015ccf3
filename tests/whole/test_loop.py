"""What a recommender does to a world shows in its KPIs: bestsellers make consumers alike, and narrow what is seen."""

from tests.whole.arms import change, falls, rises
from tests.whole.test_directions import town

BASE = town(
    catalogue={"items": 80},
    horizon="4 days",
    stock={"amount": 200},
    policies={"recommender": {"kind": "random"}},
)
BESTSELLERS = {"policies": {"recommender": {"kind": "popularity"}}}


def test_bestsellers_make_consumers_of_like_taste_turn_to_the_same_and_narrow_what_is_seen():
    """99.9 % intervals over six pairs: were there no difference, each would pass with probability 0.05 %."""
    assert rises(change("similarity_nearest", BASE, BESTSELLERS, 6))
    assert rises(change("gini_exposure", BASE, BESTSELLERS, 6))
    assert falls(change("entropy_exposure", BASE, BESTSELLERS, 6))
