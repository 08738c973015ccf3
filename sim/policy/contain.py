"""A recommender that cannot hurt the run: its faults are counted, and the fallback serves."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from sim.policy.guard import Guard, NonsenseError, whole_numbers
from sim.policy.keyed import KeyedRng
from sim.policy.served import PartSlates
from sim.policy.slates import Shelf, unnumbered
from sim.schema.recommending import BehaviourLog, Bool, CatalogueView, PageRequests, Slates

_PER_ROW = tuple(f.name for f in fields(PageRequests) if f.name != "view")


@dataclass
class ContainedRecommender(Guard):
    """A recommender behind a guard, itself a recommender.

    Faults count calls that raised and rows (pages) that were malformed; only those rows go to the fallback.
    Content that may not be shown on the page's surface, or is not listed yet, leaves its place empty.
    A policy may leave rows to the fallback itself, and say why: see `PartSlates`.
    """

    _shelf: Shelf = field(init=False, repr=False)
    _begun: bool = field(init=False, default=False)

    @property
    def reads_comments(self) -> bool:
        """Whether the policy wants the words of comments in its log."""
        return bool(getattr(self.policy, "reads_comments", False))

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Start both; a policy that cannot start never serves."""
        self._shelf = Shelf.of(catalogue)
        self.trusted("begin", rng, catalogue)
        try:
            self.policy.begin(rng, catalogue)
            self._begun = True
        except Exception as error:  # whatever a plug-in raises is contained here
            self.counts.note(error)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Fit both; a policy whose fit raises goes on serving with what it has learned so far."""
        self._shelf = Shelf.of(catalogue)
        self.trusted("fit", log, catalogue)
        try:
            if self._begun:
                self.policy.fit(log, catalogue)
        except Exception as error:  # as above
            self.counts.note(error)

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return slates that can be shown, shape (n, k)."""
        self.counts.asked += len(requests)
        if not self._begun:
            return self._from_fallback(requests, k)
        try:
            slates = self.policy.recommend(requests, k)
        except Exception as error:  # as above
            self.counts.note(error)
            return self._from_fallback(requests, k)
        try:
            checked, bad, n_bad = self._judged(slates, requests, k)
        except NonsenseError as why:
            self.counts.nonsense(len(requests), str(why))
            return self._from_fallback(requests, k)
        if n_bad:
            self.counts.nonsense(n_bad, f"page of session {int(requests.session[bad.argmax()])}")
        if isinstance(slates, PartSlates):
            self.counts.add(slates.account)
            bad = bad if slates.unserved is None else bad | slates.unserved
        return self._mended(checked, bad, requests, k) if bad.any() else checked

    def _judged(self, slates: Any, requests: PageRequests, k: int) -> tuple[Slates, Bool, int]:
        """Return (slates with what is ineligible emptied, malformed rows, their number)."""
        if not isinstance(slates, Slates):
            raise NonsenseError(f"{type(slates).__name__} instead of Slates")
        shape = (len(requests), k)
        whole_numbers(slates.content, shape)
        if isinstance(slates, PartSlates) and slates.unserved is not None:
            _marks(slates.unserved, len(requests))
        content = slates.content
        if content.dtype != np.int32:  # clipped first: an id too large must not wrap into one that exists
            content = np.clip(content, -2, np.iinfo(np.int32).max).astype(np.int32)
        out, bad, n_bad, emptied = self._shelf.inspect(content, requests)
        self.counts.ineligible += emptied
        score, propensity = slates.score, slates.propensity
        for values in (score, propensity):
            if values is not None:
                _floats(values, shape)
                n_bad += unnumbered(values, out, bad)
        return Slates(out, score, propensity), bad, n_bad

    def _mended(self, slates: Slates, bad: Bool, requests: PageRequests, k: int) -> Slates:
        """Put the fallback's rows where the policy's are malformed or missing."""
        rows = np.flatnonzero(bad)
        backup = self._from_fallback(_subset(requests, rows), k)
        slates.content[rows] = backup.content
        return Slates(slates.content, _blank(slates.score, rows), _blank(slates.propensity, rows))

    def _from_fallback(self, requests: PageRequests, k: int) -> Slates:
        self.counts.served_by_fallback += len(requests)
        try:
            slates, _, n_bad = self._judged(self.trusted("recommend", requests, k), requests, k)
        except NonsenseError as why:
            raise self.hopeless(str(why)) from why
        if n_bad:
            raise self.hopeless(f"{n_bad} pages are malformed")
        return slates


def _floats(values: Any, shape: tuple[int, ...]) -> None:
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or values.shape != shape:
        raise NonsenseError("scores or propensities are not a float array of the slates' shape")


def _marks(values: Any, n: int) -> None:
    if not isinstance(values, np.ndarray) or values.dtype.kind != "b" or values.shape != (n,):
        raise NonsenseError("what is unserved is not one mark a page")


def _blank(values: Any, rows: Any) -> Any:
    """Return a copy without the numbers of rows that the fallback answered."""
    if values is None:
        return None
    values = values.copy()
    values[rows] = np.nan
    return values


def _subset(requests: PageRequests, rows: Any) -> PageRequests:
    return replace(requests, **{name: getattr(requests, name)[rows] for name in _PER_ROW})
