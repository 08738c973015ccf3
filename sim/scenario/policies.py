"""Which policy acts in each seam."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.duration import Period, minutes
from sim.scenario.parameter import Base

Parameters = dict[str, Any]
Kind = Annotated[str, Field(min_length=1, max_length=300)]
"""A file of the seam's folder, or ``package.module:Class``."""


class PolicyBlock(Base):
    """A policy by kind (a file of the seam's folder) or by ``package.module:Class``, with its parameters."""

    kind: Kind
    with_: Parameters = Field(default_factory=dict, alias="with")


class BootstrapBlock(PolicyBlock):
    """Who shows what at first, so that a recommender that learns finds a log to learn from."""

    kind: Kind = "popularity"
    for_: Period = Field(alias="for")
    """From the start until the recommender takes over, fitted on the log of this one."""


class RecommenderBlock(PolicyBlock):
    """What is shown."""

    kind: Kind = "popularity"
    refit: Period = minutes("1 day")
    """How often it learns from the log."""
    fallback: Kind = "popularity"
    """Kind that serves where the policy fails."""
    bootstrap: BootstrapBlock | None = None
    """Another recommender that serves first; it is fitted as often."""
    isolate: Literal["process"] | None = None
    """Run it in a process of its own, which is killed where it hangs or eats memory.  Real time then has a say: such a
    result is marked not reproducible."""
    answer_within: Period = minutes("10 s")
    """Of real time, for one answer of an isolated policy."""
    fit_within: Period = minutes("10 min")
    """Of real time, for an isolated policy to start, for its first answer, and for each fit."""
    memory_megabytes: int = Field(default=2048, ge=16, le=1_000_000)
    """What an isolated policy may take."""


class InventoryBlock(PolicyBlock):
    """What is ordered."""

    kind: Kind = "reorder_up_to"
    review: Period | Literal["continuous"] = minutes("1 day")
    fallback: Kind = "none"


class RoutingBlock(PolicyBlock):
    """How vans drive."""

    kind: Kind = "ortools"
    fallback: Kind = "nearest_neighbour"


class AllocationBlock(PolicyBlock):
    """Which warehouse serves an order."""

    kind: Kind = "nearest"
    fallback: Kind = "nearest"


class ShowcaseBlock(PolicyBlock):
    """What creators show."""

    kind: Kind = "best_sellers"
    fallback: Kind = "best_sellers"


class PricingBlock(PolicyBlock):
    """What things cost."""

    kind: Kind = "fixed"
    fallback: Kind = "fixed"


class MarketingBlock(PolicyBlock):
    """What the marketing budget is spent on."""

    kind: Kind = "none"
    fallback: Kind = "none"


class Policies(Base):
    """One policy in every seam."""

    recommender: RecommenderBlock = RecommenderBlock()
    inventory: InventoryBlock = InventoryBlock()
    routing: RoutingBlock = RoutingBlock()
    allocation: AllocationBlock = AllocationBlock()
    showcase: ShowcaseBlock = ShowcaseBlock()
    pricing: PricingBlock = PricingBlock()
    marketing: MarketingBlock = MarketingBlock()
