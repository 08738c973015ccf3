"""Alternating least squares on implicit feedback, compiled: every sum in a fixed order, so the same bits anywhere."""

import numpy as np

from policies.recommenders._tastes import Double, Tastes
from sim.schema.compiled import allocating, inner

LANES = 8
"""Numbers that a line of a triangle is worked on at once: loops of this length need no rest done one by one."""


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
    wide = np.pad(other, ((0, 0), (0, -other.shape[1] % LANES)))
    _solve(rows.start, rows.member, rows.liking, wide, _gram(wide, damping), alpha, out)
    return out


@allocating
def _gram(of, damping):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    """Return Y'Y + damping I; only its upper triangle counts."""
    n = of.shape[1]
    gram = np.zeros((n, n))
    for i in range(n):
        gram[i, i] = damping
    for row in of:
        _add_outer(gram, row, 1.0)
    return gram


@allocating
def _solve(start, member, liking, other, gram, alpha, out):  # type: ignore[no-untyped-def]  # as above
    left, right = np.empty_like(gram), np.empty(len(gram))
    for u in range(len(out)):
        at, end = start[u], start[u + 1]
        if at == end:
            out[u] = 0.0
            continue
        left[:], right[:] = gram, 0.0
        for each in range(at, end):
            y = other[member[each]]
            for i in range(len(y)):
                right[i] += (1.0 + alpha * liking[each]) * y[i]
        while at + 4 <= end:
            _add_four(left, other, member[at : at + 4], liking[at : at + 4], alpha)
            at += 4
        while at < end:
            _add_outer(left, other[member[at]], alpha * liking[at])
            at += 1
        _cholesky(left, right)
        out[u] = right[: out.shape[1]]


@inner
def _add_outer(upper, y, weight):  # type: ignore[no-untyped-def]  # as above
    # along lines of the triangle, which lets the compiler use vectors without changing the order of any sum
    for i in range(len(y)):
        _add(upper[i], i, weight * y[i], y)


@inner
def _add(line, i, weight, y):  # type: ignore[no-untyped-def]  # as above
    """Add to a line from the i-th place on; a few places before it may change too, which do not count."""
    for block in range(i // LANES * LANES, len(line), LANES):
        for j in range(block, block + LANES):
            line[j] += weight * y[j]


@inner
def _add_four(upper, other, member, liking, alpha):  # type: ignore[no-untyped-def]  # as above
    """Add four outer products, one after the other in each place: the same sums, a quarter of the writing."""
    a, b, c, d = other[member[0]], other[member[1]], other[member[2]], other[member[3]]
    for i in range(len(a)):
        line = upper[i]
        one, two = alpha * liking[0] * a[i], alpha * liking[1] * b[i]
        three, four = alpha * liking[2] * c[i], alpha * liking[3] * d[i]
        for block in range(i // LANES * LANES, len(line), LANES):
            for j in range(block, block + LANES):
                line[j] = line[j] + one * a[j] + two * b[j] + three * c[j] + four * d[j]


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
            _add(upper[i], i, -line[i], line)
            right[i] -= line[i] * right[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            right[k] -= upper[k, j] * right[j]
        right[k] /= upper[k, k]
