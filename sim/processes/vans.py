"""A van drives its round and comes back."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import simpy

from sim.processes.delivery import Door
from sim.processes.parcel import Parcel
from sim.processes.payment import merchants
from sim.processes.scene import Scene
from sim.schema.clock import on_grid
from sim.world.money import split


@dataclass(frozen=True, slots=True)
class Round:
    """A planned round from a depot.

    Attributes
    ----------
    stops : list of list of Parcel
        In order of driving.
    seconds : list of int
        From the end of the stop before (or the depot) to the end of each stop; last, the way back.
    metres : int
        Depot to depot.
    """

    node: int
    stops: list[list[Parcel]]
    seconds: list[int]
    metres: int

    @property
    def parcels(self) -> list[Parcel]:
        """All parcels on board at the start."""
        return [parcel for stop in self.stops for parcel in stop]


def drive(
    scene: Scene, van: simpy.resources.resource.Request, planned: Round, door: Door
) -> Generator[simpy.Event, None, None]:
    """Drive from stop to stop, hand over at each, and give the van back at the depot."""
    for stop, seconds in zip(planned.stops, planned.seconds[:-1], strict=True):
        yield scene.env.timeout(on_grid(seconds / 60.0))
        for parcel in stop:
            door.deliver(parcel.lines)
    yield scene.env.timeout(on_grid(planned.seconds[-1] / 60.0))
    van.resource.release(van)


def charge(scene: Scene, planned: Round) -> None:
    """The merchants pay the warehouse's operator for the round, each parcel and each of its lines alike."""
    vans = scene.world.scenario.network.vans
    per_km, per_hour = float(vans.cost_per_km), float(vans.cost_per_hour)
    cents = round(100 * (per_km * planned.metres / 1000 + per_hour * sum(planned.seconds) / 3600))
    parcels = planned.parcels
    shares = [split(int(part), len(p.lines)) for part, p in zip(split(cents, len(parcels)), parcels, strict=True)]
    payers = merchants(scene.world, np.array([line for parcel in parcels for line in parcel.lines]))
    scene.world.money.post("cost_last_mile", "merchants", "operators", np.concatenate(shares), payers, planned.node)
