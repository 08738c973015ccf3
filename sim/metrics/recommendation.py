"""The logged pages: how good they were, how varied."""

from sim.metrics import quality, variety
from sim.metrics.cohort import Cohort
from sim.metrics.pages import Pages

DEFINITIONS = quality.DEFINITIONS + variety.DEFINITIONS


def recommendation(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of recommendations."""
    pages = Pages(cohort)
    return quality.quality(pages) | variety.variety(pages)
