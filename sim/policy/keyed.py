"""A policy's own randomness: keyed by the request, so that a batch answers what its rows would one by one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.compiled import allocating
from sim.schema.draws import extend, uniform


@dataclass(frozen=True, slots=True)
class KeyedRng:
    """Uniform numbers as a pure function of (policy key, request, what).

    Parameters
    ----------
    key : int
        64 bits, from the scenario's seed, the replication and the seam's name.
    """

    key: int

    def uniform(self, session: NDArray[np.int64], page: NDArray[np.int32], what: int) -> NDArray[np.float64]:
        """Return one number in (0, 1) per request for each of ``what`` things, shape (n, what)."""
        drawn: NDArray[np.float64] = _table(np.uint64(self.key), session, page, what)
        return drawn

    def generator(self, *purpose: int) -> np.random.Generator:
        """Return a sequential generator for a fit, named by integers (a fit's minute, say)."""
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(self.key, spawn_key=purpose)))


@allocating
def _table(key, session, page, what):
    out = np.empty((len(session), what), np.float64)
    for i in range(len(session)):
        row = extend(key, np.uint64(session[i]))
        for j in range(what):
            out[i, j] = uniform(row, page[i], j)
    return out
