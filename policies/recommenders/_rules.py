"""Association rules between two contents, counted over baskets: who has this also has that.  Compiled."""

import numpy as np

from policies.recommenders._best import keep, key_of
from policies.recommenders._neighbours import BLOCK, Lists, cut, joined, turned, write_list
from sim.schema.compiled import allocating
from sim.schema.recommending import Single

MEASURES = ("confidence", "lift", "support")


def rules(
    held: Lists, n_contents: int, most: int, measure: str, support: int, confidence: float, lift: float
) -> tuple[Lists, Single]:
    """Return per content the ``most`` strongest rules from it, and their measure, float32, ties to the smaller id.

    Parameters
    ----------
    held : Lists
        Baskets of contents; empty ones do not count.
    measure : str
        One of `MEASURES`.
    support : int, baskets
    confidence, lift : float
        What a rule must reach at least.
    """
    holders, _ = turned(held, n_contents)
    n_baskets = np.count_nonzero(np.diff(held.start))
    blocks = []
    for begin in range(0, n_contents, BLOCK):
        end = min(begin + BLOCK, n_contents)
        found = _rules(
            begin, end, holders.start, holders.member, held.start, held.member, n_baskets, most,
            MEASURES.index(measure), support, confidence, lift,
        )  # fmt: skip
        blocks.append(cut(*found))
    return joined(blocks)


@allocating
def _rules(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    begin, end, holder_start, holder, start, member, n_baskets, most, measure, support, confidence, lift
):
    n = len(holder_start) - 1
    ids, values = np.full((end - begin, most), -1, np.int32), np.zeros((end - begin, most), np.float32)
    both, touched = np.zeros(n, np.int64), np.empty(n + 1, np.int32)
    heap = np.empty(most, np.int64)
    for i in range(begin, end):
        n_touched = 0
        for basket in holder[holder_start[i] : holder_start[i + 1]]:
            for j in member[start[basket] : start[basket + 1]]:
                touched[n_touched] = j
                n_touched += both[j] == 0
                both[j] += 1
        kept = 0
        for j in touched[:n_touched]:
            together = both[j]
            both[j] = 0
            sure = together / (holder_start[i + 1] - holder_start[i])
            raised = sure * n_baskets / (holder_start[j + 1] - holder_start[j])
            if j == i or together < support or sure < confidence or raised < lift:
                continue
            value = np.float32(together / n_baskets)
            if measure == 0:
                value = np.float32(sure)
            elif measure == 1:
                value = np.float32(raised)
            key = key_of(j, value)
            if kept < most or key > heap[0]:
                kept = keep(heap, kept, key)
        write_list(heap[:kept], ids[i - begin], values[i - begin])
    return ids, values
