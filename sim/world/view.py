"""The catalogue as recommenders see it: read-only copies of what is public."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.schema.clock import TICKS_PER_MINUTE
from sim.schema.recommending import CatalogueView
from sim.world.world import World


def catalogue_view(world: World) -> CatalogueView:
    """Return what is listed, and who the consumers are as far as the platform knows."""
    cast, truth = world.cast, world.truth
    offers, contents, consumers = truth.offers, truth.contents, truth.consumers
    return CatalogueView(
        n_consumers=len(consumers),
        kind=_copy(contents["kind"], np.int8),
        offer=_copy(contents["offer"], np.int32),
        creator=_copy(contents["creator"], np.int32),
        listed=_copy(contents["listed"] / TICKS_PER_MINUTE, np.float64),
        sku=_copy(offers["sku"], np.int32),
        merchant=_copy(offers["merchant"], np.int32),
        category=_copy(offers["category"], np.int32),
        brand=_copy(cast.sku_brand[offers["sku"]], np.int32),
        list_price=_copy(offers["list_price"], np.int64),
        unit_cost=_copy(offers["unit_cost"], np.int64),
        commission=_copy(cast.offer_commission, np.float64),
        segment=_copy(consumers["segment"], np.int32),
        region=_copy(consumers["region"], np.int32),
        names=cast.content_name,
        text=cast.offer_text,
        tags=cast.offer_tags,
    )


def _copy(column: NDArray[Any], kind: type[np.generic]) -> NDArray[Any]:
    copy = np.array(column, kind, order="C")
    copy.flags.writeable = False
    return copy
