"""Stops, the routing problem of a wave, and the rounds of a plan."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.processes.parcel import Parcel
from sim.processes.vans import Round
from sim.schema.driving import RoutingProblem
from sim.world.geography import metres_between
from sim.world.world import World

Stop = list[Parcel]
Long = NDArray[np.int64]
Float = NDArray[np.float64]


def stops_of(parcels: Sequence[Parcel]) -> list[Stop]:
    """Return one stop per home, in order of the first parcel for it."""
    homes: dict[int, Stop] = {}
    for parcel in parcels:
        homes.setdefault(parcel.consumer, []).append(parcel)
    return list(homes.values())


def routing_problem(world: World, node: int, stops: Sequence[Stop], vans: int) -> RoutingProblem:
    """Return the problem of a depot's wave, in whole metres, seconds, grams and millilitres."""
    fleet = world.scenario.network.vans
    latitude, longitude = _places(world, node, stops)
    distance, duration = _roads(world, metres_between(latitude[:, None], longitude[:, None], latitude, longitude))
    weight, volume = _loads(stops)
    return RoutingProblem(
        distance=distance,
        duration=duration,
        service=np.full(len(stops), round(float(fleet.stop_seconds)), np.int64),
        weight=weight,
        volume=volume,
        vans=vans,
        weight_capacity=round(fleet.weight_kg * 1000),
        volume_capacity=round(fleet.volume_litres * 1000),
        shift=round(fleet.shift * 60),
    )


def servable(world: World, node: int, stops: Sequence[Stop]) -> NDArray[np.bool_]:
    """Tell which stops a van could serve if it had nothing else to do."""
    fleet = world.scenario.network.vans
    latitude, longitude = _places(world, node, stops)
    _, duration = _roads(world, metres_between(latitude[0], longitude[0], latitude[1:], longitude[1:]))
    weight, volume = _loads(stops)
    light = (weight <= round(fleet.weight_kg * 1000)) & (volume <= round(fleet.volume_litres * 1000))
    return np.asarray(light & (2 * duration + round(float(fleet.stop_seconds)) <= round(fleet.shift * 60)))


def round_of(problem: RoutingProblem, node: int, stops: Sequence[Stop], route: Sequence[int]) -> Round:
    """Return a planned route as what a van does."""
    order = np.array(route)
    rows = np.concatenate(([0], order + 1, [0]))
    legs = (rows[:-1], rows[1:])
    seconds = problem.duration[legs]
    seconds[:-1] += problem.service[order]
    return Round(node, [stops[i] for i in route], seconds.tolist(), int(problem.distance[legs].sum()))


def _places(world: World, node: int, stops: Sequence[Stop]) -> tuple[Float, Float]:
    """Return latitudes and longitudes, the depot's first."""
    homes = world.truth.consumers[[stop[0].consumer for stop in stops]]
    latitude = np.append(world.cast.node_latitude[node], homes["latitude"])
    return latitude, np.append(world.cast.node_longitude[node], homes["longitude"])


def _roads(world: World, straight: Float) -> tuple[Long, Long]:
    """Return metres and seconds on the road for distances as the crow flies."""
    fleet = world.scenario.network.vans
    road = np.rint(straight * float(fleet.road_factor))
    return road.astype(np.int64), np.rint(road * 3.6 / float(fleet.speed_kmh)).astype(np.int64)


def _loads(stops: Sequence[Stop]) -> tuple[Long, Long]:
    """Return grams and millilitres per stop."""
    grams = [sum(parcel.grams for parcel in stop) for stop in stops]
    millilitres = [sum(parcel.millilitres for parcel in stop) for stop in stops]
    return np.array(grams, np.int64), np.array(millilitres, np.int64)
