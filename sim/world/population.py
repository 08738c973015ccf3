"""The consumers: who they are, where they live, what they like, how often they come."""

import numpy as np
from numpy.typing import NDArray

from sim.scenario.network import City
from sim.scenario.population import Population, Segment
from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY
from sim.world.distinct import pick
from sim.world.places import around, nearest
from sim.world.population_table import HomeTable
from sim.world.state import Rows, consumer_rows
from sim.world.streams import Stream
from sim.world.topics import TOPICS, taste_scale

Float = NDArray[np.float64]
Single = NDArray[np.float32]

SENSITIVITY_SPREAD = 0.3
BUDGET_SPREAD = 0.5
LARGEST_BUDGET = 1e15
TASTE_ALPHA = 0.25
"""Dirichlet parameter per topic of a taste at focus one: about four topics that matter."""
SHARPEST, FLATTEST = 1e-3, 1e4
"""Dirichlet parameters beyond which single precision tells no difference."""
CHUNK = 1 << 16


def make_consumers(scenario: Scenario, stream: Stream, vectors: Single, table: HomeTable | None) -> Rows:
    """Return the consumers, following nobody yet.

    Parameters
    ----------
    vectors : float32[n_skus, d]
        The items' vectors; tastes are scaled to give a match with them a standard deviation of one.
    table : HomeTable or None
        Homes, and segments where it says them, of real consumers.
    """
    population = scenario.population
    n = len(table.names) if table else population.consumers
    rows = consumer_rows(n, len(TOPICS))
    if n == 0:
        return rows
    _settle(rows, scenario.network.cities, stream, table)
    rows["segment"] = pick(stream("population.segment"), _shares(population.segments), n)
    if table and table.segment is not None:
        rows["segment"] = np.where(table.segment >= 0, table.segment, rows["segment"])
    _give_habits(rows, population, stream)
    rows["trust"] = float(population.opening_trust)
    rows["logged"] = stream("population.logged").random(n) < scenario.serving.impression_log
    _give_tastes(rows, float(population.taste_focus), stream, vectors)
    return rows


def _settle(rows: Rows, cities: tuple[City, ...], stream: Stream, table: HomeTable | None) -> None:
    """Give everybody a home; one that was read belongs to the nearest city."""
    if table is None:
        city = pick(stream("population.city"), _shares(cities), len(rows))
        rows["latitude"], rows["longitude"] = around(stream("population.home"), cities, city)
        rows["region"] = city
        return
    rows["latitude"], rows["longitude"] = table.latitude, table.longitude
    centres = np.array([(city.latitude, city.longitude) for city in cities]).T
    rows["region"] = nearest(table.latitude, table.longitude, *centres)[:, 0]


def _give_habits(rows: Rows, population: Population, stream: Stream) -> None:
    """Draw visits, price sensitivity and budget around the segment's mean."""
    segments, own = population.segments, rows["segment"]
    visits = np.array([segment.visits_per_day for segment in segments])[own]
    rows["visit_rate"] = visits * _around_one(stream("population.visits"), float(population.activity_spread), len(rows))
    sensitivity = np.array([segment.price_sensitivity for segment in segments])[own]
    rows["sensitivity"] = sensitivity * _around_one(stream("population.sensitivity"), SENSITIVITY_SPREAD, len(rows))
    weeks = population.returning / (7 * MINUTES_PER_DAY)
    budget = np.array([100 * segment.budget * weeks for segment in segments])[own]
    budget = budget * _around_one(stream("population.budget"), BUDGET_SPREAD, len(rows))
    rows["budget"] = rows["budget_left"] = np.rint(np.minimum(budget, LARGEST_BUDGET))


def _around_one(rng: np.random.Generator, spread: float, n: int) -> Float:
    """Return lognormal factors of mean one."""
    return np.asarray(np.exp(spread * rng.standard_normal(n) - spread**2 / 2))


def _give_tastes(rows: Rows, focus: float, stream: Stream, vectors: Single) -> None:
    """Draw tastes: few topics that matter, fewer the larger ``focus``; with none nobody prefers anything.

    Tastes are centred: what everybody likes alike is an item's appeal, not its match.
    """
    if focus == 0:
        return
    rng, d = stream("population.taste"), len(TOPICS)
    alpha = min(max(TASTE_ALPHA / focus, SHARPEST), FLATTEST)
    scale = np.float32(taste_scale(vectors, alpha))
    for start in range(0, len(rows), CHUNK):  # in pieces: memory
        part = rows["taste"][start : start + CHUNK]
        liking = rng.standard_gamma(alpha, (len(part), d), dtype=np.float32) + np.float32(1e-30)
        part[:] = scale * (liking / liking.sum(axis=1, keepdims=True) - np.float32(1 / d))


def _shares(parts: tuple[Segment, ...] | tuple[City, ...]) -> Float:
    return np.array([part.share for part in parts])
