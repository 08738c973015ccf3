"""Which tables of events a replication leaves at which record level, and each of them as a table that stands alone."""

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.record.columns import Numbers, flags, ids, instants, names, numbers, spans, words
from sim.record.order_table import order_table
from sim.record.replication import Replication
from sim.record.rows import KINDS, Column, Kind
from sim.record.word_tables import comment_table, review_table
from sim.schema.kinds import Act, Surface
from sim.world.state import Rows
from sim.world.world import World

Maker = Callable[[Numbers], pa.Array]
Level = Literal["off", "orders", "sampled", "full"]
WHOSE_ACTS = b"acts_of"
"""Key of the metadata of a table of acts: ``logged`` consumers or ``all``."""


def kinds_at(level: Level) -> tuple[str, ...]:
    """Return the kinds of events that a record level keeps."""
    if level == "off":
        return ()
    kept = ("orders", "comments", "reviews", *KINDS)
    return kept if level == "orders" else (*kept, "acts", "slates")


def event_tables(replication: Replication, level: Level) -> Iterator[tuple[str, pa.Table]]:
    """Yield kind and table, one after the other."""
    for name in kinds_at(level):
        if name in KINDS:
            yield name, _of_kind(replication.world, KINDS[name], replication.tables[name])
        elif name == "orders":
            yield name, order_table(replication.world)
        elif name == "comments":
            yield name, comment_table(replication.world, replication.acts)
        elif name == "reviews":
            yield name, review_table(replication.world)
        elif name == "acts":
            yield name, act_table(replication, everybody=level == "full")
        else:
            yield name, slate_table(replication)


def act_table(replication: Replication, everybody: bool) -> pa.Table:
    """Return the behaviour log of all consumers, or of those whose impressions are logged.

    A row per act (`Act`): examined places, clicks, carts, orders, likes, comments, follows, shares, stockouts, and
    after delivery ratings and returns.  What a comment says is in ``comments``, what a review says in ``reviews``.
    """
    world, rows = replication.world, replication.acts
    if not everybody:
        rows = rows[world.truth.consumers["logged"][rows["consumer"]] == 1]
    table = pa.table(
        {
            "time": instants(rows["time"]),
            **_session(world, rows),
            "act": words(rows["act"], Act),
            "page": ids(rows["page"]),
            "position": ids(rows["position"]),
            "content_id": ids(rows["content"]),
            "content": names(rows["content"], world.cast.content_name),
            "offer_id": ids(rows["offer"]),
            "value": numbers(rows["value"]),
            "propensity": numbers(rows["propensity"]),
        }
    )
    return table.replace_schema_metadata({WHOSE_ACTS: "all" if everybody else "logged"})


def slate_table(replication: Replication) -> pa.Table:
    """Return what was served to consumers whose impressions are logged, a row per filled place."""
    world, slates = replication.world, replication.slates
    page, position = np.nonzero(slates["content"] >= 0)
    rows, content = slates[page], slates["content"][page, position]
    return pa.table(
        {
            "time": instants(rows["time"]),
            **_session(world, rows),
            "page": numbers(rows["page"]),
            "position": numbers(position.astype(np.int32)),
            "content_id": ids(content),
            "content": names(content, world.cast.content_name),
        }
    )


def _session(world: World, rows: Rows) -> dict[str, pa.Array]:
    return {
        "session": numbers(rows["session"]),
        "consumer_id": ids(rows["consumer"]),
        "consumer": names(rows["consumer"], world.cast.consumer_name, "consumer"),
        "surface": words(rows["surface"], Surface),
    }


def _of_kind(world: World, kind: Kind, frame: pd.DataFrame) -> pa.Table:
    cast = world.cast
    named = {
        "node": cast.node_name,
        "offer": cast.content_name,
        "content": cast.content_name,
        "merchant": cast.merchant_name,
        "creator": cast.creator_name,
    }
    columns: dict[str, pa.Array] = {}
    for column in kind.columns:
        values = frame[column.name]
        if column.name in named:
            columns[f"{column.name}_id"] = ids(values.to_numpy())
            columns[column.name] = names(values.to_numpy(), named[column.name])
        else:
            columns[column.name] = _arrow(column, values)
    return pa.table(columns)


def _arrow(column: Column, values: "pd.Series[int]") -> pa.Array:
    if column.words:
        code = {word: place for place, word in enumerate(column.words)}
        return names(values.map(code).to_numpy(np.int8), column.words)
    make: Maker = _MAKERS.get(column.unit, numbers)
    return make(values.to_numpy())


_MAKERS: dict[str, Maker] = {
    "ticks": instants,
    "span": spans,
    "id": ids,
    "order": ids,
    "flag": flags,
}
