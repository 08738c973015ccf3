"""The scenario: all that determines a result, except the code and the seed's draws."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from sim.scenario.behaviour import Behaviour
from sim.scenario.catalogue import Catalogue
from sim.scenario.creators import Creators
from sim.scenario.demand import Demand
from sim.scenario.duration import Duration, minutes
from sim.scenario.events import Event, PlannedLivestream, SupplierOutage
from sim.scenario.network import Network
from sim.scenario.orders import Orders
from sim.scenario.parameter import Base
from sim.scenario.policies import Policies
from sim.scenario.population import Population
from sim.scenario.serving import Serving
from sim.scenario.trade import Brands, Merchants, Stock


class Scenario(Base):
    """A world, the policies that act in it, and how long to watch."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    question: str = Field(default="", max_length=2000)
    """What the scenario is asked to answer."""
    start: datetime = datetime(2026, 11, 1)
    """Local time without a zone; hour of day and weekday follow from it."""
    horizon: Duration = minutes("14 days")
    warm_up: Duration = minutes("2 days")
    """Sessions and orders before this are simulated but not counted."""
    drain: Duration = minutes("30 days")
    """After the horizon arrivals stop; open orders may finish for at most this long."""
    seed: int = Field(default=7, ge=0, lt=2**63)
    replications: int = Field(default=5, ge=1, le=100_000)
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    population: Population = Population()
    catalogue: Catalogue = Catalogue()
    brands: Brands = Brands()
    merchants: Merchants = Merchants()
    creators: Creators = Creators()
    network: Network = Network()
    stock: Stock = Stock()
    behaviour: Behaviour = Behaviour()
    serving: Serving = Serving()
    orders: Orders = Orders()
    demand: tuple[Demand, ...] = ()
    policies: Policies = Policies()
    events: tuple[Event, ...] = ()
    record: Literal["off", "orders", "sampled", "full"] = "orders"

    _inputs: dict[str, Path] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        if self.start.tzinfo is not None:
            raise ValueError("start is local time: leave the zone out")
        if not self.warm_up < self.horizon:
            raise ValueError("warm_up must be shorter than horizon")
        for number, event in enumerate(self.events):
            if event.at >= self.horizon:
                raise ValueError(f"events.{number}.at lies beyond the horizon")
            if isinstance(event, SupplierOutage) and event.brand >= self.brands.count:
                raise ValueError(f"events.{number}.brand: there are {self.brands.count} brands, numbered from 0")
            if isinstance(event, PlannedLivestream):
                if event.creator >= self.creators.count:
                    raise ValueError(
                        f"events.{number}.creator: there are {self.creators.count} creators, numbered from 0"
                    )
                for place, slot in enumerate(event.slots):
                    if slot.at + slot.for_ > event.for_:
                        raise ValueError(f"events.{number}.slots.{place} ends after its livestream")
        return self
