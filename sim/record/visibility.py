"""From when on a fit may see a row of the behaviour log, where that is not the same time after every act."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.scenario.serving import VisibleAfter
from sim.schema.clock import to_ticks
from sim.schema.compiled import compiled
from sim.schema.draws import extend, uniform
from sim.schema.kinds import Act
from sim.world.state import Rows
from sim.world.streams import key64
from sim.world.world import World

Long = NDArray[np.int64]
_TELLS_APART = ("time", "consumer", "content", "act")


@dataclass(frozen=True, slots=True)
class Visibility:
    """A rule of the log: each act has its delay, and some rows come late on top of it.

    Attributes
    ----------
    delay : int64[n_acts], ticks
    late_share : float
    late_by : int, ticks
        Mean of what late rows wait on top (exponential).
    root : int
        64 bits of luck: the same row is as late in every arm.
    """

    delay: Long
    late_share: float
    late_by: int
    root: int

    def ticks(self, rows: Rows) -> Long:
        """Return the instant of each row (`ACT_ROW`) at and before which no fit sees it, ticks."""
        seen: Long = rows["time"] + self.delay[rows["act"]]
        if self.late_share > 0:
            words = np.column_stack([rows[name] for name in _TELLS_APART]).astype(np.int64)
            _come_late(np.uint64(self.root), words, self.late_share, float(self.late_by), seen)
        return seen


def visibility(world: World) -> Visibility | None:
    """Return a world's rule; None where every row waits equally long."""
    serving = world.scenario.serving
    given = {name: getattr(serving.visible_after, name) for name in VisibleAfter.model_fields}
    if serving.late_share == 0 and all(value is None for value in given.values()):
        return None
    delay = np.full(len(Act), to_ticks(serving.log_delay), np.int64)
    for name, value in given.items():
        if value is not None:
            delay[Act[name.rstrip("_").upper()]] = to_ticks(value)
    root = key64(world.scenario.seed, world.replication, "late rows")
    return Visibility(delay, serving.late_share, to_ticks(serving.late_by), root)


@compiled
def _come_late(root, words, share, mean, seen):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    for i in range(len(words)):
        key = root
        for j in range(words.shape[1]):
            key = extend(key, np.uint64(words[i, j]))
        if uniform(key, 0, 0) < share:
            seen[i] += np.int64(-mean * np.log(uniform(key, 1, 0)))
