"""A recommender service, asked over HTTP as the platform would ask it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from types import SimpleNamespace
from typing import Annotated, Literal
from uuid import uuid4

import numpy as np
from pydantic import Field

from policies.recommenders._address import check_headers, checked_url, filled, host_of
from policies.recommenders._breaker import Breaker
from policies.recommenders._service_pages import Heard, Stock
from policies.recommenders._service_words import Names, model_version, said_events, said_items, said_requests
from policies.recommenders._slowness import declared, lost
from policies.recommenders._wire import Reply, Terms, Wire
from policies.recommenders.popularity import Popularity
from sim.errors import PolicyError
from sim.policy.keyed import KeyedRng
from sim.schema.recommending import BehaviourLog, Bool, CatalogueView, Float, Int, PageRequests, Slates

MEGABYTE = 10**6
NOT_FOUND, NOT_ALLOWED = 404, 405
PATIENCE = 10.0
"""Seconds for a call that no consumer waits for, at least."""


@dataclass(frozen=True)
class Http:
    """Ask a service: batches of pages to POST /recommend, what consumers did to POST /events.

    Each call has a deadline over all its tries; batches are sent several at once over connections that stay open,
    and their answers are used in the order of the requests.  A page without a usable answer is left to the
    fallback.  After ``failures`` failed calls in a row the service is left alone for ``pause_minutes`` of simulated
    time, then asked once; it serves again when that goes well.  The contract is docs/recommender_service.md.

    A slow page costs attention as ``latency`` says: not at all (``none``), by a log-normal distribution
    (``declared``), or by the real time of the call (``measured``: such a result is not reproducible).  Each 100 ms
    lose a share ``lost_per_100_ms`` of those still there; who has left looks at nothing on that page.

    Parameters
    ----------
    url : str
        Of the service, as in http://127.0.0.1:8000.  Another machine needs ``--allow-host``.
    deadline_ms : float, milliseconds
        Of real time, for one call with all its tries; what no consumer waits for has 10 s at least.
    retries : int
        Further tries of a call whose connection failed or whose status was 429, 502, 503 or 504.
    batch_size : int
        Pages in one call, at most.
    concurrency : int
        Calls under way at once, at most.
    headers : dict of str to str
        Sent with each call; ``${NAME}`` is taken from the environment, and written down nowhere.
    candidates : int
        Send so many most popular contents along with each request, to rank; 0: the service finds its own.
    catalogue : bool
        Whether to post what is listed to POST /items at the start; a service without it answers 404.
    feedback : bool
        Whether to post what consumers did to POST /events, at each refit.
    rows_per_call : int
        Items or events in one call, at most.
    failures : int
        In a row, after which the service is left alone.
    pause_minutes : float, simulated minutes
        How long it is left alone.
    most_megabytes : float, megabytes
        A longer answer is not read to its end.
    latency : {"none", "declared", "measured"}
        What slow pages cost, as told above.
    latency_median_ms : float, milliseconds
        Of the declared distribution.
    latency_p95_ms : float, milliseconds
        Of the declared distribution, its 95th percentile.
    lost_per_100_ms : float
        Share of consumers; assumed.
    """

    url: str
    deadline_ms: Annotated[float, Field(gt=0, le=600_000)] = 1000.0
    retries: Annotated[int, Field(ge=0, le=10)] = 1
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 128
    concurrency: Annotated[int, Field(ge=1, le=256)] = 4
    headers: dict[str, str] = field(default_factory=dict)
    candidates: Annotated[int, Field(ge=0, le=10_000)] = 0
    catalogue: bool = True
    feedback: bool = True
    rows_per_call: Annotated[int, Field(ge=1, le=100_000)] = 2000
    failures: Annotated[int, Field(ge=1)] = 5
    pause_minutes: Annotated[float, Field(gt=0)] = 60.0
    most_megabytes: Annotated[float, Field(gt=0, le=1000)] = 8.0
    latency: Literal["none", "declared", "measured"] = "none"
    latency_median_ms: Annotated[float, Field(gt=0)] = 80.0
    latency_p95_ms: Annotated[float, Field(gt=0)] = 250.0
    lost_per_100_ms: Annotated[float, Field(ge=0, lt=1)] = 0.01
    _state: SimpleNamespace = field(init=False, repr=False, compare=False, default_factory=SimpleNamespace)

    def __post_init__(self) -> None:
        checked_url(self.url)
        check_headers(self.headers)
        if self.latency_p95_ms <= self.latency_median_ms:
            raise ValueError("latency_p95_ms must be above latency_median_ms")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The machines it talks to."""
        return (host_of(self.url),)

    def artefact(self) -> dict[str, str]:
        """Ask the service which model it serves: part of what determines a result.

        Raises
        ------
        PolicyError
            Where no service answers.
        """
        wire = self._wire()
        reply = wire.get("/health", self._patient())
        wire.close()
        where = "policies.recommender.with.url"
        if reply.fault:
            raise PolicyError(where, f"no service answers at {self.url} ({reply.fault}: {reply.why})", "Is it running?")
        version = model_version(reply.body)
        if not version:
            raise PolicyError(where, f"GET /health at {self.url} does not tell a modelVersion")
        return {"model": version}

    def begin(self, rng: KeyedRng, catalogue: CatalogueView) -> None:
        """Tell the service what is listed; where it does not listen, it is told again at the next fit."""
        state = self._state
        state.rng = rng
        state.world = f"{rng.key:016x}-{uuid4().hex[:12]}"  # one service may serve several worlds at once
        state.names = Names.of(catalogue)
        state.posted = state.listed = 0
        state.wire = self._wire()
        state.breaker = Breaker(self.failures, self.pause_minutes)
        state.popular = Popularity()
        state.popular.begin(rng, catalogue)
        state.stock = Stock(catalogue)
        self._list(catalogue)

    def fit(self, log: BehaviourLog, catalogue: CatalogueView) -> None:
        """Post what consumers did since the last time; what could not be posted is posted next time."""
        state = self._state
        if self.candidates:
            state.popular.fit(log, catalogue)
        if state.breaker.calls(log.until) == 0:
            return
        failed = self._list(catalogue)
        if not failed and self.feedback:
            bodies = said_events(log, state.posted, self.rows_per_call, state.world, state.names)
            failed, times = self._post("/events", bodies)
            state.posted = min(state.posted + times * self.rows_per_call, len(log))
        if failed:
            error = TimeoutError if failed.fault == "timeout" else ConnectionError
            raise error(f"what consumers did could not be posted: {failed.fault}: {failed.why}")

    def recommend(self, requests: PageRequests, k: int) -> Slates:
        """Return the service's pages; those it has no usable answer to are marked unserved."""
        state = self._state
        fewest = state.stock.fewest(requests, k, self.candidates)
        heard = Heard(len(requests), k, self.batch_size, fewest, requests.view.minute, state.names, state.breaker)
        candidates = self._candidates(requests)
        bodies = (said_requests(requests, rows, k, state.world, state.names, candidates) for rows in heard.batches())
        state.wire.post_all("/recommend", bodies, self._terms(), heard.allowed, heard.take)
        return heard.slates(self._gone(requests, heard.milliseconds), self.latency == "measured")

    def _list(self, catalogue: CatalogueView) -> Reply | None:
        """Post what is listed, from where it was left; return the reply that failed."""
        state = self._state
        if not self.catalogue or state.listed >= catalogue.n_contents:
            return None
        bodies = said_items(catalogue, state.listed, self.rows_per_call, state.world, state.names)
        failed, times = self._post("/items", bodies)
        state.listed += times * self.rows_per_call
        if failed and failed.status in (NOT_FOUND, NOT_ALLOWED):  # it knows what is listed in its own way
            failed, state.listed = None, catalogue.n_contents
        return failed

    def _post(self, path: str, bodies: Iterator[bytes]) -> tuple[Reply | None, int]:
        """Post bodies until one fails; return its reply, and how many went well before it."""
        replies: list[Reply] = []

        def lost() -> list[Reply]:
            return [reply for reply in replies if reply.fault]

        self._state.wire.post_all(path, bodies, self._patient(), lambda: 0 if lost() else -1, replies.append)
        first = next((at for at, reply in enumerate(replies) if reply.fault), len(replies))
        return next(iter(lost()), None), first

    def _candidates(self, requests: PageRequests) -> Int | None:
        """Return the most popular contents that each page may show."""
        if not self.candidates:
            return None
        first = replace(requests, page=np.zeros_like(requests.page))
        found: Int = self._state.popular.recommend(first, self.candidates).content
        return found

    def _gone(self, requests: PageRequests, waited: Float) -> Bool:
        """Tell which consumers have left before their page was there; nobody waits where nothing was asked."""
        if self.latency == "none":
            return np.zeros(len(requests), np.bool_)
        rng, milliseconds = self._state.rng, waited
        if self.latency == "declared":
            milliseconds = declared(requests, rng, self.latency_median_ms, self.latency_p95_ms)
        return lost(requests, rng, milliseconds, self.lost_per_100_ms) & (waited > 0)

    def _wire(self) -> Wire:
        return Wire(checked_url(self.url), partial(filled, self.headers), self.concurrency)

    def _terms(self) -> Terms:
        return Terms(self.deadline_ms / 1000.0, self.retries, int(self.most_megabytes * MEGABYTE))

    def _patient(self) -> Terms:
        """Return the terms of calls that no consumer waits for."""
        return replace(self._terms(), deadline=max(self.deadline_ms / 1000.0, PATIENCE))
