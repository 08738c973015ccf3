"""A forecaster inside another policy is contained where it is used, and stays who it is."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from policies.forecasting.croston import Croston
from policies.forecasting.moving_average import MovingAverage
from sim.policy.contain_forecasts import ContainedForecaster, with_contained
from sim.policy.faults import Faults
from sim.policy.hosts import ANY
from sim.policy.identity import identity
from sim.policy.lookup import build
from sim.policy.nested import STAND_IN, without_foreign
from sim.policy.parameters import checked
from sim.policy.protocols import Forecaster, ReplenishmentPolicy
from sim.schema.forecasting import ForecastView


@dataclass(frozen=True)
class Orders:
    """Order tomorrow's demand."""

    forecaster: Forecaster = field(default_factory=MovingAverage)

    def review(self, view):
        return np.ceil(self.forecaster.forecast(ForecastView.of(view, 1)).mean[:, 0]).astype(np.int64)


@dataclass(frozen=True)
class Twice:
    """Order twice what another would."""

    base: ReplenishmentPolicy = field(default_factory=Orders)

    def review(self, view):
        return 2 * self.base.review(view)


@dataclass(frozen=True)
class Raises:
    """Never answer."""

    def forecast(self, view):
        raise ArithmeticError("no")


def inside(seam, given, where):
    return build(seam, given["kind"], given.get("with"))


def test_a_parameter_that_is_a_forecaster_is_named_like_any_policy():
    policy = checked(Orders, {"forecaster": {"kind": "croston", "with": {"alpha": 0.3}}}, "with", inside)
    assert policy.forecaster == Croston(alpha=0.3)


def test_a_failing_forecaster_at_any_depth_is_served_and_counted():
    faults = Faults()
    policy = with_contained(Twice(Orders(Raises())), faults)
    assert policy.review(np.full((3, 10), 4.0)).tolist() == [8, 8, 8]
    assert (faults.at("forecasting").raised, faults.at("forecasting").served_by_fallback) == (1, 3)


def test_behind_its_guard_it_is_who_it_was():
    policy = with_contained(Orders(Croston(alpha=0.3)), Faults())
    assert isinstance(policy.forecaster, ContainedForecaster)
    assert identity(policy) == identity(Orders(Croston(alpha=0.3)))


def test_a_policy_without_a_forecaster_is_left_as_it_is():
    policy = build("inventory", "base_stock")
    assert with_contained(policy, Faults()) is policy


def test_where_foreign_code_is_only_checked_the_seams_own_spare_stands_in():
    given = {"forecaster": {"kind": "my_shop:Mine"}}
    assert without_foreign(given) == {"forecaster": {"kind": STAND_IN}}
    found = build("recommender", "diversify", without_foreign({"base": {"kind": "my_shop:Mine"}}), (ANY,))
    assert type(found.base).__name__ == "Popularity"
    with pytest.raises(Exception, match="no policy"):
        checked(Orders, without_foreign(given), "with", inside)
