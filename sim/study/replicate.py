"""One replication as a task: play it, compute its KPIs, keep both in the run's folder."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.record.folder import RunFolder
from sim.scenario.load import Loaded
from sim.scenario.scenario import Scenario
from sim.study.locate import located
from sim.study.manifest import Told, peak_memory
from sim.study.worker import Progress


class Aside(NamedTuple):
    """What there is to say of a replication beside its KPIs: see `Told`."""

    notes: Sequence[str]
    faults: dict[str, str]
    reproducible: bool = True


Simulate = Callable[[Scenario, int, Sequence[str], RunFolder, Progress], Aside]
"""Plays one replication and keeps it: `simulate`, or what a test puts in its place."""


@dataclass(frozen=True, slots=True)
class Replicate:
    """Picklable: a worker performs it; what comes back is small, the rest is in the folder.

    Parameters
    ----------
    trusted : tuple of str
        Modules whose policies may be imported.
    """

    loaded: Loaded
    replication: int
    trusted: tuple[str, ...]
    folder: RunFolder
    simulate: Simulate

    def __call__(self, progress: Progress) -> Told:
        began = time.perf_counter()
        with located(self.loaded):
            told = self.simulate(self.loaded.scenario, self.replication, self.trusted, self.folder, progress)
        notes, faults, reproducible = Aside(*told)
        return Told(round(time.perf_counter() - began, 3), peak_memory(), tuple(notes), faults, reproducible)


def simulate(
    scenario: Scenario, replication: int, trusted: Sequence[str], folder: RunFolder, progress: Progress
) -> Aside:
    """Let the world run, keep what it leaves behind, and return what was noted on the way."""
    from sim.metrics import kpis  # these are heavy, and only a process that simulates needs them
    from sim.processes.story import play

    finished = play(scenario, replication, trusted, progress)
    folder.keep(finished, kpis(finished))
    seams = finished.faults.seams
    faults = {seam: counts.first_error for seam, counts in seams.items() if counts.first_error}
    return Aside(finished.world.notes, faults, not any(counts.real_time for counts in seams.values()))
