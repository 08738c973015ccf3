"""A batch of pages asked of a service: what was heard of each, and what is left to the fallback."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._breaker import Breaker
from policies.recommenders._service_words import MalformedError, Names, heard_answer
from policies.recommenders._wire import Reply
from sim.policy.served import Account, PartSlates
from sim.schema.kinds import ContentKind, Surface
from sim.schema.recommending import Bool, CatalogueView, Float, Int, PageRequests, Single

NO_ANSWER = ("connection", "status", "redirect")
"""Faults of calls that were not answered; other faults but ``timeout`` are answers that are nonsense."""


@dataclass
class Heard:
    """Takes the replies to one batch of requests, in order.

    Parameters
    ----------
    asked, places : int
        Pages, and places on each.
    size : int
        Pages per call.
    fewest : int64[asked]
        Items that each page must have at least.
    minute : float
        Of simulated time, for the breaker.
    """

    asked: int
    places: int
    size: int
    fewest: NDArray[np.int64]
    minute: float
    names: Names
    breaker: Breaker
    milliseconds: Float = field(init=False)
    _content: Int = field(init=False)
    _score: Single = field(init=False)
    _unserved: Bool = field(init=False)
    _kinds: dict[str, int] = field(init=False, default_factory=dict)
    _latency: list[float] = field(init=False, default_factory=list)
    _late: int = 0
    _failed: int = 0
    _malformed: int = 0
    _first_error: str = ""

    def __post_init__(self) -> None:
        self.milliseconds = np.zeros(self.asked)
        self._content = np.full((self.asked, self.places), -1, np.int32)
        self._score = np.full((self.asked, self.places), np.nan, np.float32)
        self._unserved = np.ones(self.asked, np.bool_)

    def batches(self) -> list[slice]:
        """Return the rows of each call."""
        return [slice(begin, min(begin + self.size, self.asked)) for begin in range(0, self.asked, self.size)]

    def allowed(self) -> int:
        """Return how many calls may be under way: see `Breaker.calls`."""
        return self.breaker.calls(self.minute)

    def take(self, reply: Reply) -> None:
        """Take in the next reply."""
        begin = len(self._latency) * self.size
        rows = slice(begin, min(begin + self.size, self.asked))
        self._latency.append(reply.milliseconds)
        self.milliseconds[rows] = reply.milliseconds
        went_well = self._read(reply.body, rows) if not reply.fault else self._lost(reply.fault, reply.why, rows)
        self.breaker.note(self.minute, went_well)

    def slates(self, gone: Bool, real_time: bool) -> PartSlates:
        """Return all that was heard; consumers who are ``gone`` are shown nothing."""
        left_alone = self.asked - len(self._latency) * self.size
        if left_alone > 0:
            self._count("left_alone", left_alone)
        self._content[gone], self._score[gone], self._unserved[gone] = -1, np.nan, False
        account = Account(
            tuple(self._latency), self._late, self._failed, self._malformed, self._kinds, self._first_error,
            real_time or self._late + self._failed > 0,
        )  # fmt: skip
        return PartSlates(self._content, self._score, None, self._unserved, account)

    def _read(self, body: bytes, rows: slice) -> bool:
        """Take in an answer; return whether a page of it is of use."""
        try:
            answer = heard_answer(body, self.fewest[rows].tolist(), self.places, self.names)
        except MalformedError as error:
            kind, why = error.args
            return self._lost(kind, why, rows)
        self._content[rows], self._score[rows], self._unserved[rows] = answer.content, answer.score, False
        for row, kind in answer.faults.items():
            self._unserved[rows.start + row] = True
            self._count(kind)
            self._first_error = self._first_error or f"malformed: {kind}"
        self._malformed += len(answer.faults)
        return len(answer.faults) < len(answer.content)

    def _lost(self, fault: str, why: str, rows: slice) -> bool:
        """Count a call without a usable answer; return that it did not go well."""
        if fault == "timeout":
            self._late += 1
        elif fault in NO_ANSWER:
            self._failed += 1
        else:
            self._malformed += rows.stop - rows.start
        self._count(fault)
        self._first_error = self._first_error or f"{fault}: {why}"
        return False

    def _count(self, kind: str, times: int = 1) -> None:
        self._kinds[kind] = self._kinds.get(kind, 0) + times


class Stock:
    """How much there is to show on each surface: a page with less than that is too short."""

    def __init__(self, catalogue: CatalogueView) -> None:
        self._listed = catalogue.listed
        self._category = catalogue.category
        self._first_room = catalogue.n_contents - int(np.count_nonzero(catalogue.kind == ContentKind.ROOM))

    def fewest(self, requests: PageRequests, k: int, candidates: int) -> NDArray[np.int64]:
        """Return the items each page can have for certain: what was clicked may be left out, live rooms too."""
        listed = self._listed <= requests.view.minute
        n_offers = len(self._category)
        size = np.bincount(self._category[listed[:n_offers]], minlength=int(self._category.max(initial=0)) + 2)
        size[-1] = np.count_nonzero(listed[:n_offers])  # the mall's; and what a query of no category finds is nothing
        query = requests.query
        known = (query >= 0) & (query < len(size) - 1)
        found = np.where(known, size[np.where(known, query, 0)], 0)
        found = np.where(requests.surface == Surface.SEARCH, found, size[-1])
        found = np.where(requests.surface == Surface.FEED, np.count_nonzero(listed[: self._first_room]), found)
        if candidates:
            found = np.minimum(found, candidates)
        clicked = np.count_nonzero(requests.recent >= 0, axis=1)
        fewest: NDArray[np.int64] = np.clip(found - clicked - requests.page.astype(np.int64) * k, 0, k)
        return fewest
