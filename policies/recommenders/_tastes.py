"""How much each consumer has shown to like each content: the implicit-feedback matrix."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._counts import weighed
from sim.schema.compiled import inner
from sim.schema.recommending import BehaviourLog, Int

Long = NDArray[np.int64]
Double = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tastes:
    """Rows of different lengths: row i is ``member[start[i]:start[i + 1]]``, ids ascending, none twice.

    Attributes
    ----------
    start : int64[n_rows + 1]
    member : int32
    liking : float64
        Above 0: ``log2(1 + sum of weights of acts)``, 1 for a single click; a second look tells less than the first.
    width : int
        Members are below it.
    """

    start: Long
    member: Int
    liking: Double
    width: int

    def __len__(self) -> int:
        return len(self.start) - 1

    def turned(self) -> "Tastes":
        """Return the same with rows and members exchanged."""
        from scipy.sparse import csr_matrix

        turned = csr_matrix((self.liking, self.member, self.start), (len(self), self.width)).T.tocsr()
        turned.sort_indices()
        return _kept(turned.indptr, turned.indices, turned.data, len(self))


def tastes(log: BehaviourLog, n_consumers: int, n_contents: int) -> Tastes:
    """Return what each consumer clicked, carted or ordered, and how much.

    Who orders through a video has acted on the video and on the offer it names.
    """
    from scipy.sparse import csr_matrix

    weight = weighed(log)
    acts = np.flatnonzero(weight > 0)
    through = acts[(log.offer[acts] >= 0) & (log.offer[acts] != log.content[acts])]
    own = acts[log.content[acts] >= 0]
    rows = np.concatenate((log.consumer[own], log.consumer[through]))
    members = np.concatenate((log.content[own], log.offer[through]))
    values = np.concatenate((weight[own], weight[through]))
    summed = csr_matrix((values, (rows, members)), (n_consumers, n_contents))
    summed.sum_duplicates()
    return _kept(summed.indptr, summed.indices, np.log2(1 + summed.data), n_contents)


def one_each(n: int) -> Tastes:
    """Return n rows, row i liking content i alone: who has just clicked it and is otherwise unknown."""
    return Tastes(np.arange(n + 1), np.arange(n, dtype=np.int32), np.ones(n), n)


def nobody(n_rows: int, width: int) -> Tastes:
    """Return rows without likings."""
    return Tastes(np.zeros(n_rows + 1, np.int64), np.empty(0, np.int32), np.empty(0), width)


@inner
def within(ascending, wanted):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    """Whether an ascending row holds a member."""
    low, high = 0, len(ascending)
    while low < high:
        middle = (low + high) // 2
        if ascending[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < len(ascending) and ascending[low] == wanted


def _kept(start: Int | Long, member: Int | Long, liking: Double, width: int) -> Tastes:
    return Tastes(start.astype(np.int64), member.astype(np.int32), liking.astype(np.float64), width)
