"""The semantics of time, serving and luck, each broken on purpose."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.behaviour.consumers import Consumers, Pause
from sim.processes.serving import Serving
from sim.schema.recommending import PageRequests
from sim.world.state import Rows
from tests.oracle.per_session import FIRST_SESSION, Life, PerSession
from tests.oracle.platform import Platform
from tests.oracle.visitor import Shown, Slate, Visitor

AFTER_EVERYBODY = 2**40


class RoundsDown(PerSession):
    """Durations are rounded down, and may be nothing."""

    def duration(self, mean: float, u: float) -> int:
        return int(-mean * math.log(u)) // self.n.grid * self.n.grid


class BeforeProcesses(PerSession):
    """Consumers act before processes at the same instant."""

    def rank(self, who: Visitor) -> int:
        return who.session - AFTER_EVERYBODY


class FirstComeFirstServed(PerSession):
    """At one instant the order of scheduling decides, not the session's id."""

    def rank(self, who: Visitor) -> int:
        return FIRST_SESSION


class LateRefresh(PerSession):
    """The view at an instant holds what consumers did at that instant."""

    class platform_kind(Platform):  # noqa: N801  # stands in for an attribute
        """A platform that comes last at an instant."""

        priority = AFTER_EVERYBODY


class Postponed(PerSession):
    """A page is answered when it opens: what was asked is kept until then."""

    def prefetch(self, who: Visitor) -> None:
        super().prefetch(who)
        if who.next is not None:
            who.next = self.platform.request(who, who.page + 1)  # type: ignore[assignment]

    def open(self, who: Visitor, slate: Slate | PageRequests) -> None:
        super().open(who, slate if isinstance(slate, Slate) else self.platform.answer(self.amended(slate, who)))

    def amended(self, request: PageRequests, who: Visitor) -> PageRequests:
        raise NotImplementedError


class AnsweredFromALaterView(Postponed):
    """A request made before a refresh is answered from the view after it."""

    def amended(self, request: PageRequests, who: Visitor) -> PageRequests:
        return replace(request, view=self.platform.view)


class ContextNotCopied(Postponed):
    """A request holds what was clicked after it was made."""

    def amended(self, request: PageRequests, who: Visitor) -> PageRequests:
        return replace(request, recent=np.array([who.recent], np.int32))


class FirstPageFromThePresent(PerSession):
    """A first page is answered from the world as it is, not from the view in force."""

    def browsing(self, who: Visitor) -> Life:
        yield self.until(who, who.started)
        self.notebook.arrived(who)
        who.next = self.platform.answer(replace(self.platform.request(who, 0), view=self.platform.taken()))
        yield from self.pages(who)


class CrowdNumberedByVisits(PerSession):
    """A flash crowd's session is the consumer's n-th."""

    def number_of(self, arrival: Rows) -> int:
        visits = self.__dict__.setdefault("visits", {})
        consumer = int(arrival["consumer"])
        visits[consumer] = visits.get(consumer, -1) + 1
        return visits[consumer] if arrival["room"] >= 0 else int(arrival["number"])


class CrowdDoesNotPrefetch(PerSession):
    """Who comes to a room asks for no page meanwhile."""

    def prefetch(self, who: Visitor) -> None:
        if who.page >= 0:
            super().prefetch(who)


class PriceAtPurchase(PerSession):
    """An order costs what the offer costs at that moment."""

    def price_of(self, shown: Shown) -> int:
        row = self.truth.contents[shown.content]
        return shown.price if row["room"] >= 0 else int(self.truth.offers["price"][shown.offer])


class BadgeAtTheLook(PerSession):
    """The sold-out badge shows what is true when the place is looked at."""

    def examine(self, who: Visitor, shown: Shown, instant: int) -> float:
        if who.room < 0 and self.truth.contents["room"][shown.content] < 0:
            sold_out = bool(self.truth.offers["available"][shown.offer] <= 0)
            if sold_out != shown.sold_out:
                shown.sold_out = sold_out
                shown.utility += self.n.click_sold_out * (1 if sold_out else -1)
        return super().examine(who, shown, instant)


class NoShortestPage(PerSession):
    """A page is over with its last look."""

    def end_of_page(self, who: Visitor) -> int:
        return max(who.cursor, who.opened + self.n.grid)


class HandlerAfterEverybody(PerSession):
    """What an order sets off happens after all consumers of that instant."""

    def at_once(self, action: Callable[[], Any]) -> None:
        self.after(action, AFTER_EVERYBODY)


class LuckByPlace(PerSession):
    """Luck is keyed by the place on the page."""

    def luck(self, who: Visitor) -> int:
        return who.place + who.exposure * 2**32


class RepeatsDecideAlike(PerSession):
    """A content seen again in the session meets the very same luck."""

    def luck(self, who: Visitor) -> int:
        return self.key_of(who)


class RefreshBeforeAnswers(Serving):
    """The loop takes the new view before it answers what was asked from the old one."""

    def serve(self) -> int:
        return 0 if self._refreshing else super().serve()

    def refresh(self, now: int) -> None:
        self._refreshing = True
        super().refresh(now)
        self._refreshing = False

    _refreshing = False


class ViewTakenTooLate(Serving):
    """The loop forgets that a process may send consumers who find the view taken before it acted."""

    def due(self, process_at: int) -> int:
        return max(self.view_until, self._consumers.next_time // self._every * self._every)


class IntoTheInstant:
    """Consumers who are walked up to and through the instant at which somebody else acts."""

    def __init__(self, consumers: Consumers, serving: Serving) -> None:
        self._consumers = consumers
        self._serving = serving

    def advance(self, limit: int) -> Pause:
        return self._consumers.advance(limit + (limit < self._serving.view_until))

    @property
    def next_time(self) -> int:
        return self._consumers.next_time

    def __getattr__(self, name: str) -> Any:
        return getattr(self._consumers, name)


@dataclass(frozen=True)
class Break:
    """A broken semantics: by its number in the list of the docs, and where it shows.

    Attributes
    ----------
    oracle, town : how the oracle is broken
    kernel : how the kernel's side is
    """

    number: int
    oracle: type[PerSession] | None = None
    town: dict[str, Any] = field(default_factory=dict)
    kernel: dict[str, Any] = field(default_factory=dict)
    world: str = "slow"


BREAKS = {
    "durations are rounded down": Break(1, RoundsDown),
    "on the fine grid durations are rounded down": Break(1, RoundsDown, world="fine"),
    "consumers come before processes": Break(2, BeforeProcesses),
    "sessions act in the order of scheduling": Break(2, FirstComeFirstServed),
    "the kernel walks into the instant": Break(2, kernel={"disturb": IntoTheInstant}),
    "the view holds what consumers do at its instant": Break(3, LateRefresh),
    "answers come from a later view": Break(3, AnsweredFromALaterView),
    "the loop refreshes before it answers": Break(3, kernel={"serving_kind": RefreshBeforeAnswers}),
    "the loop takes a view too late": Break(3, kernel={"serving_kind": ViewTakenTooLate}, world="quiet"),
    "a request's context is not copied": Break(4, ContextNotCopied),
    "first pages come from the present": Break(5, FirstPageFromThePresent),
    "a flash crowd is numbered by visits": Break(6, CrowdNumberedByVisits),
    "a flash crowd does not prefetch": Break(6, CrowdDoesNotPrefetch),
    "prices are not frozen": Break(7, PriceAtPurchase),
    "badges are not frozen": Break(7, BadgeAtTheLook),
    "pages end with the last look": Break(7, NoShortestPage),
    "handlers come after everybody": Break(8, HandlerAfterEverybody),
    "handlers re-arm without looking": Break(8, PerSession, {"rearms": False}),
    "a restock comes after consumers": Break(9, PerSession, {"late": AFTER_EVERYBODY}),
    "a release takes orders of its own instant": Break(9, PerSession, {"release_priority": AFTER_EVERYBODY}),
    "luck is keyed by place": Break(10, LuckByPlace),
    "repeats decide alike": Break(10, RepeatsDecideAlike),
}
