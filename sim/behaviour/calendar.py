"""The kernel's own calendar: a binary heap of (time, session) with the session's slot beside it."""

from sim.schema.compiled import inner


@inner
def push(heap, at, key, slot):
    """Add an event."""
    n = at.heap
    at.heap = n + 1
    while n > 0:
        parent = (n - 1) >> 1
        if heap[parent].key <= key:
            break
        heap[n].key = heap[parent].key
        heap[n].slot = heap[parent].slot
        n = parent
    heap[n].key = key
    heap[n].slot = slot


@inner
def replace_first(heap, at, key, slot):
    """Replace the first event: cheaper than a pop and a push."""
    size = at.heap
    n = 0
    while True:
        child = 2 * n + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1].key < heap[child].key:
            child += 1
        if heap[child].key >= key:
            break
        heap[n].key = heap[child].key
        heap[n].slot = heap[child].slot
        n = child
    heap[n].key = key
    heap[n].slot = slot


@inner
def drop_first(heap, at):
    """Remove the first event."""
    last = at.heap - 1
    at.heap = last
    if last > 0:
        replace_first(heap, at, heap[last].key, heap[last].slot)
