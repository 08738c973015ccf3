"""Where real consumers and merchants live, as tables tell it."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.scenario.scenario import Scenario
from sim.world.groups import first_per_group
from sim.world.guess import guess
from sim.world.inputs import Input, input_of, read_only
from sim.world.table import Names, Table, open_table

Int = NDArray[np.int32]
Float = NDArray[np.float64]

PLACE = ("latitude", "longitude")
MOST_MISSING = 0.05
"""Rows without a place are left out up to this share of the table; beyond it the table is refused."""


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """Names and where they are, degrees; one row each, the first that the table has.

    Attributes
    ----------
    homeless : tuple of str
        Names whose rows all lack a place.
    notes : tuple of str
        What a reader of the results should know about the table.
    """

    names: tuple[str, ...]
    latitude: Float
    longitude: Float
    homeless: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HomeTable(PlaceTable):
    """Consumers' homes; ``segment`` is int32[n], -1 = the table does not say, or None: it has no such column."""

    segment: Int | None


def read_homes(scenario: Scenario) -> HomeTable | None:
    """Return the consumers' table; None where they are generated."""
    source = input_of(scenario, "population", scenario.population)
    segments = tuple(segment.name for segment in scenario.population.segments)
    return None if source is None else _read_homes(source, segments)


def read_places(scenario: Scenario) -> PlaceTable | None:
    """Return the merchants' table; None where they are generated, or named by the catalogue's."""
    source = input_of(scenario, "merchants", scenario.merchants)
    return None if source is None else _read_places(source)


@lru_cache(maxsize=4)
def _read_homes(source: Input, segments: tuple[str, ...]) -> HomeTable:
    table = open_table(source, ("consumer", *PLACE), ("segment",))
    places, row = _places(table, "consumer")
    segment = table.names("segment")
    own = None if segment is None else _segments(table, segment, segments)[row]
    return read_only(HomeTable(places.names, places.latitude, places.longitude, places.homeless, places.notes, own))


@lru_cache(maxsize=4)
def _read_places(source: Input) -> PlaceTable:
    table = open_table(source, ("merchant", *PLACE), ())
    places, _ = _places(table, "merchant")
    note = f"{table.where}: {len(places.homeless)} merchants have no place at all; theirs is drawn"
    return read_only(replace(places, notes=(*places.notes, note) if places.homeless else places.notes))


def _places(table: Table, name: str) -> tuple[PlaceTable, Int]:
    """Return where everybody is, and the row that says so."""
    who = table.every_name(name)
    latitude, longitude = table.numbers("latitude", -90.0, 90.0), table.numbers("longitude", -180.0, 180.0)
    assert latitude is not None  # the table was opened for them
    assert longitude is not None
    lost = np.isnan(latitude) | np.isnan(longitude)
    if lost.mean() > MOST_MISSING:
        why = f"{lost.sum():,} of {len(table):,} rows have no place, allowed {MOST_MISSING:.0%}"
        raise ScenarioError(table.where, why, f"The first is row {int(np.argmax(lost)) + 1}.")
    numbered = np.where(lost, -1, np.arange(len(table))).astype(np.int32)
    row = first_per_group(who.code, numbered, len(who.known))
    placed = row >= 0
    named, homeless = (tuple(who.known[i] for i in np.flatnonzero(those).tolist()) for those in (placed, ~placed))
    note = f"{table.where}: {lost.sum():,} of {len(table):,} rows have no place and were left out"
    row = row[placed]
    return PlaceTable(named, latitude[row], longitude[row], homeless, (note,) if lost.any() else ()), row


def _segments(table: Table, segment: Names, known: tuple[str, ...]) -> Int:
    """Return the scenario's segment per row, -1 where the table says none."""
    for number, name in enumerate(segment.known):
        if name not in known:
            row = int(np.argmax(segment.code == number))
            raise table.wrong("segment", f"the scenario has no segment {name!r}", row, guess(name, known))
    own = np.array([*map(known.index, segment.known), -1], np.int32)
    return np.asarray(own[segment.code])
