"""Scenarios for tests of the world, and what tells one world from another."""

from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from sim.scenario.scenario import Scenario
from sim.world.streams import Stream, streams
from sim.world.world import World

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SMALL = {
    "population": {"consumers": 300},
    "catalogue": {"items": 60},
    "merchants": {"count": 12},
    "creators": {"count": 5},
}


def scenario(tables: dict[str, Path] | None = None, **parts: Any) -> Scenario:
    """Return a small scenario; parts are given as in YAML, tables by their key and place."""
    made = Scenario.model_validate({"name": "small", **SMALL, **parts})
    made._inputs.update(tables or {})
    return made


def stream(seed: int = 1) -> Stream:
    """Return the streams of a replication."""
    return streams(seed, 0)


def fingerprint(world: World) -> str:
    """Return a digest of all that is true in a world."""
    digest = blake2b(digest_size=16)
    arrays = [*world.truth, *(getattr(world.stock, name) for name in ("owner", "sku", "node", "offer", "on_hand"))]
    for column in fields(world.cast):
        value = getattr(world.cast, column.name)
        if isinstance(value, np.ndarray):
            arrays.append(value)
        else:
            digest.update(repr(value).encode())
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(str(world.key).encode())
    return digest.hexdigest()
