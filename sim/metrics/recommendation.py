"""The logged pages: how good they were, how varied; over all, and by day, surface and what is known of consumers."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.metrics import quality, similarity, variety
from sim.metrics.cohort import Cohort
from sim.metrics.history import HISTORIES, histories
from sim.metrics.interest import Interest
from sim.metrics.long_form import Part, by_group
from sim.metrics.pages import LoggedPages, Pages, last_day
from sim.schema.kinds import Surface
from sim.world.state import Rows

DEFINITIONS = quality.DEFINITIONS + variety.DEFINITIONS + similarity.DEFINITIONS

Codes = NDArray[np.integer]
Chosen = NDArray[np.bool_] | slice
GroupOf = Callable[[Rows], Codes]


def recommendation(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of recommendations."""
    return _of_pages(cohort, slice(None), slice(None)) | {"similarity_nearest": similarity.overall(cohort)}


def by_day(cohort: Cohort) -> Part:
    """Return them day by day: each day's pages held against what was before it, as the last day's are over all."""
    logged = cohort.once(LoggedPages)
    found = []
    for day in cohort.calendar:
        since, until = cohort.day(day)
        whole = (logged.rows["time"] >= since) & (logged.rows["time"] < until)
        found.append(_of_day(logged.between(since, until)) | _of_window(cohort, whole))
    columns = by_group(found) | {"similarity_nearest": similarity.by_day(cohort)}
    return Part("day", [str(day) for day in cohort.calendar], columns)


def by_surface_and_history(cohort: Cohort) -> Iterator[Part]:
    """Return them by the surface of the page, and by whether its consumer was new."""
    surfaces = [surface.name.lower() for surface in Surface]
    yield Part("surface", surfaces, _by(cohort, len(surfaces), lambda pages: pages["surface"]))
    yield Part("history", HISTORIES, _by(cohort, len(HISTORIES), lambda pages: histories(cohort, pages)))


def _by(cohort: Cohort, n: int, group: GroupOf) -> dict[str, NDArray[np.float64]]:
    last, window = group(last_day(cohort).rows), group(cohort.once(LoggedPages).rows)
    return by_group([_of_pages(cohort, last == one, window == one) for one in range(n)])


def _of_pages(cohort: Cohort, last: Chosen, window: Chosen) -> dict[str, float]:
    """Return the KPIs of some of the last day's pages, and of some of the whole window's."""
    return _of_day(last_day(cohort).only(last)) | _of_window(cohort, window)


def _of_day(pages: Pages) -> dict[str, float]:
    return quality.quality(pages) | variety.popularity(pages)


def _of_window(cohort: Cohort, chosen: Chosen) -> dict[str, float]:
    content = cohort.once(LoggedPages).rows["content"][chosen]
    return variety.coverage(content, cohort.once(Interest)) | variety.mean_diversity(cohort.once(_diversity)[chosen])


def _diversity(cohort: Cohort) -> NDArray[np.float64]:
    return variety.diversity(cohort.once(LoggedPages).rows["content"], cohort.world.truth.contents["vector"])
