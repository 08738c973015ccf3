"""Who the consumers are, and when they come."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from sim.scenario.bounds import Bounds, Share, Spread
from sim.scenario.duration import Period, minutes
from sim.scenario.inputs import FromTable
from sim.scenario.parameter import Base, Parameter, assumed
from sim.scenario.refusal import check_distinct, check_weights

Hours = tuple[float, ...]

# Share of a day's visits by hour, from orders by hour (Olist, 7,048 orders), as a visit profile.
SHOPPING_HOURS: Hours = (
    0.0240, 0.0136, 0.0044, 0.0026, 0.0014, 0.0024, 0.0045, 0.0111, 0.0301, 0.0501, 0.0636, 0.0701,
    0.0599, 0.0728, 0.0680, 0.0597, 0.0647, 0.0610, 0.0524, 0.0583, 0.0627, 0.0656, 0.0549, 0.0423,
)  # fmt: skip
# Monday to Sunday, relative to the mean day; same source.
SHOPPING_WEEK: Hours = (1.103, 1.056, 1.076, 1.089, 1.074, 0.755, 0.846)


class Segment(Base):
    """One kind of consumer."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    share: float = Field(gt=0, le=1e9)
    """Relative size; shares need not sum to one."""
    visits_per_day: float = Field(default=0.5, gt=0, le=20)
    """Mean sessions a day of a consumer with the opening trust."""
    price_sensitivity: float = Field(default=1.0, ge=0, le=10)
    """Multiplies the price coefficients."""
    budget: float = Field(default=1000.0, gt=0, le=1e12)
    """Mean money per week, in currency units."""
    surfaces: tuple[float, float, float] = (0.7, 0.2, 0.1)
    """Shares of sessions that start in the feed, the mall and search."""
    hours: Hours = SHOPPING_HOURS
    """24 weights: share of visits by hour of day."""

    @model_validator(mode="after")
    def _weights(self) -> "Segment":
        check_weights("hours", self.hours, 24)
        check_weights("surfaces", self.surfaces, 3)
        return self


DEFAULT_SEGMENTS = (
    Segment(name="regulars", share=0.5, visits_per_day=0.5, price_sensitivity=1.0, budget=900),
    Segment(name="bargain_hunters", share=0.3, visits_per_day=0.7, price_sensitivity=1.6, budget=500),
    Segment(name="affluent", share=0.2, visits_per_day=0.35, price_sensitivity=0.5, budget=2500),
)


class Population(FromTable):
    """The consumers: generated, or read from a table: consumer, latitude, longitude; optional segment."""

    known_columns: ClassVar[tuple[str, ...]] = ("consumer", "latitude", "longitude", "segment")

    consumers: int = Field(default=5000, ge=0, le=20_000_000)
    segments: tuple[Segment, ...] = Field(default=DEFAULT_SEGMENTS, min_length=1, max_length=32)
    week: Hours = SHOPPING_WEEK
    """Seven weights, Monday to Sunday, relative to the mean day."""
    activity_spread: Spread = assumed(1.0, 0.3, 1.5)
    """Standard deviation of the log of a consumer's own visit rate (heavy-tailed)."""
    taste_focus: Annotated[Parameter, Bounds(0, 1000)] = assumed(1.0, 0.3, 3.0)
    """How concentrated tastes are: 0 = everybody likes everything alike."""
    follows: Annotated[Parameter, Bounds(0, 1000)] = assumed(2.0, 0.0, 6.0)
    """Mean creators followed at the start (at most 8)."""
    opening_trust: Share = assumed(0.7, 0.3, 1.0)
    returning: Period = minutes("7 days")
    """Budgets are refilled this often."""

    @model_validator(mode="after")
    def _week(self) -> "Population":
        check_weights("week", self.week, 7)
        check_distinct("segments", [segment.name for segment in self.segments])
        return self
