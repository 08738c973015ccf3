"""Who makes and who sells: brands and merchants."""

from typing import Literal

from pydantic import Field

from sim.scenario.duration import Duration, minutes
from sim.scenario.inputs import FromTable
from sim.scenario.parameter import Base, Parameter, assumed


class Brands(Base):
    """Who makes the SKUs."""

    count: int = Field(default=40, ge=1, le=100_000)
    lead_time: Duration = minutes("5 days")
    """Mean time from order to dispatch of a lot that need not queue."""
    lead_time_cv: Parameter = assumed(0.3, 0.2, 0.4)
    """Coefficient of variation of the lead time (gamma; 0 = constant)."""
    capacity_per_day: float = Field(default=2000.0, gt=0)
    """Units a brand can make per day; lots queue."""
    minimum_order: int = Field(default=1, ge=1)
    pack_size: int = Field(default=1, ge=1)
    order_cost: float = Field(default=20.0, ge=0)
    """Currency units per order placed."""


class Merchants(FromTable):
    """Who lists and stocks offers: a few large, many small; or read: merchant, latitude, longitude."""

    count: int = Field(default=60, ge=1, le=1_000_000)
    size_exponent: Parameter = assumed(1.0, 0.5, 1.5)
    """Zipf exponent of the number of offers per merchant."""
    multi_node_share: float = Field(default=0.2, ge=0, le=1)
    """Share of merchants (the largest) that stock two warehouses."""


class Stock(Base):
    """Opening stock, and what keeping stock costs."""

    opening: Literal["cover", "units"] = "cover"
    """Whether ``amount`` means days of expected demand or units."""
    amount: float = Field(default=14.0, ge=0, le=1e9)
    expected_daily_sales: float = Field(default=0.0, ge=0)
    """Units a day over the whole catalogue that `cover` counts on; 0 = worked out from the population."""
    holding_rate: Parameter = assumed(0.25, 0.2, 0.3, "25 (20-30) % a year (Lokad and others, medium)")
    """Cost of holding, as a share of the unit cost per year."""
    when_short: Literal["lost", "backorder"] = "lost"
    """What happens to exogenous demand that finds no stock; consumers decide for themselves."""
