"""When creators go live: as the scenario plans it, and by themselves."""

from collections.abc import Iterator

import numpy as np

from sim.processes.planned_shows import planned_shows, usual_slots
from sim.processes.run_of_show import RunOfShow
from sim.processes.timetable import DAY, midnight_before
from sim.schema.clock import TICKS_PER_MINUTE, to_ticks
from sim.world.world import World

Span = tuple[int, int]


class Schedule:
    """Who goes live on a day.  What a creator shows in slots without a given item is not decided here.

    Creators go live by themselves Poisson(``per_week / 7``) times a day, at a whole minute of an hour drawn by the
    scenario's weights.  Where a creator is live already, the livestream begins as soon as the other has ended, and
    not at all if that is another day.  Each creator has a stream of their own: one more changes nobody else's.
    """

    def __init__(self, world: World) -> None:
        scenario = world.scenario
        self._rules = scenario.creators.livestreams
        self._hours = np.array(self._rules.hours) / sum(self._rules.hours)
        self._midnight = midnight_before(scenario.start)
        self._horizon = to_ticks(scenario.horizon)
        self._length = self._rules.slots * to_ticks(self._rules.slot)
        self._streams = [world.stream("creator.livestreams", creator) for creator in range(len(world.truth.rooms))]
        self._planned = planned_shows(scenario, world.cast.sku_name)
        self._taken: dict[int, list[Span]] = {}
        for show in self._planned:
            self._taken.setdefault(show.creator, []).append((show.begins, show.ends))

    def of_day(self, day: int) -> list[RunOfShow]:
        """Return the livestreams that begin on a day, in order of (creator, time); days are asked for in turn."""
        today = [show for show in self._planned if day * DAY <= show.begins < (day + 1) * DAY]
        for creator, rng in enumerate(self._streams):
            today += self._drawn(creator, rng, day)
        return sorted(today, key=lambda show: (show.creator, show.begins))

    def _drawn(self, creator: int, rng: np.random.Generator, day: int) -> Iterator[RunOfShow]:
        n = int(rng.poisson(self._rules.per_week / 7))
        if n == 0:
            return
        minute = 60 * rng.choice(24, n, p=self._hours) + rng.integers(0, 60, n)
        drawn = np.sort((minute * TICKS_PER_MINUTE + self._midnight) % DAY) + day * DAY
        until = min((day + 1) * DAY, self._horizon)
        self._taken[creator] = [span for span in self._taken.get(creator, ()) if span[1] > day * DAY]
        for begins in drawn.tolist():
            begins = self._first_free(creator, begins)
            if begins < until:
                ends = begins + self._length
                self._taken[creator].append((begins, ends))
                slots = usual_slots(self._rules, begins, ends)
                yield RunOfShow(creator, begins, ends, slots, float(self._rules.notified_share))

    def _first_free(self, creator: int, begins: int) -> int:
        """Return the first instant from ``begins`` on at which the creator has time for a livestream."""
        for taken_from, taken_until in sorted(self._taken[creator]):
            if begins < taken_until and taken_from < begins + self._length:
                begins = taken_until
        return begins
