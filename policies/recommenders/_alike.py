"""Consumers alike: found when a page is asked for, through what both hold; then they vote.  Compiled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._best import content_of, keep, key_of
from policies.recommenders._grades import CLICKED, centred_by_consumer, centred_by_content, grades
from policies.recommenders._in_order import BLOCK, among, lay_out, take_best
from policies.recommenders._neighbours import Lists
from policies.recommenders._personal import write_page
from policies.recommenders._shelves import shelf_of
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import BehaviourLog

Double = NDArray[np.float64]
Long = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rows:
    """What each consumer holds, newest first, and what it counts.

    Attributes
    ----------
    held : Lists of contents
    value : float64[len(held.member)]
    square : float64[n_consumers]
        Sum of squares of a row.
    click, click_on : float64[n_consumers], float64[n_contents]
        What a click in the session counts is the sum of the two: by who clicks, and on what.
    """

    held: Lists
    value: Double
    square: Double
    click: Double
    click_on: Double


@dataclass(frozen=True, slots=True)
class Columns:
    """Who holds each content, the last to act on it first, and what it counts there."""

    held: Lists
    value: Double


def rows_of(log: BehaviourLog, held: Lists, n_contents: int, similarity: str) -> Rows:
    """Return rows of ones for ``cosine``, of grades less their consumer's (``pearson``) or content's mean else."""
    n_users = len(held.start) - 1
    by_consumer, by_content = np.zeros(n_users), np.zeros(n_contents)
    if similarity == "cosine":
        value, by_consumer = np.ones(len(held.member)), np.ones(n_users)
    elif similarity == "pearson":
        value, mean = centred_by_consumer(held, grades(log, held, n_contents))
        by_consumer = CLICKED - mean
    else:
        value, mean = centred_by_content(held, grades(log, held, n_contents), n_contents)
        by_content = CLICKED - mean
    square = np.bincount(held.owner, value * value, minlength=n_users).astype(np.float64)
    return Rows(held, value, square, by_consumer, by_content)


def columns_of(rows: Rows, ago: Long, n_contents: int, most: int) -> Columns:
    """Return the ``most`` newest holders of each content; ``ago`` says how long ago each entry of the rows was."""
    member = rows.held.member
    entry = np.lexsort((ago, member))
    first = np.concatenate(([0], np.cumsum(np.bincount(member, minlength=n_contents))))
    place = np.arange(len(entry)) - first[member[entry]]
    entry = entry[place < most]
    start = np.concatenate(([0], np.cumsum(np.minimum(np.diff(first), most)))).astype(np.int64)
    return Columns(Lists(start, rows.held.owner[entry]), rows.value[entry])


def sums(n_consumers: int, n_contents: int) -> tuple[Double, NDArray[np.int32], Double]:
    """Return room for sums: zero between calls, because clearing it per call would cost more than a small batch."""
    return np.zeros(n_consumers), np.zeros(n_consumers, np.int32), np.zeros(n_contents)


@allocating
def alike_pages(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    consumer, page, surface, query, minute, recent, room_offer, k, longest, most, shrinkage, sharpness, centred,
    row_start, row, row_value, square, click, click_on, column_start, column, column_value, vote_start, vote,
    dot, both, score, shelf_start, member, category, listed, first_room
):  # fmt: skip
    """Return slates, shape (n, k).  ``dot``, ``both`` and ``score`` are zero on entry and on return."""
    out = np.full((len(page), k), -1, np.int32)
    found, touched = np.empty(len(dot) + 1, np.int32), np.empty(len(score) + 1, np.int32)
    profile, value = np.empty(longest, np.int32), np.empty(longest, np.float64)
    nearest = np.empty(most, np.int64)
    keys, winner = np.empty(len(score) + BLOCK, np.int64), np.empty(len(score) // BLOCK + 1, np.int64)
    ranked = np.empty((page.max() + 1) * k if len(page) else 0, np.int32)
    for i in range(len(page)):
        u = consumer[i]
        at, end = row_start[u], row_start[u + 1]
        size = _profile(recent[i], click[u], click_on, row[at:end], row_value[at:end], profile, value)
        n_found = _overlap(profile[:size], value, u, column_start, column, column_value, dot, both, found)
        own_square = (value[:size] * value[:size]).sum()
        n_near = _nearest(found[:n_found], dot, both, own_square, square, shrinkage, centred, nearest)
        n_touched = _vote(nearest[:n_near], sharpness, vote_start, vote, score, touched)
        need = (page[i] + 1) * k
        n = lay_out(touched[:n_touched], score, keys, surface[i], query[i], category)
        kept = take_best(keys, n, winner, ranked[:need], minute[i], recent[i], listed, first_room, room_offer)
        begin, end = shelf_of(surface[i], query[i], shelf_start)
        write_page(
            out[i], page[i] * k, ranked[:kept], member[begin:end], minute[i], recent[i], listed, first_room, room_offer
        )
    return out


@inner
def _profile(recent, click, click_on, own, own_value, profile, value):  # type: ignore[no-untyped-def]  # as above
    """Fill in the session's clicks, then what came before; return their number."""
    size = 0
    for c in recent:
        if size < len(profile) and c >= 0 and not among(c, profile[:size]):
            profile[size], value[size] = c, click + click_on[c]
            size += 1
    clicked = size
    for at in range(len(own)):
        if size < len(profile) and not among(own[at], profile[:clicked]):
            profile[size], value[size] = own[at], own_value[at]
            size += 1
    return size


@inner
def _overlap(  # type: ignore[no-untyped-def]  # as above
    profile, value, u, column_start, column, column_value, dot, both, found
):
    """Add up products over what others hold too; return how many others, listed in ``found``."""
    n_found = 0
    for place in range(len(profile)):
        c = profile[place]
        for at in range(column_start[c], column_start[c + 1]):
            v = column[at]
            found[n_found] = v
            n_found += both[v] == 0 and v != u
            both[v] += v != u
            dot[v] += value[place] * column_value[at]
    dot[u] = 0.0
    return n_found


@inner
def _nearest(found, dot, both, own_square, square, shrinkage, centred, nearest):  # type: ignore[no-untyped-def]
    """Keep the most similar consumers as keys; clear the sums; return how many are kept."""
    kept = 0
    for v in found:
        squares = own_square * square[v]
        similarity = np.float32(0)
        if dot[v] > 0.0 and squares > 0.0 and centred:
            similarity = np.float32(dot[v] / np.sqrt(squares) * (both[v] / (both[v] + shrinkage)))
        elif dot[v] > 0.0 and squares > 0.0:
            similarity = np.float32(dot[v] / (np.sqrt(squares) + shrinkage))
        key = key_of(v, similarity)
        if similarity > np.float32(0) and (kept < len(nearest) or key > nearest[0]):
            kept = keep(nearest, kept, key)
        dot[v], both[v] = 0.0, 0
    return kept


@inner
def _vote(nearest, sharpness, vote_start, vote, score, touched):  # type: ignore[no-untyped-def]  # as above
    """Add up the neighbours' similarities in ``score``; return how many contents have one, listed in ``touched``."""
    n_touched = 0
    for key in nearest:
        v = content_of(key)
        weight = np.float64(np.int32(key >> 32).view(np.float32))
        if sharpness != 1.0:
            weight = max(weight**sharpness, 1e-300)  # a sum of 0 would look untouched
        for at in range(vote_start[v], vote_start[v + 1]):
            c = vote[at]
            touched[n_touched] = c
            n_touched += score[c] == 0.0
            score[c] += weight
    return n_touched
