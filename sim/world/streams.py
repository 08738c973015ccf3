"""Randomness for the world's processes, asked for by purpose: never "the next number"."""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b

import numpy as np

Stream = Callable[..., np.random.Generator]


def streams(seed: int, replication: int) -> Stream:
    """Return ``stream(purpose, *ids)``: one generator per purpose and ids, the same in every policy arm."""

    @cache  # the second call must continue the stream, not restart it
    def stream(purpose: str, *ids: int) -> np.random.Generator:
        name = np.frombuffer(_digest(f"{purpose}/{'/'.join(map(str, ids))}"), "<u4")
        key = (replication, *map(int, name))
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))

    return stream


def key64(seed: int, replication: int, purpose: str) -> int:
    """Return the 64-bit root of all keyed draws for ``purpose``."""
    return int.from_bytes(_digest(f"{seed}/{replication}/{purpose}")[:8], "little")


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()
