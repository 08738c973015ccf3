"""The consumers again, plainly: one SimPy process per session.

Slow and simple, and written apart from the kernel, which must equal it bit for bit.  They share only the
choice model's formulas, the keyed draws and the numbers of their purposes.  SimPy gives the order at one
instant: processes, then the platform's refresh, then sessions by their id.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from sim.behaviour import choice, purposes
from sim.policy.keyed import KeyedRng
from sim.policy.protocols import Recommender
from sim.schema.clock import to_minutes, to_ticks
from sim.schema.counters import Counter
from sim.schema.draws import extend
from sim.schema.kinds import Act, ContentKind, Surface
from sim.world.state import SEEN_PLACES, Rows
from tests.oracle.notebook import Notebook
from tests.oracle.outcome import Outcome, behaviour_log, outcome
from tests.oracle.platform import REFRESH, Platform
from tests.oracle.shopping import Shop
from tests.oracle.town import Instant, Town
from tests.oracle.visitor import Shown, Slate, Visitor
from tests.oracle.worlds import Small

Life = Generator[simpy.Event, Any, None]
FIRST_SESSION = REFRESH + 1
ROOM = int(ContentKind.ROOM)
LOOKS_IN_A_ROOM = 2**20
"""Looks in a room draw as pages from here on."""
MOST_PAGES = 10_000


class PerSession(Shop):
    """Everybody who visits, each in a process of their own."""

    platform_kind = Platform

    def __init__(self, world: Small) -> None:
        super().__init__(world, Notebook(world))
        self._sessions = 0
        self._watching: dict[int, simpy.Event] = {}
        self.take_orders = self.notebook.take_orders

    def lives_in(
        self, env: simpy.Environment, platform: Platform, notify: Callable[[float], None], review: Callable[[int], None]
    ) -> None:
        """Know the clock, who serves pages, and whom to tell of orders and of offers that are due."""
        self.env, self.platform, self.notify, self.review = env, platform, notify, review

    # -- time ----------------------------------------------------------------------------------------------------

    def now(self) -> int:
        """Return the present instant, ticks."""
        return to_ticks(self.env.now)

    def until(self, who: Visitor, instant: int) -> simpy.Event:
        """Return the event of a visitor's next step."""
        return Instant(self.env, to_minutes(instant) - self.env.now, self.rank(who))

    def rank(self, who: Visitor) -> int:
        """Return the visitor's place among the events of one instant."""
        return FIRST_SESSION + who.session

    # -- what an order sets off ------------------------------------------------------------------------------------

    def ordered(self, now: int) -> None:
        """Have the order released at the first release instant after it."""
        self.notify(to_minutes((now // self.n.release_every + 1) * self.n.release_every))

    def due(self, offer: int) -> None:
        """Review the offer at this instant, before anybody else acts."""
        self.at_once(lambda: self.review(offer))

    def sold_out(self, room: int) -> None:
        """Tell the room's creator at this instant, before anybody else acts."""
        self.at_once(lambda: self._watching.pop(room).succeed() if room in self._watching else None)

    def at_once(self, action: Callable[[], Any]) -> None:
        """Act when the selling event is over and before the next one."""
        self.after(action, priority=1)

    def after(self, action: Callable[[], Any], priority: int) -> None:
        """Act at this instant, in the place of ``priority``."""
        event = Instant(self.env, 0.0, priority)
        assert event.callbacks is not None
        event.callbacks.append(lambda _: action())

    def on_sold_out(self, room: int) -> simpy.Event:
        """Return the event that the room's slot is sold out."""
        self._watching[room] = self.env.event()
        return self._watching[room]

    # -- who comes -------------------------------------------------------------------------------------------------

    def come(self, arrivals: Rows) -> None:
        """Let a day's visitors live."""
        for arrival in arrivals:
            self._enter(arrival)

    def flock(self, arrivals: Rows) -> None:
        """Let a flash crowd live; nobody comes after the last day."""
        for arrival in arrivals:
            if arrival["time"] < self.world.days * 1440 * 65536:
                self._enter(arrival)

    def _enter(self, arrival: Rows) -> None:
        consumer, number = int(arrival["consumer"]), self.number_of(arrival)
        who = Visitor(
            session=self._sessions, number=number, consumer=consumer,
            key=np.uint64(extend(extend(self.world.key, consumer), number)), started=int(arrival["time"]),
            began=int(arrival["surface"]), surface=int(arrival["surface"]), query=int(arrival["query"]),
        )  # fmt: skip
        self._sessions += 1
        room, offer = int(arrival["room"]), int(arrival["offer"])
        if arrival["paid"]:
            self.env.process(self.advertised_to(who, room, offer))
        else:
            self.env.process(self.notified(who, room) if room >= 0 else self.browsing(who))

    def number_of(self, arrival: Rows) -> int:
        """Return what keys a session's luck."""
        return int(arrival["number"])

    # -- lives -----------------------------------------------------------------------------------------------------

    def browsing(self, who: Visitor) -> Life:
        """Come, and turn page after page."""
        yield self.until(who, who.started)
        self.notebook.arrived(who)
        who.next = self.platform.page(who, 0)
        yield from self.pages(who)

    def notified(self, who: Visitor, room: int) -> Life:
        """Come to a livestream."""
        yield self.until(who, who.started)
        self.notebook.arrived(who)
        yield from self.live(who, room)

    def advertised_to(self, who: Visitor, room: int, offer: int) -> Life:
        """Follow an advertisement, if it is shown: to a room that is live, or to an offer that is there."""
        yield self.until(who, who.started)
        there = self.truth.rooms["live"][room] if room >= 0 else self.truth.offers["available"][offer] > 0
        if not there:
            return
        card = len(self.truth.contents) - len(self.truth.rooms) + room if room >= 0 else offer
        self.notebook.arrived(who)
        self.notebook.brought(who)
        self.truth.contents["visits"][card] += 1
        row = self.truth.consumers[who.consumer]
        row["touch"], row["touched"] = card, self.now()
        yield from self.live(who, room) if room >= 0 else self.landed(who, offer)

    def landed(self, who: Visitor, offer: int) -> Life:
        """Begin at an offer's details, and look at the feed afterwards."""
        who.opened, who.depth = self.now(), 1
        who.places, who.propensity = [self.freeze(offer)], [float("nan")]
        self.remember(who)
        self.notebook.act(who, self.now(), Act.CLICK, offer, offer)
        self.notebook.count(who, Counter.LANDINGS)
        who.recent = [offer, *who.recent[:-1]]
        self.prefetch(who)
        yield from self.look_closer(who)
        yield self.until(who, self.end_of_page(who))
        yield from self.pages(who)

    def live(self, who: Visitor, room: int) -> Life:
        """Watch a room if it is live; look at the feed afterwards."""
        who.surface = int(Surface.FEED)
        self.prefetch(who)
        if self.truth.rooms["live"][room]:
            yield from self.watch(who, room)
        else:
            yield self.until(who, self.now() + self.n.shortest_page)
        yield from self.pages(who)

    def pages(self, who: Visitor) -> Life:
        """Read all pages that are asked for; then perhaps wait for what was missed."""
        while who.next is not None:
            self.open(who, who.next)
            yield from self.read(who)
        if who.waiting is not None:
            yield self.until(who, max(who.waiting.at, self.now()))
            self.try_again(who)

    # -- a page ----------------------------------------------------------------------------------------------------

    def open(self, who: Visitor, slate: Slate) -> None:
        """Open a page: what it shows is fixed now, and the next page is asked for."""
        who.page += 1
        who.opened = who.cursor = self.now()
        who.place, who.next, who.propensity = 0, None, list(slate.propensity)
        draw = self.draw(who, purposes.ATTENTION, who.page)
        who.depth = int(choice.depth(draw, self.n.attention, len(slate.content)))
        who.places = [self.freeze(content) for content in slate.content]
        self.judge(who)
        self.notebook.count(who, Counter.PAGES)
        self.notebook.count(who, Counter.SLATE_ITEMS, sum(content >= 0 for content in slate.content))
        self.prefetch(who)

    def prefetch(self, who: Visitor) -> None:
        """Ask for the next page now, if there is to be one."""
        if self.draw(who, purposes.NEXT_PAGE, who.page) < self.n.next_page and who.page < MOST_PAGES:
            who.next = self.platform.page(who, who.page + 1)

    def freeze(self, content: int) -> Shown | None:
        """Return what a place shows from now on; None where there is nothing to see."""
        if content < 0:
            return None
        row = self.truth.contents[content]
        if row["kind"] == ROOM:
            room = self.truth.rooms[row["room"]]
            offer, price, units = int(room["offer"]), int(room["price"]), int(room["left"])
        else:
            offer = int(row["offer"])
            price, units = int(self.truth.offers["price"][offer]), int(self.truth.offers["available"][offer])
        return Shown(content, offer, price, units <= 0) if offer >= 0 else None

    def judge(self, who: Visitor) -> None:
        """Fix what the places that will be looked at are worth, before fatigue."""
        for shown in who.places[: who.depth]:
            if shown is not None:
                pull = self.n.live_pull if self.truth.contents["kind"][shown.content] == ROOM else 0.0
                shown.utility = pull + self.click_utility(who, shown)

    def read(self, who: Visitor) -> Life:
        """Look down the page, click, perhaps buy, look on; until the page is over."""
        while True:
            turn = self.look_on(who)
            yield self.until(who, turn if turn is not None else who.cursor)
            if turn is not None:
                return
            self.click(who)
            content = self.truth.contents[who.here.content]
            if content["kind"] == ROOM and who.room < 0:
                if self.truth.rooms["live"][content["room"]]:
                    yield from self.watch(who, int(content["room"]))
                    return
                who.cursor = self.now() + self.n.grid
            else:
                yield from self.look_closer(who)
            who.place += 1

    def look_closer(self, who: Visitor) -> Life:
        """Read an offer's details, and perhaps go to the checkout."""
        if self.wants(who):
            checkout = self.duration(self.n.checkout, self.draw(who, purposes.CHECKOUT, self.luck(who)))
            yield self.until(who, self.now() + checkout)
            self.try_to_buy(who)
            who.cursor = self.now() + self.n.grid
        else:
            mean = self.n.live_look if who.room >= 0 else self.n.detail
            who.cursor = self.now() + self.duration(mean, self.draw(who, purposes.DETAIL, self.luck(who)))

    def look_on(self, who: Visitor) -> int | None:
        """Move the eyes to the next click (None: the cursor says when), or return when the page is over."""
        mean = self.n.live_look if who.room >= 0 else self.n.look
        page = LOOKS_IN_A_ROOM + who.look if who.room >= 0 else who.page
        for place in range(who.place, who.depth):
            shown = who.places[place]
            if shown is None:
                continue
            who.place = place
            fatigue = self.examine(who, shown, who.cursor)
            who.cursor += self.duration(mean, self.draw(who, purposes.LOOK, page * 128 + place))
            if self.draw(who, purposes.CLICK, self.luck(who)) < choice.chance(shown.utility + fatigue):
                return None
        who.place = max(0, who.depth - 1)
        return self.end_of_page(who)

    def end_of_page(self, who: Visitor) -> int:
        """Return when the page is left: after the last look, and not before the shortest page is over."""
        return max(who.cursor, who.opened + self.n.shortest_page)

    def examine(self, who: Visitor, shown: Shown, instant: int) -> float:
        """Look at a place; return what having seen it before takes off the utility."""
        before = self.remember(who)
        self.notebook.count(who, Counter.IMPRESSIONS)
        if shown.sold_out:
            self.notebook.count(who, Counter.OOS_IMPRESSIONS)
        self.notebook.exposed(who, shown.content)
        if self.truth.consumers["logged"][who.consumer]:
            self.notebook.act(who, instant, Act.IMPRESSION, shown.content, shown.offer)
        return float(self.n.log_repeat * before)

    def remember(self, who: Visitor) -> int:
        """Remember what is looked at; return how often it was, of all that is remembered."""
        row, what = self.truth.consumers[who.consumer], self.key_of(who)
        n = int(row["n_seen"])
        newest_first = [int(row["seen"][(n - 1 - i) % SEEN_PLACES]) for i in range(min(n, SEEN_PLACES))]
        who.exposure = newest_first[: who.examined].count(what)
        row["seen"][n % SEEN_PLACES] = what
        row["n_seen"] += 1
        who.examined += 1
        return newest_first.count(what)

    def click(self, who: Visitor) -> None:
        """Click, and perhaps like, comment, share and follow."""
        shown, luck, now = who.here, self.luck(who), self.now()
        self.notebook.act(who, now, Act.CLICK, shown.content, shown.offer)
        self.notebook.count(who, Counter.CLICKS)
        who.recent = [shown.content, *who.recent[:-1]]
        for purpose, chance, act, counter in (
            (purposes.LIKE, self.n.like, Act.LIKE, Counter.LIKES),
            (purposes.COMMENT, self.n.comment, Act.COMMENT, Counter.COMMENTS),
            (purposes.SHARE, self.n.share, Act.SHARE, Counter.SHARES),
        ):
            if self.draw(who, purpose, luck) < chance:
                self.notebook.act(who, now, act, shown.content, shown.offer)
                self.notebook.count(who, counter)
        creator = int(self.truth.contents["creator"][shown.content])
        follows = self.truth.consumers["follows"][who.consumer]
        if creator < 0 or creator in follows or -1 not in follows:
            return
        if self.draw(who, purposes.FOLLOW, luck) < self.n.follow:
            follows[follows.tolist().index(-1)] = creator
            self.notebook.act(who, now, Act.FOLLOW, shown.content, shown.offer)
            self.notebook.count(who, Counter.FOLLOWS)

    # -- a room ------------------------------------------------------------------------------------------------------

    def watch(self, who: Visitor, room: int) -> Life:
        """Look at the room's item again and again, until bored or the livestream is over."""
        row = self.truth.rooms[room]
        who.room, who.livestream, who.look = room, int(row["live"]), 0
        row["viewers"] += 1
        row["entries"] += 1
        row["peak"] = max(row["peak"], row["viewers"])
        row["watched"] -= self.now()
        while True:
            self.open_look(who, room)
            yield from self.read(who)
            if not self.stays(who, room):
                break
        if row["live"] == who.livestream:
            row["viewers"] -= 1
            row["watched"] += self.now()
        who.room = -1

    def open_look(self, who: Visitor, room: int) -> None:
        """Look at what is on show: a page with one place, as it is now."""
        who.opened = who.cursor = self.now()
        who.place = who.depth = 0
        who.look += 1
        row = self.truth.rooms[room]
        self.notebook.count(who, Counter.PAGES)
        if row["offer"] < 0:
            return
        who.slot, who.depth = int(row["slot"]), 1
        card = len(self.truth.contents) - len(self.truth.rooms) + room
        who.places, who.propensity = [self.freeze(card)], [float("nan")]
        self.judge(who)
        self.notebook.count(who, Counter.SLATE_ITEMS)

    def stays(self, who: Visitor, room: int) -> bool:
        """Tell whether a viewer looks once more."""
        row = self.truth.rooms[room]
        if who.leaving or row["live"] != who.livestream or who.look >= MOST_PAGES:
            return False
        fit = self.fit(who.consumer, int(row["offer"])) if row["offer"] >= 0 else 0.0
        stay = choice.chance(self.n.live_stay + self.n.live_stay_taste * fit)
        return self.draw(who, purposes.STAY, who.look) < stay


def per_session(world: Small, recommender: Recommender, kind: type[PerSession] = PerSession, **broken: Any) -> Outcome:
    """Play ``world`` to its end with one process per session; ``kind`` and ``broken`` break it on purpose."""
    env = simpy.Environment()
    recommender.begin(KeyedRng(world.key), world.catalogue)
    everybody = kind(world)
    notebook = everybody.notebook
    platform = kind.platform_kind(env, world, recommender, lambda minute: behaviour_log(notebook.acts(), minute))
    town = Town(env, world, everybody, everybody.on_sold_out, **broken)
    everybody.lives_in(env, platform, town.notify, town.review)
    env.run(until=town.open())
    return outcome(town, notebook.acts(), daily=notebook.daily, exposure=notebook.exposure, active=notebook.active)
