"""The policies of a scenario, one in every seam, each behind its guard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.policy.contain import ContainedRecommender
from sim.policy.contain_forecasts import with_contained
from sim.policy.contain_marketing import ContainedMarketing
from sim.policy.contain_routing import ContainedRouting
from sim.policy.contain_supply import (
    ContainedAllocation,
    ContainedPricing,
    ContainedReplenishment,
    ContainedShowcase,
)
from sim.policy.faults import Faults
from sim.policy.isolate import isolated
from sim.policy.lookup import build
from sim.policy.takeover import Takeover
from sim.scenario.policies import Policies, PolicyBlock, RecommenderBlock


@dataclass(frozen=True, slots=True)
class PolicyCast:
    """One contained policy per seam, and the faults they share."""

    recommender: ContainedRecommender
    inventory: ContainedReplenishment
    routing: ContainedRouting
    allocation: ContainedAllocation
    showcase: ContainedShowcase
    pricing: ContainedPricing
    marketing: ContainedMarketing
    faults: Faults


GUARDS: dict[str, type] = {
    "recommender": ContainedRecommender,
    "inventory": ContainedReplenishment,
    "routing": ContainedRouting,
    "allocation": ContainedAllocation,
    "showcase": ContainedShowcase,
    "pricing": ContainedPricing,
    "marketing": ContainedMarketing,
}


def cast_policies(policies: Policies, trusted: Sequence[str] = ()) -> PolicyCast:
    """Build every policy and its fallback anew.

    Raises
    ------
    ScenarioError
        Where a kind does not exist, is not trusted, or its parameters are wrong.
    """
    faults = Faults()
    guards: dict[str, Any] = {}
    for seam, guard in GUARDS.items():
        block: PolicyBlock = getattr(policies, seam)
        spare = getattr(block, "fallback")  # noqa: B009  # every block has one, each its own default
        fallback = build(seam, spare, key="fallback")
        policy = build(seam, block.kind, block.with_, trusted)
        if isinstance(block, RecommenderBlock) and block.isolate:
            policy = isolated(policy, seam, block, trusted)
        if isinstance(block, RecommenderBlock) and (early := block.bootstrap):
            first = build(seam, early.kind, early.with_, trusted, block=f"policies.{seam}.bootstrap")
            policy = Takeover(policy, first, early.for_)
        guards[seam] = guard(seam, with_contained(policy, faults), fallback, faults)
    return PolicyCast(**guards, faults=faults)
