"""All that a run leaves behind, and where two runs differ in a single bit."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.schema.clock import TICKS_PER_MINUTE, to_ticks
from sim.schema.recommending import BehaviourLog
from sim.schema.rows import ACT_ROW, ORDER_ROW
from sim.world.state import Rows
from tests.oracle.town import Town


@dataclass(frozen=True, slots=True)
class Outcome:
    """Arrays and lists by name."""

    parts: dict[str, Any]

    @property
    def orders(self) -> Rows:
        """The released orders."""
        rows: Rows = self.parts["orders"]
        return rows


def outcome(town: Town, acts: Rows, **counters: Any) -> Outcome:
    """Collect everything that consumers or processes have done."""
    truth, stock = town.world.truth, town.world.stock
    stock.check("the end")
    return Outcome(
        {
            "orders": np.array(town.orders, ORDER_ROW),
            "acts": in_time(acts),
            "ledger": town.ledger,
            **{name: getattr(truth, name).copy() for name in ("consumers", "offers", "contents", "rooms")},
            **{name: getattr(stock, name).copy() for name in ("on_hand", "reserved", "on_order", "issued")},
            **counters,
        }
    )


def differences(one: Outcome, other: Outcome) -> list[str]:
    """Return the names of parts, and of their fields, that are not equal bit for bit."""
    assert one.parts.keys() == other.parts.keys()
    found = []
    for name, part in one.parts.items():
        found += _differing(name, part, other.parts[name])
    return found


def _differing(name: str, one: Any, other: Any) -> list[str]:
    if not isinstance(one, np.ndarray):
        return [] if one == other else [name]
    if one.shape != other.shape:
        return [f"{name}: {one.shape} and {other.shape}"]
    if one.dtype.names is None:
        return [] if one.tobytes() == other.tobytes() else [name]
    return [f"{name}.{column}" for column in one.dtype.names if one[column].tobytes() != other[column].tobytes()]


def in_time(acts: Rows) -> Rows:
    """Return acts in order of time, those of one instant in the order in which they were written down."""
    return acts[np.argsort(acts["time"], kind="stable")]


def behaviour_log(acts: Rows, minute: float) -> BehaviourLog:
    """Return what a fit at ``minute`` may see of acts written down so far."""
    rows = in_time(acts)
    rows = rows[rows["time"] < to_ticks(minute)]
    alike = {name: np.ascontiguousarray(rows[name]) for name in ("act", "consumer", "content", "offer", "session")}
    return BehaviourLog(
        minute=rows["time"] / TICKS_PER_MINUTE,
        surface=np.ascontiguousarray(rows["surface"]),
        page=rows["page"].astype(np.int32),
        position=rows["position"].astype(np.int32),
        value=rows["value"].astype(np.float64),
        propensity=np.ascontiguousarray(rows["propensity"]),
        until=minute,
        **alike,
    )


def no_acts() -> Rows:
    """Return an empty log."""
    return np.zeros(0, ACT_ROW)
