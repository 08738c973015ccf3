"""What parts of a scenario must agree on: each check refuses in one line what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from sim.scenario.duration import format_duration
from sim.scenario.events import Event, PlannedLivestream, Presale, SupplierOutage
from sim.scenario.network import City, Warehouse
from sim.scenario.refusal import refuse

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

EARTH_KM = 6371.0
LONGEST_DAYS = 600
"""Of a horizon: the consumers' calendar ends after 728 days, and they may wait beyond the horizon."""


def check_consistent(scenario: Scenario) -> None:
    """Refuse a scenario whose parts contradict one another."""
    _check_horizon(scenario)
    _check_warm_up(scenario)
    _check_takeover(scenario)
    _check_events(scenario)
    _check_vans_find_homes(scenario)
    _check_goods_have_a_place(scenario)
    _check_real_orders_have_a_counterpart(scenario)


def _check_horizon(scenario: Scenario) -> None:
    if scenario.population.consumers and scenario.horizon > LONGEST_DAYS * 1440:
        found = format_duration(scenario.horizon)
        refuse("horizon", f"found {found}, allowed at most {LONGEST_DAYS} days where there are consumers")


def _check_warm_up(scenario: Scenario) -> None:
    if scenario.warm_up >= scenario.horizon:
        warm_up, horizon = format_duration(scenario.warm_up), format_duration(scenario.horizon)
        refuse("warm_up", f"found {warm_up}, allowed less than the horizon, {horizon}")


def _check_takeover(scenario: Scenario) -> None:
    early = scenario.policies.recommender.bootstrap
    if early and early.for_ >= scenario.horizon:
        found, horizon = format_duration(early.for_), format_duration(scenario.horizon)
        refuse("policies.recommender.bootstrap.for", f"found {found}, allowed less than the horizon, {horizon}")


def _check_events(scenario: Scenario) -> None:
    for number, event in enumerate(scenario.events):
        if event.at >= scenario.horizon:
            at, horizon = format_duration(event.at), format_duration(scenario.horizon)
            refuse(f"events.{number}.at", f"{at} lies beyond the horizon, {horizon}")
        if isinstance(event, SupplierOutage):
            _check_number(f"events.{number}.brand", event.brand, scenario.brands.count, "brands")
        if isinstance(event, PlannedLivestream):
            _check_number(f"events.{number}.creator", event.creator, scenario.creators.count, "creators")
    for first, second, what in _overlapping(scenario.events):
        refuse(f"events.{second}.at", f"begins before events.{first} is over: {what}")


def _check_number(where: str, number: int, count: int, what: str) -> None:
    if number >= count:
        refuse(where, f"found {number}, allowed 0 to {count - 1}" if count else f"found {number}, there are no {what}")


def _overlapping(events: tuple[Event, ...]) -> Iterator[tuple[int, int, str]]:
    """Yield pairs of events that need the same thing at the same time, and why that cannot be."""
    groups: dict[str, list[int]] = {}
    for number, event in enumerate(events):
        if isinstance(event, PlannedLivestream):
            groups.setdefault(f"creator {event.creator} has one room", []).append(number)
        if isinstance(event, Presale):
            groups.setdefault(f"an item such as {event.item!r} has one presale at a time", []).append(number)
    for what, numbers in groups.items():
        for first, second in pairwise(sorted(numbers, key=lambda number: (events[number].at, number))):
            if events[second].at < events[first].at + events[first].for_:
                yield first, second, what


def _check_vans_find_homes(scenario: Scenario) -> None:
    """Where the carrier takes nothing, each warehouse needs a city that its vans reach."""
    network = scenario.network
    if network.carrier.capacity_per_day or scenario.population.from_ or not scenario.population.consumers:
        return
    for number, warehouse in enumerate(network.warehouses):
        nearest = min(max(0.0, _km(warehouse, city) - city.radius_km) for city in network.cities)
        if nearest > network.vans.reach_km:
            why = f"its vans reach {network.vans.reach_km:g} km, the nearest homes are {nearest:.0f} km away"
            refuse(f"network.warehouses.{number}", f"{why}, and the carrier takes no parcels: no lane leads out")


def _check_goods_have_a_place(scenario: Scenario) -> None:
    for number, warehouse in enumerate(scenario.network.warehouses):
        if warehouse.depot_only and scenario.orders.handling is None:
            why = "merchants keep no goods here, and hand over from nowhere else"
            refuse(f"network.warehouses.{number}.depot_only", why, "Give orders.handling.")


def _check_real_orders_have_a_counterpart(scenario: Scenario) -> None:
    if scenario.real is not None and scenario.record == "off":
        refuse("record", "found 'off', the orders are needed to hold them against real ones", "Leave real out.")


def _km(warehouse: Warehouse, city: City) -> float:
    """Return the great-circle distance between a warehouse and a city's centre."""
    a, b = radians(warehouse.latitude), radians(city.latitude)
    across = radians(city.longitude - warehouse.longitude)
    chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(across / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))
