"""When batches leave: fixed instants, times of day, opening hours.  All in ticks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sim.schema.clock import MINUTES_PER_DAY, to_ticks

DAY = to_ticks(MINUTES_PER_DAY)


def midnight_before(start: datetime) -> int:
    """Return the instant of the midnight at or before the scenario's start: none positive."""
    return -to_ticks((start - start.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 60)


def next_multiple(now: int, every: int) -> int:
    """Return the first multiple of ``every`` strictly after ``now``."""
    return (now // every + 1) * every


def next_of_day(now: int, midnight: int, times: Sequence[int]) -> int:
    """Return the first instant strictly after ``now`` at one of the ``times`` after midnight, ascending."""
    since = (now - midnight) % DAY
    today = now - since
    return next((today + at for at in times if at > since), today + DAY + times[0])


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours, the same every day.

    Attributes
    ----------
    midnight : int
        Any midnight.
    opens, closes : int
        Ticks after midnight; a job may begin in [opens, closes), and what has begun is finished.
    """

    midnight: int
    opens: int
    closes: int

    def until_open(self, now: int) -> int:
        """Return how long until a job may begin; 0 while open."""
        since = (now - self.midnight) % DAY
        if self.opens <= since < self.closes:
            return 0
        return (self.opens - since) % DAY

    def next_wave(self, now: int, every: int) -> int:
        """Return the first instant strictly after ``now`` that is a whole number of periods after opening."""
        since = (now - self.midnight) % DAY
        today = now - since
        if since < self.opens:
            return today + self.opens
        wave = self.opens + next_multiple(since - self.opens, every)
        return today + (wave if wave < self.closes else DAY + self.opens)
