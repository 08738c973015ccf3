"""What happens between the attempt to buy and the door."""

from typing import Annotated

from pydantic import Field

from sim.scenario.bounds import Bounds, Money, Share, Spread
from sim.scenario.duration import Duration, Period, minutes
from sim.scenario.parameter import Base, Parameter, assumed, measured


class Orders(Base):
    """Release, payment, promise, settlement."""

    release_every: Period = minutes("1 min")
    """Orders go to fulfilment at these fixed instants."""
    payment_delay: Duration = minutes("2 min")
    """Mean time until a payment is made (exponential)."""
    unpaid_share: Share = assumed(0.03, 0.0, 0.1)
    """Share of reservations that are never paid."""
    reservation: Duration = minutes("30 min")
    """An unpaid reservation lapses after this."""
    ship_promise: Duration = minutes("48 h")
    """Orders must ship within this, or the merchant pays."""
    late_ship_penalty: float = Field(default=3.0, ge=0, le=1e9)
    """Currency units per order that ships late (Pinduoduo 2022: 3 yuan)."""
    promise_slack: Duration = minutes("2 days")
    """Promised delivery = placed + median transit of the way + this."""
    return_window: Duration = minutes("7 days")
    """Commissions settle this long after delivery."""
    platform_fee: Annotated[Parameter, Bounds(0, 0.9)] = assumed(0.05, 0.01, 0.1)
    """Share of the price the platform earns."""
    pick_cost: Money = assumed(1.0, 0.5, 2.0)
    """Currency units per line picked and packed."""
    inspect_cost: Money = assumed(2.0, 1.0, 5.0)
    """Currency units per returned unit."""
    handling: Duration | None = None
    """Where a merchant hands over by itself, without a warehouse's stations: median time (lognormal)."""
    handling_spread: Spread = measured(1.05, "sd of log handling time (Olist)")
