"""The marketing budget as a scenario gives it: refused at its place, and written out with what it rests on."""

import pytest

from sim.scenario.assumptions import assumptions
from sim.scenario.scenario import Scenario
from sim.scenario.size import estimate_bytes
from tests.scenario.files import refusal

NAME = "name: x\n"
WRONG = [
    ("marketing: {budget: -1}", "x.yaml:2:13: marketing.budget: found -1, allowed >= 0."),
    ("marketing: {visit_price: 0}", "x.yaml:2:13: marketing.visit_price: found 0, allowed 0.01 to 1e+09."),
    (
        "marketing: {coupon: {value: 30, minimum_spend: 30}}",
        "x.yaml:2:33: marketing.coupon.minimum_spend: found 30, allowed more than what the coupon takes off, 30.",
    ),
    (
        "marketing: {budget: 600000}",
        "x.yaml:2:13: marketing.budget: found 600000, allowed at most 500000: 1,000,000 visits or coupons a day.",
    ),
    (
        "marketing: {coupon: {valid: 0 min}}",
        "x.yaml:2:22: marketing.coupon.valid: found '0 min', allowed a duration above zero.",
    ),
    ("marketing: {bugdet: 1}", "x.yaml:2:13: marketing.bugdet: there is no such key. Did you mean 'budget'?"),
]


@pytest.mark.parametrize(("part", "line"), WRONG)
def test_a_wrong_budget_is_refused_at_its_place(tmp_path, part, line):
    assert refusal(tmp_path, NAME + part) == line


def test_nothing_is_spent_unless_a_scenario_says_so():
    scenario = Scenario(name="x")
    assert scenario.marketing.budget == 0
    assert scenario.policies.marketing.kind == "none"


def test_what_visits_and_coupons_cost_is_among_the_assumptions():
    keys = {one.key for one in assumptions(Scenario(name="x"))}
    assert {"marketing.visit_price", "marketing.coupon.value", "marketing.coupon.minimum_spend"} <= keys


def test_paid_visits_are_counted_in_the_memory_a_scenario_takes():
    plain, advertised = (
        Scenario.model_validate({"name": "x", "marketing": {"budget": budget}}) for budget in (0, 400_000)
    )
    assert estimate_bytes(advertised) > 2 * estimate_bytes(plain)
