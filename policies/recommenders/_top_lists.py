"""For each of many vectors the contents of largest inner product: exact, compiled, the same bits on any machine."""

import numpy as np

from policies.recommenders._best import drop, keep
from policies.recommenders._neighbours import Lists
from policies.recommenders._tastes import Double, Tastes, nobody, within
from sim.schema.compiled import compiled, inner
from sim.schema.recommending import Int, Single

BLOCK = 256
"""Contents scored together: their factors stay in the processor's nearest memory."""
SLACK = 1.0001
"""Covers the rounding of norms and float32 products when a block is ruled out by its longest vector."""


def top_lists(vectors: Double, of_contents: Double, most: int, without: Tastes | None = None) -> tuple[Lists, Single]:
    """Return per vector up to ``most`` contents and by how much each is above the best that is not on the list.

    Scores are float32; ties go to the smaller id; a vector of zeros has an empty list.  Contents are looked at in
    order of falling length, which ends the search as soon as no later one can be on the list.

    Parameters
    ----------
    vectors : float64[n, factors]
    of_contents : float64[n_contents, factors]
    without : Tastes, optional
        Row i's members do not come on list i.

    References
    ----------
    Teflioudi, Gemulla & Mykytiuk, LEMP, SIGMOD 2015 (its length-based pruning).
    """
    blocks, ids, longest = _blocks(of_contents)
    member = np.full((len(vectors), most), -1, np.int32)
    value = np.zeros((len(vectors), most), np.float32)
    hidden = nobody(len(vectors), len(of_contents)) if without is None else without
    _top(
        vectors.astype(np.float32), blocks, ids, longest, hidden.start, hidden.member, member, value,
        np.empty(most + 1, np.int64), np.empty(BLOCK, np.float32),
    )  # fmt: skip
    kept = value > 0
    starts = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int64)
    return Lists(starts, member[kept]), value[kept]


def _blocks(of_contents: Double) -> tuple[Single, Int, Double]:
    """Return factors (blocks, factors, `BLOCK`), the ids in them (-1: nothing), and each block's longest length."""
    n, factors = of_contents.shape
    length = np.sqrt((of_contents**2).sum(axis=1))
    order = np.argsort(-length, kind="stable").astype(np.int32)
    n_blocks = -(-n // BLOCK)
    ids = np.full(n_blocks * BLOCK, -1, np.int32)
    ids[:n] = order
    padded = np.zeros((n_blocks * BLOCK, factors), np.float32)
    padded[:n] = of_contents[order]
    blocks = np.ascontiguousarray(padded.reshape(n_blocks, BLOCK, factors).transpose(0, 2, 1))
    return blocks, ids.reshape(n_blocks, BLOCK), length[order[::BLOCK]]


@compiled
def _top(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    vectors, blocks, ids, longest, hidden_start, hidden, member, value, heap, score
):
    for u in range(len(vectors)):
        length = np.sqrt(_squares(vectors[u]))
        if length == 0.0:
            continue
        own = hidden[hidden_start[u] : hidden_start[u + 1]]
        held = 0
        for b in range(len(blocks)):
            if held == len(heap) and length * longest[b] * SLACK < _score_of(heap[0]):
                break
            _multiply(vectors[u], blocks[b], score)
            held = _take(score, ids[b], own, heap, held)
        _list(heap, held, member[u], value[u])


@inner
def _squares(x):  # type: ignore[no-untyped-def]  # as above
    total = 0.0
    for value in x:
        total += np.float64(value) * np.float64(value)
    return total


@inner
def _multiply(x, block, score):  # type: ignore[no-untyped-def]  # as above
    # factor by factor: each content's sum keeps its order while the compiler uses vectors across contents
    score[:] = np.float32(0.0)
    for f in range(len(x)):
        weight, line = x[f], block[f]
        for j in range(len(score)):
            score[j] += weight * line[j]


@inner
def _take(score, ids, own, heap, held):  # type: ignore[no-untyped-def]  # as above
    floor = _score_of(heap[0]) if held == len(heap) else np.float32(-np.inf)
    for j in range(len(score)):
        if score[j] < floor or ids[j] < 0:
            continue
        key = _key(ids[j], score[j])
        if (held < len(heap) or key > heap[0]) and not within(own, ids[j]):
            held = keep(heap, held, key)
            floor = _score_of(heap[0]) if held == len(heap) else floor
    return held


@inner
def _list(heap, held, member, value):  # type: ignore[no-untyped-def]  # as above
    """Write the list, best first, as what is above the worst that is held; the worst itself stays off."""
    worst = _score_of(heap[0])
    for rank in range(held - 1, -1, -1):
        if rank < len(member):
            member[rank] = np.int32(0x7FFFFFFF - (heap[0] & 0x7FFFFFFF))
            value[rank] = _score_of(heap[0]) - worst
        drop(heap[: rank + 1])


@inner
def _key(content, score):  # type: ignore[no-untyped-def]  # as above
    """Return an int64 that orders by score, which may be negative, then by smaller content id."""
    bits = np.float32(score + np.float32(0.0)).view(np.int32)
    return (np.int64(_folded(bits)) << 32) | (0x7FFFFFFF - np.int64(content))


@inner
def _score_of(key):  # type: ignore[no-untyped-def]  # as above
    return np.int32(_folded(np.int32(key >> 32))).view(np.float32)


@inner
def _folded(bits):  # type: ignore[no-untyped-def]  # as above
    """Turn a float32's bits into an integer that orders as the number does, and back."""
    return np.int32(bits ^ ((bits >> 31) & 0x7FFFFFFF))
