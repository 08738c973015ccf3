"""Who makes and who sells: brands and merchants."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.scenario.bounds import Bounds, Factor
from sim.scenario.duration import Duration, minutes
from sim.scenario.inputs import FromTable
from sim.scenario.parameter import Base, Parameter, assumed

YearlyRate = Annotated[Parameter, Bounds(0, 100)]


class Brands(Base):
    """Who makes the SKUs."""

    count: int = Field(default=40, ge=1, le=100_000)
    lead_time: Duration = minutes("3 days")
    """Mean time from order to dispatch of a lot that need not queue."""
    lead_time_cv: Factor = assumed(0.3, 0.2, 0.4)
    """Coefficient of variation of the lead time (gamma; 0 = constant)."""
    capacity_per_day: float = Field(default=2000.0, ge=0.01, le=1e9)
    """Units a brand can make per day; lots queue."""
    minimum_order: int = Field(default=5, ge=1, le=1_000_000)
    pack_size: int = Field(default=1, ge=1, le=1_000_000)
    order_cost: float = Field(default=5.0, ge=0, le=1e9)
    """Currency units per order placed."""


class Merchants(FromTable):
    """Who lists and stocks offers: a few large, many small; or read: merchant, latitude, longitude."""

    known_columns: ClassVar[tuple[str, ...]] = ("merchant", "latitude", "longitude")

    count: int = Field(default=60, ge=1, le=1_000_000)
    size_exponent: Factor = assumed(1.0, 0.5, 1.5)
    """Zipf exponent of the number of offers per merchant."""
    multi_node_share: float = Field(default=0.2, ge=0, le=1)
    """Share of merchants (the largest) that stock two warehouses."""


class Stock(Base):
    """Opening stock, and what keeping stock costs."""

    opening: Literal["cover", "units"] = "cover"
    """Whether ``amount`` means days of expected demand or units."""
    amount: float = Field(default=14.0, ge=0, le=1e9)
    expected_daily_sales: float = Field(default=0.0, ge=0, le=1e9)
    """Units a day over the whole catalogue that `cover` counts on; 0 = worked out from the population."""
    holding_rate: YearlyRate = assumed(0.25, 0.2, 0.3, "25 (20-30) % a year (Lokad and others, medium)")
    """Cost of holding, as a share of the unit cost per year."""
    when_short: Literal["lost", "backorder"] = "lost"
    """What happens to exogenous demand that finds no stock; consumers decide for themselves."""
