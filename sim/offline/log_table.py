"""A log of what users did with items, read from a table or from a run's folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.offline.log_columns import acts, check, first_page, from_zero, minutes, propensities
from sim.schema.kinds import Act
from sim.world.inputs import Input
from sim.world.table import Names, Table, open_table

Int = NDArray[np.int32]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

NEEDS = ("user", "item", "time")
MAY = ("rating", "act", "clicked", "surface", "page", "position", "propensity", "text", "category", "price")
COLUMNS = (*NEEDS, *MAY)
MINUTES_PER_DAY = 1440
OF_A_RUN = {"user": "consumer", "item": "content"}


@dataclass(frozen=True, slots=True)
class LogTable:
    """Rows in order of time, ties as they stood in the table; users and items by dense ids.

    Attributes
    ----------
    users, items : tuple of str
    user, item : int32[n]
    minute : float64[n]
        Since the midnight before the first row.
    act : int8[n]
        `Act`: what the table says; CLICK or IMPRESSION by ``clicked``; else CLICK.
    marked : bool
        Whether a click is the look itself, marked (``clicked``), and not a row beside it.
    rating : float64[n] or None
    position : int32[n] or None
        Places of a page, from 0; `UNKNOWN` where a row lacks it.
    propensity : float64[n] or None
        With which the item was shown there; NaN where a row lacks it.
    first_page : bool[n]
        Rows of a first page of the feed, as far as the table tells.
    text, category : tuple of str or None
        Of each item.
    price : float64[n_items] or None
    """

    name: str
    users: tuple[str, ...]
    items: tuple[str, ...]
    user: Int
    item: Int
    minute: Float
    act: NDArray[np.int8]
    marked: bool
    rating: Float | None
    position: Int | None
    propensity: Float | None
    first_page: Bool
    text: tuple[str, ...] | None
    category: tuple[str, ...] | None
    price: Float | None

    def __len__(self) -> int:
        return len(self.user)

    @property
    def looks(self) -> Bool:
        """Which rows are of things shown, whatever came of it."""
        return np.asarray(self.act == Act.IMPRESSION)


def log_table(path: Path, columns: Mapping[str, str]) -> LogTable:
    """Read a CSV or Parquet table, or the acts that a run's folder keeps (``record: sampled`` or ``full``).

    Columns ``user``, ``item``, ``time`` (a date with a time, or a number: see `UNITS`); where there are any ``rating``,
    ``act`` (as a run's record names them), ``clicked`` (1: the user did; the row is a look in any case), ``surface``,
    ``page`` and ``position`` (both from 1, or from 0 where one is 0), ``propensity``, and ``text``, ``category``,
    ``price`` of the item.

    Raises
    ------
    ScenarioError
        Where it is no such log; a row that stands twice, a single user or a single item among it.
    """
    name = path.name
    if path.is_dir():
        path, columns = _acts_of(path), {**OF_A_RUN, **columns}
    table = open_table(Input.at(path, str(path), columns), NEEDS, MAY)
    user, item = table.every_name("user"), table.every_name("item")
    minute = minutes(table)
    order = np.argsort(minute, kind="stable")
    act = acts(table)
    check(table, user, item, minute, act)
    return LogTable(
        name=name,
        users=user.known,
        items=item.known,
        user=user.code[order],
        item=item.code[order],
        minute=minute[order] - MINUTES_PER_DAY * (minute.min() // MINUTES_PER_DAY),
        act=act[order],
        marked="act" not in table.its,
        rating=_sorted(table.numbers("rating", -1e9, 1e9), order),
        position=_sorted(from_zero(table, "position"), order),
        propensity=_sorted(propensities(table), order),
        first_page=first_page(table)[order],
        text=_of_items(table.texts("text"), item),
        category=_of_items(table.names("category"), item),
        price=_prices(table, item),
    )


def _acts_of(folder: Path) -> Path:
    """Return where the first replication of a run keeps what consumers did."""
    kept = sorted((folder / "events" / "acts").glob("*.parquet"))
    if not kept:
        hint = "Run it with --set record=sampled."
        raise ScenarioError(str(folder), "no run that kept what consumers did (events/acts)", hint)
    return kept[0]


def _sorted(values: Any, order: NDArray[np.int64]) -> Any:
    return None if values is None else values[order]


def _of_items(found: Names | None, item: Names) -> tuple[str, ...] | None:
    """Return what the first row of each item says about it."""
    if found is None:
        return None
    known = (*found.known, "")
    first = _first_rows(item)
    return tuple(known[code] for code in found.code[first].tolist())


def _prices(table: Table, item: Names) -> Float | None:
    found = table.numbers("price", 0.0, 1e9)
    return None if found is None else np.nan_to_num(found[_first_rows(item)])


def _first_rows(item: Names) -> NDArray[np.int64]:
    return np.unique(item.code, return_index=True)[1]
