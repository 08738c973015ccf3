"""What may be spent on visits and coupons, what they cost, and what they are good for."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.bounds import Bounds
from sim.scenario.duration import Period, minutes
from sim.scenario.parameter import Base, Parameter, assumed
from sim.scenario.refusal import refuse

Price = Annotated[Parameter, Bounds(0.01, 1e9)]
"""Currency units, a cent at least."""
MOST_A_DAY = 1_000_000
"""Visits or coupons that a budget may pay for."""


def cents(money: Parameter) -> int:
    """Return currency units as whole cents."""
    return round(100 * float(money))


class Coupon(Base):
    """A coupon of the platform's: good for one order of what it was sent for, once, until it expires."""

    value: Price = assumed(5.0, 2.0, 20.0)
    """Currency units off an order; the platform pays them to the merchant when the order is paid."""
    minimum_spend: Price = assumed(30.0, 10.0, 100.0)
    """Currency units that the order must be worth."""
    valid: Period = minutes("3 days")
    """From the midnight at which it is sent."""

    @model_validator(mode="after")
    def _leaves_something(self) -> "Coupon":
        if self.minimum_cents <= self.value_cents:
            why = f"found {float(self.minimum_spend):g}, allowed more than what the coupon takes off"
            refuse("minimum_spend", f"{why}, {float(self.value):g}")
        return self

    @property
    def value_cents(self) -> int:
        """What it takes off, cents."""
        return cents(self.value)

    @property
    def minimum_cents(self) -> int:
        """What an order must be worth, cents."""
        return cents(self.minimum_spend)


class Marketing(Base):
    """The platform's marketing budget; ``policies.marketing`` decides what it is spent on."""

    budget: float = Field(default=0.0, ge=0, le=1e9)
    """Currency units a day; what is not spent on the day is not carried over."""
    visit_price: Price = assumed(0.5, 0.1, 3.0)
    """Currency units per visit that an advertisement brings: a click on it."""
    coupon: Coupon = Coupon()

    @model_validator(mode="after")
    def _affordable(self) -> "Marketing":
        cheapest = min(self.visit_cents, self.coupon.value_cents)
        if self.budget_cents > MOST_A_DAY * cheapest:
            most = MOST_A_DAY * cheapest / 100
            refuse("budget", f"found {self.budget:g}, allowed at most {most:g}: {MOST_A_DAY:,} visits or coupons a day")
        return self

    @property
    def budget_cents(self) -> int:
        """What a day may cost, cents."""
        return round(100 * self.budget)

    @property
    def visit_cents(self) -> int:
        """What a visit costs, cents."""
        return cents(self.visit_price)
