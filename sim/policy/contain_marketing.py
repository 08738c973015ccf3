"""Marketing behind a guard: nothing negative, nothing beyond the budget."""

from dataclasses import dataclass
from typing import Any

from sim.policy.guard import Guard, NonsenseError, whole_numbers
from sim.schema.marketing import MarketingPlan, MarketingView


@dataclass
class ContainedMarketing(Guard):
    """A plan is whole or of no use: where it breaks a rule, the fallback spends the day's budget."""

    def spend(self, view: MarketingView) -> MarketingPlan:
        """Return cents per target for visits and for coupons, within the budget together."""
        self.counts.asked += len(view)
        try:
            plan = self.policy.spend(view)
        except Exception as error:  # whatever a plug-in raises is contained here
            self.counts.note(error)
            return self._from_fallback(view)
        try:
            return checked_spending(plan, view)
        except NonsenseError as why:
            self.counts.nonsense(len(view), str(why))
            return self._from_fallback(view)

    def _from_fallback(self, view: MarketingView) -> MarketingPlan:
        self.counts.served_by_fallback += len(view)
        plan = self.trusted("spend", view)
        try:
            return checked_spending(plan, view)
        except NonsenseError as why:
            raise self.hopeless(str(why)) from why


def checked_spending(plan: Any, view: MarketingView) -> MarketingPlan:
    """Return the plan; raise `NonsenseError` where it breaks a rule."""
    if not isinstance(plan, MarketingPlan):
        raise NonsenseError(f"{type(plan).__name__} instead of a MarketingPlan")
    total = 0
    for what, cents in (("visits", plan.visits), ("coupons", plan.coupons)):
        whole_numbers(cents, (len(view),))
        if cents.min(initial=0) < 0:
            raise NonsenseError(f"{int(cents.min())} cents for {what}")
        if cents.max(initial=0) > view.budget:
            raise NonsenseError(f"{int(cents.max())} cents for {what} of a target, of a budget of {view.budget}")
        total += int(cents.astype("int64").sum())
    if total > view.budget:
        raise NonsenseError(f"{total} cents of a budget of {view.budget}")
    return plan
