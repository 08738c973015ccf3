"""Who shows: creators, their videos and their livestreams."""

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.bounds import Bounds, Share
from sim.scenario.duration import Duration, Period, format_duration, minutes
from sim.scenario.parameter import Base, Parameter, assumed, measured
from sim.scenario.refusal import check_weights, refuse

SHORTEST_SLOT = minutes("1 s")


class Livestreams(Base):
    """How often creators go live, and what a run of show looks like."""

    per_week: float = Field(default=2.0, ge=0, le=50)
    """Mean livestreams per creator and week (larger creators go live as often as small ones)."""
    hours: tuple[float, ...] = (0,) * 9 + (1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 6, 5, 3, 0)
    """24 weights: hour of day at which a livestream starts."""
    slots: int = Field(default=8, ge=1, le=500)
    slot: Period = minutes("10 min")
    """Length of one slot of the run of show."""
    flash_discount: float = Field(default=0.2, ge=0, lt=1)
    """Price cut while the slot lasts."""
    allotment: int = Field(default=15, ge=0, le=1_000_000_000)
    """Units set aside for a slot (fewer where fewer are available)."""
    purchase_limit: int = Field(default=2, ge=1, le=1000)
    """Units one consumer may buy of a slot's item."""
    notified_share: Share = assumed(0.08, 0.01, 0.3)
    """Share of followers who come when notified."""
    notified_within: Duration = minutes("5 min")
    """Mean delay until they come (exponential)."""
    slot_fee: float = Field(default=0.0, ge=0, le=1e9)
    """Currency units a merchant pays the creator per slot."""

    @model_validator(mode="after")
    def _day(self) -> "Livestreams":
        check_weights("hours", self.hours, 24)
        if self.slot < SHORTEST_SLOT:
            refuse("slot", f"found {format_duration(self.slot)}, allowed {format_duration(SHORTEST_SLOT)} or more")
        return self


class Creators(Base):
    """Who shows."""

    count: int = Field(default=40, ge=0, le=100_000)
    reach_exponent: Annotated[Parameter, Bounds(0.1, 1000)] = measured(1.6, "KuaiRand: tail exponent of creators' fans")
    """Pareto exponent of reach."""
    topics: int = Field(default=2, ge=1, le=16)
    """Categories a creator is about."""
    commission: Annotated[Parameter, Bounds(0, 0.9)] = assumed(0.15, 0.05, 0.3)
    """Mean share of the price that the creator earns."""
    videos: float = Field(default=5.0, ge=0, le=10_000)
    """Short videos per creator, each about one offer."""
    livestreams: Livestreams = Livestreams()
