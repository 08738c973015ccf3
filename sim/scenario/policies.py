"""Which policy acts in each seam."""

from typing import Any, Literal

from pydantic import Field

from sim.scenario.duration import Duration, minutes
from sim.scenario.parameter import Base

Parameters = dict[str, Any]


class PolicyBlock(Base):
    """A policy by kind (a file of the seam's folder) or by ``package.module:Class``, with its parameters."""

    kind: str
    with_: Parameters = Field(default_factory=dict, alias="with")


class RecommenderBlock(PolicyBlock):
    """What is shown."""

    kind: str = "popularity"
    refit: Duration = minutes("1 day")
    """How often it learns from the log."""
    fallback: str = "popularity"
    """Kind that serves where the policy fails."""


class InventoryBlock(PolicyBlock):
    """What is ordered."""

    kind: str = "reorder_up_to"
    with_: Parameters = Field(default_factory=lambda: {"reorder_days": 7.0, "order_up_to_days": 14.0}, alias="with")
    review: Duration | Literal["continuous"] = minutes("1 day")
    fallback: str = "none"


class RoutingBlock(PolicyBlock):
    """How vans drive."""

    kind: str = "ortools"
    fallback: str = "nearest_neighbour"


class AllocationBlock(PolicyBlock):
    """Which warehouse serves an order."""

    kind: str = "nearest"
    fallback: str = "nearest"


class ShowcaseBlock(PolicyBlock):
    """What creators show."""

    kind: str = "best_sellers"
    fallback: str = "best_sellers"


class PricingBlock(PolicyBlock):
    """What things cost."""

    kind: str = "fixed"
    fallback: str = "fixed"


class Policies(Base):
    """One policy in every seam."""

    recommender: RecommenderBlock = RecommenderBlock()
    inventory: InventoryBlock = InventoryBlock()
    routing: RoutingBlock = RoutingBlock()
    allocation: AllocationBlock = AllocationBlock()
    showcase: ShowcaseBlock = ShowcaseBlock()
    pricing: PricingBlock = PricingBlock()
