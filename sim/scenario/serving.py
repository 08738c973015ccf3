"""How pages are served: part of the scenario, because it decides results."""

from pydantic import Field

from sim.scenario.duration import Duration, Period, minutes
from sim.scenario.parameter import Base


class VisibleAfter(Base):
    """How long after an act its row becomes visible to a fit, instead of ``log_delay``, by act."""

    impression: Duration | None = None
    click: Duration | None = None
    cart: Duration | None = None
    order: Duration | None = None
    like: Duration | None = None
    comment: Duration | None = None
    follow: Duration | None = None
    share: Duration | None = None
    stockout: Duration | None = None
    rating: Duration | None = None
    return_: Duration | None = Field(default=None, alias="return")


class Serving(Base):
    """The serving layer between the recommender and the consumers."""

    slate_size: int = Field(default=10, ge=1, le=100)
    """Places on a page."""
    refresh: Period = minutes("60 s")
    """How often the view (availability, prices, who is live) is taken anew."""
    shortest_page: Duration = minutes("8 s")
    """Nobody leaves a page sooner: the next page is prefetched meanwhile."""
    hide_sold_out: bool = False
    """A business filter after the recommender: places whose offer is sold out in the view stay empty."""
    impression_log: float = Field(default=0.05, ge=0, le=1)
    """Share of consumers whose impressions are logged for learning."""
    log_delay: Duration = minutes("0 min")
    """Rows of the log become visible to a fit this much later."""
    visible_after: VisibleAfter = VisibleAfter()
    late_share: float = Field(default=0.0, ge=0, le=1)
    """Share of rows that come late on top of that: a batch that hangs, a phone that was offline."""
    late_by: Duration = minutes("1 day")
    """Mean of how late those come (exponential)."""
