"""One process per session in the place of the kernel, its loop and its serving layer, in the story runs tell."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import simpy

from sim.processes import story
from sim.record.replication import Replication
from sim.schema.clock import to_ticks
from sim.world.state import Rows, Truth
from tests.oracle.outcome import in_time
from tests.oracle.per_session import PerSession
from tests.oracle.platform import Platform


class StandIn(PerSession):
    """Has the face of `sim.behaviour.consumers.Consumers`."""

    def __init__(self, truth: Truth, c: Rows, key: int, *, days: int, buckets: int, places: int) -> None:
        super().__init__(SimpleNamespace(truth=truth, c=c, key=key, days=days))  # type: ignore[arg-type]  # all it reads
        self.crowd = self.notebook
        self._taken_until = 0

    def take_acts(self) -> list[Rows]:
        """Return the acts since the last call and strictly before now."""
        acts, now = in_time(self.notebook.acts()), to_ticks(self.env.now)
        rows = acts[(acts["time"] >= self._taken_until) & (acts["time"] < now)]
        self._taken_until = now
        return [rows]


class Stage:
    """Hands the story its parts, and keeps what each needs of the others."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        for part, name in ((self.consumers, "Consumers"), (self.triggers, "Triggers"), (self.serving, "Serving")):
            patch.setattr(story, name, part)
        patch.setattr(story, "run", self.run)

    def consumers(self, *arguments: Any, **sizes: int) -> StandIn:
        self._everybody = StandIn(*arguments, **sizes)
        return self._everybody

    def triggers(self, env: simpy.Environment, review: Callable[[int], None]) -> StandIn:
        self._everybody.env, self._review = env, review
        return self._everybody

    def serving(
        self, scenario: Any, truth: Any, consumers: StandIn, recommender: Any, catalogue: Any, *log: Any
    ) -> Any:
        world: Any = SimpleNamespace(scenario=scenario, truth=truth, catalogue=catalogue)
        return Platform(consumers.env, world, recommender, *log)

    def run(
        self,
        env: simpy.Environment,
        consumers: StandIn,
        platform: Platform,
        release: Any,
        _: Any,
        finished: simpy.Event,
    ) -> int:
        consumers.lives_in(env, platform, release.notify, self._review)
        env.run(until=finished)
        return 0


def differing(one: Replication, other: Replication) -> list[str]:
    """Return the names of what two replications left behind that is not the same bit for bit."""
    parts, others = _parts(one), _parts(other)
    assert parts.keys() == others.keys()
    return [name for name, part in parts.items() if not _same(part, others[name])]


def _parts(replication: Replication) -> dict[str, Any]:
    world = replication.world
    parts: dict[str, Any] = {f"orders.{name}": world.orders.rows[name] for name in world.orders.rows.dtype.names}
    for part in ("consumers", "offers", "contents", "rooms"):
        rows = getattr(world.truth, part)
        parts |= {f"{part}.{name}": rows[name] for name in rows.dtype.names}
    parts |= {name: getattr(world.stock, name) for name in ("on_hand", "reserved", "on_order", "received", "issued")}
    for name in ("daily", "exposure", "active"):
        parts[name] = getattr(replication, name)
    for part in ("acts", "slates"):
        rows = getattr(replication, part)
        parts |= {f"{part}.{name}": rows[name] for name in rows.dtype.names}
    for kind, table in replication.tables.items():
        parts |= {f"{kind}.{name}": table[name].to_numpy() for name in table.columns}
    for instant in ("opening", "closing", "final"):
        snapshot = getattr(replication, instant)
        parts |= {f"{instant}.{name}": getattr(snapshot, name) for name in snapshot.__slots__}
    return parts


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes()
    return bool(one == other)
