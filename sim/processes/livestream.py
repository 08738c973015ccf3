"""A livestream: it goes live, its followers come, one item after the other is on show, everybody is counted out."""

from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Protocol

import simpy

from sim.behaviour.arrivals import count_followers
from sim.processes.room import Room
from sim.processes.run_of_show import RunOfShow, Slot
from sim.processes.scene import Scene
from sim.processes.triggers import Triggers


class Studio(Protocol):
    """Who looks after all livestreams together."""

    def number_slot(self) -> int:
        """Return the next slot's number, unique in the replication."""

    def invite(self, show: RunOfShow) -> None:
        """Tell the followers that a livestream begins."""

    def owe_fee(self, creator: int, offer: int) -> None:
        """Note that an offer's merchant owes the creator for a slot."""


@dataclass
class Aired:
    """What came of a slot: price in cents, units, the instant at which none was left (ticks; -1 = never)."""

    slot: int
    offer: int
    price: int
    allotted: int
    sold: int = 0
    sold_out_at: int = -1


class Livestream:
    """One livestream's run of show.

    An item that is sold out before its slot ends gets a second allotment, if units are available at that instant.
    After that, or without, the creator goes on to the next slot, which ends when it was planned to: at once where
    there is something to sell, else when it was planned to begin.  A slot that then has nothing is passed over.

    Parameters
    ----------
    live : int
        Number of the livestream, unique in the replication, from 1 on.
    """

    def __init__(self, scene: Scene, show: RunOfShow, live: int, triggers: Triggers, studio: Studio) -> None:
        self._scene = scene
        self._show = show
        self._live = live
        self._triggers = triggers
        self._studio = studio
        self._room = Room(scene.world.truth.rooms[show.creator], scene.world.stock)
        self._aired: list[Aired] = []

    def run(self) -> Generator[simpy.Event, None, None]:
        """Go live, show what is planned, end."""
        followers = self._count_followers()
        self._room.open(self._live)
        self._studio.invite(self._show)
        early = False
        for slot in self._show.slots:
            if slot.begins > self._scene.now and not (early and self._can_sell(slot)):
                yield self._scene.until(slot.begins)
            early = yield from self._present(slot)
        if self._show.ends > self._scene.now:
            yield self._scene.until(self._show.ends)
        self._write(self._room.close(self._scene.now), self._count_followers() - followers)

    def _can_sell(self, slot: Slot) -> bool:
        available = self._scene.world.truth.offers["available"]
        return slot.offer >= 0 and slot.allotment > 0 and bool(available[slot.offer] > 0)

    def _present(self, slot: Slot) -> Generator[simpy.Event, None, bool]:
        """Show a slot's item until the slot ends or it is sold out; return whether there is time left."""
        if slot.offer < 0:
            return True
        aired = self._open(slot)
        early = aired.allotted == 0
        if not early:
            early = yield from self._sell(slot, aired)
        if early:
            aired.sold_out_at = self._scene.now
        aired.sold = aired.allotted - self._room.take_down(self._scene.now)
        self._aired.append(aired)
        self._scene.record.row("slot", time=self._scene.now, creator=self._show.creator, **asdict(aired))
        return early

    def _open(self, slot: Slot) -> Aired:
        """Set units aside, and put the item on show at its flash price."""
        price = flash_price(int(self._scene.world.truth.offers["price"][slot.offer]), slot.discount)
        aired = Aired(self._studio.number_slot(), slot.offer, price, self._allot(slot))
        if aired.allotted:
            self._room.put_on_show(aired.slot, slot.offer, aired.allotted, price, slot.purchase_limit)
            self._studio.owe_fee(self._show.creator, slot.offer)
        return aired

    def _sell(self, slot: Slot, aired: Aired) -> Generator[simpy.Event, None, bool]:
        """Wait for the slot's end; return whether all was sold before."""
        over = self._scene.until(slot.ends)
        for encore in (True, False):
            sold_out = self._triggers.on_sold_out(self._show.creator)
            yield over | sold_out
            if not sold_out.triggered:
                return False
            more = self._allot(slot) if encore else 0
            if not more:
                break
            aired.allotted += more
            self._room.add(more)
        return True

    def _allot(self, slot: Slot) -> int:
        return self._scene.world.stock.allot(slot.offer, slot.allotment, self._scene.now)

    def _write(self, counted: dict[str, int], followers_gained: int) -> None:
        self._scene.record.row(
            "livestream",
            time=self._scene.now,
            creator=self._show.creator,
            began=self._show.begins,
            slots=len(self._aired),
            sold=sum(aired.sold for aired in self._aired),
            allotted=sum(aired.allotted for aired in self._aired),
            revenue=sum(aired.sold * aired.price for aired in self._aired),
            followers_gained=followers_gained,
            **counted,
        )

    def _count_followers(self) -> int:
        return count_followers(self._scene.world.truth.consumers, self._show.creator)


def flash_price(price: int, discount: float) -> int:
    """Return a price in force less a share of it, whole cents, at least one."""
    return max(1, round(price * (1.0 - discount)))
