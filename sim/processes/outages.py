"""When brands dispatch nothing, as the scenario plans it."""

from sim.scenario.events import SupplierOutage
from sim.scenario.scenario import Scenario
from sim.schema.clock import to_ticks


class Outages:
    """The planned outages of all brands."""

    def __init__(self, scenario: Scenario) -> None:
        self._spans: dict[int, list[tuple[int, int]]] = {}
        for event in sorted((e for e in scenario.events if isinstance(e, SupplierOutage)), key=lambda e: e.at):
            begins = to_ticks(event.at)
            self._spans.setdefault(event.brand, []).append((begins, begins + to_ticks(event.for_)))

    def over(self, brand: int, instant: int) -> int:
        """Return the first instant at or after ``instant`` (ticks) at which the brand dispatches."""
        for begins, ends in self._spans.get(brand, ()):  # by beginning, so one pass is enough
            if begins <= instant < ends:
                instant = ends
        return instant
