"""The order book as a table that stands alone: instants in minutes, money in cents, ids with their names."""

import numpy as np
import pyarrow as pa

from sim.record.columns import flags, ids, instants, names, numbers, words
from sim.schema.kinds import Surface
from sim.world.orders import STEPS, By, Status
from sim.world.state import Rows
from sim.world.world import World

INSTANTS = ("placed", "pays_at", *STEPS, "promised", "ship_by")


def order_table(world: World) -> pa.Table:
    """Return every order line ever placed, warm-up included.

    Columns ``<who>_id`` hold dense ids, ``<who>`` stable names; what has not happened, and nobody, is null.
    ``match`` and ``surplus`` are latent truth that no policy saw.
    """
    rows = world.orders.rows
    return pa.table(
        {
            "order": numbers(np.arange(len(rows))),
            **_buyer(world, rows),
            **_goods(world, rows),
            **{name: instants(rows[name]) for name in INSTANTS},
            **_way(world, rows),
        }
    )


def _buyer(world: World, rows: Rows) -> dict[str, pa.Array]:
    known = rows["consumer"] >= 0
    segment, region = np.full((2, len(rows)), -1, np.int32)
    consumers, whom = world.truth.consumers, rows["consumer"][known]
    segment[known], region[known] = consumers["segment"][whom], consumers["region"][whom]
    return {
        "consumer_id": ids(rows["consumer"]),
        "consumer": names(rows["consumer"], world.cast.consumer_name, "consumer"),
        "segment": names(segment, [part.name for part in world.scenario.population.segments]),
        "city": names(region, [city.name for city in world.scenario.network.cities]),
        "session": numbers(rows["session"]),
        "number": numbers(rows["number"]),
        "surface": words(rows["surface"], Surface),
    }


def _goods(world: World, rows: Rows) -> dict[str, pa.Array]:
    cast, offers, offer = world.cast, world.truth.offers, rows["offer"]
    sku, category, merchant = (offers[name][offer] for name in ("sku", "category", "merchant"))
    return {
        "offer_id": ids(offer),
        "sku": names(sku, cast.sku_name),
        "category": names(category, cast.categories),
        "brand_id": ids(cast.sku_brand[sku]),
        "merchant_id": ids(merchant),
        "merchant": names(merchant, cast.merchant_name),
        "content_id": ids(rows["content"]),
        "content": names(rows["content"], cast.content_name),
        "creator_id": ids(rows["creator"]),
        "creator": names(rows["creator"], cast.creator_name),
        "slot": ids(rows["slot"]),
        "price": numbers(rows["price"]),
        "units": numbers(rows["units"]),
        "coupon": numbers(rows["coupon"]),
        "touch_id": ids(rows["touch"]),
        "touch": names(rows["touch"], cast.content_name),
        "short": numbers(rows["short"]),
        "substitute": flags(rows["substitute"]),
        "retried": flags(rows["retried"]),
        "match": numbers(rows["match"]),
        "surplus": numbers(rows["surplus"]),
    }


def _way(world: World, rows: Rows) -> dict[str, pa.Array]:
    return {
        "status": words(rows["status"], Status),
        "by": words(rows["by"], By),
        "parcel": ids(rows["parcel"]),
        "key": ids(rows["key"]),
        "node_id": ids(rows["node"]),
        "node": names(rows["node"], world.cast.node_name),
        "distance": numbers(rows["distance"]),
        "stars": pa.array(rows["stars"], mask=rows["stars"] == 0),
        "returned_units": numbers(np.maximum(rows["returned_units"], 0)),
    }
