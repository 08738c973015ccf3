"""Is a slate well formed, and may each content be shown where it was put?  Compiled: asked for every page."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.schema.compiled import allocating, compiled, inner
from sim.schema.kinds import ContentKind, Surface
from sim.schema.recommending import Bool, CatalogueView, Float, Int, PageRequests

_FEED = int(Surface.FEED)
_SEARCH = int(Surface.SEARCH)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the rules need of the catalogue: the category of each offer (-1: no offer), listing times."""

    category: Int
    listed: Float

    @classmethod
    def of(cls, catalogue: CatalogueView) -> "Shelf":
        """Read the catalogue once."""
        category = np.full(catalogue.n_contents, -1, np.int32)
        offers = catalogue.kind == ContentKind.OFFER
        category[offers] = catalogue.category[catalogue.offer[offers]]
        return cls(category, np.ascontiguousarray(catalogue.listed))

    def inspect(self, content: NDArray[np.int32], requests: PageRequests) -> tuple[Int, Bool, int, int]:
        """Return (slates to serve, malformed rows, their number, number of places emptied).

        A row is malformed where an id does not exist or repeats.  A place is emptied where mall or search
        hold no offer, search an offer of another category, or any surface what is not listed yet.
        """
        checked: tuple[Int, Bool, int, int] = _inspect(
            content, self.category, self.listed, requests.surface, requests.query, requests.minute
        )
        return checked


@compiled
def unnumbered(values, content, bad):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    """Mark in ``bad`` the rows where a filled place has NaN for its score; return how many are new."""
    found = 0
    for i in range(len(bad)):
        for j in range(content.shape[1]):
            if content[i, j] >= 0 and not bad[i] and np.isnan(values[i, j]):
                bad[i] = True
                found += 1
    return found


@allocating
def _inspect(content, category, listed, surface, query, minute):  # type: ignore[no-untyped-def]  # as above
    n, k = content.shape
    out = np.empty((n, k), np.int32)
    bad = np.zeros(n, np.bool_)
    n_bad = 0
    emptied = 0
    for i in range(n):
        if _malformed(content[i], len(category)):
            bad[i] = True
            n_bad += 1
            out[i, :] = -1
            continue
        for j in range(k):
            c = content[i, j]
            out[i, j] = c
            if c >= 0 and (listed[c] > minute[i] or not _belongs(category[c], surface[i], query[i])):
                out[i, j] = -1
                emptied += 1
    return out, bad, n_bad, emptied


@inner
def _malformed(row, n_contents):  # type: ignore[no-untyped-def]  # as above
    for j in range(len(row)):
        if row[j] < -1 or row[j] >= n_contents:
            return True
        if row[j] >= 0:
            for earlier in range(j):
                if row[earlier] == row[j]:
                    return True
    return False


@inner
def _belongs(category, surface, query):  # type: ignore[no-untyped-def]  # as above
    if surface == _FEED:
        return True
    return category >= 0 and (surface != _SEARCH or category == query)
