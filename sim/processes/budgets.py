"""Consumers' budgets are filled up again."""

from collections.abc import Generator

import simpy

from sim.processes.scene import Scene
from sim.schema.clock import to_ticks


def refill_budgets(scene: Scene) -> Generator[simpy.Event, None, None]:
    """Fill up every budget once per period of the scenario, until the horizon."""
    every = to_ticks(scene.world.scenario.population.returning)
    horizon = to_ticks(scene.world.scenario.horizon)
    consumers = scene.world.truth.consumers
    while scene.now + every < horizon:
        yield scene.until(scene.now + every)
        consumers["budget_left"] = consumers["budget"]
