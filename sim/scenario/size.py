"""How much memory a scenario will need, roughly, before anything is built."""

import os
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import NamedTuple

from sim.errors import ScenarioError
from sim.scenario.events import DemandSurge
from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY

# Bytes a row takes in memory, working copies included: what the world's own arrays were measured to take, rounded up.
PROCESS = 400_000_000
CONSUMER = 600
ITEM = 1_000
OFFER = 1_500
VIDEO = 800
LEDGER_KEY = 250
KEY_DAY = 60
DAY = 5_000
SHOW = 10_000
ORDER = 600
ACT = 150
EXPOSURES = 20_000_000
"""Most counters of impressions; more contents and days share them."""
ACTS_PER_SESSION = 2.0
ORDERS_PER_SESSION = 0.06
LOOKS_PER_SESSION = 15.0
CSV_ROW = 10
"""A row of a CSV table has at least so many bytes."""
SHARE_OF_MACHINE = 0.75


class Part(NamedTuple):
    """What one key of the scenario asks for."""

    key: str
    what: str
    size: float


def estimate_bytes(scenario: Scenario) -> int:
    """Return about how many bytes one replication of a scenario takes, policies not counted."""
    return PROCESS + int(sum(part.size for part in _parts(scenario)))


def check_size(scenario: Scenario, limit: int | None = None) -> None:
    """Refuse a scenario that asks for more memory than ``limit`` bytes, or than most of this machine's.

    Raises
    ------
    ScenarioError
        Naming the largest part.
    """
    allowed = machine_bytes() * SHARE_OF_MACHINE if limit is None else limit
    if (total := estimate_bytes(scenario)) > allowed:
        largest = max(_parts(scenario), key=lambda part: part.size)
        why = f"{largest.what} would take about {_shown(largest.size)} of {_shown(total)}"
        raise ScenarioError(largest.key, f"{why}, allowed are {_shown(allowed)}")


def machine_bytes() -> int:
    """Return the memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _parts(scenario: Scenario) -> Iterator[Part]:
    days = ceil(scenario.horizon / MINUTES_PER_DAY)
    consumers = _rows(scenario, "population", scenario.population.consumers)
    items = _rows(scenario, "catalogue", scenario.catalogue.items)
    offers = items * (1.0 if scenario.catalogue.from_ else scenario.catalogue.offers_per_item)
    videos = scenario.creators.count * (1 + scenario.creators.videos)
    sessions = consumers * _visits_per_day(scenario) * days
    logged = scenario.serving.impression_log * LOOKS_PER_SESSION
    keys = offers * (1 + scenario.merchants.multi_node_share)
    yield Part("population.consumers", f"{consumers:,.0f} consumers", consumers * (CONSUMER + days / 8))
    yield Part("catalogue.items", f"{items:,.0f} items", items * ITEM + offers * OFFER)
    yield Part("creators.videos", f"{videos:,.0f} videos and rooms", videos * VIDEO)
    shows = scenario.creators.count * scenario.creators.livestreams.per_week * days / 7
    yield Part("creators.livestreams", f"{shows:,.0f} livestreams", shows * SHOW)
    yield Part("horizon", f"{days:,} days", days * DAY + min((offers + videos) * days, EXPOSURES) * 8)
    yield Part("horizon", f"{keys:,.0f} places of stock over {days:,} days", keys * (LEDGER_KEY + KEY_DAY * days))
    size = sessions * ((ACTS_PER_SESSION + logged) * ACT + ORDERS_PER_SESSION * ORDER)
    yield Part("population", f"what consumers do in {sessions:,.0f} sessions", size)
    paid = scenario.marketing.budget / float(scenario.marketing.visit_price) * days
    size = paid * ((ACTS_PER_SESSION + logged) * ACT + ORDERS_PER_SESSION * ORDER)
    yield Part("marketing.budget", f"what {paid:,.0f} paid visits do", size)
    for number, demand in enumerate(scenario.demand):
        orders = demand.per_day * days * (offers if demand.kind == "poisson" else 1)
        yield Part(f"demand.{number}.per_day", f"{orders:,.0f} orders", orders * ORDER)


def _visits_per_day(scenario: Scenario) -> float:
    """Return sessions a day of a mean consumer, on a day of every surge at once."""
    segments = scenario.population.segments
    mean = sum(s.share * s.visits_per_day for s in segments) / sum(s.share for s in segments)
    surges = [event for event in scenario.events if isinstance(event, DemandSurge)]
    extra = sum(max(0.0, surge.factor - 1) * min(surge.for_, scenario.horizon) for surge in surges)
    return mean * (1 + extra / scenario.horizon)


def _rows(scenario: Scenario, part: str, count: int) -> float:
    """Return how many rows a part has: as it says, or at most as many as its table may hold."""
    paths = [scenario._inputs[key] for key in (part, f"{part}.join") if key in scenario._inputs]
    return max(map(_rows_of, paths), default=count)


def _rows_of(path: Path) -> float:
    if path.suffix != ".parquet":
        return path.stat().st_size / CSV_ROW
    from pyarrow import ArrowException, parquet

    try:
        return float(parquet.read_metadata(path).num_rows)
    except (ArrowException, OSError):  # no table: whoever reads it will say so
        return 0.0


def _shown(size: float) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"
