"""A circuit breaker: who fails again and again is left alone for a while, in simulated time."""

from dataclasses import dataclass
from math import inf


@dataclass(slots=True)
class Breaker:
    """Opens after so many failures in a row, lets one probe through after a pause.

    Parameters
    ----------
    failures : int
        In a row, to open it.
    pause : float, minutes
        Of simulated time.
    """

    failures: int
    pause: float
    _in_a_row: int = 0
    _closed_from: float = -inf
    _on_probation: bool = False

    def calls(self, minute: float) -> int:
        """Return how many calls may be under way at once from here on: none, one (a probe), or many (-1)."""
        if minute < self._closed_from:
            return 0
        return 1 if self._on_probation else -1

    def note(self, minute: float, went_well: bool) -> None:
        """Take in how a call went, in the order of the requests."""
        if minute < self._closed_from:  # it was under way when the breaker opened
            return
        if went_well:
            self._in_a_row, self._on_probation = 0, False
            return
        self._in_a_row += 1
        if self._on_probation or self._in_a_row >= self.failures:
            self._in_a_row = 0
            self._on_probation = True
            self._closed_from = minute + self.pause
