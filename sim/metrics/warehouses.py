"""How busy the stations were: congestion in the warehouses."""

from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.metrics.cohort import TICKS_PER_DAY, Cohort
from sim.metrics.definition import define
from sim.metrics.ratio import ratio, spread
from sim.schema.clock import TICKS_PER_MINUTE, to_ticks

DEFINITIONS = define(
    "warehouses",
    ("pick_queue_wait_mean", "minutes", "down", "from the start of its pick wave until a line is picked, mean"),
    ("pick_queue_wait_p95", "minutes", "down", "the same, 95th percentile"),
    ("pack_queue_wait_mean", "minutes", "down", "from the packing queue's end to the station, mean over parcels"),
    ("pack_queue_wait_p95", "minutes", "down", "the same, 95th percentile"),
    ("station_utilisation", "share", "", "working time / opening time of the packing stations"),
)


def warehouses(cohort: Cohort) -> dict[str, float]:
    """Return the KPIs of picking and packing."""
    packed = cohort.rows("packing")
    found = spread("pick_queue_wait", _pick_waits(cohort) / TICKS_PER_MINUTE, 95)
    found |= spread("pack_queue_wait", packed["waited"].to_numpy() / TICKS_PER_MINUTE, 95)
    return found | {"station_utilisation": ratio(int(packed["took"].sum()), _station_time(cohort))}


def _pick_waits(cohort: Cohort) -> NDArray[np.int64]:
    """Return ticks from the wave to the tote, for the lines that stations picked.

    A line belongs to the first wave of its node strictly after it was allocated.
    """
    waves = cohort.table("wave")
    node, allocated, picked = cohort.order("node"), cohort.order("allocated"), cohort.order("picked")
    waits = [np.zeros(0, np.int64)]
    for place, times in waves.groupby("node")["time"]:
        lines = np.flatnonzero((node == place) & (picked >= 0))
        starts = np.sort(times.to_numpy())
        wave = np.searchsorted(starts, allocated[lines], side="right")
        lines, wave = lines[wave < len(starts)], wave[wave < len(starts)]
        waits.append(picked[lines] - starts[wave])
    return np.concatenate(waits)


def _station_time(cohort: Cohort) -> float:
    """Return the packing stations' opening time in the window, ticks."""
    start = cohort.world.scenario.start
    since = to_ticks((start - pd.Timestamp(start).normalize().to_pydatetime()).total_seconds() / 60)
    total = 0.0
    for warehouse in cohort.world.scenario.network.warehouses:
        opens, closes = to_ticks(warehouse.opens), to_ticks(warehouse.closes)
        open_by_end = _open_until(cohort.end + since, opens, closes)
        total += warehouse.packers * (open_by_end - _open_until(cohort.start + since, opens, closes))
    return total


def _open_until(instant: int, opens: int, closes: int) -> int:
    """Return the opening time between a midnight and an instant so many ticks later."""
    days = floor(instant / TICKS_PER_DAY)
    return days * (closes - opens) + int(np.clip(instant - days * TICKS_PER_DAY - opens, 0, closes - opens))
