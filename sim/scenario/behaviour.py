"""How consumers decide: every coefficient with its evidence.  Utilities are in logit units.

A stage (click, then cart, then buy) happens with probability 1 / (1 + exp(-V)); each stage's V adds the terms
below, so a coefficient that stands in several stages acts several times.  For rare events the elasticity of
sales to price is about the sum of the three price coefficients.
"""

from typing import Annotated

from pydantic import Field, model_validator

from sim.scenario.bounds import Bounds, Factor, Logit, PartialShare, Seconds, Share, Stars, Step
from sim.scenario.duration import Duration, minutes
from sim.scenario.parameter import Base, Parameter, assumed, measured, published
from sim.scenario.refusal import refuse

Shrink = Annotated[Parameter, Bounds(0.01, 1)]
StarsMoved = Annotated[Parameter, Bounds(-4, 4)]

_ELASTICITY = "own-price elasticity -2.62, mean of 1,851 estimates (Bijmolt et al., JMR 2005), split over stages"
_VOLUME = "elasticity to review volume 0.236 (You et al., JM 2015), split over two stages"
_GRUEN = "Gruen, Corsten & Bharadwaj 2002 (shops, not online)"


class Browsing(Base):
    """Pages, looks and time."""

    attention: Factor = measured(0.8, "1 / rank^0.8 fitted to 2,774 lab trials; from the top (Craswell et al. 2008)")
    """A place at rank r is examined with probability r^-attention."""
    next_page: Share = assumed(0.6, 0.3, 0.9)
    """Probability to open one more page; the first page is given."""
    look_seconds: Seconds = assumed(4.0, 2.0, 10.0)
    """Mean time on a place that is examined (exponential)."""
    detail_seconds: Seconds = measured(40.0, "gap between views lognormal(3.92, 1.23) s (Diginetica): near the median")
    """Mean time on a page of details after a click (exponential)."""
    checkout_seconds: Seconds = assumed(45.0, 15.0, 180.0)
    """Mean time from cart to the attempt to buy (exponential)."""
    repeat: Shrink = published(0.95, "decay per repeated exposure (form: Lee et al., KDD 2014; size assumed)")
    """The odds of a click shrink by this factor with each earlier exposure."""


class Click(Base):
    """From an examined place to a click."""

    base: Logit = assumed(-3.4, -5.0, -2.0)
    taste: Logit = assumed(0.8, 0.3, 1.5)
    """Per unit of taste match (standardised: mean 0, standard deviation 1 over random pairs)."""
    price: Logit = published(-0.6, _ELASTICITY)
    """Per unit of log(price / category reference), times the consumer's price sensitivity."""
    discount: Logit = assumed(1.0, 0.5, 2.0)
    """Per unit of shown discount (share of the list price)."""
    social: Logit = published(0.1, _VOLUME)
    """Per unit of log(1 + units sold)."""
    followed: Logit = assumed(0.6, 0.2, 1.2)
    """Where the consumer follows the content's creator."""
    sold_out: Logit = assumed(-1.5, -3.0, 0.0)
    """Where the sold-out badge shows."""


class Cart(Base):
    """From a click to the cart."""

    base: Logit = published(-3.6, "view to cart 2.6 % (Retailrocket) to 8.7 % (OTTO): the default world gives 9 %")
    taste: Logit = assumed(0.5, 0.2, 1.0)
    price: Logit = published(-1.0, _ELASTICITY)
    discount: Logit = assumed(0.8, 0.3, 2.0)


class Buy(Base):
    """From the cart to the attempt to buy."""

    base: Logit = published(-1.7, "cart to order 30-32 % (Retailrocket, OTTO): the default world gives 35 to 45 %")
    taste: Logit = assumed(0.3, 0.1, 0.8)
    price: Logit = published(-1.2, _ELASTICITY)
    discount: Logit = assumed(0.5, 0.0, 2.0)
    social: Logit = published(0.1, _VOLUME)
    rating: Logit = published(0.6, "elasticity to review valence 0.417 (You et al. 2015), on the odds")
    """Per unit of log(mean stars / 4)."""
    promise: Logit = published(
        -0.02, "a business day faster: +1.5 % sales (Fisher, Gallino & Xu, JMR 2019), on the odds"
    )
    """Per promised day beyond three."""
    trust: Logit = assumed(1.5, 0.0, 4.0)
    """Per unit of trust above the opening trust."""
    more_units: PartialShare = assumed(0.1, 0.0, 0.3)
    """Probability of each further unit (geometric)."""
    purchase_limit: int = Field(default=5, ge=1, le=10_000)
    """Units of one offer a consumer may buy at once outside a slot."""


class Live(Base):
    """Inside a livestream's room."""

    cart: Logit = assumed(0.0, -1.0, 1.5)
    """Added to the cart stage: conversion of 1-5 % per viewer."""
    buy: Logit = assumed(0.0, -1.0, 1.5)
    look_seconds: Seconds = assumed(30.0, 10.0, 90.0)
    """Mean time between two looks at the slot's item (exponential, at least the shortest look)."""
    stay: Logit = assumed(1.1, 0.5, 2.0)
    """Logit of staying for one more look: about two minutes of watching (one case, weak)."""
    stay_taste: Logit = assumed(0.3, 0.0, 1.0)
    pull: Logit = assumed(0.3, 0.0, 1.0)
    """Added to the click stage for the card of a room that is live."""


class Social(Base):
    """What else happens on a page of details: shares of clicks."""

    like: Share = assumed(0.015, 0.01, 0.03)
    comment: Share = assumed(0.003, 0.001, 0.01)
    follow: Share = assumed(0.005, 0.001, 0.02)
    share: Share = assumed(0.001, 0.0005, 0.005)


class Stockout(Base):
    """What a consumer does who finds nothing available; the rest shrug and browse on."""

    leave: Share = published(0.31, _GRUEN)
    substitute: Share = published(0.45, _GRUEN)
    wait: Share = published(0.15, _GRUEN)
    wait_time: Duration = minutes("1 day")
    """Mean time after which a waiting consumer tries once more (exponential)."""

    @model_validator(mode="after")
    def _shares(self) -> "Stockout":
        if (total := float(self.leave) + float(self.substitute) + float(self.wait)) > 1:
            refuse("wait", f"leave, substitute and wait add up to {total:g}, allowed 1")
        return self


class Trust(Base):
    """How experience moves trust (between 0 and 1), and what trust does to visits."""

    activity: Factor = assumed(1.5, 0.0, 4.0)
    """Visit rates are multiplied by exp(activity x (trust - opening trust))."""
    stockout: Step = assumed(-0.03, -0.1, 0.0)
    late: Step = assumed(-0.10, -0.3, 0.0)
    """Form: frequency falls after a late delivery (Rao, Griffis & Goldsby 2011)."""
    on_time: Step = assumed(0.02, 0.0, 0.1)
    bad_match: Step = assumed(-0.06, -0.2, 0.0)
    good_match: Step = assumed(0.02, 0.0, 0.1)


class AfterDelivery(Base):
    """Reviews and returns."""

    review_share: Share = assumed(0.3, 0.05, 0.9)
    stars_on_time: Stars = measured(4.34, "mean review on time (Olist)")
    stars_late: Stars = measured(2.34, "mean review when late (Olist)")
    stars_match: StarsMoved = assumed(0.4, 0.1, 0.8)
    """Stars per unit of taste match."""
    return_match: Logit = assumed(-0.5, -1.0, 0.0)
    """Added to the logit of a return per unit of taste match."""
    return_live: Logit = published(1.1, "returns 30-50 % in live commerce against 10-15 % (press 2023-24), on the odds")
    """Added to the logit of a return for orders made in a room."""
    return_delay: Duration = minutes("10 days")
    """Mean delay until the parcel comes back (exponential mean 9-13 days; Loop Returns)."""
    restock_share: Share = assumed(0.75, 0.5, 0.95)
    """Share of returned units fit to be sold as new; then seconds, then write-off."""
    seconds_share: Share = assumed(0.15, 0.0, 0.3)
    seconds_value: Share = assumed(0.4, 0.2, 0.7)
    """Part of the unit cost that seconds bring."""

    @model_validator(mode="after")
    def _shares(self) -> "AfterDelivery":
        if (total := float(self.restock_share) + float(self.seconds_share)) > 1:
            refuse("seconds_share", f"restock_share and seconds_share add up to {total:g}, allowed 1")
        return self


class Behaviour(Base):
    """All of it."""

    browsing: Browsing = Browsing()
    click: Click = Click()
    cart: Cart = Cart()
    buy: Buy = Buy()
    live: Live = Live()
    social: Social = Social()
    stockout: Stockout = Stockout()
    trust: Trust = Trust()
    after_delivery: AfterDelivery = AfterDelivery()
