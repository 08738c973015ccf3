"""Contract suites that authors of policies run on their own: each fails with a sentence at the first rule broken."""

from sim.testing.forecasting import check_forecaster
from sim.testing.recommenders import check_recommender
from sim.testing.supply import (
    check_allocation,
    check_marketing,
    check_pricing,
    check_replenishment,
    check_routing,
    check_showcase,
)

CHECKS = {
    "recommender": check_recommender,
    "inventory": check_replenishment,
    "routing": check_routing,
    "allocation": check_allocation,
    "showcase": check_showcase,
    "pricing": check_pricing,
    "marketing": check_marketing,
    "forecasting": check_forecaster,
}
"""The suite of each seam."""

__all__ = [
    "CHECKS",
    "check_allocation",
    "check_forecaster",
    "check_marketing",
    "check_pricing",
    "check_recommender",
    "check_replenishment",
    "check_routing",
    "check_showcase",
]
