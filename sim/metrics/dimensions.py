"""KPIs by who, what and where.

By category, SKU, merchant, creator, surface, segment, day, warehouse, livestream, echelon and seam; by offers' age and
merchants' size (`sim.metrics.newcomers`) and consumers' history (`sim.metrics.history`).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics import exposure, recommendation
from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.groups import of_attempts, of_counters, of_livestreams_each, of_orders, of_shelves
from sim.metrics.long_form import Part
from sim.metrics.newcomers import by_newcomers
from sim.metrics.ratio import CENTS
from sim.metrics.running import of_seam
from sim.metrics.service import by_count, by_kind
from sim.metrics.supply import bullwhip
from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.kinds import Surface

MOST_SELLERS = 50
"""Merchants, creators and livestreams shown: those with the highest sales."""
MOST_SKUS = 100


def by_dimension(cohort: Cohort) -> pd.DataFrame:
    """Return KPIs by dimension in long form: name, dimension, key, value."""
    parts = (
        *(*_goods(cohort), *_sellers(cohort), *_buyers(cohort), *_places(cohort), *_rooms(cohort), *_run(cohort)),
        *(*_shown(cohort), *by_newcomers(cohort)),
    )
    return pd.concat([part.rows() for part in parts], ignore_index=True)


def _goods(cohort: Cohort) -> Iterator[Part]:
    offers, cast = cohort.world.truth.offers, cohort.world.cast
    category, n = offers["category"], len(cast.categories)
    found = of_orders(cohort, category[cohort.order_offer], n) | of_attempts(cohort, category, n)
    yield Part("category", cast.categories, found)
    n = len(cast.sku_name)
    found = of_orders(cohort, cohort.offer("sku"), n) | of_attempts(cohort, offers["sku"], n)
    sku = Part("sku", cast.sku_name, found).top(MOST_SKUS, "units_ordered")
    yield sku.only("units_ordered", "fill_rate", "unfilled_units")


def _sellers(cohort: Cohort) -> Iterator[Part]:
    cast, merchant = cohort.world.cast, cohort.world.truth.offers["merchant"]
    n = len(cast.merchant_name)
    found = of_orders(cohort, merchant[cohort.order_offer], n) | of_attempts(cohort, merchant, n)
    found["profit_merchants"] = _earned(cohort, "merchants", n)
    yield Part("merchant", cast.merchant_name, found).top(MOST_SELLERS, "gmv")
    n = len(cast.creator_name)
    found = of_orders(cohort, cohort.order("creator"), n)
    found["profit_creators"] = _earned(cohort, "creators", n)
    creator = Part("creator", cast.creator_name, found).top(MOST_SELLERS, "gmv")
    yield creator.only("orders", "units_ordered", "gmv", "gmv_net", "return_rate_units", "profit_creators")


def _buyers(cohort: Cohort) -> Iterator[Part]:
    surfaces = [surface.name.lower() for surface in Surface]
    found = of_orders(cohort, cohort.order("surface"), len(surfaces))
    yield Part("surface", surfaces, found | of_counters(cohort.counters.sum(axis=0)))
    segments = [segment.name for segment in cohort.world.scenario.population.segments]
    consumer = cohort.order("consumer")
    segment = np.append(cohort.world.truth.consumers["segment"], -1)[consumer]  # -1 is nobody, and the last
    yield Part("segment", segments, of_orders(cohort, segment, len(segments)))
    first, days = cohort.start // TICKS_PER_DAY, len(cohort.counters)
    found = of_orders(cohort, cohort.order("placed") // TICKS_PER_DAY, days)
    found |= of_counters(cohort.counters.sum(axis=1))
    keys = [str(day) for day in range(first, days)]
    yield Part("day", keys, {name: values[first:] for name, values in found.items()})


def _shown(cohort: Cohort) -> Iterator[Part]:
    yield recommendation.by_day(cohort)
    yield exposure.by_day(cohort)
    yield from recommendation.by_surface_and_history(cohort)


def _places(cohort: Cohort) -> Iterator[Part]:
    names = cohort.world.cast.node_name
    found = of_orders(cohort, cohort.order("node"), len(names))
    yield Part("warehouse", names, found | of_shelves(cohort, len(names)))


def _rooms(cohort: Cohort) -> Iterator[Part]:
    shows = cohort.rows("livestream", "began").sort_values("revenue", ascending=False, kind="stable")
    names = cohort.world.cast.creator_name
    creators = shows["creator"].drop_duplicates().tolist()[:MOST_SELLERS]
    of_each = [shows[shows["creator"] == creator] for creator in creators]
    yield Part("creator", [names[creator] for creator in creators], of_livestreams_each(of_each))
    best = shows.head(MOST_SELLERS)
    keys = [
        f"{names[creator]} at minute {began / TICKS_PER_MINUTE:g}"
        for creator, began in zip(best["creator"].tolist(), best["began"].tolist(), strict=True)
    ]
    yield Part("livestream", keys, of_livestreams_each([best.iloc[[i]] for i in range(len(best))]))


def _run(cohort: Cohort) -> Iterator[Part]:
    whips = bullwhip(cohort)
    yield Part("echelon", list(whips), {"bullwhip": np.array(list(whips.values()))})
    seams = cohort.replication.faults.seams
    kpis = [of_seam(seam) for seam in seams.values()]
    yield Part("seam", list(seams), {name: np.array([k[name] for k in kpis]) for name in (kpis[0] if kpis else ())})
    yield by_kind(cohort)
    yield by_count(cohort)


def _earned(cohort: Cohort, party: str, n: int) -> NDArray[np.float64]:
    """Return what each of a class of parties earned after the warm-up, money."""
    final, opening = cohort.replication.final.balances[party], cohort.replication.opening.balances[party]
    return np.asarray((final - opening)[:n] / CENTS)
