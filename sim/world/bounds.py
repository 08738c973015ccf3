"""What numbers of a scenario's cast are possible: those that carry their evidence have no bounds of their own."""

from operator import attrgetter

from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario

_BOUNDS = {
    "population.activity_spread": (0.0, 5.0),
    "population.taste_focus": (0.0, 1000.0),
    "population.follows": (0.0, 1e6),
    "population.opening_trust": (0.0, 1.0),
    "catalogue.appeal_spread": (0.0, 20.0),
    "catalogue.margin": (0.0, 0.99),
    "merchants.size_exponent": (0.0, 10.0),
    "creators.reach_exponent": (0.1, 1000.0),
    "creators.commission": (0.0, 0.9),
}


def check_bounds(scenario: Scenario) -> None:
    """Raise `ScenarioError` where a number of the cast is impossible."""
    for where, (low, high) in _BOUNDS.items():
        _check(where, float(attrgetter(where)(scenario)), low, high)
    for number, category in enumerate(scenario.catalogue.categories):
        _check(f"catalogue.categories.{number}.return_rate", float(category.return_rate), 0.0, 1.0)


def _check(where: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ScenarioError(where, f"{value:g} is not between {low:g} and {high:g}")
