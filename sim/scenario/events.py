"""What goes wrong or is planned, at a time: each kind with its own keys."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.duration import Duration
from sim.scenario.parameter import Base


class SupplierOutage(Base):
    """A brand dispatches nothing for a while; its lots wait."""

    kind: Literal["supplier_outage"]
    brand: int = Field(ge=0)
    at: Duration
    for_: Duration = Field(alias="for")


class CarrierCut(Base):
    """The carrier's daily capacity is multiplied by ``factor`` for a while."""

    kind: Literal["carrier_cut"]
    factor: float = Field(ge=0, le=100)
    at: Duration
    for_: Duration = Field(alias="for")


class DemandSurge(Base):
    """Visits are multiplied by ``factor`` for a while (whole days count)."""

    kind: Literal["demand_surge"]
    factor: float = Field(gt=0, le=100)
    at: Duration
    for_: Duration = Field(alias="for")


class Slot(Base):
    """One slot of a planned livestream."""

    item: str | None = None
    """SKU; left out: the showcase policy chooses."""
    at: Duration
    """After the livestream's start."""
    for_: Duration = Field(alias="for")
    discount: float = Field(default=0.2, ge=0, lt=1)
    allotment: int = Field(default=100, ge=0)
    purchase_limit: int = Field(default=2, ge=1)


class PlannedLivestream(Base):
    """A livestream that the scenario itself schedules."""

    kind: Literal["livestream"]
    creator: int = Field(ge=0)
    at: Duration
    for_: Duration = Field(alias="for")
    slots: tuple[Slot, ...] = ()
    """Empty: slots of the scenario's usual length."""
    notified_share: float | None = Field(default=None, ge=0, le=1)
    crowd: int = Field(default=0, ge=0, le=10_000_000)
    """Consumers who come from outside the followers when it starts (drawn from all)."""


class Presale(Base):
    """Orders of an offer are taken before stock exists and ship when it has come."""

    kind: Literal["presale"]
    item: str
    at: Duration
    for_: Duration = Field(alias="for")
    units: int = Field(ge=1)
    """The most that may be pre-sold; the merchant orders them at the end."""


Event = Annotated[SupplierOutage | CarrierCut | DemandSurge | PlannedLivestream | Presale, Field(discriminator="kind")]
