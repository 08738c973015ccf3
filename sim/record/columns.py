"""Arrow columns made from the world's: what is not there is null, instants are minutes, ids get their names."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.schema.clock import TICKS_PER_MINUTE

Numbers = NDArray[Any]


def instants(ticks: Numbers) -> pa.Array:
    """Return instants as minutes since the scenario's start (exact); -1 becomes null."""
    return pa.array(ticks / TICKS_PER_MINUTE, pa.float64(), mask=ticks < 0)


def spans(ticks: Numbers) -> pa.Array:
    """Return lengths of time as minutes (exact)."""
    return pa.array(ticks / TICKS_PER_MINUTE, pa.float64())


def ids(numbers: Numbers) -> pa.Array:
    """Return dense ids; -1 becomes null."""
    return pa.array(np.ascontiguousarray(numbers), mask=numbers < 0)


def numbers(values: Numbers) -> pa.Array:
    """Return numbers as they are; NaN becomes null."""
    missing = np.isnan(values) if values.dtype.kind == "f" else None
    return pa.array(np.ascontiguousarray(values), mask=missing)


def flags(values: Numbers) -> pa.Array:
    """Return 0 and 1 as booleans."""
    return pa.array(values.astype(bool))


def names(codes: Numbers, known: Sequence[str], prefix: str = "") -> pa.DictionaryArray:
    """Return the name of each code, of those that occur; ``prefix``-code where nobody is named; -1 becomes null."""
    somebody = codes >= 0
    occurs = np.zeros(int(codes.max(initial=-1)) + 1, np.bool_)
    occurs[codes[somebody]] = True
    place = np.cumsum(occurs, dtype=np.int32) - 1
    index = np.zeros(len(codes), np.int32)
    index[somebody] = place[codes[somebody]]
    words = [known[code] if known else f"{prefix}-{code}" for code in np.flatnonzero(occurs).tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=~somebody), pa.array(words, pa.string()))


def words(codes: Numbers, vocabulary: type[IntEnum]) -> pa.DictionaryArray:
    """Return the word of each code of a vocabulary, in small letters; -1 becomes null."""
    return names(codes, [word.name.lower() for word in vocabulary])
