"""Exogenous demand: orders that come by themselves, beside or instead of consumers' choices."""

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.inputs import FromTable


class Demand(FromTable):
    """Poisson demand per offer, or real orders (time, sku, consumer; optional merchant, units) drawn again.

    A bootstrap draws orders with replacement and keeps what each was: item, consumer, time of day.
    """

    kind: Literal["poisson", "bootstrap"] = "poisson"
    per_day: float = Field(gt=0, le=1e8)
    """Orders a day: per offer for poisson, over all for bootstrap."""

    @model_validator(mode="after")
    def _table(self) -> "Demand":
        if (self.kind == "bootstrap") != (self.from_ is not None):
            raise ValueError("a table (from) goes with kind: bootstrap, and only with it")
        return self
