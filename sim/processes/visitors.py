"""Who visits on a day: the scenario's rates by hour, weekday and segment, and its surges."""

from datetime import datetime, timedelta
from math import prod

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.arrivals import day_arrivals
from sim.behaviour.consumers import Consumers
from sim.processes.scene import Scene
from sim.scenario.events import DemandSurge
from sim.scenario.scenario import Scenario
from sim.schema.clock import MINUTES_PER_DAY, to_ticks
from sim.world.state import Rows
from sim.world.world import World

Float = NDArray[np.float64]


class Visitors:
    """Draws a day's arrivals and hands them to the consumers."""

    def __init__(self, scene: Scene, consumers: Consumers, c: Rows) -> None:
        scenario = scene.world.scenario
        segments = scenario.population.segments
        self._scene = scene
        self._consumers = consumers
        self._c = c
        self._horizon = to_ticks(scenario.horizon)
        self._hours = usual_hours(scenario)
        self._surfaces = _shares([segment.surfaces for segment in segments])
        self._categories = category_vectors(scene.world)

    def come(self, day: int) -> None:
        """Have a day's visitors come, each at their own instant before the horizon."""
        world = self._scene.world
        scenario = world.scenario
        hours = self._hours * weekday_factors(scenario.start, day, scenario.population.week)
        coming = day_arrivals(
            world.truth.consumers,
            self._c,
            world.key,
            day=day,
            factor=surge(scenario, day) * hours.sum(axis=1),
            hours=hours,
            surfaces=self._surfaces,
            categories=self._categories,
            hour_of_start=clock_hour(scenario.start),
        )
        self._consumers.come(coming[coming["time"] < self._horizon])


def usual_hours(scenario: Scenario) -> Float:
    """Return the shares of each segment's visits by hour of the clock, float64[n_segments, 24]."""
    return _shares([segment.hours for segment in scenario.population.segments])


def weekday_factors(start: datetime, day: int, week: tuple[float, ...]) -> Float:
    """Return, per hour of the clock, the weekday's visits relative to the mean day, float64[24].

    A simulated day that does not begin at midnight lies on two days of the calendar; the hour in which it begins
    belongs to both.
    """
    begins = start + timedelta(days=day)
    today, tomorrow = week[begins.weekday()], week[(begins.weekday() + 1) % 7]
    passed = np.clip(clock_hour(start) - np.arange(24), 0.0, 1.0)
    factors: Float = (today + (tomorrow - today) * passed) / np.mean(week)
    return factors


def surge(scenario: Scenario, day: int) -> float:
    """Return what visits are multiplied by on a day: each surge counts for the whole of every day it touches."""
    begins, ends = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
    surges = (event for event in scenario.events if isinstance(event, DemandSurge))
    return prod(event.factor for event in surges if event.at < ends and begins < event.at + event.for_)


def category_vectors(world: World) -> NDArray[np.float32]:
    """Return what each category is about: the mean vector of its offers, float32[n_categories, d]."""
    offers = world.truth.offers
    total = np.zeros((len(world.cast.categories), offers["vector"].shape[1]))
    np.add.at(total, offers["category"], offers["vector"])
    number = np.bincount(offers["category"], minlength=len(total))
    return (total / np.maximum(1, number)[:, None]).astype(np.float32)


def clock_hour(start: datetime) -> float:
    """Return the hour of the clock, with fractions."""
    return start.hour + start.minute / 60 + (start.second + start.microsecond / 1e6) / 3600


def _shares(weights: list[tuple[float, ...]]) -> Float:
    table = np.array(weights, np.float64)
    shares: Float = table / table.sum(axis=1, keepdims=True)
    return shares
