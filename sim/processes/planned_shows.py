"""The livestreams that the scenario itself schedules (its ``livestream`` events)."""

from collections.abc import Sequence

from sim.errors import ScenarioError
from sim.processes.run_of_show import RunOfShow, Slot
from sim.scenario.creators import Livestreams
from sim.scenario.events import PlannedLivestream
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks
from sim.world.guess import guess

MOST_SLOTS = 500
"""Slots of the usual length in a long livestream; after them nothing is on show."""


def planned_shows(scenario: Scenario, sku_name: Sequence[str]) -> list[RunOfShow]:
    """Return the scenario's own livestreams.

    Raises
    ------
    ScenarioError
        Where an item does not exist.
    """
    rules = scenario.creators.livestreams
    skus = {name: sku for sku, name in enumerate(sku_name)}
    shows = []
    for number, event in enumerate(scenario.events):
        if isinstance(event, PlannedLivestream):
            begins = to_ticks(event.at)
            ends = begins + to_ticks(event.for_)
            slots = _slots(event, f"events.{number}", skus) or usual_slots(rules, begins, ends)
            share = float(rules.notified_share) if event.notified_share is None else event.notified_share
            shows.append(RunOfShow(event.creator, begins, ends, slots, share, event.crowd))
    return shows


def usual_slots(rules: Livestreams, begins: int, ends: int) -> tuple[Slot, ...]:
    """Return slots of the usual length from ``begins`` to ``ends`` (ticks); the last may be shorter."""
    length = to_ticks(rules.slot)
    terms = (rules.flash_discount, rules.allotment, rules.purchase_limit)
    starts = range(begins, ends, length)[:MOST_SLOTS]
    return tuple(Slot(start, min(start + length, ends), *terms) for start in starts)


def _slots(event: PlannedLivestream, where: str, skus: dict[str, int]) -> tuple[Slot, ...]:
    slots = []
    for place, slot in enumerate(event.slots):
        if slot.item is not None and slot.item not in skus:
            raise ScenarioError(f"{where}.slots.{place}.item", f"no item {slot.item!r}", guess(slot.item, skus))
        begins = to_ticks(event.at + slot.at)
        terms = (slot.discount, slot.allotment, slot.purchase_limit)
        sku = -1 if slot.item is None else skus[slot.item]
        slots.append(Slot(begins, begins + to_ticks(slot.for_), *terms, sku=sku))
    return tuple(slots)
