"""The scenario: all that determines a result, except the code and the seed's draws."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from sim.scenario.behaviour import Behaviour
from sim.scenario.catalogue import Catalogue
from sim.scenario.consistent import check_consistent
from sim.scenario.creators import Creators
from sim.scenario.demand import Demand
from sim.scenario.duration import Duration, Period, minutes
from sim.scenario.events import Event
from sim.scenario.localtime import LocalTime
from sim.scenario.marketing import Marketing
from sim.scenario.network import Network
from sim.scenario.orders import Orders
from sim.scenario.parameter import Base
from sim.scenario.policies import Policies
from sim.scenario.population import Population
from sim.scenario.real import Real
from sim.scenario.serving import Serving
from sim.scenario.trade import Brands, Merchants, Stock


class Scenario(Base):
    """A world, the policies that act in it, and how long to watch."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,64}$")
    question: str = Field(default="", max_length=2000)
    """What the scenario is asked to answer."""
    start: LocalTime = datetime(2026, 11, 1)
    """Local time without a zone; hour of day and weekday follow from it."""
    horizon: Period = minutes("14 days")
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
    marketing: Marketing = Marketing()
    demand: tuple[Demand, ...] = ()
    real: Real | None = None
    """Real orders that a run is held against."""
    policies: Policies = Policies()
    events: tuple[Event, ...] = ()
    record: Literal["off", "orders", "sampled", "full"] = "orders"

    _inputs: dict[str, Path] = PrivateAttr(default_factory=dict)
    """Where each table lies, by the dotted key of its part; set by the loader."""

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        check_consistent(self)
        return self
