"""What the columns of a log mean: times, acts, places of a page; a row that stands twice is none."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.schema.kinds import Act, Surface
from sim.world.table import Names, Table
from sim.world.table_times import every_microsecond

Int = NDArray[np.int32]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

MICROSECONDS_PER_MINUTE = 60_000_000
UNITS = ((1e8, 1.0), (1e11, 60.0), (1e14, 60_000.0), (1e17, 60_000_000.0))
"""Times given as numbers are minutes, seconds, milliseconds or microseconds: (up to where, units a minute)."""
UNKNOWN = -1
ACTS = {act.name.lower(): act for act in Act}
FEED = Surface.FEED.name.lower()


def minutes(table: Table) -> Float:
    """Return the times, minutes since 1970 or since a run's start."""
    kind = table.data.column(table.its["time"]).type
    try:
        found = table.numbers("time", 0.0, UNITS[-1][0])
    except ScenarioError:
        if pa.types.is_integer(kind) or pa.types.is_floating(kind):
            raise
        return every_microsecond(table, "time") / MICROSECONDS_PER_MINUTE
    assert found is not None  # the table was opened for it
    if np.isnan(found).any():
        raise table.wrong("time", "the value is missing", int(np.argmax(np.isnan(found))))
    middle = np.median(found)
    return np.asarray(found / next(units for most, units in UNITS if middle <= most))


def propensities(table: Table) -> Float | None:
    """Return with which probability each row was shown, NaN where it does not say; None without a column."""
    found = table.numbers("propensity", 0.0, 1.0)
    if found is not None and (found == 0).any():
        why = "found 0, allowed above 0 to 1: what was shown could be shown"
        raise table.wrong("propensity", why, int(np.argmax(found == 0)))
    return found


def from_zero(table: Table, name: str) -> Int | None:
    """Return places counted from 0, whether the table counts from 0 or from 1."""
    found = table.numbers(name, -1, 1e6)
    if found is None:
        return None
    known = ~np.isnan(found) & (found >= 0)
    first = found[known].min(initial=1) > 0
    return np.where(known, np.where(known, found, 0) - first, UNKNOWN).astype(np.int32)


def first_page(table: Table) -> Bool:
    """Return which rows are of a first page of the feed: elsewhere more was asked than a log tells."""
    page, surface = from_zero(table, "page"), table.names("surface")
    there = np.ones(len(table), np.bool_)
    if page is not None:
        there &= page == 0
    if surface is not None:
        known = np.array([*(word == FEED for word in surface.known), False])
        there &= known[surface.code]
    return there


def acts(table: Table) -> NDArray[np.int8]:
    """Return the `Act` of each row: as named, else a click or a look by ``clicked``, else a click."""
    n = len(table)
    named = table.names("act")
    if named is not None:
        codes = np.full(len(named.known) + 1, -1, np.int8)
        for number, word in enumerate(named.known):
            if word not in ACTS:
                row = int(np.argmax(named.code == number))
                raise table.wrong("act", f"found {word!r}, allowed {', '.join(ACTS)}", row)
            codes[number] = ACTS[word]
        if (named.code < 0).any():
            raise table.wrong("act", "the value is missing", int(np.argmax(named.code < 0)))
        return codes[named.code]
    clicked = table.numbers("clicked", 0, 1)
    if clicked is None:
        return np.full(n, Act.CLICK, np.int8)
    if np.isnan(clicked).any():
        raise table.wrong("clicked", "the value is missing", int(np.argmax(np.isnan(clicked))))
    return np.where(clicked > 0, Act.CLICK, Act.IMPRESSION).astype(np.int8)


def check(table: Table, user: Names, item: Names, minute: Float, act: NDArray[np.int8]) -> None:
    """Refuse a log of one user or one item, and a row that stands twice."""
    for name, names in (("user", user), ("item", item)):
        if len(names.known) < 2:
            raise table.wrong(name, f"there is but one, {names.known[0]!r}: nothing can be ranked or compared")
    order = np.lexsort((act, minute, item.code, user.code))
    rows = np.column_stack((user.code, item.code, act))[order]
    same = (np.diff(rows, axis=0) == 0).all(axis=1) & (np.diff(minute[order]) == 0)
    if same.any():
        first, second = sorted(order[int(np.argmax(same)) :][:2].tolist())
        who, what = user.known[user.code[second]], item.known[item.code[second]]
        why = f"user {who!r}, item {what!r} and the time are those of row {first + 1}: the row stands twice"
        raise table.wrong("time", why, second)
