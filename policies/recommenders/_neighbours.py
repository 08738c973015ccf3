"""Which things go together: cosine over the features that both have, such as the consumers who acted on both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._best import content_of, drop, keep, key_of
from policies.recommenders._counts import WEIGHT
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import BehaviourLog, Int, Single

Long = NDArray[np.int64]
Double = NDArray[np.float64]

LONGEST = 200
"""Contents per consumer that count as acted on together: bounds the work that a few heavy users cause."""
BLOCK = 4096
"""Things whose neighbours are found in one call: bounds the memory for lists not yet cut to their length."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of different lengths: list i is ``member[start[i]:start[i + 1]]``."""

    start: Long
    member: Int

    @property
    def owner(self) -> Int:
        """Which list each member is on."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))


def empty_lists(n: int) -> Lists:
    """Return n lists of nothing."""
    return Lists(np.zeros(n + 1, np.int64), np.empty(0, np.int32))


def baskets(log: BehaviourLog, n_consumers: int, n_contents: int) -> Lists:
    """Return what each consumer acted on: distinct, newest first, `LONGEST` at most.

    Clicks, carts and orders count.  Who orders through a video has acted on the video and on the offer it names.
    """
    return dated_baskets(log, log.consumer, n_consumers, n_contents, tuple(WEIGHT))[0]


def dated_baskets(
    log: BehaviourLog, owner: Int | Long, n_owners: int, n_contents: int, acts: tuple[int, ...]
) -> tuple[Lists, Long]:
    """Return what each owner of rows acted on, as `baskets` does, and how many such acts ago each was.

    Parameters
    ----------
    owner : int array [n]
        Whose basket a row of the log goes in: its consumer's, say, or its session's.
    acts : tuple of int
        The acts that count.
    """
    newest_first = np.flatnonzero(np.isin(log.act, acts))[::-1]
    content, offer = log.content[newest_first], log.offer[newest_first]
    start, member, ago = _baskets(owner[newest_first], content, offer, n_owners, n_contents, LONGEST)
    return Lists(start, member), ago


def turned(held: Lists, n_members: int) -> tuple[Lists, Long]:
    """Return who holds each member, in order of holder, and where in ``held.member`` each entry stands."""
    entry = np.argsort(held.member, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(held.member, minlength=n_members)))).astype(np.int64)
    return Lists(start, held.owner[entry]), entry


def neighbours(
    held: Lists,
    n_contents: int,
    most: int,
    shrinkage: float,
    value: Double | None = None,
    centred: bool = False,
) -> tuple[Lists, Single]:
    """Return the nearest ``most`` contents of each, and their similarities above 0, nearest first.

    ``similarity = dot / (norm * norm + shrinkage)`` of columns of values, all 1 where none are given: then ``dot``
    counts who holds both.  For centred values ``dot / (norm * norm) * both / (both + shrinkage)``.  Similarities are
    float32; ties go to the smaller id.

    Parameters
    ----------
    value : float64[len(held.member)], optional
        What each entry of ``held`` counts.
    """
    value = np.ones(len(held.member)) if value is None else value
    holders, entry = turned(held, n_contents)
    square = np.bincount(held.member, value * value, minlength=n_contents)
    blocks = []
    for begin in range(0, n_contents, BLOCK):
        found = _nearest(
            begin, min(begin + BLOCK, n_contents), holders.start, holders.member, value[entry], held.start,
            held.member, value, square, most, shrinkage, centred,
        )  # fmt: skip
        blocks.append(cut(*found))
    return joined(blocks)


def cut(ids: Int, values: Single) -> tuple[Long, Int, Single]:
    """Return the length of each row up to its first -1, and what the rows hold."""
    kept = ids >= 0
    return kept.sum(axis=1), ids[kept], values[kept]


def joined(blocks: Sequence[tuple[Long, Int, Single]]) -> tuple[Lists, Single]:
    """Return lists and their values from blocks of rows."""
    lengths, ids, values = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return Lists(np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), ids), values


@allocating
def _baskets(owner, content, offer, n_owners, n_contents, most):  # type: ignore[no-untyped-def]  # numba
    rows = np.zeros(n_owners + 1, np.int64)
    for u in owner:
        rows[u + 1] += 1
    first = np.cumsum(rows)
    fill = first[:-1].copy()
    order = np.empty(len(owner), np.int64)
    for row in range(len(owner)):
        order[fill[owner[row]]] = row
        fill[owner[row]] += 1
    start = np.zeros(n_owners + 1, np.int64)
    member = np.empty(2 * len(owner), np.int32)
    ago = np.empty(2 * len(owner), np.int64)
    last = np.full(n_contents, -1, np.int64)
    at = 0
    for u in range(n_owners):
        for row in order[first[u] : first[u + 1]]:
            for c in (content[row], offer[row]):
                if c >= 0 and last[c] != u and at - start[u] < most:
                    last[c] = u
                    member[at], ago[at] = c, row
                    at += 1
        start[u + 1] = at
    return start, member[:at].copy(), ago[:at].copy()


@allocating
def _nearest(  # type: ignore[no-untyped-def]  # as above
    begin, end, holder_start, holder, holder_value, start, member, value, square, most, shrinkage, centred
):
    ids = np.full((end - begin, most), -1, np.int32)
    values = np.zeros((end - begin, most), np.float32)
    both = np.zeros(len(square), np.int32)
    dot = np.zeros(len(square), np.float64)
    touched = np.empty(len(square) + 1, np.int32)
    heap = np.empty(most, np.int64)
    for i in range(begin, end):
        n_touched = 0
        for by in range(holder_start[i], holder_start[i + 1]):
            u, weight = holder[by], holder_value[by]
            for at in range(start[u], start[u + 1]):
                j = member[at]
                touched[n_touched] = j
                n_touched += both[j] == 0
                both[j] += 1
                dot[j] += weight * value[at]
        kept = 0
        for j in touched[:n_touched]:
            similarity = _similarity(dot[j], both[j], square[i] * square[j], shrinkage, centred)
            if j != i and similarity > np.float32(0):
                key = key_of(j, similarity)
                if kept < most or key > heap[0]:
                    kept = keep(heap, kept, key)
            both[j], dot[j] = 0, 0.0
        write_list(heap[:kept], ids[i - begin], values[i - begin])
    return ids, values


@inner
def write_list(heap, ids, values):  # type: ignore[no-untyped-def]  # as above
    """Write a heap of keys as ids and values, best first."""
    for rank in range(len(heap) - 1, -1, -1):
        ids[rank] = content_of(heap[0])
        values[rank] = np.int32(heap[0] >> 32).view(np.float32)
        drop(heap[: rank + 1])


@inner
def _similarity(dot, both, squares, shrinkage, centred):  # type: ignore[no-untyped-def]  # as above
    if squares <= 0.0:
        return np.float32(0)
    if centred:
        return np.float32(dot / np.sqrt(squares) * (both / (both + shrinkage)))
    return np.float32(dot / (np.sqrt(squares) + shrinkage))
