"""The best few of many: float32 scores in integer keys, ties to the smaller id, kept in a heap."""

import numpy as np

from sim.schema.compiled import inner


@inner
def key_of(content, score):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    """Return an int64 that orders by score (not negative, rounded to float32), then by smaller content id."""
    # the bits of a float32 that is not negative order as the number does
    return (np.int64(np.float32(score).view(np.int32)) << 32) | (0x7FFFFFFF - np.int64(content))


@inner
def content_of(key):  # type: ignore[no-untyped-def]  # as above
    """Return the content id in a key."""
    return np.int32(0x7FFFFFFF - (key & 0x7FFFFFFF))


@inner
def keep(heap, held, key):  # type: ignore[no-untyped-def]  # as above
    """Keep the largest ``len(heap)`` keys, the smallest of them in front; return how many are held.

    Where the heap is full, ``key`` must be larger than ``heap[0]``.
    """
    if held < len(heap):
        at = held
        while at > 0 and heap[(at - 1) // 2] > key:
            heap[at] = heap[(at - 1) // 2]
            at = (at - 1) // 2
        heap[at] = key
        return held + 1
    _sift_down(heap, key)
    return held


@inner
def drop(heap):  # type: ignore[no-untyped-def]  # as above
    """Take the smallest key out of a heap; the last place is then free."""
    _sift_down(heap[:-1], heap[-1])


@inner
def _sift_down(heap, key):  # type: ignore[no-untyped-def]  # as above
    """Put ``key`` in place of the smallest."""
    if len(heap) == 0:
        return
    at = 0
    while 2 * at + 1 < len(heap):
        child = 2 * at + 1
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = key
