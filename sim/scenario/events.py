"""What goes wrong or is planned, at a time: each kind with its own keys."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.duration import Duration, Period, format_duration
from sim.scenario.parameter import Base
from sim.scenario.refusal import refuse
from sim.schema.clock import MINUTES_PER_DAY


class SupplierOutage(Base):
    """A brand dispatches nothing for a while; its lots wait."""

    kind: Literal["supplier_outage"]
    brand: int = Field(ge=0)
    at: Duration
    for_: Period = Field(alias="for")


class CarrierCut(Base):
    """The carrier's daily capacity is multiplied by ``factor`` for a while."""

    kind: Literal["carrier_cut"]
    factor: float = Field(ge=0, le=100)
    at: Duration
    for_: Period = Field(alias="for")


class DemandSurge(Base):
    """Visits are multiplied by ``factor`` for a while (whole days count)."""

    kind: Literal["demand_surge"]
    factor: float = Field(gt=0, le=100)
    at: Duration
    for_: Period = Field(alias="for")


class Slot(Base):
    """One slot of a planned livestream."""

    item: str | None = Field(default=None, min_length=1, max_length=200)
    """SKU; left out: the showcase policy chooses."""
    at: Duration
    """After the livestream's start."""
    for_: Period = Field(alias="for")
    discount: float = Field(default=0.2, ge=0, lt=1)
    allotment: int = Field(default=100, ge=0, le=1_000_000_000)
    purchase_limit: int = Field(default=2, ge=1, le=1000)


class PlannedLivestream(Base):
    """A livestream that the scenario itself schedules."""

    kind: Literal["livestream"]
    creator: int = Field(ge=0)
    at: Duration
    for_: Period = Field(alias="for")
    slots: tuple[Slot, ...] = ()
    """Empty: slots of the scenario's usual length."""
    notified_share: float | None = Field(default=None, ge=0, le=1)
    crowd: int = Field(default=0, ge=0, le=10_000_000)
    """Consumers who come from outside the followers when it starts (drawn from all)."""

    @model_validator(mode="after")
    def _run_of_show(self) -> "PlannedLivestream":
        if self.for_ > MINUTES_PER_DAY:
            refuse("for", f"found {format_duration(self.for_)}, a livestream lasts at most a day")
        free_from = 0.0
        for number, slot in enumerate(self.slots):
            if slot.at < free_from:
                refuse(f"slots.{number}.at", f"begins before slot {number - 1} is over")
            free_from = slot.at + slot.for_
            if free_from > self.for_:
                ends, length = format_duration(free_from), format_duration(self.for_)
                refuse(f"slots.{number}", f"ends after {ends}, its livestream after {length}")
        return self


class Presale(Base):
    """Orders of an offer are taken before stock exists and ship when it has come."""

    kind: Literal["presale"]
    item: str = Field(min_length=1, max_length=200)
    """SKU."""
    at: Duration
    for_: Period = Field(alias="for")
    units: int = Field(ge=1, le=1_000_000_000)
    """The most that may be pre-sold; the merchant orders them at the end."""


Event = Annotated[SupplierOutage | CarrierCut | DemandSurge | PlannedLivestream | Presale, Field(discriminator="kind")]
