"""Items that a scenario's events name are in its catalogue: told before a world is built."""

from collections.abc import Iterator

from sim.errors import ScenarioError
from sim.scenario.events import PlannedLivestream, Presale
from sim.scenario.scenario import Scenario
from sim.world.catalogue_table import read_items
from sim.world.goods import sku_names
from sim.world.guess import guess


def check_items(scenario: Scenario) -> None:
    """Refuse an event about an SKU that is not in the catalogue.

    Raises
    ------
    ScenarioError
        With the nearest name.
    """
    named = dict(_named(scenario))
    if not named:
        return
    names = sku_names(scenario, read_items(scenario))
    known = frozenset(names)
    for where, item in named.items():
        if item not in known:
            raise ScenarioError(where, f"no item {item!r}", guess(item, names))


def _named(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield the dotted key of each item that an event names, and its SKU."""
    for number, event in enumerate(scenario.events):
        if isinstance(event, Presale):
            yield f"events.{number}.item", event.item
        if isinstance(event, PlannedLivestream):
            for place, slot in enumerate(event.slots):
                if slot.item is not None:
                    yield f"events.{number}.slots.{place}.item", slot.item
