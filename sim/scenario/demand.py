"""Exogenous demand: orders that come by themselves, beside or instead of consumers' choices."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sim.scenario.duration import Duration, minutes
from sim.scenario.inputs import FromTable
from sim.scenario.refusal import refuse


class Demand(FromTable):
    """Poisson demand per offer, or real orders (time, sku, consumer; optional merchant, units) drawn again.

    A bootstrap draws order lines with replacement and keeps what each was: item, consumer, weekday, time of day.
    """

    known_columns: ClassVar[tuple[str, ...]] = ("time", "sku", "consumer", "merchant", "units")

    kind: Literal["poisson", "bootstrap"] = "poisson"
    per_day: float = Field(gt=0, le=1e8)
    """Orders a day: per offer for poisson, over all for bootstrap."""
    blur: Duration = minutes("0 min")
    """Within what span of the day (counted from midnight) a bootstrapped order's time is drawn anew; 0 = it is kept.

    More orders a day than there really were repeat some at the very same minute; a span keeps these from travelling
    as one parcel.
    """

    @model_validator(mode="after")
    def _table(self) -> "Demand":
        if (self.kind == "bootstrap") != (self.from_ is not None):
            refuse("from", "a table goes with kind: bootstrap, and only with it")
        return self
