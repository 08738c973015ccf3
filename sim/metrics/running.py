"""How the run itself went: faults at the seams, laws, events."""

from sim.metrics.cohort import Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import ratio
from sim.policy.faults import SeamFaults

DEFINITIONS = define(
    "running",
    (
        "policy_faults",
        "count",
        "down",
        "calls of policies that raised or came late, and rows of answers that were malformed, over all seams and "
        "the whole run",
    ),
    (
        "fallback_share",
        "share",
        "down",
        "rows (pages, ledger keys, order lines, stops, ...) that a fallback answered / rows asked for, whole run",
    ),
    ("laws_checked", "count", "", "laws checked during the run"),
    ("laws_broken", "count", "down", "0 in any result that exists: a broken law stops the run"),
    ("simpy_events", "count", "", "events of the processes"),
)


def running(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of the run."""
    replication = cohort.replication
    seams = replication.faults.seams.values()
    asked = sum(seam.asked for seam in seams)
    return {
        "policy_faults": sum(_faults(seam) for seam in seams),
        "fallback_share": ratio(sum(seam.served_by_fallback for seam in seams), asked),
        "laws_checked": replication.laws_checked,
        "laws_broken": 0,
        "simpy_events": replication.simpy_events,
    }


def of_seam(seam: SeamFaults) -> dict[str, float]:
    """Return the KPIs of one seam."""
    return {"policy_faults": _faults(seam), "fallback_share": ratio(seam.served_by_fallback, seam.asked)}


def _faults(seam: SeamFaults) -> int:
    return seam.raised + seam.late + seam.malformed
