"""Serving from factors: each consumer's best contents listed at the fit, the session's clicks folded in."""

from types import SimpleNamespace

import numpy as np

from policies.recommenders._neighbours import Lists
from policies.recommenders._personal import personal_pages
from policies.recommenders._shelves import Shelves
from policies.recommenders._tastes import Double, Tastes
from policies.recommenders._top_lists import top_lists
from sim.schema.recommending import PageRequests, Single, Slates


def stock_lists(
    state: SimpleNamespace,
    of_consumers: Double,
    of_clicks: Double,
    of_contents: Double,
    retrieved: int,
    seen: Tastes | None,
) -> None:
    """Keep what pages are made of: a list per content just clicked, then one per consumer.

    Parameters
    ----------
    of_consumers : float64[n_consumers, factors]
        Zeros for who has no past.
    of_clicks : float64[n_contents, factors]
        The taste of somebody who has clicked this content and is otherwise unknown.
    of_contents : float64[n_contents, factors]
    retrieved : int
        Contents per list.
    seen : Tastes, optional
        What is not shown to each consumer again.
    """
    clicked, gain = top_lists(of_clicks, of_contents, retrieved)
    own, liking = top_lists(of_consumers, of_contents, retrieved, seen)
    start = np.concatenate((clicked.start, clicked.start[-1] + own.start[1:]))
    lists = Lists(start, np.concatenate((clicked.member, own.member)))
    keep_lists(state, lists, np.concatenate((gain, liking)), len(of_consumers))


def keep_lists(state: SimpleNamespace, lists: Lists, score: Single, n_consumers: int) -> None:
    """Keep lists of contents, then consumers; a consumer's profile is the session's clicks and the own list."""
    n_rows = len(lists.start) - 1
    own_list = np.arange(n_rows - n_consumers, n_rows, dtype=np.int32)
    state.lists, state.score = lists, score
    state.own = Lists(np.arange(n_consumers + 1), own_list)
    state.scratch = np.zeros(n_rows - n_consumers)  # zero between calls


def no_lists(state: SimpleNamespace, n_contents: int, n_consumers: int) -> None:
    """Keep empty lists."""
    nothing = Lists(np.zeros(n_contents + n_consumers + 1, np.int64), np.empty(0, np.int32))
    keep_lists(state, nothing, np.empty(0, np.float32), n_consumers)


def pages(state: SimpleNamespace, requests: PageRequests, k: int) -> Slates:
    """Return slates: the sums of the lists' scores, best first; popularity fills what stays empty."""
    shelf: Shelves = state.shelves
    longest = requests.recent.shape[1] + 1
    return Slates(
        personal_pages(
            requests.consumer, requests.page, requests.surface, requests.query, requests.minute,
            requests.recent, requests.view.room_offer, k, longest, state.own.start, state.own.member,
            state.lists.start, state.lists.member, state.score, state.scratch,
            shelf.start, shelf.member, shelf.category, shelf.listed, shelf.first_room,
        )
    )  # fmt: skip
