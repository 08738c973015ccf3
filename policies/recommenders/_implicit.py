"""The same fits by the library `implicit` (the extra ``fast``), on one thread: equal up to the last digits."""

from importlib.util import find_spec

import numpy as np

from policies.recommenders._als import solve
from policies.recommenders._neighbours import Lists
from policies.recommenders._one_thread import one_thread
from policies.recommenders._tastes import Double, Tastes
from sim.schema.recommending import Single


def check_installed() -> None:
    """Refuse to start without the library.

    Raises
    ------
    ValueError
        With one line on where it comes from.
    """
    if find_spec("implicit") is None:
        raise ValueError("library: implicit is not installed; it comes with the extra `fast`")


def alternate(rows: Tastes, first: Double, alpha: float, damping: float, iterations: int) -> tuple[Double, Double]:
    """Return what `_als.alternate` returns: from the same start, each row solved exactly, in double precision.

    Only confidences are rounded to float32.
    """
    from implicit.cpu.als import AlternatingLeastSquares
    from scipy.sparse import csr_matrix

    confidence = csr_matrix((1.0 + alpha * rows.liking, rows.member, rows.start), (len(rows), rows.width))
    with one_thread():
        model = AlternatingLeastSquares(
            first.shape[1], damping, 1.0, np.float64, use_cg=False, iterations=iterations, num_threads=1
        )
        model.user_factors, model.item_factors = np.zeros((len(rows), first.shape[1])), first.copy()
        model.fit(confidence, show_progress=False)
    members: Double = model.item_factors
    return solve(rows, members, alpha, damping), members


def neighbours(held: Lists, n_contents: int, most: int, value: Double) -> tuple[Lists, Single]:
    """Return what `_neighbours.neighbours` returns for the cosine without shrinkage."""
    from implicit.nearest_neighbours import all_pairs_knn
    from scipy.sparse import csr_matrix

    length = np.sqrt(np.bincount(held.member, value * value, minlength=n_contents))
    rows = csr_matrix((value / length[held.member], held.member, held.start), (len(held.start) - 1, n_contents))
    # each content is on its own list, and of equals at the end it keeps others than we do
    found = all_pairs_knn(rows, 2 * most + 1, show_progress=False, num_threads=1).tocoo()
    similarity = found.data.astype(np.float32)
    near = np.flatnonzero((found.row != found.col) & (similarity > 0))
    near = near[np.lexsort((found.col[near], -similarity[near], found.row[near]))]
    count = np.bincount(found.row[near], minlength=n_contents)
    rank = np.arange(len(near)) - np.repeat(np.cumsum(count) - count, count)
    near = near[rank < most]
    start = np.concatenate(([0], np.cumsum(np.minimum(count, most)))).astype(np.int64)
    return Lists(start, found.col[near].astype(np.int32)), similarity[near]
