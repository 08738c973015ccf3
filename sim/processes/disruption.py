"""What goes wrong with the carrier, as the scenario plans it."""

from collections.abc import Generator

import simpy

from sim.processes.carrier import Carrier
from sim.processes.scene import Scene
from sim.scenario.events import CarrierCut


def cut_carriers(scene: Scene, carrier: Carrier) -> None:
    """Start one process per planned cut of the carrier's capacity."""
    for event in scene.world.scenario.events:
        if isinstance(event, CarrierCut):
            scene.env.process(_cut(scene.env, carrier, event))


def _cut(env: simpy.Environment, carrier: Carrier, event: CarrierCut) -> Generator[simpy.Event, None, None]:
    """For a while the carrier has only part of its capacity; cuts at the same time multiply."""
    yield env.timeout(event.at)
    carrier.cuts.append(event.factor)
    yield env.timeout(event.for_)
    carrier.cuts.remove(event.factor)
