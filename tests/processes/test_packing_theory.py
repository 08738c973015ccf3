"""Packing stations against queueing theory."""

import numpy as np
import pytest
import simpy

from sim.processes.scene import Scene
from sim.processes.stations import Stations, law
from sim.processes.timetable import DAY, Hours
from sim.schema.clock import TICKS_PER_MINUTE, to_ticks
from tests.processes.fulfilment_world import Diary

ALWAYS = Hours(0, 0, DAY)
# Mean wait in the queue, in units of the inverse of the rates: 8 arrivals, 10 served per station.
MM1_WAIT = 0.4  # Erlang C closed form, one station
MD1_WAIT = 0.2  # Pollaczek-Khinchine, constant service
ARRIVALS, SERVED = 8.0, 10.0


def erlang_c_wait(arrivals: float, served: float, stations: int) -> float:
    """Return the mean wait of M/M/c."""
    load = arrivals / served
    terms = np.cumprod([1.0, *(load / k for k in range(1, stations + 1))])
    tail = terms[-1] * stations / (stations - load)
    return float(tail / (terms[:-1].sum() + tail) / (stations * served - arrivals))


def waits(kind: str, stations: int, arrivals: float, jobs: int, seed: int) -> np.ndarray:
    """Return the waits of Poisson jobs at stations that serve `SERVED` a time unit of 1,000 minutes each."""
    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    waited: list[int] = []
    packing: Stations[int] = Stations(
        Scene(env, None, Diary()), stations, ALWAYS,  # type: ignore[arg-type]  # stations only read the clock
        law(kind, 1000 * 60 / SERVED, rng), lambda job, queued, started: waited.append(started - queued),
    )  # fmt: skip

    def come():
        for gap in rng.exponential(1000 / arrivals, jobs):
            yield env.timeout(to_ticks(gap) / TICKS_PER_MINUTE)
            packing.add(1)

    env.process(come())
    env.run()
    return np.array(waited) / TICKS_PER_MINUTE / 1000


def assert_agrees(waited: np.ndarray, theory: float, tolerance: float) -> None:
    """Assert that theory lies in the 99.9 % interval of 30 batch means, and the mean within a tolerance of it."""
    batches = waited[len(waited) // 31 :]  # a thirty-first is warm-up
    means = np.array([batch.mean() for batch in np.array_split(batches, 30)])
    half_width = 3.66 * means.std(ddof=1) / np.sqrt(30)  # t quantile 0.9995, 29 degrees of freedom
    assert abs(means.mean() - theory) < half_width
    assert abs(means.mean() - theory) < tolerance * theory


CASES = [
    ("exponential", 1, ARRIVALS, MM1_WAIT),
    ("constant", 1, ARRIVALS, MD1_WAIT),
    ("exponential", 3, 24.0, erlang_c_wait(24.0, SERVED, 3)),
    ("gamma", 1, ARRIVALS, MM1_WAIT * (1 + 1 / 4) / 2),  # Pollaczek-Khinchine, squared cv 1/4
]


def test_erlang_c_of_one_station_is_the_oracles_value():
    assert erlang_c_wait(ARRIVALS, SERVED, 1) == pytest.approx(MM1_WAIT)


@pytest.mark.parametrize(("kind", "stations", "arrivals", "theory"), CASES)
def test_packing_waits_as_queueing_theory_says(kind, stations, arrivals, theory):
    """Error rate 1 in 1,000 per case for the interval; the seed is fixed."""
    assert_agrees(waits(kind, stations, arrivals, 150_000, seed=12), theory, 0.05)


@pytest.mark.precise
@pytest.mark.parametrize(("kind", "stations", "arrivals", "theory"), CASES)
def test_packing_waits_as_queueing_theory_says_precisely(kind, stations, arrivals, theory):
    """Error rate 1 in 1,000 per case for the interval; the seed is fixed."""
    assert_agrees(waits(kind, stations, arrivals, 3_000_000, seed=13), theory, 0.015)
