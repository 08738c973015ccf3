"""Which contents go together: cosine over the consumers who acted on both."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._counts import WEIGHT
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import BehaviourLog, Int, Single

Long = NDArray[np.int64]

LONGEST = 200
"""Contents per consumer that count as acted on together: bounds the work that a few heavy users cause."""
BLOCK = 1024
"""Contents whose co-occurrence is held in memory at once."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of different lengths: list i is ``member[start[i]:start[i + 1]]``."""

    start: Long
    member: Int


def baskets(log: BehaviourLog, n_consumers: int, n_contents: int) -> Lists:
    """Return what each consumer acted on: distinct, newest first, `LONGEST` at most.

    Clicks, carts and orders count.  Who orders through a video has acted on the video and on the offer it names.
    """
    newest_first = np.flatnonzero(np.isin(log.act, list(WEIGHT)))[::-1]
    consumer, content, offer = (a[newest_first] for a in (log.consumer, log.content, log.offer))
    return Lists(*_baskets(consumer, content, offer, n_consumers, n_contents, LONGEST))


def neighbours(held: Lists, n_contents: int, most: int, shrinkage: float) -> tuple[Lists, Single]:
    """Return the nearest ``most`` contents of each, and their similarities, nearest first.

    ``similarity = both / (sqrt(one * other) + shrinkage)``, counts of consumers; ties go to the smaller id.
    """
    from scipy.sparse import csr_matrix

    shape = (len(held.start) - 1, n_contents)
    matrix = csr_matrix((np.ones(len(held.member), np.int32), held.member, held.start), shape)
    holders = matrix.T.tocsr()
    size = np.diff(holders.indptr)
    ids, values, counts = [], [], []
    for begin in range(0, n_contents, BLOCK):
        both: Any = holders[begin : begin + BLOCK] @ matrix
        found = _nearest(begin, both.indptr, both.indices, both.data, size, most, shrinkage)
        kept = found[0] >= 0
        ids.append(found[0][kept])
        values.append(found[1][kept])
        counts.append(kept.sum(axis=1))
    start = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.int64)
    return Lists(start, np.concatenate(ids)), np.concatenate(values)


@allocating
def _baskets(consumer, content, offer, n_consumers, n_contents, most):  # type: ignore[no-untyped-def]  # numba
    rows = np.zeros(n_consumers + 1, np.int64)
    for u in consumer:
        rows[u + 1] += 1
    first = np.cumsum(rows)
    fill = first[:-1].copy()
    order = np.empty(len(consumer), np.int64)
    for row in range(len(consumer)):
        order[fill[consumer[row]]] = row
        fill[consumer[row]] += 1
    start = np.zeros(n_consumers + 1, np.int64)
    member = np.empty(2 * len(consumer), np.int32)
    last = np.full(n_contents, -1, np.int64)
    at = 0
    for u in range(n_consumers):
        for row in order[first[u] : first[u + 1]]:
            for c in (content[row], offer[row]):
                if c >= 0 and last[c] != u and at - start[u] < most:
                    last[c] = u
                    member[at] = c
                    at += 1
        start[u + 1] = at
    return start, member[:at].copy()


@allocating
def _nearest(begin, start, member, both, size, most, shrinkage):  # type: ignore[no-untyped-def]  # as above
    n = len(start) - 1
    ids = np.full((n, most), -1, np.int32)
    values = np.zeros((n, most), np.float32)
    for i in range(n):
        held = 0
        for at in range(start[i], start[i + 1]):
            other = member[at]
            if other == begin + i:
                continue
            value = np.float32(both[at] / (np.sqrt(size[begin + i] * float(size[other])) + shrinkage))
            held = insert(ids[i], values[i], held, other, value)
    return ids, values


@inner
def insert(ids, values, held, new, value):  # type: ignore[no-untyped-def]  # as above
    """Put (new, value) into a descending list with room for ``len(ids)``; return how many it now holds."""
    at = held
    while at > 0 and (values[at - 1] < value or (values[at - 1] == value and ids[at - 1] > new)):
        at -= 1
    if at == len(ids):
        return held
    held = min(held + 1, len(ids))
    for j in range(held - 1, at, -1):
        ids[j], values[j] = ids[j - 1], values[j - 1]
    ids[at], values[at] = new, value
    return held
