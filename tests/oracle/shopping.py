"""From a click to an order, and what a visitor does who comes too late, one visitor at a time."""

import math
from types import SimpleNamespace

from sim.behaviour import choice, purposes
from sim.schema.counters import Counter
from sim.schema.draws import uniform
from sim.schema.kinds import Act, ContentKind
from sim.world.state import BOUGHT_PLACES, COUPON_PLACES, NEVER
from tests.oracle.notebook import Notebook, surface_of
from tests.oracle.visitor import Shown, Visitor, Waiting
from tests.oracle.worlds import DAY, Small

ROOM = int(ContentKind.ROOM)


class Shop:
    """Carts, orders and stockouts.

    `ordered`, `due` and `sold_out` are called when an order is placed, a review becomes due, a slot is sold out.
    """

    def __init__(self, world: Small, notebook: Notebook) -> None:
        self.world = world
        self.truth = world.truth
        self.c = world.c[0]
        self.n = SimpleNamespace(**{name: world.c[name].item() for name in world.c.dtype.names or ()})
        self.notebook = notebook

    # -- what the rest of the oracle does ----------------------------------------------------------------------

    def now(self) -> int:
        """Return the present instant, ticks."""
        raise NotImplementedError

    def ordered(self, now: int) -> None:
        """Have the order that was placed released."""
        raise NotImplementedError

    def due(self, offer: int) -> None:
        """Have an offer reviewed at this instant."""
        raise NotImplementedError

    def sold_out(self, room: int) -> None:
        """Have a room's creator notice at this instant."""
        raise NotImplementedError

    # -- luck and liking -----------------------------------------------------------------------------------------

    def draw(self, who: Visitor, purpose: int, what: int) -> float:
        """Return the visitor's number for a purpose."""
        return float(uniform(who.key, purpose, what))

    def duration(self, mean: float, u: float) -> int:
        """Return an exponential duration on the grid, ticks."""
        return int(choice.duration(mean, u, self.n.grid))

    def key_of(self, who: Visitor) -> int:
        """Return what keys the luck with what the visitor looks at: in a room its item, elsewhere the content."""
        return who.here.offer if who.room >= 0 else who.here.content

    def luck(self, who: Visitor) -> int:
        """Return the same with the number of earlier exposures in this session."""
        return self.key_of(who) + who.exposure * 2**32

    def fit(self, consumer: int, offer: int) -> float:
        """Return how well an offer matches a taste."""
        return float(choice.match(self.truth.consumers["taste"][consumer], self.truth.offers["vector"][offer]))

    def relative_price(self, consumer: int, offer: int, price: float) -> float:
        """Return price sensitivity times the log price against the reference."""
        reference = float(self.truth.offers["reference"][offer])
        return float(self.truth.consumers["sensitivity"][consumer]) * (math.log(price) - reference)

    def discount(self, offer: int, price: float) -> float:
        """Return the share that a price lies under the list price."""
        return max(0.0, 1.0 - price / int(self.truth.offers["list_price"][offer]))

    def click_utility(self, who: Visitor, shown: Shown) -> float:
        """Return the utility of a click on a place before fatigue, with sales as they are now."""
        content, offer = self.truth.contents[shown.content], self.truth.offers[shown.offer]
        source = offer if content["kind"] == ROOM else content
        follows = self.truth.consumers["follows"][who.consumer].tolist()
        return float(
            choice.click_utility(
                self.c,
                float(choice.match(self.truth.consumers["taste"][who.consumer], source["vector"])),
                float(source["appeal"]),
                self.relative_price(who.consumer, shown.offer, shown.price),
                self.discount(shown.offer, shown.price),
                int(offer["sold"]),
                int(content["creator"]) >= 0 and int(content["creator"]) in follows,
                shown.sold_out,
                0.0,
            )
        )

    def buy_utility(self, who: Visitor, offer: int, price: float) -> float:
        """Return the utility of buying over not buying."""
        row, consumer = self.truth.offers[offer], self.truth.consumers[who.consumer]
        return float(
            choice.buy_utility(
                self.c,
                self.fit(who.consumer, offer),
                self.relative_price(who.consumer, offer, price),
                self.discount(offer, price),
                int(row["sold"]),
                int(row["stars"]),
                int(row["ratings"]),
                float(self.truth.promise_days[row["node"], consumer["region"]]),
                float(consumer["trust"]),
                who.room >= 0,
            )
        )

    # -- the cart ------------------------------------------------------------------------------------------------

    def wants(self, who: Visitor) -> bool:
        """Tell whether the visitor means to buy what was clicked, and note how many."""
        shown, luck = who.here, self.luck(who)
        price = shown.price - self.coupon_off(who, shown.offer, shown.price, 1)
        cart = choice.cart_utility(
            self.c,
            self.fit(who.consumer, shown.offer),
            self.relative_price(who.consumer, shown.offer, price),
            self.discount(shown.offer, price),
            who.room >= 0,
        )
        if self.draw(who, purposes.CART, luck) >= choice.chance(cart):
            return False
        self.notebook.act(who, self.now(), Act.CART, shown.content, shown.offer)
        self.notebook.count(who, Counter.CARTS)
        if self.draw(who, purposes.BUY, luck) >= choice.chance(self.buy_utility(who, shown.offer, price)):
            return False
        who.wanted = int(choice.units_wanted(self.draw(who, purposes.UNITS, luck), self.n.more_units))
        return True

    def price_of(self, shown: Shown) -> int:
        """Return what a place costs: what it said when the page opened."""
        return shown.price

    def try_to_buy(self, who: Visitor) -> None:
        """Buy as many of those wanted as there are, or come too late."""
        shown = who.here
        price = self.price_of(shown)
        room = self.truth.rooms[who.room] if who.room >= 0 else None
        in_slot = room is not None and room["slot"] == who.slot and room["offer"] == shown.offer
        limit = room["purchase_limit"] if in_slot else self.truth.offers["purchase_limit"][shown.offer]
        units = self.affordable(who, shown.offer, price, int(limit), who.wanted)
        if units <= 0:
            return
        self.notebook.count(who, Counter.INTENTS, units)
        self.truth.offers["wanted"][shown.offer] += units
        held = room["left"] if in_slot else self.truth.offers["available"][shown.offer]
        got = self.there(who, price, units, int(held))
        if got <= 0:
            self.too_late(who, shown, units, price)
            return
        if in_slot:
            self._from_slot(who.room, got)
        else:
            self._from_stock(shown.offer, got)
        self.notebook.count(who, Counter.SATISFIED, got)
        if got < units:
            self._lost(who, units - got, price)
        slot = who.slot if in_slot else -1
        self._order(who, shown.offer, shown.content, got, units - got, price, slot=slot)

    def affordable(self, who: Visitor, offer: int, price: int, limit: int, wanted: int) -> int:
        """Return the units that the purchase limit and the budget leave of those wanted."""
        row = self.truth.consumers[who.consumer]
        had = sum(int(row["bought_units"][i]) for i in range(BOUGHT_PLACES) if row["bought"][i] == offer)
        return self.within_budget(who, offer, price, min(wanted, limit - had))

    def within_budget(self, who: Visitor, offer: int, price: int, wanted: int) -> int:
        """Return the largest number of units, up to those wanted, that budget and coupon pay for."""
        left = int(self.truth.consumers["budget_left"][who.consumer])
        for units in range(wanted, 0, -1):
            if units * price - self.coupon_off(who, offer, price, units) <= left:
                return units
        return 0

    def there(self, who: Visitor, price: int, wanted: int, held: int) -> int:
        """Return how many there are of those wanted; where fewer, no more than can be paid without a coupon."""
        left = int(self.truth.consumers["budget_left"][who.consumer])
        return wanted if held >= wanted else min(held, left // price)

    # -- coupons -------------------------------------------------------------------------------------------------

    def coupon_off(self, who: Visitor, offer: int, price: int, units: int) -> int:
        """Return what the platform would pay of an order."""
        enough = price * units >= self.n.coupon_minimum
        return int(self.n.coupon_value) if enough and self.coupon_for(who, offer) is not None else 0

    def coupon_for(self, who: Visitor, offer: int) -> int | None:
        """Return the place of the coupon that an order would use: the first to expire of those good for it."""
        row = self.truth.consumers[who.consumer]
        good = [
            (int(row["coupon_until"][place]), place)
            for place in range(COUPON_PLACES)
            if row["coupon"][place] >= 0 and row["coupon_until"][place] > self.now()
            and self.good_for(who, int(row["coupon"][place]), offer)
        ]  # fmt: skip
        return min(good)[1] if good else None

    def good_for(self, who: Visitor, content: int, offer: int) -> bool:
        """Tell whether a content's coupon is good for an offer here: of the same merchant, or shown in the room."""
        if self.truth.contents["kind"][content] == ROOM:
            return who.room >= 0 and int(self.truth.contents["room"][content]) == who.room
        merchant = self.truth.offers["merchant"]
        return bool(merchant[content] == merchant[offer])

    def try_again(self, who: Visitor) -> None:
        """Ask once more for what was missed, at today's price."""
        missed = who.waiting
        assert missed is not None
        row = self.truth.offers[missed.offer]
        price = int(row["price"])
        units = self.affordable(who, missed.offer, price, int(row["purchase_limit"]), missed.units)
        got = self.there(who, price, units, int(row["available"]))
        if got < missed.units:
            self._lost(who, missed.units - got, price)
        if got > 0:
            self._from_stock(missed.offer, got)
            self._order(who, missed.offer, missed.content, got, 0, price, retried=True)

    # -- stock ---------------------------------------------------------------------------------------------------

    def _from_stock(self, offer: int, units: int) -> None:
        row = self.truth.offers[offer]
        row["available"] -= units
        if row["available"] == 0:
            row["empty_since"] = self.now()
        self._promised(offer, units)

    def _from_slot(self, room: int, units: int) -> None:
        row = self.truth.rooms[room]
        row["left"] -= units
        self.truth.offers["allotted"][row["offer"]] -= units
        self._promised(int(row["offer"]), units)

    def _promised(self, offer: int, units: int) -> None:
        row = self.truth.offers[offer]
        row["promised"] += units
        row["position"] -= units
        row["sold"] += units

    # -- the order -----------------------------------------------------------------------------------------------

    def _order(
        self, who: Visitor, offer: int, content: int, units: int, short: int, price: int, *, slot: int = -1,
        substitute: bool = False, retried: bool = False,
    ) -> None:  # fmt: skip
        now, what = self.now(), offer + who.ordered * 2**32
        off = self.coupon_off(who, offer, price, units)
        touch = self._redeem(who, offer) if off else self._touch(who)
        self._pay_from_budget(who.consumer, offer, units, units * price - off)
        paid = self.draw(who, purposes.PAYS, what) >= self.n.unpaid
        delay = self.duration(self.n.payment, self.draw(who, purposes.PAYMENT, what))
        self.notebook.order(
            placed=now, pays_at=now + delay if paid else -1, session=who.session, number=who.number, slot=slot,
            price=price, coupon=off, touch=touch, consumer=who.consumer, offer=offer, content=content,
            creator=int(self.truth.contents["creator"][content]), units=units, short=short,
            match=self.fit(who.consumer, offer) + float(self.truth.offers["quality"][offer]),
            surplus=self.buy_utility(who, offer, price - off / units), surface=surface_of(who), substitute=substitute,
            retried=retried,
        )  # fmt: skip
        self.notebook.act(who, now, Act.ORDER, content, offer, units)
        self.notebook.count(who, Counter.ORDERS)
        if who.ordered == 0:
            self.notebook.first_order(who)
        who.ordered += 1
        self.ordered(now)
        self._set_off(offer, slot, who.room)

    def _redeem(self, who: Visitor, offer: int) -> int:
        """Use up the coupon; return whose it was."""
        place = self.coupon_for(who, offer)
        coupons = self.truth.consumers["coupon"][who.consumer]
        content, coupons[place] = int(coupons[place]), -1
        return content

    def _touch(self, who: Visitor) -> int:
        """Return what brought the consumer last, if that was within a day."""
        row = self.truth.consumers[who.consumer]
        return int(row["touch"]) if self.now() <= int(row["touched"]) + DAY else -1

    def _pay_from_budget(self, consumer: int, offer: int, units: int, cents: int) -> None:
        row = self.truth.consumers[consumer]
        row["budget_left"] -= cents
        place = int(row["n_bought"]) % BOUGHT_PLACES
        row["bought"][place], row["bought_units"][place] = offer, units
        row["n_bought"] += 1

    def _set_off(self, offer: int, slot: int, room: int) -> None:
        row = self.truth.offers[offer]
        is_due = bool(row["position"] <= row["reorder_level"])
        if is_due:
            row["reorder_level"] = -NEVER
        if slot >= 0 and self.truth.rooms["left"][room] == 0:
            self.sold_out(room)
        if is_due:
            self.due(offer)

    def _lost(self, who: Visitor, units: int, price: int) -> None:
        self.notebook.count(who, Counter.LOST_UNITS, units)
        self.notebook.count(who, Counter.LOST_CENTS, units * price)

    # -- too late ------------------------------------------------------------------------------------------------

    def too_late(self, who: Visitor, shown: Shown, units: int, price: int) -> None:
        """Leave, take something else, wait, or shrug."""
        row = self.truth.consumers[who.consumer]
        row["trust"] = min(1.0, max(0.0, float(row["trust"]) + self.n.trust_stockout))
        self.notebook.act(who, self.now(), Act.STOCKOUT, shown.content, shown.offer, units)
        self.notebook.count(who, Counter.STOCKOUTS)
        u = self.draw(who, purposes.STOCKOUT, shown.offer)
        leave, substitute = self.n.stockout_leave, self.n.stockout_leave + self.n.stockout_substitute
        if u < leave:
            who.leaving, who.next, who.depth = True, None, 0
        elif u < substitute:
            if self._take_another(who, shown, units):
                return
        elif u < substitute + self.n.stockout_wait and who.waiting is None:
            delay = self.duration(self.n.wait, self.draw(who, purposes.WAIT, shown.offer))
            who.waiting = Waiting(shown.offer, shown.content, units, self.now() + delay)
            return
        self._lost(who, units, price)

    def _take_another(self, who: Visitor, shown: Shown, units: int) -> bool:
        """Buy the most attractive other offer of the page that is there, its first place among equals."""
        options = [] if who.room >= 0 else [
            (place, other) for place, other in enumerate(who.places)
            if other is not None and other.offer not in (-1, shown.offer)
            and self.truth.offers["available"][other.offer] > 0
            and self.truth.contents["kind"][other.content] != ROOM
        ]  # fmt: skip
        if not options:
            return False
        place, best = max(options, key=lambda option: self.click_utility(who, option[1]))
        row = self.truth.offers[best.offer]
        wanted = self.affordable(who, best.offer, best.price, int(row["purchase_limit"]), units)
        got = self.there(who, best.price, wanted, int(row["available"]))
        if got <= 0:
            return False
        self._from_stock(best.offer, got)
        if got < units:
            self._lost(who, units - got, best.price)
        where, who.place = who.place, place
        self._order(who, best.offer, best.content, got, units - got, best.price, substitute=True)
        who.place = where
        return True
