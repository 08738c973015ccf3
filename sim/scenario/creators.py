"""Who shows: creators, their videos and their livestreams."""

from pydantic import Field

from sim.scenario.duration import Duration, minutes
from sim.scenario.parameter import Base, Parameter, assumed, measured


class Livestreams(Base):
    """How often creators go live, and what a run of show looks like."""

    per_week: float = Field(default=2.0, ge=0, le=50)
    """Mean livestreams per creator and week (larger creators go live as often as small ones)."""
    hours: tuple[float, ...] = (0,) * 9 + (1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 6, 5, 3, 0)
    """24 weights: hour of day at which a livestream starts."""
    slots: int = Field(default=8, ge=1, le=500)
    slot: Duration = minutes("10 min")
    """Length of one slot of the run of show."""
    flash_discount: float = Field(default=0.2, ge=0, lt=1)
    """Price cut while the slot lasts."""
    allotment: int = Field(default=40, ge=0)
    """Units set aside for a slot (fewer where fewer are available)."""
    purchase_limit: int = Field(default=2, ge=1, le=1000)
    """Units one consumer may buy of a slot's item."""
    notified_share: Parameter = assumed(0.08, 0.01, 0.3)
    """Share of followers who come when notified."""
    notified_within: Duration = minutes("5 min")
    """Mean delay until they come (exponential)."""
    slot_fee: float = Field(default=0.0, ge=0)
    """Currency units a merchant pays the creator per slot."""


class Creators(Base):
    """Who shows."""

    count: int = Field(default=40, ge=0, le=100_000)
    reach_exponent: Parameter = measured(1.6, "KuaiRand: tail exponent of creators' fans")
    """Pareto exponent of reach."""
    topics: int = Field(default=2, ge=1, le=16)
    """Categories a creator is about."""
    commission: Parameter = assumed(0.15, 0.05, 0.3)
    """Mean share of the price that the creator earns."""
    videos: float = Field(default=5.0, ge=0, le=10_000)
    """Short videos per creator, each about one offer."""
    livestreams: Livestreams = Livestreams()
