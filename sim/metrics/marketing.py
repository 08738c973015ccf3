"""What marketing money brought, by the order it was followed by.

An order is put down to the coupon it used, else to the last advertisement that brought its consumer within the 24 hours
before.  That is no cause: many of them would have ordered anyway.  What marketing causes is told by comparing a run,
pair by pair, with the same worlds under ``none``.
"""

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import CENTS, ratio
from sim.schema.counters import Counter

DEFINITIONS = define(
    "marketing",
    ("paid_sessions", "count", "", "sessions that an advertisement brought, each paid for"),
    (
        "marketing_spend",
        "money",
        "down",
        "paid sessions x the price of a visit + coupons of the window's orders that were paid and kept",
    ),
    ("coupons_sent", "count", "", "coupons of the days that ended in the window"),
    ("coupon_redemptions", "count", "", "the window's paid orders that used a coupon"),
    ("coupon_redemption_rate", "ratio", "up", "coupon_redemptions / coupons_sent; some used were sent before"),
    (
        "return_on_marketing",
        "ratio",
        "up",
        "gmv_net of orders that used a coupon, or whose consumer an advertisement had brought within the 24 hours "
        "before, / marketing_spend. What followed is not what was caused: for that compare with marketing: none",
    ),
)


def marketing(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of marketing."""
    used = (cohort.order("coupon") > 0) & (cohort.order("paid") >= 0)
    sent = int(cohort.days_closed("marketing_day")["coupons"].sum())
    spend = _spend(cohort)
    touched = cohort.kept & (cohort.order("touch") >= 0)
    return {
        "paid_sessions": cohort.count(Counter.PAID_SESSIONS),
        "marketing_spend": spend,
        "coupons_sent": sent,
        "coupon_redemptions": int(used.sum()),
        "coupon_redemption_rate": ratio(int(used.sum()), sent),
        "return_on_marketing": ratio(int(cohort.value[touched].sum()) / CENTS, spend),
    }


def _spend(cohort: Cohort) -> float:
    visits = cohort.count(Counter.PAID_SESSIONS) * cohort.world.scenario.marketing.visit_cents
    kept = cohort.kept & (cohort.order("paid") >= 0)
    return (visits + int(cohort.order("coupon")[kept].sum())) / CENTS
