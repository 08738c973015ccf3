"""Alternating least squares on implicit feedback, compiled: every sum in a fixed order, so the same bits anywhere."""

import numpy as np

from policies.recommenders._tastes import Double, Tastes
from sim.schema.compiled import allocating, inner


def alternate(rows: Tastes, first: Double, alpha: float, damping: float, iterations: int) -> tuple[Double, Double]:
    """Return the factors of rows and of members, starting from ``first`` for the members."""
    members, turned = first.copy(), rows.turned()
    of_rows = np.zeros((len(rows), first.shape[1]))
    for _ in range(iterations):
        solve(rows, members, alpha, damping, of_rows)
        solve(turned, of_rows, alpha, damping, members)
    return solve(rows, members, alpha, damping, of_rows), members


def solve(rows: Tastes, other: Double, alpha: float, damping: float, out: Double | None = None) -> Double:
    """Return each row's factors given the other side's; a row without likings has zeros.

    ``x = (Y'Y + alpha Y' diag(r) Y + damping I)^-1 Y' (1 + alpha r)``, Y the other side, r the row's likings:
    equation 4 of Hu, Koren & Volinsky (2008), Y'Y summed once for all rows.
    """
    if out is None:
        out = np.zeros((len(rows), other.shape[1]))
    _solve(rows.start, rows.member, rows.liking, other, _gram(other, damping), alpha, out)
    return out


@allocating
def _gram(of, damping):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    """Return the upper triangle of Y'Y + damping I."""
    n = of.shape[1]
    gram = np.zeros((n, n))
    for i in range(n):
        gram[i, i] = damping
    for row in of:
        _add_outer(gram, row, 1.0)
    return gram


@allocating
def _solve(start, member, liking, other, gram, alpha, out):  # type: ignore[no-untyped-def]  # as above
    left = np.empty_like(gram)
    right = np.empty(len(gram))
    for u in range(len(out)):
        if start[u] == start[u + 1]:
            out[u] = 0.0
            continue
        left[:] = gram
        right[:] = 0.0
        for at in range(start[u], start[u + 1]):
            y = other[member[at]]
            w = alpha * liking[at]
            _add_outer(left, y, w)
            for i in range(len(y)):
                right[i] += (1.0 + w) * y[i]
        _cholesky(left, right)
        out[u] = right


@inner
def _add_outer(upper, y, weight):  # type: ignore[no-untyped-def]  # as above
    # along rows of the triangle, which lets the compiler use vectors without changing the order of any sum
    for i in range(len(y)):
        w = weight * y[i]
        line = upper[i]
        for j in range(i, len(y)):
            line[j] += w * y[j]


@inner
def _cholesky(upper, right):  # type: ignore[no-untyped-def]  # as above
    """Solve in place: ``right`` becomes the solution, ``upper`` the factor of U'U."""
    n = len(right)
    for k in range(n):
        line = upper[k]
        scale = 1.0 / np.sqrt(line[k])
        for j in range(k, n):
            line[j] *= scale
        right[k] *= scale
        for i in range(k + 1, n):
            w = line[i]
            below = upper[i]
            for j in range(i, n):
                below[j] -= w * line[j]
            right[i] -= w * right[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            right[k] -= upper[k, j] * right[j]
        right[k] /= upper[k, k]
